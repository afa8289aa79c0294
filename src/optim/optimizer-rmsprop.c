/* SPDX-License-Identifier: MIT */
/* RMSProp (Hinton's lecture 6e, 2012), centered as in Graves 2013:
 *   s ← α s + (1 − α) g²;   centered: c ← α c + (1 − α) g, σ² = s − c², else σ² = s
 *   u = g / (√σ² + ε);   with momentum: m ← μ m + u, θ ← θ − η m, else θ ← θ − η u.
 * A σ² that rounding makes negative is 0. */
#include "optim/optimizer.h"

enum { SQUARE_AVG, MOMENTUM_BUFFER, GRAD_AVG };

static void defaults(struct optimizer_args *a)
{
    a->lr = 1e-2;
}

static unsigned slots_used(const struct optimizer_args *a)
{
    return 1u << SQUARE_AVG | (a->momentum > 0) << MOMENTUM_BUFFER | (a->centered != 0) << GRAD_AVG;
}

/* Made four times, with `heavy` and `centered` known, so that no loop branches. */
KERNEL_INLINE void walk(int heavy, int centered, const struct optimizer_args *a, size_t n, real *theta,
                        const real *gradient, real *const *slot)
{
    real lr = (real)a->lr, alpha = (real)a->alpha, rest = (real)(1 - a->alpha), mu = (real)a->momentum;
    real eps = (real)a->eps, decay = (real)a->weight_decay;
    real *s = slot[SQUARE_AVG], *m = slot[MOMENTUM_BUFFER], *c = slot[GRAD_AVG];

    for (size_t i = 0; i < n; i++) {
        real g = gradient[i] + decay * theta[i], variance, u;
        variance = s[i] = alpha * s[i] + rest * g * g;
        if (centered) {
            c[i] = alpha * c[i] + rest * g;
            variance -= c[i] * c[i];
            variance = variance < 0 ? 0 : variance;
        }
        u = g / (real_sqrt(variance) + eps);
        if (heavy)
            u = m[i] = mu * m[i] + u;
        theta[i] -= lr * u;
    }
}

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot)
{
    if (a->momentum > 0 && a->centered)
        walk(1, 1, a, n, theta, gradient, slot);
    else if (a->momentum > 0)
        walk(1, 0, a, n, theta, gradient, slot);
    else if (a->centered)
        walk(0, 1, a, n, theta, gradient, slot);
    else
        walk(0, 0, a, n, theta, gradient, slot);
}

const struct optimizer R(optimizer_rmsprop) = {
    .name = "rmsprop",
    .title = "RMSProp",
    .reads = "alpha momentum centered eps weight_decay",
    .slot = {"square_avg", "momentum_buffer", "grad_avg"},
    .defaults = defaults,
    .slots_used = slots_used,
    .step = step,
};
