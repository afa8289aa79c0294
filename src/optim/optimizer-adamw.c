/* SPDX-License-Identifier: MIT */
/* AdamW (Loshchilov and Hutter 2019): Adam whose weight decay stays out of the moments:
 *   θ ← θ − η λ θ, then Adam's step on the bare gradient. */
#include "optim/adam.h"

static void defaults(struct optimizer_args *a)
{
    a->weight_decay = 1e-2;
}

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot)
{
    adam_step(a, (real)(1 - a->lr * a->weight_decay), 0, n, theta, gradient, slot);
}

const struct optimizer R(optimizer_adamw) = {
    .name = "adamw",
    .title = "AdamW",
    .reads = "beta1 beta2 eps weight_decay amsgrad",
    .slot = {"exp_avg", "exp_avg_sq", "max_exp_avg_sq"},
    .defaults = defaults,
    .slots_used = adam_slots,
    .step = step,
};
