/* SPDX-License-Identifier: MIT */
/* The saddle itself: f = x² − y², gradient (2x, −2y), Hessian diag(2, −2) everywhere. Gradient descent on
 * y = 0 ends in it; the smallest y leaves, by a factor of 1 + 2η a step. */
#include <stddef.h>

#include "race/surface.h"

static double f(const struct surface *s, const double *x, double *gradient, double *hessian)
{
    (void)s;
    if (gradient) {
        gradient[0] = 2 * x[0];
        gradient[1] = -2 * x[1];
    }
    if (hessian) {
        hessian[0] = 2;
        hessian[1] = hessian[2] = 0;
        hessian[3] = -2;
    }
    return x[0] * x[0] - x[1] * x[1];
}

const struct surface surface_saddle = {
    .name = "saddle",
    .title = "a saddle",
    .formula = "x² − y²",
    .n = 2,
    .axis = {"x", "y"},
    .window = {{-2, 2}, {-2, 2}},
    .start = {-1.5, 1e-3},
    .race = {{"sgd:lr=.05", "sgd:lr=.05,momentum=.9", "adam:lr=.05", "rmsprop:lr=.02"}, "loss<-4", 0},
    .f = f,
};
