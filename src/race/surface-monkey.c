/* SPDX-License-Identifier: MIT */
/* The monkey saddle (three valleys: two for the legs, one for the tail; Hilbert and Cohn-Vossen 1932):
 *   f = x³ − 3 x y²,   ∇f = (3x² − 3y², −6xy),   H = [[6x, −6y], [−6y, −6x]]
 * At 0 the Hessian is 0 too: second derivatives do not tell it from a minimum. */
#include <stddef.h>

#include "race/surface.h"

static double f(const struct surface *s, const double *at, double *gradient, double *hessian)
{
    double x = at[0], y = at[1];

    (void)s;
    if (gradient) {
        gradient[0] = 3 * (x * x - y * y);
        gradient[1] = -6 * x * y;
    }
    if (hessian) {
        hessian[0] = 6 * x;
        hessian[1] = hessian[2] = -6 * y;
        hessian[3] = -6 * x;
    }
    return x * (x * x - 3 * y * y);
}

const struct surface surface_monkey = {
    .name = "monkey",
    .title = "a monkey saddle",
    .formula = "x³ − 3 x y²",
    .n = 2,
    .axis = {"x", "y"},
    .window = {{-2, 2}, {-2, 2}},
    .start = {1.5, 1e-2},
    .race = {{"sgd:lr=.02", "sgd:lr=.02,momentum=.9", "adam:lr=.05", "rmsprop:lr=.02"}, "loss<-8", 0},
    .f = f,
};
