/* SPDX-License-Identifier: MIT */
/* Surfaces as objectives of the probes, in double: for tests whose answers are known. */
#ifndef SADDLE_TESTS_ON_SURFACE_H
#define SADDLE_TESTS_ON_SURFACE_H

#include "test.h"

#include "hessian/objective.h"
#include "race/surface.h"

static inline int surface_value(const struct objective *o, const real *x, double *f, struct err *e)
{
    const struct surface *s = o->context;

    (void)e;
    *f = s->f(s, x, NULL, NULL);
    return 0;
}

static inline int surface_gradient(const struct objective *o, const real *x, double *f, real *g,
                                   struct err *e)
{
    const struct surface *s = o->context;

    (void)e;
    *f = s->f(s, x, g, NULL);
    return 0;
}

static inline int surface_product(const struct objective *o, const real *x, const real *v, real *out,
                                  struct err *e)
{
    const struct surface *s = o->context;
    double h[SURFACE_MOST * SURFACE_MOST];

    (void)e;
    s->f(s, x, NULL, h);
    for (int i = 0; i < s->n; i++) {
        out[i] = 0;
        for (int j = 0; j < s->n; j++)
            out[i] += h[i * s->n + j] * v[j];
    }
    return 0;
}

static inline struct objective on_surface(const struct surface *s)
{
    return (struct objective){.n = s->n,
                              .context = (void *)s,
                              .f = surface_value,
                              .gradient = surface_gradient,
                              .hessian_vector = surface_product};
}

static inline struct objective on(const char *name)
{
    const struct surface *s = surface_find(name);

    assert_non_null(s);
    return on_surface(s);
}

/* Quadratics ½ xᵀAx + c of these tests, as surfaces with their own numbers. */
struct bowl {
    double a[9], c;
};

static inline double bowl_f(const struct surface *s, const double *x, double *g, double *h)
{
    const struct bowl *b = s->data;
    double f = b->c;

    for (int i = 0; i < s->n; i++) {
        double ax = 0;
        for (int j = 0; j < s->n; j++)
            ax += b->a[i * s->n + j] * x[j];
        f += x[i] * ax / 2;
        if (g)
            g[i] = ax;
        for (int j = 0; h && j < s->n; j++)
            h[i * s->n + j] = b->a[i * s->n + j];
    }
    return f;
}

#endif
