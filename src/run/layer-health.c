/* SPDX-License-Identifier: MIT */
#include "run/layer-health.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "run/batch.h"
#include "run/run-private.h"

static int is_norm(const struct layer *l)
{
    return strcmp(l->kind->name, "batchnorm") == 0 || strcmp(l->kind->name, "layernorm") == 0;
}

/* The row of the layer that this one's activations are counted for; −1: none. */
static int row_of(const struct run *l, int layer)
{
    int row = -1;

    for (int i = 0; i < GRADIENT_STATS_LAYERS && gradient_stats_layer(l, i) >= 0 && gradient_stats_layer(l, i) <= layer; i++)
        if (!is_norm(&l->network.layer[gradient_stats_layer(l, i)]))
            row = i;
    return row;
}

/* One batch of training in evaluation mode, from the part that evaluations use. */
static int look_at_activity(struct run *l, struct layer_health *health, struct err *e)
{
    int64_t all = source_examples(&l->train, &l->state->knobs, 0), frames;
    int most = run_slice(l, (int)l->state->knobs.value[KNOB_BATCH_SIZE]);
    int n = most < LAYER_HEALTH_EXAMPLES ? most : LAYER_HEALTH_EXAMPLES;
    struct feed feed = {.run = l, .source = &l->train, .part = 1};
    struct batch_result b;
    struct batch_job job;

    n = all < n ? (int)all : n;
    job = feed_job(l, &feed, n, &frames);
    network_f.evaluate(l->workspace, l->pool, &job, &b);
    if (b.cancelled)
        return err_set(e, ERR_CANCELLED, "cancelled");
    for (int k = 0; k < l->network.count; k++) {
        struct layer_activity a;
        int row = row_of(l, k);
        network_f.activity(l->workspace, k, &a);
        if (row < 0)
            continue;
        health[row].units += a.units;
        health[row].dead += a.dead;
        if (a.values > 0)
            health[row].saturated = a.saturated / a.values;
    }
    return dataset_check(l->data, e);
}

static double norm_of(const struct layer *l, const float *x, const float *less)
{
    double sum = 0;

    for (int i = 0; i < l->parameters; i++)
        for (int64_t k = l->parameter[i].offset; k < l->parameter[i].offset + l->parameter[i].count; k++) {
            double d = (double)x[k] - (less ? (double)less[k] : 0);
            sum += d * d;
        }
    return sqrt(sum);
}

static int look_at_step(struct run *l, int layers, struct layer_health *health, struct err *e)
{
    size_t bytes = sizeof(float) * (size_t)l->network.parameters;
    float *before = malloc(bytes);
    struct run_report report;
    struct gradient_stats seen = {0};
    int r;

    if (!before)
        return err_memory(e, "a copy of the weights", bytes);
    memcpy(before, state_theta(l->state), bytes);
    r = run_look(l, &seen, e);
    if (r == 0)
        r = run_advance(l, &report, e);
    for (int i = 0; r == 0 && i < layers; i++) {
        const struct layer *layer = &l->network.layer[gradient_stats_layer(l, i)];
        double weights = norm_of(layer, before, NULL);
        health[i].gradient = seen.layer_norm[i];
        health[i].update = weights > 0 ? norm_of(layer, state_theta(l->state), before) / weights : NAN;
    }
    run_look(l, NULL, NULL);
    free(before);
    return r == -ERR_DIVERGED ? 0 : r;
}

int layer_health_look(struct run *l, struct layer_health health[GRADIENT_STATS_LAYERS], struct err *e)
{
    int layers = 0, r;

    while (layers < GRADIENT_STATS_LAYERS && gradient_stats_layer(l, layers) >= 0)
        health[layers++] = (struct layer_health){.update = NAN, .gradient = NAN, .saturated = NAN};
    l->state->counters.evaluation_due = 0; /* a step is wanted next */
    r = look_at_activity(l, health, e);
    if (r == 0)
        r = look_at_step(l, layers, health, e);
    return r ? r : layers;
}
