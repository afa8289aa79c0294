/* SPDX-License-Identifier: MIT */
/* The edge of stability at a racer's place. */
#include <math.h>
#include <string.h>

#include "math/eigen.h"
#include "race/race-private.h"
#include "hessian/stability.h"

/* The state's mean square gradient; NULL: it keeps none. */
static const real *mean_square(const struct racer_memory *m, const struct optimizer_args *a)
{
    static const char *const names[] = {"max_exp_avg_sq", "exp_avg_sq", "square_avg"};
    unsigned used = R(optimizers).slots_used(m->kind, a);

    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        for (int i = 0; i < OPTIMIZER_SLOTS && m->kind->slot[i]; i++)
            if ((used >> i & 1) && strcmp(m->kind->slot[i], names[k]) == 0)
                return m->slot[i];
    return NULL;
}

/* S of a preconditioned limit; ones where it is not preconditioned or has made no step yet. */
static void scale_of(const struct race *r, const struct racer *c, int preconditioned, float scale[SURFACE_MOST])
{
    struct optimizer_args a = c->setup.args;
    const real *v = mean_square(c->memory, &a);
    float square[SURFACE_MOST];

    a.t = c->steps;
    for (int i = 0; i < r->surface->n; i++) {
        scale[i] = 1;
        square[i] = v ? (float)v[i] : 1;
    }
    if (preconditioned && v && c->steps > 0)
        stability_scale(c->setup.optimizer, &a, r->surface->n, square, scale);
}

/* The curvature that weight decay adds where it is part of the gradient, as it is not in AdamW. */
static double curvature_of_decay(const struct racer *c)
{
    return strcmp(c->setup.optimizer, "adamw") == 0 ? 0 : c->setup.args.weight_decay;
}

int race_edge(const struct race *r, int i, struct race_edge *edge, struct err *e)
{
    const struct racer *c = r->racer[i];
    struct stability s = stability_of(c->setup.optimizer, &c->setup.args);
    double hessian[SURFACE_MOST * SURFACE_MOST], value[SURFACE_MOST];
    float scale[SURFACE_MOST];
    int n = r->surface->n, result;

    scale_of(r, c, s.preconditioned, scale);
    r->surface->f(r->surface, c->x, NULL, hessian);
    for (int k = 0; k < n; k++)
        hessian[k * n + k] += curvature_of_decay(c);
    for (int k = 0; k < n * n; k++)
        hessian[k] *= (double)scale[k / n] * scale[k % n];
    result = eigen_symmetric(n, hessian, value, 0, e);
    if (result == 0)
        *edge = (struct race_edge){.reached = c->rate * value[n - 1],
                                   .limit = s.limit,
                                   .rate = value[n - 1] > 0 ? s.limit / value[n - 1] : s.limit * INFINITY,
                                   .preconditioned = s.preconditioned};
    return result;
}
