/* SPDX-License-Identifier: MIT */
/* The lecture's Adagrad, which divides by the root of the MEAN of all squared gradients so far; not
 * Duchi's, which divides by the root of their sum (optimizer-adagrad.c), and not PyTorch's:
 *   g ← g + λ θ,   s ← s + g²,   σ = √(s/t),   θ ← θ − η g/(σ + ε).
 * With η/√t it would be Adagrad; with η held, σ falls while g is small, and the walk goes by spurts. */
#include "optim/optimizer.h"

static void defaults(struct optimizer_args *a)
{
    a->lr = 1e-2;
    a->eps = 1e-10;
}

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot)
{
    real lr = (real)a->lr, eps = (real)a->eps, decay = (real)a->weight_decay, mean = (real)(1 / (double)a->t);
    real *s = slot[0];

    for (size_t i = 0; i < n; i++) {
        real g = gradient[i] + decay * theta[i];
        s[i] += g * g;
        theta[i] -= lr * g / (real_sqrt(s[i] * mean) + eps);
    }
}

const struct optimizer R(optimizer_adagrad_rms) = {
    .name = "adagrad_rms",
    .title = "Adagrad, root mean square",
    .reads = "eps weight_decay",
    .slot = {"sum"},
    .defaults = defaults,
    .step = step,
};
