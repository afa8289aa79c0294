/* SPDX-License-Identifier: MIT */
/* A flat and a sharp minimum of the same height, for the lecture's figure beside Keskar et al. 2017. The slide draws it without a
 * formula; this one is ours. With E = exp(3x/2), c = x² − 1, q = c² + 4 y²:
 *   f = E q
 *   ∂f/∂x = E (3/2 q + 4 x c),   ∂f/∂y = 8 E y
 *   ∂²f/∂x² = E (9/4 q + 12 x c + 4 c + 8 x²),   ∂²f/∂x∂y = 12 E y,   ∂²f/∂y² = 8 E
 * Both eigenvalues are 8 exp(−3/2) = 1.8 at (−1, 0) and 8 exp(3/2) = 35.9 at (1, 0), with a saddle between them at (1/3, 0):
 * gradient descent whose rate is above 2/35.9 cannot stay in the sharp one. */
#include <math.h>
#include <stddef.h>

#include "race/surface.h"

static double f(const struct surface *s, const double *at, double *gradient, double *hessian)
{
    double x = at[0], y = at[1], e = exp(1.5 * x), c = x * x - 1, q = c * c + 4 * y * y;

    (void)s;
    if (gradient) {
        gradient[0] = e * (1.5 * q + 4 * x * c);
        gradient[1] = 8 * e * y;
    }
    if (hessian) {
        hessian[0] = e * (2.25 * q + 12 * x * c + 4 * c + 8 * x * x);
        hessian[1] = hessian[2] = 12 * e * y;
        hessian[3] = 8 * e;
    }
    return e * q;
}

const struct surface surface_minima = {
    .name = "minima",
    .title = "a flat and a sharp minimum",
    .formula = "exp(1.5 x) ((x² − 1)² + 4 y²)",
    .n = 2,
    .axis = {"x", "y"},
    .window = {{-2, 1.6}, {-1, 1}},
    .start = {.5, .4},
    .optima = 2,
    .optimum = {{-1, 0}, {1, 0}},
    .race = {{"sgd:lr=.02", "sgd:lr=.08", "sgd:lr=.02,momentum=.9", "adam:lr=.05"}, "loss<1e-4", 1},
    .f = f,
};
