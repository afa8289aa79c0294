/* SPDX-License-Identifier: MIT */
/* A bowl full of dents (L. A. Rastrigin 1974), in two coordinates:
 *   f = Σ (10 + x² − 10 cos 2πx),   ∂f/∂x = 2x + 20π sin 2πx,   ∂²f/∂x² = 2 + 40π² cos 2πx */
#include <math.h>
#include <stddef.h>

#include "race/surface.h"

static double f(const struct surface *s, const double *x, double *gradient, double *hessian)
{
    double sum = 0, turn = 2 * M_PI;

    for (int i = 0; i < s->n; i++) {
        sum += 10 + x[i] * x[i] - 10 * cos(turn * x[i]);
        if (gradient)
            gradient[i] = 2 * x[i] + 10 * turn * sin(turn * x[i]);
        for (int j = 0; hessian && j < s->n; j++)
            hessian[i * s->n + j] = i == j ? 2 + 10 * turn * turn * cos(turn * x[i]) : 0;
    }
    return sum;
}

const struct surface surface_rastrigin = {
    .name = "rastrigin",
    .title = "Rastrigin's function",
    .formula = "20 + x² − 10 cos 2πx + y² − 10 cos 2πy",
    .n = 2,
    .axis = {"x", "y"},
    .window = {{-5.12, 5.12}, {-5.12, 5.12}},
    .start = {3.3, -2.3},
    .optima = 1,
    .optimum = {{0, 0}},
    .race = {{"sgd:lr=.002", "sgd:lr=.002,momentum=.95", "adam:lr=.5", "rmsprop:lr=.1"}, "loss<.01", 2},
    .f = f,
};
