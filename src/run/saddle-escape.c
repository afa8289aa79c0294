/* SPDX-License-Identifier: MIT */
#include "run/saddle-escape.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/journal.h"
#include "run/run-private.h"
#include "run/update.h"
#include "hessian/escape.h"

struct escape_direction *escape_direction_new(int number, uint64_t step, double lowest, int64_t n, const float *v)
{
    struct escape_direction *d = malloc(sizeof *d + sizeof *v * (size_t)n);

    if (!d)
        return NULL;
    *d = (struct escape_direction){.references = 1, .number = number, .step = step, .lowest = lowest, .n = n};
    memcpy(d->v, v, sizeof *v * (size_t)n);
    return d;
}

struct escape_direction *escape_direction_share(struct escape_direction *d)
{
    d->references++;
    return d;
}

void escape_direction_drop(struct escape_direction *d)
{
    if (d && --d->references == 0)
        free(d);
}

int run_note_probe(struct run *l, int series, struct err *e)
{
    char value[32];
    int number = journal_count(l, "probe") + 1, r;

    snprintf(value, sizeof value, "%d:%s", number, series ? "series" : "hand");
    r = journal_add(l, "probe", value, e);
    return r ? r : number;
}

static int moved_is_finite(const struct run *l, const struct saddle_escape *x, double by)
{
    const float *theta = state_theta(l->state);
    double sum = 0;

    for (int64_t i = 0; i < x->along->n; i++)
        sum += 0 * (double)escape_element(theta[i], by, x->along->v[i]);
    return sum == 0; /* NaN when one of them is not finite */
}

/* θ += by · v, and the journal's line. */
static int move(struct run *l, const struct saddle_escape *x, double by, struct err *e)
{
    float *theta = state_theta(l->state);
    char value[64];
    int r;

    if (!moved_is_finite(l, x, by))
        return err_set(e, ERR_DIVERGED, "the step out of the saddle is not made: weights would not be finite");
    snprintf(value, sizeof value, "%d:%.17g", x->along->number, by);
    r = journal_add(l, "escape", value, e);
    if (r)
        return r;
    for (int64_t i = 0; i < x->along->n; i++)
        theta[i] = escape_element(theta[i], by, x->along->v[i]);
    for (int k = 0; k < update_points(l); k++) {
        float *point = state_vector(l->state, k);
        for (int64_t i = 0; i < x->along->n; i++)
            point[i] = escape_element(point[i], by, x->along->v[i]);
    }
    l->mark = ++l->marks;
    l->average_known = 0;
    return 0;
}

static void drop_weights(struct escape_weights *w)
{
    if (w && --w->references == 0)
        free(w);
}

int saddle_escape(struct run *l, struct saddle_escape *x, struct err *e)
{
    size_t n = (size_t)x->along->n, bytes = sizeof(float) * n, points = (size_t)update_points(l);
    struct escape_weights *before = malloc(sizeof *before + bytes * (1 + points));
    uint64_t from = l->mark;
    int r;

    if (!before)
        return err_memory(e, "the weights before an escape", bytes * (1 + points));
    drop_weights(x->before);
    x->before = before;
    before->references = 1;
    memcpy(before->v, state_theta(l->state), bytes);
    memcpy(before->v + n, state_vector(l->state, 0), bytes * points);
    r = move(l, x, x->by, e);
    x->step = l->state->counters.step;
    x->from = from;
    x->to = l->mark;
    return r;
}

int saddle_escape_is_last(const struct run *l, const struct saddle_escape *x)
{
    return x->before && l->state->counters.step == x->step && l->mark == x->to;
}

int saddle_escape_back(struct run *l, struct saddle_escape *x, struct err *e)
{
    char value[32];
    int r;

    if (!saddle_escape_is_last(l, x))
        return move(l, x, -x->by, e);
    snprintf(value, sizeof value, "%d", x->along->number);
    r = journal_add(l, "escape_back", value, e);
    if (r)
        return r;
    memcpy(state_theta(l->state), x->before->v, sizeof(float) * (size_t)x->along->n);
    memcpy(state_vector(l->state, 0), x->before->v + x->along->n,
           sizeof(float) * (size_t)x->along->n * (size_t)update_points(l));
    l->mark = x->from;
    l->average_known = 0;
    return 0;
}

struct saddle_escape *saddle_escape_copy(const struct saddle_escape *x)
{
    struct saddle_escape *copy = malloc(sizeof *copy);

    if (!copy)
        return NULL;
    *copy = *x;
    escape_direction_share(copy->along);
    if (copy->before)
        copy->before->references++;
    return copy;
}

void saddle_escape_free(struct saddle_escape *x)
{
    if (!x)
        return;
    escape_direction_drop(x->along);
    drop_weights(x->before);
    free(x);
}
