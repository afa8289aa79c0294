/* SPDX-License-Identifier: MIT */
#include "run/step-ahead.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "run/batch.h"
#include "run/run-private.h"

/* ---- batches as training sees them ---------------------------------------------------------- */

static int64_t epoch_examples(const struct run *l)
{
    return source_examples(&l->train, &l->state->knobs, 1);
}

/* Examples of the batch at the counters' place. */
static int examples_here(const struct run *l)
{
    int64_t left = epoch_examples(l) - (int64_t)l->state->counters.position;
    int64_t batch = (int64_t)l->state->knobs.value[KNOB_BATCH_SIZE];

    return (int)(left < batch ? left : batch);
}

/* A copy of the batch of the step at the counters' place. */
static int take_batch(struct run *l, struct probe_batch *b, struct err *e)
{
    struct feed feed = {.run = l, .source = &l->train, .from = (int64_t)l->state->counters.position, .training = 1};
    int n = examples_here(l), answers = l->network.layer[l->network.count - 1].out.steps;
    int r = probe_batch_init(b, n, l->network.in.steps, l->network.in.width, answers, l->train.pieces.length > 0, e);
    int64_t frames;
    struct batch_job job;

    if (r)
        return r;
    job = feed_job(l, &feed, n, &frames);
    for (int i = 0; i < n; i++) {
        job.fill(job.fill_context, i, 1, b->x + (size_t)i * (size_t)b->steps * (size_t)b->width, b->width,
                 b->labels + (size_t)i * (size_t)b->answers);
        if (b->lengths)
            b->lengths[i] = job.lengths[i];
    }
    return 0;
}

static struct probe_masks masks_here(const struct run *l)
{
    const struct knobs *k = &l->state->knobs;

    return (struct probe_masks){k->value[KNOB_DROPOUT], (uint64_t)k->value[KNOB_SEED], l->state->counters.step};
}

/* The ask on a batch of training. */
static struct probe_ask training_ask(const struct probe_ask *at, const struct run *l, const struct probe_batch *b,
                                     const struct probe_masks *masks)
{
    struct probe_ask a = *at;

    a.batch = b;
    a.masks = masks;
    a.batch_statistics = l->network.statistics > 0;
    return a;
}

/* ---- the step ------------------------------------------------------------------------------- */

/* What is no figure is no error: the run's own step will say what is wrong. */
static int tolerated(int r)
{
    return r == -ERR_DIVERGED ? 0 : r;
}

static int look_at_step(struct run *copy, const struct probe_ask *at, struct step_ahead *s, struct err *e)
{
    struct probe_masks masks = masks_here(copy);
    struct probe_batch batch = {0};
    struct probe_ask own;
    struct run_report report;
    int r = take_batch(copy, &batch, e), made = 0;

    own = training_ask(at, copy, &batch, &masks);
    copy->state->counters.evaluation_due = 0;
    if (r == 0) {
        r = run_advance(copy, &report, e);
        made = r == 0;
        r = tolerated(r);
    }
    if (made)
        r = tolerated(step_anatomy_d.at(&own, state_theta(copy->state), &s->own, e));
    if (made && r == 0)
        r = tolerated(step_anatomy_d.at(at, state_theta(copy->state), &s->probe, e));
    probe_batch_free(&batch);
    return r;
}

/* ---- batch sharpness ------------------------------------------------------------------------ */

/* On to the next whole batch of this epoch's order, from its beginning once there is none. */
static void to_next_batch(struct run *l)
{
    struct counters *c = &l->state->counters;
    uint64_t batch = (uint64_t)l->state->knobs.value[KNOB_BATCH_SIZE];

    c->step++;
    c->position += batch;
    if (c->position + batch > (uint64_t)epoch_examples(l))
        c->position = 0;
}

static int add_batch(struct run *copy, const struct probe_ask *at, struct batch_sharpness_sums *sums, struct err *e)
{
    struct probe_masks masks = masks_here(copy);
    struct probe_batch batch = {0};
    int r = take_batch(copy, &batch, e);

    if (r == 0) {
        struct probe_ask a = training_ask(at, copy, &batch, &masks);
        r = tolerated(batch_sharpness_add(&a, sums, e));
    }
    probe_batch_free(&batch);
    return r;
}

static int look_at_batches(struct run *copy, const struct probe_ask *at, int batches, struct step_ahead *s,
                           struct err *e)
{
    int64_t n = copy->network.parameters, whole = epoch_examples(copy) / (int64_t)copy->state->knobs.value[KNOB_BATCH_SIZE];
    int count = whole < batches ? whole > 1 ? (int)whole : 1 : batches, r = 0;
    struct batch_sharpness_sums sums = {.gradient = memory_zeroed(sizeof(double) * (size_t)n + 1)};

    if (!sums.gradient)
        return err_memory(e, "the mean of gradients", sizeof(double) * (unsigned long long)n);
    for (int i = 0; r == 0 && i < count; i++) {
        r = add_batch(copy, at, &sums, e);
        to_next_batch(copy);
    }
    if (r == 0)
        s->batch = batch_sharpness_mean(&sums, n);
    if (r == 0 && whole <= 1) /* a batch is all the data */
        s->batch.noise = 0;
    free(sums.gradient);
    return r;
}

int step_ahead_look(struct run *copy, const struct probe_ask *at, int batches, struct step_ahead *s, struct err *e)
{
    struct counters here = copy->state->counters;
    size_t bytes = sizeof(float) * (size_t)copy->network.parameters;
    struct probe_ask from = *at;
    float *theta = malloc(bytes), *statistics = malloc(sizeof(float) * (size_t)copy->network.statistics + 1);
    int r;

    *s = STEP_AHEAD_UNKNOWN;
    if (theta && statistics) { /* steps begin at θ, which may not be where the probe is */
        from.theta = memcpy(theta, state_theta(copy->state), bytes);
        from.statistics = memcpy(statistics, state_statistics(copy->state),
                                 sizeof(float) * (size_t)copy->network.statistics);
        r = look_at_step(copy, &from, s, e);
        copy->state->counters = here;
        r = r ? r : look_at_batches(copy, &from, batches, s, e);
    } else {
        r = err_memory(e, "the weights before a step", bytes);
    }
    free(theta);
    free(statistics);
    return r;
}
