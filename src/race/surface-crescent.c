/* SPDX-License-Identifier: MIT */
/* A crescent, for the lecture's figure beside RMSProp (Lee, "Error surface is rugged …", 2021). The slide
 * draws it without a formula; this one is ours: a steep wall around the unit circle and a gentle slope to
 * its lowest point, (0, −1),
 *   f = 10 c² + ½ (x² + (y + 1)²),   c = x² + y² − 1
 *   ∂f/∂x = 40 c x + x,   ∂f/∂y = 40 c y + y + 1
 *   ∂²f/∂x² = 40 c + 80 x² + 1,   ∂²f/∂x∂y = 80 x y,   ∂²f/∂y² = 40 c + 80 y² + 1
 * On the arm x is steep and y is gentle, at the bottom y is steep and x is gentle: the same coordinate
 * needs a small rate first and a large one later, which a sum of all past squares no longer gives. */
#include <stddef.h>

#include "race/surface.h"

static double f(const struct surface *s, const double *at, double *gradient, double *hessian)
{
    double x = at[0], y = at[1], c = x * x + y * y - 1;

    (void)s;
    if (gradient) {
        gradient[0] = 40 * c * x + x;
        gradient[1] = 40 * c * y + y + 1;
    }
    if (hessian) {
        hessian[0] = 40 * c + 80 * x * x + 1;
        hessian[1] = hessian[2] = 80 * x * y;
        hessian[3] = 40 * c + 80 * y * y + 1;
    }
    return 10 * c * c + (x * x + (y + 1) * (y + 1)) / 2;
}

const struct surface surface_crescent = {
    .name = "crescent",
    .title = "a crescent",
    .formula = "10 (x² + y² − 1)² + ½ (x² + (y + 1)²)",
    .n = 2,
    .axis = {"x", "y"},
    .window = {{-1.5, 1.5}, {-1.5, 1}},
    .start = {-1, .5},
    .optima = 1,
    .optimum = {{0, -1}},
    .race = {{"sgd:lr=.005", "sgd:lr=.005,momentum=.9", "adam:lr=.05", "rmsprop:lr=.02"}, "loss<1e-4", 2},
    .f = f,
};
