/* SPDX-License-Identifier: MIT */
/* The registry of surfaces, a line each; and the local view of any of them. */
#include "race/surface.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "math/eigen.h"

#define SURFACES(X)                                                                                          \
    X(chain)                                                                                                 \
    X(regression)                                                                                            \
    X(minima)                                                                                                \
    X(chain3)                                                                                                \
    X(chain5)                                                                                                \
    X(crescent)                                                                                              \
    X(softmax_mse)                                                                                           \
    X(softmax_ce)                                                                                            \
    X(saddle)                                                                                                \
    X(monkey)                                                                                                \
    X(rosenbrock)                                                                                            \
    X(beale)                                                                                                 \
    X(himmelblau)                                                                                            \
    X(rastrigin)                                                                                             \
    X(ill_conditioned)                                                                                       \
    X(rotated)                                                                                               \
    X(factorization)                                                                                         \
    X(linear_network)

#define DECLARED(name) extern const struct surface surface_##name;
#define LISTED(name)   &surface_##name,

SURFACES(DECLARED)

static const struct surface *const listed[] = {SURFACES(LISTED)};

const struct surface *surface_at(int i)
{
    return i >= 0 && i < (int)(sizeof listed / sizeof *listed) ? listed[i] : NULL;
}

const struct surface *surface_find(const char *name)
{
    for (int i = 0; surface_at(i); i++)
        if (strcmp(listed[i]->name, name) == 0)
            return listed[i];
    return NULL;
}

int surface_look(const struct surface *s, const double *x, struct surface_point *p, struct err *e)
{
    double gradient[SURFACE_MOST], hessian[SURFACE_MOST * SURFACE_MOST], square = 0;
    int r;

    p->f = s->f(s, x, gradient, hessian);
    for (int i = 0; i < s->n; i++)
        square += gradient[i] * gradient[i];
    p->gradient_norm = sqrt(square);
    if (!isfinite(p->f) || !isfinite(p->gradient_norm))
        return err_set(e, ERR_DIVERGED, "%s: the loss or its gradient is not finite there", s->name);
    r = eigen_symmetric(s->n, hessian, p->eigenvalue, 0, e);
    if (r == 0)
        p->limit = p->eigenvalue[s->n - 1] > 0 ? 2 / p->eigenvalue[s->n - 1] : INFINITY;
    return r;
}
