/* SPDX-License-Identifier: MIT */
/* The R-versions of recurrent layers: the same ways, with R{…} beside each value. Products follow the rule
 * R{A B} = R{A} B + A R{B}. */
#include "net/recurrent.h"

#include <string.h>

/* A level's values and their R{…}. */
struct both {
    const struct recurrent_memory *m, *r;
    const real *x, *rx; /* rx NULL: 0 */
    int x_ld;
    real *output, *routput;
};

/* ---- forward -------------------------------------------------------------------------------- */

static void rforward_track(const struct layer *l, const struct pass *p, const struct both *b, int level, int direction)
{
    const struct cell *cell = l->kind->cell;
    struct track t = R(recurrent).track(l, level, direction);
    real *gates = b->r->of[level][direction].gates;
    int h = l->spec.width, ld = recurrent_gates_ld(l);

    R(recurrent).bias(l, p, b->r, &t, p->v, gates);
    R(recurrent).project(l, p, &t, p->v, b->x, b->x_ld, gates);
    if (b->rx)
        R(recurrent).project(l, p, &t, p->theta, b->rx, b->x_ld, gates);
    for (int k = 0; k < t.count && !layer_cancelled(p); k++) {
        struct cell_step s = R(recurrent).step(l, p, b->m, level, &t, k, b->output);
        struct cell_step r = R(recurrent).step(l, p, b->r, level, &t, k, b->routput);
        if (k > 0) {
            p->blas->nt(s.rows, cell->gates * h, h, s.h_before, s.h_ld, p->v + t.w_hh, h, 1, r.gates, ld);
            p->blas->nt(s.rows, cell->gates * h, h, r.h_before, s.h_ld, p->theta + t.w_hh, h, 1, r.gates, ld);
        }
        cell->rforward(&s, &r);
        R(recurrent).end(l, p, &t, k, &r, 0);
    }
    if (level == l->spec.levels - 1)
        R(recurrent).clear(l, p, &t, b->routput);
}

/* Input and output of a level; the last level's output is the layer's. */
static struct both both_of(const struct layer *l, const struct pass *p, const struct recurrent_memory *m,
                           const struct recurrent_memory *r, int level, const struct rflow *f)
{
    int masked = level > 0 && R(dropout_rate)(l, p) > 0 && m->masked[level - 1];
    struct both b = {.m = m, .r = r, .x = f->x, .rx = f->rx, .x_ld = l->in_ld};

    if (level > 0) {
        b.x = masked ? m->masked[level - 1] : m->output[level - 1];
        b.rx = masked ? r->masked[level - 1] : r->output[level - 1];
        b.x_ld = l->out_ld;
    }
    b.output = m->output[level] ? m->output[level] : (real *)f->y;
    b.routput = r->output[level] ? r->output[level] : (real *)f->ry;
    return b;
}

static void lay_out_both(const struct layer *l, const struct pass *p, struct recurrent_memory *m,
                         struct recurrent_memory *r)
{
    struct arena a = {.base = p->saved}, ra = {.base = p->rsaved};

    R(recurrent).lay_out(l, &a, p->examples, m);
    R(recurrent).lay_out(l, &ra, p->examples, r);
}

void R(recurrent_rforward)(const struct layer *l, const struct pass *p, const real *x, const real *rx, const real *y,
                           real *ry)
{
    struct rflow f = {.x = x, .rx = rx, .y = y, .ry = ry};
    size_t n = (size_t)layer_rows(l, p) * (size_t)l->out_ld;
    double rate = R(dropout_rate)(l, p);
    struct recurrent_memory m, r;

    lay_out_both(l, p, &m, &r);
    memset(r.zero, 0, sizeof *r.zero * (size_t)p->examples * (size_t)l->out_ld);
    for (int level = 0; level < l->spec.levels; level++) {
        struct both b = both_of(l, p, &m, &r, level, &f);
        for (int d = 0; d < recurrent_directions(l); d++)
            rforward_track(l, p, &b, level, d);
        if (rate > 0 && r.masked[level])
            R(dropout_apply)(p, n, rate, m.mask[level], b.routput, r.masked[level]);
    }
}

/* ---- backward ------------------------------------------------------------------------------- */

static void add_from_above(const struct layer *l, const struct cell_step *s, const struct track *t, int k,
                           const real *dy)
{
    const real *above = dy + (size_t)(t->begin + k * t->step) * (size_t)s->rows * (size_t)l->out_ld +
                        t->direction * l->spec.width;

    for (int i = 0; i < s->rows; i++)
        for (int j = 0; j < s->hidden; j++)
            s->dh[(size_t)i * (size_t)s->c_ld + (size_t)j] += above[(size_t)i * (size_t)l->out_ld + (size_t)j];
}

static void rbackward_track(const struct layer *l, const struct pass *p, const struct both *b, int level,
                            const struct track *t, const real *dy, const real *rdy)
{
    const struct cell *cell = l->kind->cell;
    size_t bytes = sizeof(real) * (size_t)p->examples * (size_t)recurrent_c_ld(l);
    int h = l->spec.width, ld = recurrent_gates_ld(l), g = cell->gates * h;

    memset(b->m->dh, 0, bytes);
    memset(b->m->dc, 0, bytes);
    memset(b->r->dh, 0, bytes);
    memset(b->r->dc, 0, bytes);
    for (int k = t->count - 1; k >= 0 && !layer_cancelled(p); k--) {
        struct cell_step s = R(recurrent).step(l, p, b->m, level, t, k, b->output);
        struct cell_step r = R(recurrent).step(l, p, b->r, level, t, k, b->routput);
        add_from_above(l, &s, t, k, dy);
        add_from_above(l, &r, t, k, rdy);
        cell->rbackward(&s, &r);
        R(recurrent).end(l, p, t, k, &s, 1);
        R(recurrent).end(l, p, t, k, &r, 1);
        if (k == 0)
            break;
        p->blas->nn(s.rows, h, g, s.gates, ld, p->theta + t->w_hh, h, cell->carries, s.dh, s.c_ld);
        p->blas->nn(s.rows, h, g, r.gates, ld, p->theta + t->w_hh, h, cell->carries, r.dh, s.c_ld);
        p->blas->nn(s.rows, h, g, s.gates, ld, p->v + t->w_hh, h, 1, r.dh, s.c_ld);
    }
}

/* dx and rdx of a level; they may be the dy and rdy it was given. */
static void rbackward_level(const struct layer *l, const struct pass *p, const struct both *b, int level,
                            const real *dy, const real *rdy, real *dx, real *rdx)
{
    size_t n = (size_t)layer_rows(l, p) * (size_t)b->x_ld;
    struct track t[2];

    for (int d = 0; d < recurrent_directions(l); d++) {
        const real *gates = b->m->of[level][d].gates, *rgates = b->r->of[level][d].gates;
        t[d] = R(recurrent).track(l, level, d);
        rbackward_track(l, p, b, level, &t[d], dy, rdy);
        R(recurrent).weights(l, p, &t[d], rgates, b->x, b->x_ld, b->output, 0);
        R(recurrent).weights(l, p, &t[d], gates, b->rx, b->x_ld, b->routput, 1);
        R(recurrent).biases(l, p, b->r, &t[d], rgates);
    }
    if (!dx)
        return;
    layer_zero(p, n, dx);
    layer_zero(p, n, rdx);
    for (int d = 0; d < recurrent_directions(l); d++) {
        R(recurrent).input(l, p, &t[d], p->theta, b->m->of[level][d].gates, dx, b->x_ld);
        R(recurrent).input(l, p, &t[d], p->theta, b->r->of[level][d].gates, rdx, b->x_ld);
        R(recurrent).input(l, p, &t[d], p->v, b->m->of[level][d].gates, rdx, b->x_ld);
    }
}

void R(recurrent_rbackward)(const struct layer *l, const struct pass *p, const struct rflow *f)
{
    size_t n = (size_t)layer_rows(l, p) * (size_t)l->out_ld;
    double rate = R(dropout_rate)(l, p);
    const real *dy = f->dy, *rdy = f->rdy;
    struct recurrent_memory m, r;

    lay_out_both(l, p, &m, &r);
    for (int level = l->spec.levels - 1; level >= 0; level--) {
        struct both b = both_of(l, p, &m, &r, level, f);
        rbackward_level(l, p, &b, level, dy, rdy, level ? m.delta : f->dx, level ? r.delta : f->rdx);
        if (level == 0)
            break;
        dy = m.delta;
        rdy = r.delta;
        if (rate > 0 && m.masked[level - 1]) {
            R(dropout_apply)(p, n, rate, m.mask[level - 1], m.delta, m.delta);
            R(dropout_apply)(p, n, rate, m.mask[level - 1], r.delta, r.delta);
        }
    }
}
