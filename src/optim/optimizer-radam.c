/* SPDX-License-Identifier: MIT */
/* RAdam (Liu et al. 2020): Adam that does not divide by √v until v has seen enough; a warm-up of its own.
 *   ρ∞ = 2/(1 − β₂) − 1,   ρ = ρ∞ − 2 t β₂ᵗ/(1 − β₂ᵗ)     how many gradients v is worth
 *   r = √((ρ − 4)(ρ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρ))
 *   g ← g + λ θ,   m and v as Adam's,   m̂ = m/(1 − β₁ᵗ)
 *   ρ > 5: θ ← θ − η r m̂ √(1 − β₂ᵗ)/(√v + ε), else θ ← θ − η m̂. */
#include "optim/optimizer.h"

/* r √(1 − β₂ᵗ), or 0 while v is not yet to be trusted. */
static double rectified(double beta2, double t)
{
    double power = pow(beta2, t), most = 2 / (1 - beta2) - 1, worth = most - 2 * t * power / (1 - power);

    if (!(worth > 5))
        return 0;
    return sqrt((worth - 4) * (worth - 2) * most / ((most - 4) * (most - 2) * worth) * (1 - power));
}

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot)
{
    double rate = a->lr / (1 - pow(a->beta1, (double)a->t)), rectify = rectified(a->beta2, (double)a->t);
    real plain = (real)(rectify == 0 ? rate : 0), divided = (real)(rate * rectify), eps = (real)a->eps;
    real b1 = (real)a->beta1, b2 = (real)a->beta2, rest1 = (real)(1 - a->beta1), rest2 = (real)(1 - a->beta2);
    real decay = (real)a->weight_decay, *m = slot[0], *v = slot[1];

    if (eps == 0 && rectify == 0)
        eps = 1; /* nothing is divided yet: no 0/0 */
    for (size_t i = 0; i < n; i++) {
        real g = gradient[i] + decay * theta[i];
        m[i] = b1 * m[i] + rest1 * g;
        v[i] = b2 * v[i] + rest2 * g * g;
        theta[i] -= m[i] * (plain + divided / (real_sqrt(v[i]) + eps));
    }
}

const struct optimizer R(optimizer_radam) = {
    .name = "radam",
    .title = "RAdam",
    .reads = "beta1 beta2 eps weight_decay",
    .slot = {"exp_avg", "exp_avg_sq"},
    .step = step,
};
