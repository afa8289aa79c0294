/* SPDX-License-Identifier: MIT */
/* Lion (Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms", algorithm 2): the sign of a
 * mean of gradients; every weight moves by η. Not in PyTorch. Wants a third to a tenth of AdamW's rate.
 *   u = sign(β₁ m + (1 − β₁) g),   θ ← θ − η (u + λ θ),   m ← β₂ m + (1 − β₂) g. */
#include "optim/optimizer.h"

static void defaults(struct optimizer_args *a)
{
    a->lr = 1e-4;
    a->beta2 = .99;
}

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot)
{
    real lr = (real)a->lr, decay = (real)a->weight_decay, b1 = (real)a->beta1, b2 = (real)a->beta2;
    real rest1 = (real)(1 - a->beta1), rest2 = (real)(1 - a->beta2);
    real *m = slot[0];

    for (size_t i = 0; i < n; i++) {
        real g = gradient[i], mean = b1 * m[i] + rest1 * g;
        m[i] = b2 * m[i] + rest2 * g;
        theta[i] -= lr * ((real)(mean > 0) - (real)(mean < 0) + decay * theta[i]);
    }
}

const struct optimizer R(optimizer_lion) = {
    .name = "lion",
    .title = "Lion",
    .reads = "beta1 beta2 weight_decay",
    .slot = {"exp_avg"},
    .defaults = defaults,
    .step = step,
};
