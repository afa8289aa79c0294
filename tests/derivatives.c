/* SPDX-License-Identifier: MIT */
#include "derivatives.h"

#include <math.h>
#include <string.h>

#include "test.h"

double scale_of(const double *v, int n)
{
    double most = 1;

    for (int i = 0; i < n; i++)
        most = fmax(most, fabs(v[i]));
    return most;
}

void check_derivatives(const struct surface *s, const double *at, double tolerance)
{
    double x[SURFACE_MOST], g[SURFACE_MOST], up[SURFACE_MOST], down[SURFACE_MOST],
        h[SURFACE_MOST * SURFACE_MOST];
    double f = s->f(s, at, g, h), of_g = scale_of(g, s->n) + fabs(f), of_h = scale_of(h, s->n * s->n) + of_g;

    memcpy(x, at, sizeof x);
    for (int i = 0; i < s->n; i++) {
        double step = 1e-5 * fmax(1, fabs(at[i])), rise;
        x[i] = at[i] + step;
        rise = s->f(s, x, up, NULL);
        x[i] = at[i] - step;
        rise -= s->f(s, x, down, NULL);
        x[i] = at[i];
        if (!(fabs(rise / (2 * step) - g[i]) <= tolerance * of_g))
            fail_msg("%s: gradient %d is %.12g, by differences %.12g", s->name, i, g[i], rise / (2 * step));
        for (int j = 0; j < s->n; j++)
            if (!(fabs((up[j] - down[j]) / (2 * step) - h[i * s->n + j]) <= tolerance * of_h))
                fail_msg("%s: Hessian %d %d is %.12g, by differences %.12g", s->name, i, j, h[i * s->n + j],
                         (up[j] - down[j]) / (2 * step));
    }
}
