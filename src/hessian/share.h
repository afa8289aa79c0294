/* SPDX-License-Identifier: MIT */
/* The share of the eigenvalues beyond ± a tolerance, by stochastic Lanczos quadrature, with its error.
 *
 * Lanczos from a random z of independent ± 1/√n gives the spectrum seen through z: a measure whose mean over z is the
 * spectrum itself. After k steps the part of that measure above a number t is known between two bounds, the sharpest that
 * 2k + 1 moments allow (Chebyshev, Markov and Stieltjes): a Gauss–Radau rule with a node at t (G. Golub 1973, "Some
 * modified matrix eigenvalue problems") counts the weight of that node, or does not. A share is the mean of the middles
 * over several z, and its error has two parts:
 *
 *   sampling    the standard error over the z, at least √(2 min(s, 1 − s) / n) for each z: the variance of zᵀPz cannot be
 *               larger for a projector P whose share is s, but few z may look closer together than they are;
 *   truncation  half the distance of the bounds: no more can be wrong with what k steps say of their z. Into the error it
 *               goes as a number that may lie anywhere between them, of standard deviation truncation / √3. */
#ifndef SADDLE_HESSIAN_SHARE_H
#define SADDLE_HESSIAN_SHARE_H

#include <math.h>
#include <stdint.h>

#include "core/err.h"

struct share {
    double value;                /* 0 … 1 */
    double sampling, truncation; /* both 0 of a whole spectrum */
};

struct shares {
    int known;
    double zero;              /* the tolerance */
    struct share positive;    /* λ > zero */
    struct share negative;    /* λ < −zero */
    struct share of_signed;   /* positive / (positive + negative); NaN where both are 0 */
};

static inline double share_error(struct share s)
{
    return hypot(s.sampling, s.truncation / sqrt(3));
}

/* Of one z: the middle of the bounds and half their distance, above zero and below −zero. */
struct share_sample {
    double positive, negative, positive_half, negative_half;
};

struct lanczos_steps {
    int count;
    const double *t;     /* [count][count], the lower triangle of T, tridiagonal but for rounding */
    double next;         /* the norm of what would be the next vector; 0: the space is closed and the rule exact */
    const double *value; /* [count] Ritz values ascending, … */
    const double *vector; /* … [count][count], row i belongs to value[i] */
};

/* Errors: ERR_RUNTIME, ERR_DIVERGED. */
int share_sample_take(const struct lanczos_steps *l, double zero, struct share_sample *s, struct err *e);
/* Of an n × n matrix. */
struct shares share_mean(int samples, const struct share_sample *s, int64_t n, double zero);
/* Of all eigenvalues. */
struct shares share_count(int n, const double *value, double zero);

#endif
