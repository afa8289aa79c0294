/* SPDX-License-Identifier: MIT */
#include "run/probe-input.h"

#include <stdlib.h>
#include <string.h>

#include "run/hyperparameter.h"
#include "run/batch.h"
#include "run/run-private.h"

/* ---- the batch ------------------------------------------------------------------------------ */

/* Frames of an example that have a class, at most. */
static int answers_of(const struct run *l)
{
    return l->network.layer[l->network.count - 1].out.steps;
}

static void take_example(struct run *l, const struct source *source, int64_t which, int i,
                         struct probe_batch *b)
{
    struct feed feed = {.run = l, .source = source, .from = which};
    size_t size = (size_t)b->steps * (size_t)b->width;
    int64_t frames;
    struct batch_job job = feed_job(l, &feed, 1, &frames);

    job.fill(job.fill_context, 0, 1, b->x + (size_t)i * size, b->width,
             b->labels + (size_t)i * (size_t)b->answers);
    if (b->lengths)
        b->lengths[i] = job.lengths[0];
}

int probe_input_batch(struct run *l, const struct source *source, int frames, uint64_t seed,
                     struct probe_batch *b, struct err *e)
{
    struct rng order = {.seed = seed, .purpose = RNG_PROBE};
    int64_t all = source_examples(source, &l->state->knobs, 0),
            n = (frames + answers_of(l) - 1) / answers_of(l);
    int r;

    memset(b, 0, sizeof *b);
    if (all == 0)
        return err_set(e, ERR_INPUT, "%s: that set has no frames", l->data->path);
    n = n < all ? n : all;
    r = probe_batch_init(b, (int)n, l->network.in.steps, l->network.in.width, answers_of(l),
                         source->pieces.length > 0, e);
    for (int i = 0; r == 0 && i < n; i++)
        take_example(l, source, (int64_t)rng_permute(&order, 0, (uint64_t)i, (uint64_t)all), i, b);
    return r;
}

/* ---- the point ------------------------------------------------------------------------------ */

int probe_input_ask(const struct run *l, const struct probe_batch *b, struct network_spec *spec,
                   struct probe_ask *a, struct err *e)
{
    const struct knobs *k = &l->state->knobs;

    *a = (struct probe_ask){
        .spec = spec,
        .theta = run_shown_theta(l),
        .statistics = run_shown_statistics(l),
        .batch = b,
        .loss = losses_f.at((int)k->value[KNOB_LOSS])->name,
        .label_smoothing = k->value[KNOB_LABEL_SMOOTHING],
        .class_weight = k->value[KNOB_CLASS_WEIGHTS] != 0 ? l->class_weight : NULL,
        .seed = (uint64_t)k->value[KNOB_SEED],
        .shards = (int)k->value[KNOB_SHARDS],
        .products = (enum products_source)k->value[KNOB_PRODUCTS],
        .pool = l->pool,
        .cancel = l->cancel,
        .tolerance = {k->value[KNOB_PROBE_GRADIENT], k->value[KNOB_PROBE_CURVATURE], k->value[KNOB_PROBE_ZERO]},
    };
    return spec_parse(spec, k->network, e);
}

/* ---- the edge of stability ------------------------------------------------------------------ */

/* The optimizer's mean square gradient, which the state keeps among the vectors in use. */
static const float *mean_square(const struct run *l)
{
    static const char *const names[] = {"max_exp_avg_sq", "exp_avg_sq", "square_avg"};

    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        int seen = 0;
        for (int i = 0; i < OPTIMIZER_SLOTS && l->optimizer->slot[i]; i++) {
            int used = l->slots_used >> i & 1;
            if (used && strcmp(l->optimizer->slot[i], names[k]) == 0)
                return state_vector(l->state, seen);
            seen += used;
        }
    }
    return NULL;
}

int probe_input_stability(const struct run *l, struct stability *s, float **scale, struct err *e)
{
    struct optimizer_args a = knobs_optimizer(&l->state->knobs);
    const float *v = mean_square(l);
    size_t bytes = sizeof **scale * (size_t)l->network.parameters;

    *scale = NULL;
    a.t = l->state->counters.optimizer_steps;
    *s = stability_of(l->optimizer->name, &a);
    if (!s->preconditioned || !v || a.t == 0)
        return 0;
    *scale = malloc(bytes + 1);
    if (!*scale)
        return err_memory(e, "the preconditioner", bytes);
    stability_scale(l->optimizer->name, &a, l->network.parameters, v, *scale);
    return 0;
}
