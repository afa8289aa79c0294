/* SPDX-License-Identifier: MIT */
/* Adam (Kingma and Ba 2015), with AMSGrad (Reddi, Kale and Kumar 2018):
 *   g ← g + λ θ
 *   m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
 *   θ ← θ − η/(1 − β₁ᵗ) · m / (√v̂ + ε),   v̂ = v/(1 − β₂ᵗ); AMSGrad takes the largest v so far. */
#include "optim/adam.h"

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot)
{
    adam_step(a, 1, (real)a->weight_decay, n, theta, gradient, slot);
}

const struct optimizer R(optimizer_adam) = {
    .name = "adam",
    .title = "Adam",
    .reads = "beta1 beta2 eps weight_decay amsgrad",
    .slot = {"exp_avg", "exp_avg_sq", "max_exp_avg_sq"},
    .slots_used = adam_slots,
    .step = step,
};
