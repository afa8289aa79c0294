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
 * Weight decay and clipping are not looked at; to the Hessian of a race, decay adds its own curvature (race/race-edge.c). */
#ifndef SADDLE_HESSIAN_STABILITY_H
#define SADDLE_HESSIAN_STABILITY_H

#include <stddef.h>

#include "optim/optimizer.h"

struct stability {
    double limit;       /* of η λmax; NaN: none known */
    int preconditioned; /* λmax is that of S H S, S = 1 / √(√v̂ + ε) */
    double small, large; /* where η times batch sharpness settles, in small and in large batches (batch-sharpness.h):
                            2(1 − β) and 2(1 + β) of SGD with momentum β; NaN: not known */
};

/* The limit of the optimizer of this name under these numbers. */
struct stability stability_of(const char *optimizer, const struct optimizer_args *a);

/* The limit as a formula, "2(1+beta1)/(1-beta1)", in the names of the settings; NULL: no limit, or a plain number. */
const char *stability_formula(const char *optimizer, const struct optimizer_args *a);

/* Whether mini-batches whose gradients have this share of noise are small ones, or NaN is no answer: noise makes most of
 * |g|². A rule of thumb of this program; the papers tell the two apart by where batch sharpness settles. */
enum stability_batches { STABILITY_BATCHES_UNKNOWN, STABILITY_BATCHES_SMALL, STABILITY_BATCHES_LARGE };
enum stability_batches stability_batches(double noise);

/* Which limit of batch sharpness applies, as a sentence: "small batches (noise 87 %): batch sharpness settles at
 * 2(1-momentum)/lr, lmax below it". batch_norm: the network couples a batch's examples, which is said. */
void stability_batch_words(const struct stability *s, double noise, int batch_norm, char *out, size_t size);

/* S of a preconditioned limit, n elements, from the optimizer's mean square gradient v (of AMSGrad the
 * largest so far); a->t: steps it has made. */
void stability_scale(const char *optimizer, const struct optimizer_args *a, int64_t n, const float *v,
                     float *scale);

#endif
