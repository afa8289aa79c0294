/* SPDX-License-Identifier: MIT */
/* Schedule-Free AdamW (Defazio et al. 2024, arXiv 2405.15682; the authors' reference implementation, whose bias
 * correction stays out of the weights of the average): z takes the steps, x is their average, and gradients are taken
 * at θ = y between them. All three begin at the initial θ.
 *   γ, c as in schedule-free.h
 *   v ← β₂ v + (1 − β₂) g²
 *   z ← z − γ g/(√(v/(1 − β₂ᵗ)) + ε) − γ λ y
 *   x ← (1 − c) x + c z,   y ← β₁ x + (1 − β₁) z. */
#include "optim/schedule-free.h"

static void defaults(struct optimizer_args *a)
{
    a->lr = 2.5e-3;
    a->weight_lr_power = 2;
}

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                        real *const *slot)
{
    struct schedule_free_step s = schedule_free_step(a, a->beta1);
    real root = (real)(1 / sqrt(1 - pow(a->beta2, (double)a->t))), eps = (real)a->eps;
    real b2 = (real)a->beta2, rest2 = (real)(1 - a->beta2);
    real *z = slot[0], *x = slot[1], *v = slot[2];

    for (size_t i = 0; i < n; i++) {
        v[i] = b2 * v[i] + rest2 * gradient[i] * gradient[i];
        schedule_free_move(&s, gradient[i] / (real_sqrt(v[i]) * root + eps), &theta[i], &z[i], &x[i]);
    }
}

const struct optimizer R(optimizer_schedule_free_adamw) = {
    .name = "schedule-free-adamw",
    .title = "Schedule-Free AdamW",
    .use = "AdamW when the length of training is not known beforehand: averaging takes the place of a schedule.\n"
           "Validation is measured at the average x. Rates 1 to 10 times those of AdamW; set warmup_steps.",
    .reads = "beta1 beta2 eps weight_decay warmup_steps average_power weight_lr_power",
    .ignores = "ema", /* it has an average of its own */
    .slot = {"z", "x", "exp_avg_sq"},
    .average = 2,
    .defaults = defaults,
    .begin = schedule_free_begin,
    .step = step,
};
