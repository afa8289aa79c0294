/* SPDX-License-Identifier: MIT */
/* Batch sharpness: the expected curvature of a mini-batch along its own gradient,
 *
 *     E[ gᵀHg / |g|² ],   g and H of one mini-batch,
 *
 * which is what settles at the edge of stability under mini-batches: at 2/η of plain SGD (Andreyev and Beneventano
 * 2024, arXiv 2412.20553), with momentum β at 2(1 − β)/η in small batches, whose gradients are mostly noise, and at
 * 2(1 + β)/η in large ones (arXiv 2604.14108). λmax of the whole data is held by 2/η only where a batch is all of it.
 *
 * How much of the gradients is noise: 1 − |E g|² / E|g|², estimated without bias from products of different batches'
 * gradients. */
#ifndef SADDLE_HESSIAN_BATCH_SHARPNESS_H
#define SADDLE_HESSIAN_BATCH_SHARPNESS_H

#include "hessian/probe.h"

struct batch_sharpness {
    int batches;
    double mean, error; /* error: standard error of the mean; NaN of one batch */
    double noise;       /* share of E|g|² that is noise; NaN of one batch */
};

#define BATCH_SHARPNESS_UNKNOWN ((struct batch_sharpness){0, NAN, NAN, NAN})

struct batch_sharpness_sums {
    int batches;
    double ratio, square;  /* of gᵀHg / |g|², and of its square */
    double length;         /* of |g|² */
    double *gradient;      /* [parameters] of g, the caller's, zeroed at first */
};

struct batch_sharpness_of {
    /* One mini-batch more: that of the ask, at its point. Errors: those of a probe; ERR_DIVERGED, its loss or gradient
     * is not finite. */
    int (*add)(const struct probe_ask *a, struct batch_sharpness_sums *s, struct err *e);
};
extern const struct batch_sharpness_of batch_sharpness_f, batch_sharpness_d;

/* In double where a probe is. */
int batch_sharpness_add(const struct probe_ask *a, struct batch_sharpness_sums *s, struct err *e);
struct batch_sharpness batch_sharpness_mean(const struct batch_sharpness_sums *s, int64_t parameters);

#endif
