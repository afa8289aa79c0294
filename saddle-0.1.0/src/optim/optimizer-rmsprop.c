/* RMSProp (Hinton's lecture 6e, 2012), centered as in Graves 2013:
 *   s ← α s + (1 − α) g²;   centered: c ← α c + (1 − α) g, σ² = s − c², else σ² = s
 *   u = g / (√σ² + ε);   with momentum: m ← μ m + u, θ ← θ − η m, else θ ← θ − η u. */
#include "optim/optimizer.h"

static void defaults(struct optimizer_args *a)
{
    a->lr = 1e-2;
}

static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient, real *const *slot)
{
    real lr = (real)a->lr, alpha = (real)a->alpha, rest = (real)(1 - a->alpha), mu = (real)a->momentum;
    real eps = (real)a->eps, decay = (real)a->weight_decay, centre = a->centered ? 1 : 0;
    real *s = slot[0], *m = slot[1], *c = slot[2];

    for (size_t i = 0; i < n; i++) {
        real g = gradient[i] + decay * theta[i];
        s[i] = alpha * s[i] + rest * g * g;
        c[i] = centre * (alpha * c[i] + rest * g);
        m[i] = mu * m[i] + g / (real_sqrt(s[i] - c[i] * c[i]) + eps);
        theta[i] -= lr * m[i];
    }
}

const struct optimizer R(optimizer_rmsprop) = {
    .name = "rmsprop",
    .title = "RMSProp",
    .reads = "alpha momentum eps weight_decay",
    .slot = {"square_avg", "momentum_buffer", "grad_avg"},
    .defaults = defaults,
    .step = step,
};
