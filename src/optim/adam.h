/* SPDX-License-Identifier: MIT */
/* The loop that Adam and AdamW share; the formulas stand in their files. */
#ifndef SADDLE_OPTIM_ADAM_H
#define SADDLE_OPTIM_ADAM_H

#include "optim/optimizer.h"

/* θ is first multiplied by `shrink`; `decay` × θ is added to the gradient. */
KERNEL_INLINE void adam_step(const struct optimizer_args *a, real shrink, real decay, size_t n, real *theta,
                             const real *gradient, real *const *slot)
{
    double correct1 = 1 - pow(a->beta1, (double)a->t), correct2 = 1 - pow(a->beta2, (double)a->t);
    real rate = (real)(a->lr / correct1), root = (real)(1 / sqrt(correct2)), eps = (real)a->eps;
    real b1 = (real)a->beta1, b2 = (real)a->beta2, rest1 = (real)(1 - a->beta1), rest2 = (real)(1 - a->beta2);
    real *m = slot[0], *v = slot[1], *most = slot[2];

    for (size_t i = 0; !a->amsgrad && i < n; i++) {
        real kept = theta[i] * shrink, g = gradient[i] + decay * theta[i];
        m[i] = b1 * m[i] + rest1 * g;
        v[i] = b2 * v[i] + rest2 * g * g;
        theta[i] = kept - rate * m[i] / (real_sqrt(v[i]) * root + eps);
    }
    for (size_t i = 0; a->amsgrad && i < n; i++) {
        real kept = theta[i] * shrink, g = gradient[i] + decay * theta[i];
        m[i] = b1 * m[i] + rest1 * g;
        v[i] = b2 * v[i] + rest2 * g * g;
        most[i] = v[i] > most[i] ? v[i] : most[i];
        theta[i] = kept - rate * m[i] / (real_sqrt(most[i]) * root + eps);
    }
}

static inline unsigned adam_slots(const struct optimizer_args *a)
{
    return a->amsgrad ? 7 : 3;
}

#endif
