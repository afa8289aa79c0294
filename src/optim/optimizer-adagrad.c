/* SPDX-License-Identifier: MIT */
/* Adagrad (Duchi, Hazan and Singer 2011): every weight's rate falls with the squares it has seen.
 *   s ← s + g²,   θ ← θ − η/(1 + (t−1) δ) · g / (√s + ε). */
#include "optim/optimizer.h"

static void defaults(struct optimizer_args *a)
{
    a->lr = 1e-2;
    a->eps = 1e-10;
}

static void start(const struct optimizer_args *a, size_t n, real *const *slot)
{
    for (size_t i = 0; i < n; i++)
        slot[0][i] = (real)a->initial_accumulator_value;
}

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot)
{
    real lr = (real)(a->lr / (1 + (double)(a->t - 1) * a->lr_decay));
    real eps = (real)a->eps, decay = (real)a->weight_decay;
    real *s = slot[0];

    for (size_t i = 0; i < n; i++) {
        real g = gradient[i] + decay * theta[i];
        s[i] += g * g;
        theta[i] -= lr * g / (real_sqrt(s[i]) + eps);
    }
}

const struct optimizer R(optimizer_adagrad) = {
    .name = "adagrad",
    .title = "Adagrad",
    .reads = "eps weight_decay lr_decay initial_accumulator_value",
    .slot = {"sum"},
    .defaults = defaults,
    .start = start,
    .step = step,
};
