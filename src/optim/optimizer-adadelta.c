/* SPDX-License-Identifier: MIT */
/* Adadelta (Zeiler 2012): the step has the unit of θ, as the root mean square of past steps over that of
 * past gradients.
 *   g ← g + λ θ,   s ← ρ s + (1 − ρ) g²
 *   δ = g √(d + ε)/√(s + ε),   d ← ρ d + (1 − ρ) δ²,   θ ← θ − η δ. */
#include "optim/optimizer.h"

static void defaults(struct optimizer_args *a)
{
    a->lr = 1;
    a->rho = .9;
    a->eps = 1e-6;
}

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot)
{
    real lr = (real)a->lr, rho = (real)a->rho, rest = (real)(1 - a->rho);
    real eps = (real)a->eps, decay = (real)a->weight_decay;
    real *s = slot[0], *d = slot[1];

    for (size_t i = 0; i < n; i++) {
        real g = gradient[i] + decay * theta[i], delta;
        s[i] = rho * s[i] + rest * g * g;
        delta = real_sqrt(d[i] + eps) / real_sqrt(s[i] + eps) * g;
        d[i] = rho * d[i] + rest * delta * delta;
        theta[i] -= lr * delta;
    }
}

const struct optimizer R(optimizer_adadelta) = {
    .name = "adadelta",
    .title = "Adadelta",
    .reads = "rho eps weight_decay",
    .slot = {"square_avg", "acc_delta"},
    .defaults = defaults,
    .step = step,
};
