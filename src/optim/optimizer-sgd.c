/* SPDX-License-Identifier: MIT */
/* Stochastic gradient descent with momentum μ, dampening τ, weight decay λ:
 *   g ← g + λ θ
 *   m ← μ m + (1 − τ) g     (m = g at the first step with momentum)
 *   θ ← θ − η m,  with Nesterov (Sutskever et al. 2013): θ ← θ − η (g + μ m). */
#include "optim/optimizer.h"

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot)
{
    real lr = (real)a->lr, mu = (real)a->momentum, decay = (real)a->weight_decay;
    int first = a->t == 1 || (a->fresh & 1);
    real keep = first ? 0 : mu, take = first ? 1 : (real)(1 - a->dampening);
    real own = a->nesterov ? 1 : 0, of_m = a->nesterov ? mu : 1;
    real *m = slot[0];

    if (a->momentum == 0) {
        for (size_t i = 0; i < n; i++)
            theta[i] -= lr * (gradient[i] + decay * theta[i]);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        real g = gradient[i] + decay * theta[i];
        m[i] = keep * m[i] + take * g;
        theta[i] -= lr * (own * g + of_m * m[i]);
    }
}

static unsigned slots_used(const struct optimizer_args *a)
{
    return a->momentum != 0;
}

const struct optimizer R(optimizer_sgd) = {
    .name = "sgd",
    .title = "SGD",
    .reads = "momentum dampening nesterov weight_decay",
    .slot = {"momentum_buffer"},
    .slots_used = slots_used,
    .step = step,
};
