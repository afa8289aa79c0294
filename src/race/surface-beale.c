/* SPDX-License-Identifier: MIT */
/* Flat far out, with steep corners (E. M. L. Beale, 1958; in Moré, Garbow and Hillstrom 1981, no. 5).
 * With c = 1.5, 2.25, 2.625 for k = 1, 2, 3 and rk = ck − x (1 − yᵏ):
 *   f = Σ rk²,   ∂rk/∂x = yᵏ − 1,   ∂rk/∂y = k x yᵏ⁻¹
 *   ∂²rk/∂x² = 0,   ∂²rk/∂x∂y = k yᵏ⁻¹,   ∂²rk/∂y² = k (k − 1) x yᵏ⁻² */
#include <stddef.h>

#include "race/surface.h"

static double f(const struct surface *s, const double *at, double *gradient, double *hessian)
{
    static const double c[] = {1.5, 2.25, 2.625};
    double x = at[0], y = at[1], sum = 0, g[2] = {0, 0}, h[3] = {0, 0, 0};
    double before = 0, last = 1; /* yᵏ⁻² (0 where k = 1: it is not needed), yᵏ⁻¹ */

    (void)s;
    for (int k = 1; k <= 3; k++) {
        double r = c[k - 1] - x * (1 - last * y), rx = last * y - 1, ry = k * x * last, rxy = k * last,
               ryy = k * (k - 1) * x * before;
        sum += r * r;
        g[0] += 2 * r * rx;
        g[1] += 2 * r * ry;
        h[0] += 2 * rx * rx;
        h[1] += 2 * (rx * ry + r * rxy);
        h[2] += 2 * (ry * ry + r * ryy);
        before = last;
        last *= y;
    }
    for (int i = 0; gradient && i < 2; i++)
        gradient[i] = g[i];
    for (int i = 0; hessian && i < 4; i++)
        hessian[i] = h[(i + 1) / 2];
    return sum;
}

const struct surface surface_beale = {
    .name = "beale",
    .title = "Beale's function",
    .formula = "(1.5 − x + x y)² + (2.25 − x + x y²)² + (2.625 − x + x y³)²",
    .n = 2,
    .axis = {"x", "y"},
    .window = {{-4.5, 4.5}, {-4.5, 4.5}},
    .start = {1, 1},
    .optima = 1,
    .optimum = {{3, .5}},
    .race = {{"sgd:lr=.01", "sgd:lr=.005,momentum=.9", "adam:lr=.1", "rmsprop:lr=.02"}, "loss<1e-3", 2},
    .f = f,
};
