/* SPDX-License-Identifier: MIT */
/* The parts of a recurrent layer's pass: which steps, which memory, and the products. */
#include <string.h>

#include "net/product.h"
#include "net/recurrent.h"

/* Only steps that reach the loss are made. Of a level below another one in two directions all do; else
 * the forward direction begins at step 0 and ends at the last needed one, the reverse direction begins at
 * the last step and ends at the first needed one. */
static struct track track(const struct layer *l, int level, int direction)
{
    int all = l->spec.bidirectional && level < l->spec.levels - 1, steps = l->in.steps;
    int first = all ? 0 : l->need_first, last = all ? steps - 1 : l->need_last;
    int k = (level * recurrent_directions(l) + direction) * (l->spec.bias ? 4 : 2);
    const struct place *t = &l->parameter[k];

    return (struct track){
        .direction = direction,
        .begin = direction ? steps - 1 : 0,
        .step = direction ? -1 : 1,
        .count = direction ? steps - first : last + 1,
        .lowest = direction ? first : 0,
        .in = level ? l->out.width : l->in.width,
        .w_ih = t[0].offset,
        .w_hh = t[1].offset,
        .b_ih = l->spec.bias ? t[2].offset : 0,
        .b_hh = l->spec.bias ? t[3].offset : 0,
    };
}

static void lay_out(const struct layer *l, struct arena *a, int examples, struct recurrent_memory *m)
{
    size_t rows = (size_t)l->in.steps * (size_t)examples, c_ld = (size_t)recurrent_c_ld(l);
    size_t out_ld = (size_t)real_padded(l->out.width), gates_ld = (size_t)recurrent_gates_ld(l);

    memset(m, 0, sizeof *m);
    for (int level = 0; level < l->spec.levels; level++) {
        int top = level == l->spec.levels - 1;
        for (int d = 0; d < recurrent_directions(l); d++) {
            m->of[level][d].gates = arena_take(a, sizeof(real) * rows * gates_ld);
            if (l->kind->cell->memory) {
                m->of[level][d].c = arena_take(a, sizeof(real) * rows * c_ld);
                m->of[level][d].tanh_c = arena_take(a, sizeof(real) * rows * c_ld);
            }
        }
        if (!top)
            m->output[level] = arena_take(a, sizeof(real) * rows * out_ld);
        if (!top && l->spec.rate != 0) {
            m->masked[level] = arena_take(a, sizeof(real) * rows * out_ld);
            m->mask[level] = arena_take(a, rows * out_ld);
        }
    }
    m->delta = l->spec.levels > 1 ? arena_take(a, sizeof(real) * rows * out_ld) : NULL;
    m->dh = arena_take(a, sizeof(real) * (size_t)examples * c_ld);
    m->dc = arena_take(a, sizeof(real) * (size_t)examples * c_ld);
    m->zero = arena_take(a, sizeof(real) * (size_t)examples * out_ld);
    m->row = arena_take(a, sizeof(real) * gates_ld);
}

static struct cell_step step(const struct layer *l, const struct pass *p, const struct recurrent_memory *m, int level,
                             const struct track *t, int k, real *output)
{
    size_t now = (size_t)(t->begin + k * t->step) * (size_t)p->examples;
    size_t before = (size_t)(t->begin + (k ? k - 1 : 0) * t->step) * (size_t)p->examples;
    size_t c_ld = (size_t)recurrent_c_ld(l), out_ld = (size_t)l->out_ld, h = (size_t)(t->direction * l->spec.width);
    real *c = m->of[level][t->direction].c;

    return (struct cell_step){
        .rows = p->examples,
        .hidden = l->spec.width,
        .gates_ld = recurrent_gates_ld(l),
        .h_ld = l->out_ld,
        .c_ld = (int)c_ld,
        .gates = m->of[level][t->direction].gates + now * (size_t)recurrent_gates_ld(l),
        .h = output + now * out_ld + h,
        .h_before = k ? output + before * out_ld + h : m->zero,
        .c = c ? c + now * c_ld : NULL,
        .tanh_c = c ? m->of[level][t->direction].tanh_c + now * c_ld : NULL,
        .c_before = c && k ? c + before * c_ld : m->zero,
        .dh = m->dh,
        .dc = m->dc,
    };
}

/* The track's rows are neighbours: where they begin, how many they are. */
static size_t first_row(const struct pass *p, const struct track *t)
{
    return (size_t)t->lowest * (size_t)p->examples;
}

static int rows_of(const struct pass *p, const struct track *t)
{
    return t->count * p->examples;
}

static void bias(const struct layer *l, const struct pass *p, const struct recurrent_memory *m, const struct track *t,
                 const real *theta, real *gates)
{
    const struct cell *cell = l->kind->cell;
    int h = l->spec.width, ld = recurrent_gates_ld(l), rows = rows_of(p, t);

    memset(m->row, 0, sizeof *m->row * (size_t)ld);
    for (int k = 0; l->spec.bias && k < cell->pieces; k++)
        for (int j = 0; j < cell->piece[k].count * h; j++)
            m->row[cell->piece[k].to * h + j] += theta[t->b_ih + cell->piece[k].from * h + j];
    for (int j = 0; l->spec.bias && j < cell->gates * h; j++)
        m->row[j] += theta[t->b_hh + j];
    gates += first_row(p, t) * (size_t)ld;
    for (int i = 0; i < rows && !layer_cancelled(p); i++)
        memcpy(gates + (size_t)i * (size_t)ld, m->row, sizeof *gates * (size_t)ld);
}

static void project(const struct layer *l, const struct pass *p, const struct track *t, const real *theta,
                    const real *x, int x_ld, real *gates)
{
    int h = l->spec.width, ld = recurrent_gates_ld(l), rows = rows_of(p, t);

    x += first_row(p, t) * (size_t)x_ld;
    gates += first_row(p, t) * (size_t)ld;
    for (int k = 0; k < l->kind->cell->pieces; k++) {
        const struct cell_piece *c = &l->kind->cell->piece[k];
        R(products).nt(p, rows, c->count * h, t->in, x, x_ld, theta + t->w_ih + (int64_t)c->from * h * t->in, t->in, 1,
                   gates + c->to * h, ld);
    }
}

/* W_hh: every step but the track's first meets the h of its neighbour. */
static void recurrent_weights(const struct layer *l, const struct pass *p, const struct track *t, const real *d,
                              const real *output, real beta)
{
    int h = l->spec.width, ld = recurrent_gates_ld(l), later = t->direction ? 0 : 1;
    size_t n = (size_t)p->examples, d_row = first_row(p, t) + (size_t)later * n;
    size_t h_row = first_row(p, t) + (size_t)!later * n;

    R(products).tn(p, l->kind->cell->gates * h, h, (t->count - 1) * p->examples, d + d_row * (size_t)ld, ld,
               output + h_row * (size_t)l->out_ld + t->direction * h, l->out_ld, beta, p->gradient + t->w_hh, h);
}

static void weights(const struct layer *l, const struct pass *p, const struct track *t, const real *d, const real *x,
                    int x_ld, const real *output, real beta)
{
    int h = l->spec.width, ld = recurrent_gates_ld(l), rows = rows_of(p, t);

    recurrent_weights(l, p, t, d, output, beta);
    for (int k = 0; x && k < l->kind->cell->pieces; k++) {
        const struct cell_piece *c = &l->kind->cell->piece[k];
        R(products).tn(p, c->count * h, t->in, rows, d + first_row(p, t) * (size_t)ld + c->to * h, ld,
                   x + first_row(p, t) * (size_t)x_ld, x_ld, beta,
                   p->gradient + t->w_ih + (int64_t)c->from * h * t->in, t->in);
    }
}

/* sum[n] = Σ over rows of ld. */
KERNEL static void add_rows(const struct pass *p, int rows, int n, const real *x, int ld, real *sum)
{
    memset(sum, 0, sizeof *sum * (size_t)n);
    for (int i = 0; i < rows && !layer_cancelled(p); i++) {
        const real *row = x + (size_t)i * (size_t)ld;
        LAYER_LOOP
        for (int j = 0; j < n; j++)
            sum[j] += row[j];
    }
}

static void biases(const struct layer *l, const struct pass *p, const struct recurrent_memory *m,
                   const struct track *t, const real *d)
{
    const struct cell *cell = l->kind->cell;
    int h = l->spec.width, ld = recurrent_gates_ld(l), rows = rows_of(p, t);
    real *sum = m->row;

    if (!l->spec.bias)
        return;
    add_rows(p, rows, cell->blocks * h, d + first_row(p, t) * (size_t)ld, ld, sum);
    memcpy(p->gradient + t->b_hh, sum, sizeof *sum * (size_t)(cell->gates * h));
    for (int k = 0; k < cell->pieces; k++)
        memcpy(p->gradient + t->b_ih + cell->piece[k].from * h, sum + cell->piece[k].to * h,
               sizeof *sum * (size_t)(cell->piece[k].count * h));
}

static void input(const struct layer *l, const struct pass *p, const struct track *t, const real *theta, const real *d,
                  real *dx, int dx_ld)
{
    int h = l->spec.width, ld = recurrent_gates_ld(l), rows = rows_of(p, t);

    for (int k = 0; k < l->kind->cell->pieces; k++) {
        const struct cell_piece *c = &l->kind->cell->piece[k];
        R(products).nn(p, rows, t->in, c->count * h, d + first_row(p, t) * (size_t)ld + c->to * h, ld,
                   theta + t->w_ih + (int64_t)c->from * h * t->in, t->in, 1, dx + first_row(p, t) * (size_t)dx_ld,
                   dx_ld);
    }
}

static void end(const struct layer *l, const struct pass *p, const struct track *t, int k, const struct cell_step *s,
                int back)
{
    size_t bytes = sizeof(real) * (size_t)s->hidden;

    for (int i = 0; p->lengths && i < s->rows; i++) {
        size_t at = (size_t)i * (size_t)s->c_ld;
        if (t->begin + k * t->step < p->lengths[i])
            continue;
        if (back) {
            memset(s->gates + (size_t)i * (size_t)s->gates_ld, 0, bytes * (size_t)l->kind->cell->blocks);
            memset(s->dh + at, 0, bytes);
            memset(s->dc + at, 0, bytes);
            continue;
        }
        memset(s->h + (size_t)i * (size_t)s->h_ld, 0, bytes);
        if (s->c)
            memset(s->c + at, 0, bytes);
    }
}

static void clear(const struct layer *l, const struct pass *p, const struct track *t, real *output)
{
    size_t from = first_row(p, t), to = from + (size_t)rows_of(p, t);
    size_t all = (size_t)l->in.steps * (size_t)p->examples, h = (size_t)l->spec.width;

    for (size_t i = 0; i < all && !layer_cancelled(p); i++)
        if (i < from || i >= to)
            memset(output + i * (size_t)l->out_ld + (size_t)t->direction * h, 0, sizeof *output * h);
}

const struct recurrent_parts R(recurrent) = {
    .track = track,
    .lay_out = lay_out,
    .step = step,
    .bias = bias,
    .project = project,
    .weights = weights,
    .biases = biases,
    .input = input,
    .end = end,
    .clear = clear,
};
