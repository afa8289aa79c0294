/* SPDX-License-Identifier: MIT */
/* A curved valley whose floor hardly falls (H. H. Rosenbrock, The Computer Journal 3, 1960). With
 * a = 1 − x and b = y − x²:
 *   f = a² + 100 b²,   ∇f = (−2a − 400 x b, 200 b)
 *   H = [[2 − 400 b + 800 x², −400 x], [−400 x, 200]] */
#include <stddef.h>

#include "race/surface.h"

static double f(const struct surface *s, const double *at, double *gradient, double *hessian)
{
    double x = at[0], a = 1 - x, b = at[1] - x * x;

    (void)s;
    if (gradient) {
        gradient[0] = -2 * a - 400 * x * b;
        gradient[1] = 200 * b;
    }
    if (hessian) {
        hessian[0] = 2 - 400 * b + 800 * x * x;
        hessian[1] = hessian[2] = -400 * x;
        hessian[3] = 200;
    }
    return a * a + 100 * b * b;
}

const struct surface surface_rosenbrock = {
    .name = "rosenbrock",
    .title = "Rosenbrock's valley",
    .formula = "(1 − x)² + 100 (y − x²)²",
    .n = 2,
    .axis = {"x", "y"},
    .window = {{-2, 2}, {-1, 3}},
    .start = {-1.2, 1},
    .optima = 1,
    .optimum = {{1, 1}},
    .race = {{"sgd:lr=1e-3", "sgd:lr=1e-3,momentum=.9", "adam:lr=.05", "lbfgs:lr=1"}, "loss<1e-3", 5},
    .f = f,
};
