/* SPDX-License-Identifier: MIT */
/* Four minima of the same height (D. M. Himmelblau, Applied Nonlinear Programming, 1972). With
 * a = x² + y − 11 and b = x + y² − 7:
 *   f = a² + b²,   ∇f = (4 x a + 2 b, 2 a + 4 y b)
 *   H = [[4 a + 8 x² + 2, 4 (x + y)], [4 (x + y), 4 b + 8 y² + 2]] */
#include <stddef.h>

#include "race/surface.h"

static double f(const struct surface *s, const double *at, double *gradient, double *hessian)
{
    double x = at[0], y = at[1], a = x * x + y - 11, b = x + y * y - 7;

    (void)s;
    if (gradient) {
        gradient[0] = 4 * x * a + 2 * b;
        gradient[1] = 2 * a + 4 * y * b;
    }
    if (hessian) {
        hessian[0] = 4 * a + 8 * x * x + 2;
        hessian[1] = hessian[2] = 4 * (x + y);
        hessian[3] = 4 * b + 8 * y * y + 2;
    }
    return a * a + b * b;
}

const struct surface surface_himmelblau = {
    .name = "himmelblau",
    .title = "Himmelblau's function",
    .formula = "(x² + y − 11)² + (x + y² − 7)²",
    .n = 2,
    .axis = {"x", "y"},
    .window = {{-5, 5}, {-5, 5}},
    .start = {0, 0},
    .optima = 4,
    .optimum = {{3, 2},
                {-2.8051180869527448, 3.1313125182505730},
                {-3.7793102533777469, -3.2831859912861694},
                {3.5844283403304917, -1.8481265269644035}},
    .race = {{"sgd:lr=.01", "sgd:lr=.005,momentum=.9", "adam:lr=.1", "rmsprop:lr=.05"}, "loss<1e-3", 0},
    .f = f,
};
