/* SPDX-License-Identifier: MIT */
/* Adamax (Kingma and Ba 2015, section 7.1): Adam with the largest of the decayed gradients in place of
 * their root mean square.
 *   g ← g + λ θ
 *   m ← β₁ m + (1 − β₁) g,   u ← max(β₂ u, |g| + ε),   θ ← θ − η/(1 − β₁ᵗ) · m/u. */
#include "optim/optimizer.h"

static void defaults(struct optimizer_args *a)
{
    a->lr = 2e-3;
}

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot)
{
    real rate = (real)(a->lr / (1 - pow(a->beta1, (double)a->t)));
    real b1 = (real)a->beta1, rest1 = (real)(1 - a->beta1), b2 = (real)a->beta2;
    real eps = (real)a->eps, decay = (real)a->weight_decay;
    real *m = slot[0], *u = slot[1];

    for (size_t i = 0; i < n; i++) {
        real g = gradient[i] + decay * theta[i], size = (g < 0 ? -g : g) + eps, kept = b2 * u[i];
        m[i] = b1 * m[i] + rest1 * g;
        u[i] = size > kept ? size : kept;
        theta[i] -= rate * m[i] / u[i];
    }
}

const struct optimizer R(optimizer_adamax) = {
    .name = "adamax",
    .title = "Adamax",
    .reads = "beta1 beta2 eps weight_decay",
    .slot = {"exp_avg", "exp_inf"},
    .defaults = defaults,
    .step = step,
};
