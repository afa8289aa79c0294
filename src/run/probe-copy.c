/* SPDX-License-Identifier: MIT */
#include "run/probe-copy.h"
#include "run/run-private.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

static float *copied(const float *from, int64_t n)
{
    float *to = memory_zeroed(sizeof *to * (size_t)n);

    return to ? memcpy(to, from, sizeof *to * (size_t)n) : NULL;
}

static int copy_state(const struct run *l, struct probe_copy *p, struct err *e)
{
    const struct state_shape *s = &l->state->shape;

    memcpy(p->class_weight, l->class_weight, sizeof p->class_weight);
    p->theta = copied(p->ask.theta, s->parameters);
    p->statistics = copied(p->ask.statistics, s->statistics);
    if (!p->theta || !p->statistics)
        return err_memory(e, "a copy of the weights", sizeof(float) * (unsigned long long)s->parameters);
    p->ask.theta = p->theta;
    p->ask.statistics = p->statistics;
    if (p->ask.class_weight)
        p->ask.class_weight = p->class_weight;
    return 0;
}

static int look(struct run *l, int copied, struct probe_copy **out, struct err *e)
{
    const struct knobs *k = &l->state->knobs;
    struct probe_copy *p = calloc(1, sizeof *p);
    int r;

    if (!p)
        return err_memory(e, "a copy of the run", sizeof *p);
    p->step = l->state->counters.step;
    p->epoch = run_epoch(l);
    p->learning_rate = run_learning_rate(l);
    p->optimizer = l->optimizer->title;
    p->average = run_shown_is_average(l);
    if (p->average && run_measure_shown(l) == -ERR_INPUT)
        r = dataset_check(l->data, e);
    else
        r = 0;
    if (r == 0)
        r = probe_input_batch(l, &l->train, (int)k->value[KNOB_PROBE_FRAMES], 0, &p->batch, e);
    if (r == 0)
        r = probe_input_ask(l, &p->batch, &p->spec, &p->ask, e);
    if (r == 0 && copied)
        r = copy_state(l, p, e);
    if (r == 0 && copied)
        r = probe_input_stability(l, &p->stability, &p->scale, e);
    if (r) {
        probe_copy_free(p);
        return r;
    }
    p->ask.scale = p->scale;
    p->ask.seed = 0;
    p->ask.slice = PROBE_COPY_ROWS / p->batch.steps > 1 ? PROBE_COPY_ROWS / p->batch.steps : 1;
    p->ask.cancel = NULL;
    *out = p;
    return 0;
}

int probe_copy_take(struct run *l, struct probe_copy **out, struct err *e)
{
    return look(l, 1, out, e);
}

int probe_copy_here(struct run *l, struct probe_copy **out, struct err *e)
{
    return look(l, 0, out, e);
}

void probe_copy_free(struct probe_copy *p)
{
    if (!p)
        return;
    probe_batch_free(&p->batch);
    free(p->theta);
    free(p->statistics);
    free(p->scale);
    free(p);
}
