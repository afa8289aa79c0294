/* SPDX-License-Identifier: MIT */
/* Ill-conditioned quadratics: a bowl a hundred times steeper along one axis than along the other,
 *   f = ½ (u² + 100 v²),   u = c x + s y,   v = −s x + c y,   c = cos φ, s = sin φ
 *   ∇f = (c u − 100 s v, s u + 100 c v)
 *   H = [[c² + 100 s², −99 c s], [−99 c s, s² + 100 c²]]
 * With φ = 0 the axes are the coordinates, and an optimizer with a rate for each coordinate is at its best;
 * turned by 30° it is not. */
#include <stddef.h>

#include "race/surface.h"

struct turn {
    double c, s;
};

static double f(const struct surface *surface, const double *x, double *gradient, double *hessian)
{
    const struct turn *t = surface->data;
    double c = t->c, s = t->s, u = c * x[0] + s * x[1], v = c * x[1] - s * x[0];

    if (gradient) {
        gradient[0] = c * u - 100 * s * v;
        gradient[1] = s * u + 100 * c * v;
    }
    if (hessian) {
        hessian[0] = c * c + 100 * s * s;
        hessian[1] = hessian[2] = -99 * c * s;
        hessian[3] = s * s + 100 * c * c;
    }
    return (u * u + 100 * v * v) / 2;
}

static const struct turn straight = {1, 0}, thirty = {.86602540378443865, .5};

const struct surface surface_ill_conditioned = {
    .name = "ill_conditioned",
    .title = "a long bowl",
    .formula = "½ (x² + 100 y²)",
    .n = 2,
    .axis = {"x", "y"},
    .window = {{-2, 2}, {-2, 2}},
    .start = {-1.8, .5},
    .optima = 1,
    .optimum = {{0, 0}},
    .race = {{"sgd:lr=.018", "sgd:lr=.018,momentum=.9", "adam:lr=.05", "adagrad:lr=.5"}, "loss<1e-3", 2},
    .f = f,
    .data = &straight,
};

const struct surface surface_rotated = {
    .name = "rotated",
    .title = "a long bowl, turned by 30°",
    .formula = "½ (u² + 100 v²), (u, v) = (x, y) turned by 30°",
    .n = 2,
    .axis = {"x", "y"},
    .window = {{-2, 2}, {-2, 2}},
    .start = {-1.8, -.5},
    .optima = 1,
    .optimum = {{0, 0}},
    .race = {{"sgd:lr=.018", "sgd:lr=.018,momentum=.9", "adam:lr=.05", "adagrad:lr=.5"}, "loss<1e-3", 2},
    .f = f,
    .data = &thirty,
};
