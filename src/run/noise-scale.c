/* SPDX-License-Identifier: MIT */
#include "run/noise-scale.h"

#include <math.h>
#include <stdlib.h>

#include "core/clock.h"
#include "run/batch.h"
#include "run/run-private.h"

struct sums {
    float *gradient; /* of the batch in hand */
    double *total;   /* of all so far */
    double squares;  /* Σ |G_b|² */
};

/* The gradient of batch number b. Its masks and noise are those of as many steps later: no two batches have the same. */
static int add_batch(struct sums *s, struct run *l, int b, int batch, struct err *e)
{
    struct feed feed = {.run = l, .source = &l->train, .from = (int64_t)b * batch, .training = 1};
    uint64_t now = l->state->counters.step;
    struct batch_result result;
    struct batch_job job;
    int64_t frames;

    l->state->counters.step = now + (uint64_t)b;
    job = feed_job(l, &feed, batch, &frames);
    job.work = NULL;
    network_f.gradient(l->workspace, l->pool, &job, s->gradient, &result);
    l->state->counters.step = now;
    if (result.cancelled)
        return err_set(e, ERR_CANCELLED, "cancelled");
    if (dataset_check(l->data, e) != 0)
        return -ERR_INPUT;
    if (!isfinite(result.gradient_norm))
        return err_set(e, ERR_DIVERGED, "the gradient of a batch is not finite");
    s->squares += result.gradient_norm * result.gradient_norm;
    for (int64_t i = 0; i < l->network.parameters; i++)
        s->total[i] += (double)s->gradient[i];
    return 0;
}

static void finish(struct noise_scale *n, const struct sums *s, int64_t parameters)
{
    double k = n->batches, mean = 0, spread;

    for (int64_t i = 0; i < parameters; i++)
        mean += s->total[i] / k * (s->total[i] / k);
    spread = (s->squares - k * mean) / (k - 1);
    n->trace = n->batch * spread;
    n->gradient_squared = mean - spread / k;
    if (n->gradient_squared > 0)
        n->scale = n->trace / n->gradient_squared;
}

static int least(int a, int64_t b)
{
    return a < b ? a : (int)b;
}

int noise_scale(struct noise_scale *n, struct run *l, const struct noise_scale_plan *plan, struct err *e)
{
    int64_t examples = source_examples(&l->train, &l->state->knobs, 1), parameters = l->network.parameters;
    int batch = least(least(plan->batch, network_f.capacity(l->workspace)), examples / 2), r = 0;
    struct sums s = {.gradient = malloc(sizeof *s.gradient * (size_t)parameters),
                     .total = calloc((size_t)parameters, sizeof *s.total)};
    double began = clock_seconds();

    *n = (struct noise_scale){.batch = batch, .gradient_squared = NAN, .trace = NAN, .scale = NAN};
    if (!s.gradient || !s.total)
        r = err_memory(e, "the gradients of batches", (unsigned long long)parameters * sizeof *s.total);
    network_f.workspace_use(l->workspace, &l->network);
    while (r == 0 && batch > 0 && n->batches < least(plan->batches, examples / batch) &&
           clock_seconds() - began < plan->seconds) {
        r = add_batch(&s, l, n->batches, batch, e);
        n->batches += r == 0;
    }
    if (r == 0 && n->batches >= 2)
        finish(n, &s, parameters);
    free(s.gradient);
    free(s.total);
    return r;
}
