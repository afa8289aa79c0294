/* SPDX-License-Identifier: MIT */
/* Recurrent layers: shape, memory, forward and back through levels and directions. */
#include "net/recurrent.h"

#include <stdio.h>
#include <string.h>

int R(recurrent_tensors)(const struct layer_spec *s)
{
    return s->levels * (s->bidirectional ? 2 : 1) * 4;
}

/* PyTorch's names: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, then ..._l0_reverse, ..._l1 … */
static void add_tensors(struct layer *l, int level, int direction)
{
    static const char *const names[] = {"weight_ih", "weight_hh", "bias_ih", "bias_hh"};
    int rows = l->kind->cell->gates * l->spec.width, in = level ? l->out.width : l->in.width;

    for (int k = 0; k < (l->spec.bias ? 4 : 2); k++) {
        struct place *t = &l->parameter[l->parameters++];
        *t = (struct place){.dims = k < 2 ? 2 : 1, .shape = {rows, k == 0 ? in : l->spec.width}};
        snprintf(t->name, sizeof t->name, "%s_l%d%s", names[k], level, direction ? "_reverse" : "");
    }
}

int R(recurrent_setup)(struct layer *l, struct err *e)
{
    if (l->spec.width < 1 || l->spec.width > SPEC_MOST_WIDTH)
        return err_set(e, ERR_INPUT, "%s needs a hidden size from 1 to %d", l->kind->name, SPEC_MOST_WIDTH);
    if (l->spec.levels < 1 || l->spec.levels > SPEC_MOST_LEVELS)
        return err_set(e, ERR_INPUT, "%s needs 1 to %d levels", l->kind->name, SPEC_MOST_LEVELS);
    if (l->spec.rate < 0 || l->spec.rate >= 1)
        return err_set(e, ERR_INPUT, "%s's dropout is %g, it must be at least 0 and below 1", l->kind->name,
                       l->spec.rate);
    l->out = (struct shape){l->in.steps, recurrent_directions(l) * l->spec.width};
    l->parameters = 0;
    for (int level = 0; level < l->spec.levels; level++)
        for (int d = 0; d < recurrent_directions(l); d++)
            add_tensors(l, level, d);
    return 0;
}

/* PyTorch's default: everything uniform in ±1/√hidden. */
void R(recurrent_init)(const struct layer *l, real *theta, real *statistics, const struct rng *r)
{
    double bound = 1 / sqrt(l->spec.width);

    (void)statistics;
    for (int k = 0; k < l->parameters; k++)
        for (int64_t i = 0; i < l->parameter[k].count; i++)
            theta[l->parameter[k].offset + i] =
                (real)(bound * (2 * rng_uniform(r, (uint64_t)(l->index * LAYER_TENSORS + k), (uint64_t)i) - 1));
}

/* One direction reads from step 0 on, two read everything. */
void R(recurrent_reach)(const struct layer *l, int *first, int *last)
{
    *first = 0;
    if (l->spec.bidirectional)
        *last = l->in.steps - 1;
}

size_t R(recurrent_saved)(const struct layer *l, int examples)
{
    struct recurrent_memory m;
    struct arena a = {0};

    R(recurrent).lay_out(l, &a, examples, &m);
    return a.used;
}

/* ---- forward -------------------------------------------------------------------------------- */

/* Multiplications of one example's step, those of its input among them. */
static double track_work(const struct layer *l, const struct track *t)
{
    return (double)l->kind->cell->gates * l->spec.width * (l->spec.width + t->in);
}

static void forward_track(const struct layer *l, const struct pass *p, const struct recurrent_memory *m, int level,
                          int direction, const real *x, int x_ld, real *output)
{
    const struct cell *cell = l->kind->cell;
    struct track t = R(recurrent).track(l, level, direction);
    real *gates = m->of[level][direction].gates;
    int h = l->spec.width, ld = recurrent_gates_ld(l);

    R(recurrent).bias(l, p, m, &t, p->theta, gates);
    R(recurrent).project(l, p, &t, p->theta, x, x_ld, gates);
    for (int k = 0; k < t.count && !layer_cancelled(p); k++) {
        struct cell_step s = R(recurrent).step(l, p, m, level, &t, k, output);
        if (k > 0)
            p->blas->nt(s.rows, cell->gates * h, h, s.h_before, s.h_ld, p->theta + t.w_hh, h, 1, s.gates, ld);
        cell->forward(&s);
        R(recurrent).end(l, p, &t, k, &s, 0);
        layer_worked(p, track_work(l, &t) * s.rows);
    }
    if (level == l->spec.levels - 1)
        R(recurrent).clear(l, p, &t, output);
}

void R(recurrent_forward)(const struct layer *l, const struct pass *p, const real *x, real *y)
{
    size_t rows = (size_t)layer_rows(l, p);
    double rate = R(dropout_rate)(l, p);
    struct recurrent_memory m;
    struct arena a = {.base = p->saved};
    int x_ld = l->in_ld;

    R(recurrent).lay_out(l, &a, p->examples, &m);
    memset(m.zero, 0, sizeof *m.zero * (size_t)p->examples * (size_t)l->out_ld);
    for (int level = 0; level < l->spec.levels; level++) {
        real *output = m.output[level] ? m.output[level] : y;
        for (int d = 0; d < recurrent_directions(l); d++)
            forward_track(l, p, &m, level, d, x, x_ld, output);
        x = output;
        x_ld = l->out_ld;
        if (rate > 0 && m.masked[level]) {
            R(dropout_draw)(l, p, level + 1, l->in.steps, l->out_ld, rate, m.mask[level]);
            R(dropout_apply)(p, rows * (size_t)l->out_ld, rate, m.mask[level], output, m.masked[level]);
            x = m.masked[level];
        }
    }
}

/* ---- backward ------------------------------------------------------------------------------- */

/* dh += the gradient that reaches h of this step from above. */
KERNEL static void add_from_above(const struct layer *l, const struct cell_step *s, const struct track *t, int k,
                           const real *dy)
{
    const real *above = dy + (size_t)(t->begin + k * t->step) * (size_t)s->rows * (size_t)l->out_ld +
                        t->direction * l->spec.width;

    for (int i = 0; i < s->rows; i++) {
        real *dh = s->dh + (size_t)i * (size_t)s->c_ld;
        const real *d = above + (size_t)i * (size_t)l->out_ld;
        LAYER_LOOP
        for (int j = 0; j < s->hidden; j++)
            dh[j] += d[j];
    }
}

/* Back through time (Werbos 1990): gates become their gradients. Steps before which nothing reaches the loss
 * are not in the track; those between have zeros in dy. */
static void backward_track(const struct layer *l, const struct pass *p, const struct recurrent_memory *m, int level,
                           const struct track *t, const real *dy, real *output)
{
    const struct cell *cell = l->kind->cell;
    size_t bytes = sizeof(real) * (size_t)p->examples * (size_t)recurrent_c_ld(l);
    int h = l->spec.width, ld = recurrent_gates_ld(l);

    memset(m->dh, 0, bytes);
    memset(m->dc, 0, bytes);
    for (int k = t->count - 1; k >= 0 && !layer_cancelled(p); k--) {
        struct cell_step s = R(recurrent).step(l, p, m, level, t, k, output);
        add_from_above(l, &s, t, k, dy);
        cell->backward(&s);
        R(recurrent).end(l, p, t, k, &s, 1);
        if (k > 0)
            p->blas->nn(s.rows, h, cell->gates * h, s.gates, ld, p->theta + t->w_hh, h, cell->carries, s.dh, s.c_ld);
        layer_worked(p, 2 * track_work(l, t) * s.rows);
    }
}

static void backward_level(const struct layer *l, const struct pass *p, const struct recurrent_memory *m, int level,
                           const real *x, int x_ld, real *output, const real *dy, real *dx)
{
    struct track t[2];

    for (int d = 0; d < recurrent_directions(l); d++) {
        t[d] = R(recurrent).track(l, level, d);
        backward_track(l, p, m, level, &t[d], dy, output);
        R(recurrent).weights(l, p, &t[d], m->of[level][d].gates, x, x_ld, output, 0);
        R(recurrent).biases(l, p, m, &t[d], m->of[level][d].gates);
    }
    if (!dx)
        return;
    layer_zero(p, (size_t)layer_rows(l, p) * (size_t)x_ld, dx);
    for (int d = 0; d < recurrent_directions(l); d++)
        R(recurrent).input(l, p, &t[d], p->theta, m->of[level][d].gates, dx, x_ld);
}

void R(recurrent_backward)(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                           real *dx)
{
    size_t rows = (size_t)layer_rows(l, p);
    double rate = R(dropout_rate)(l, p);
    struct recurrent_memory m;
    struct arena a = {.base = p->saved};

    R(recurrent).lay_out(l, &a, p->examples, &m);
    for (int level = l->spec.levels - 1; level > 0; level--) {
        int masked = rate > 0 && m.masked[level - 1];
        real *output = m.output[level] ? m.output[level] : (real *)y;
        backward_level(l, p, &m, level, masked ? m.masked[level - 1] : m.output[level - 1], l->out_ld, output, dy,
                       m.delta);
        if (masked)
            R(dropout_apply)(p, rows * (size_t)l->out_ld, rate, m.mask[level - 1], m.delta, m.delta);
        dy = m.delta;
    }
    backward_level(l, p, &m, 0, x, l->in_ld, m.output[0] ? m.output[0] : (real *)y, dy, dx);
}
