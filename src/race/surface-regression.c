/* SPDX-License-Identifier: MIT */
/* The lecture's elongated convex surface (Lee, "Error surface is rugged …", 2021): the line
 * y ≈ b + w x through ten points, sum of squares. With r = b + w x − y of each point:
 *   f = Σ r²,   ∂f/∂b = 2 Σ r,   ∂f/∂w = 2 Σ r x,   H = 2 [[10, Σx], [Σx, Σx²]]
 * The same at every point: λ = 5.573 and 1.74683e6, so that gradient descent needs η < 2/λmax = 1.145e-6. */
#include <stddef.h>

#include "race/surface.h"

enum { POINTS = 10 };

static const double point_x[POINTS] = {338, 333, 328, 207, 226, 25, 179, 60, 208, 606},
                    point_y[POINTS] = {640, 633, 619, 393, 428, 27, 193, 66, 226, 1591};

static double f(const struct surface *s, const double *x, double *gradient, double *hessian)
{
    double sum = 0, db = 0, dw = 0, to_x = 0, to_x2 = 0;

    (void)s;
    for (int i = 0; i < POINTS; i++) {
        double r = x[0] + x[1] * point_x[i] - point_y[i];
        sum += r * r;
        db += 2 * r;
        dw += 2 * r * point_x[i];
        to_x += 2 * point_x[i];
        to_x2 += 2 * point_x[i] * point_x[i];
    }
    if (gradient) {
        gradient[0] = db;
        gradient[1] = dw;
    }
    if (hessian) {
        hessian[0] = 2 * POINTS;
        hessian[1] = hessian[2] = to_x;
        hessian[3] = to_x2;
    }
    return sum;
}

const struct surface surface_regression = {
    .name = "regression",
    .title = "a line through ten points",
    .formula = "Σ (b + w x − y)²",
    .n = 2,
    .axis = {"b", "w"},
    .window = {{-200, -100}, {-5, 5}},
    .start = {-120, -4},
    .optima = 1,
    .optimum = {{-188.43319665732488, 2.669454966762257}},
    .race = {{"sgd:lr=1e-7", "adagrad:lr=5", "adagrad_rms:lr=1", "adam:lr=1"}, "loss<102000", 10},
    .f = f,
};
