/* SPDX-License-Identifier: MIT */
/* NAdam (Dozat 2016): Adam that looks ahead as Nesterov's momentum does, with a momentum that warms up.
 *   μ_t = β₁ (1 − ½ · 0.96^(ψ t)),   M_t = μ₁ μ₂ … μ_t
 *   g ← g + λ θ
 *   m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²,   v̂ = v/(1 − β₂ᵗ)
 *   θ ← θ − η ((1 − μ_t)/(1 − M_t) g + μ_(t+1)/(1 − c) m) / (√v̂ + ε)
 * Dozat has c = M_(t+1); PyTorch 1.13 computes c = M_t μ_t μ_(t+1), and so does this file. */
#include "optim/optimizer.h"

enum { MU_PRODUCT };             /* scalars */
enum { OF_GRADIENT, OF_MOMENT }; /* a->now */

static void defaults(struct optimizer_args *a)
{
    a->lr = 2e-3;
    a->momentum_decay = 4e-3;
}

static double momentum_at(const struct optimizer_args *a, double t)
{
    return a->beta1 * (1 - .5 * pow(.96, t * a->momentum_decay));
}

static void begin(struct optimizer_args *a, double scalar[OPTIMIZER_SCALARS])
{
    double mu = momentum_at(a, (double)a->t), next = momentum_at(a, (double)a->t + 1);

    scalar[MU_PRODUCT] = (a->t == 1 ? 1 : scalar[MU_PRODUCT]) * mu;
    a->now[OF_GRADIENT] = a->lr * (1 - mu) / (1 - scalar[MU_PRODUCT]);
    a->now[OF_MOMENT] = a->lr * next / (1 - scalar[MU_PRODUCT] * mu * next);
}

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot)
{
    real of_g = (real)a->now[OF_GRADIENT], of_m = (real)a->now[OF_MOMENT];
    real root = (real)(1 / sqrt(1 - pow(a->beta2, (double)a->t))), eps = (real)a->eps;
    real b1 = (real)a->beta1, b2 = (real)a->beta2, rest1 = (real)(1 - a->beta1), rest2 = (real)(1 - a->beta2);
    real decay = (real)a->weight_decay, *m = slot[0], *v = slot[1];

    for (size_t i = 0; i < n; i++) {
        real g = gradient[i] + decay * theta[i];
        m[i] = b1 * m[i] + rest1 * g;
        v[i] = b2 * v[i] + rest2 * g * g;
        theta[i] -= (of_g * g + of_m * m[i]) / (real_sqrt(v[i]) * root + eps);
    }
}

const struct optimizer R(optimizer_nadam) = {
    .name = "nadam",
    .title = "NAdam",
    .reads = "beta1 beta2 eps weight_decay momentum_decay",
    .slot = {"exp_avg", "exp_avg_sq"},
    .defaults = defaults,
    .begin = begin,
    .step = step,
};
