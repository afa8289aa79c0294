/* SPDX-License-Identifier: MIT */
#include "optim/sam.h"

#include "optim/blocks.h"

enum { LANES = 8 };

/* Σ (T g)², T = |θ| + η where it is scaled. */
KERNEL static double square_sum(size_t n, const real *theta, const real *gradient, int scaled, double eta)
{
    double run[LANES] = {0}, sum = 0;
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++) {
            double g = (double)gradient[i + k], t = scaled ? (fabs((double)theta[i + k]) + eta) * g : g;
            run[k] += t * t;
        }
    for (; i < n; i++) {
        double g = (double)gradient[i], t = scaled ? (fabs((double)theta[i]) + eta) * g : g;
        sum += t * t;
    }
    for (size_t k = 0; k < LANES; k++)
        sum += run[k];
    return sum;
}

/* θ + by T² g */
KERNEL static void move(size_t n, const real *theta, const real *gradient, int scaled, double eta, double by, real *point)
{
    for (size_t i = 0; scaled && i < n; i++) {
        double t = fabs((double)theta[i]) + eta;
        point[i] = (real)((double)theta[i] + by * t * t * (double)gradient[i]);
    }
    for (size_t i = 0; !scaled && i < n; i++)
        point[i] = (real)((double)theta[i] + by * (double)gradient[i]);
}

struct work {
    const struct optimizer_args *a;
    const struct optimizer_part *part;
    int parts;
    size_t n;
    const real *theta, *gradient;
    real *point;
    double *sum, by;
};

/* What a block of θ and one of its parts have in common. */
struct piece {
    size_t at, count;
    int scaled;
};

static struct piece piece_of(const struct work *w, int i, struct block b)
{
    const struct optimizer_part *p = &w->part[i];
    size_t from = p->offset > b.from ? p->offset : b.from, end = p->offset + p->count, to = end < b.to ? end : b.to;

    return (struct piece){.at = from, .count = to > from ? to - from : 0,
                          .scaled = w->a->sam == OPTIMIZER_ASAM && p->scaled};
}

static void sum_block(void *context, int task)
{
    struct work *w = context;
    struct block b = block_at(task, w->n, BLOCK_ELEMENTS);

    w->sum[task] = 0;
    for (int i = 0; i < w->parts; i++) {
        struct piece p = piece_of(w, i, b);
        w->sum[task] += square_sum(p.count, w->theta + p.at, w->gradient + p.at, p.scaled, w->a->sam_eta);
    }
}

static void move_block(void *context, int task)
{
    struct work *w = context;
    struct block b = block_at(task, w->n, BLOCK_ELEMENTS);

    for (int i = 0; i < w->parts; i++) {
        struct piece p = piece_of(w, i, b);
        move(p.count, w->theta + p.at, w->gradient + p.at, p.scaled, w->a->sam_eta, w->by, w->point + p.at);
    }
}

static size_t sums(size_t n)
{
    return blocks_in(n, BLOCK_ELEMENTS);
}

static void point(const struct optimizer_args *a, size_t n, const real *theta, const real *gradient,
                  const struct sam_memory *m)
{
    const struct optimizer_part whole = {.count = n, .scaled = 1};
    struct work w = {.a = a, .part = a->part ? a->part : &whole, .parts = a->part ? a->parts : 1, .n = n,
                     .theta = theta, .gradient = gradient, .point = m->point, .sum = m->sum};
    double sum = 0;

    blocks_run(a, sum_block, &w, sums(n));
    for (size_t i = 0; i < sums(n); i++)
        sum += w.sum[i];
    w.by = a->sam_rho / (sqrt(sum) + (a->sam == OPTIMIZER_ASAM ? 1e-16 : 1e-12));
    blocks_run(a, move_block, &w, sums(n));
}

static double f_and_gradient(void *context, const real *theta, real *gradient)
{
    struct sam_closure *s = context;
    double f = s->inner.f_and_gradient(s->inner.context, theta, gradient);

    if (!isfinite(f))
        return f;
    point(s->a, s->n, theta, gradient, &s->memory);
    return s->inner.f_and_gradient(s->inner.context, s->memory.point, gradient);
}

static int hessian_vector(void *context, const real *theta, const real *v, real *out)
{
    struct sam_closure *s = context;

    return s->inner.hessian_vector(s->inner.context, theta, v, out);
}

static struct optimizer_closure closure(struct sam_closure *s)
{
    return (struct optimizer_closure){f_and_gradient, hessian_vector, s};
}

const struct sam_ops R(sam) = {.sums = sums, .point = point, .closure = closure};
