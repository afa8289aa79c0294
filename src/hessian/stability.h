/* SPDX-License-Identifier: MIT */
/* The edge of stability: a quadratic with largest eigenvalue λ is left by an optimizer whose learning rate η
 * makes η λ exceed a limit of its own, which is that of its linear recurrence along the eigenvector:
 *
 *     gradient descent      2
 *     heavy ball, β         2 + 2β; over 1 − τ with dampening τ  (Polyak 1964)
 *     Nesterov, β           (2 + 2β) / (1 + 2β)
 *     Adam's kin, β₁        2 (1 + β₁) / (1 − β₁), on the preconditioned Hessian  (Cohen et al. 2022)
 *
 * RMSProp is β₁ = 0, with momentum a heavy ball. Training finds this edge and stays there (Cohen et al. 2021).
 * Weight decay and clipping are not looked at. */
#ifndef SADDLE_HESSIAN_STABILITY_H
#define SADDLE_HESSIAN_STABILITY_H

#include "optim/optimizer.h"

struct stability {
    double limit;       /* of η λmax; NaN: none known */
    int preconditioned; /* λmax is that of S H S, S = 1 / √(√v̂ + ε) */
};

/* The limit of the optimizer of this name under these numbers. */
struct stability stability_of(const char *optimizer, const struct optimizer_args *a);

/* The limit as a formula, "2(1+beta1)/(1-beta1)", in the names of the settings; NULL: no limit, or a plain number. */
const char *stability_formula(const char *optimizer, const struct optimizer_args *a);

/* S of a preconditioned limit, n elements, from the optimizer's mean square gradient v (of AMSGrad the
 * largest so far); a->t: steps it has made. */
void stability_scale(const char *optimizer, const struct optimizer_args *a, int64_t n, const float *v,
                     float *scale);

#endif
