/* SPDX-License-Identifier: MIT */
/* The density of the eigenvalues by stochastic Lanczos quadrature (S. Ubaru, J. Chen and Y. Saad 2017; for
 * networks B. Ghorbani, S. Krishnan and Y. Xiao 2019): k steps of Lanczos from a random z of length 1 give a
 * quadrature of the density seen through z, nodes the Ritz values θ_i, weights the squared first
 * components of their eigenvectors; the mean over several z is an estimate of (1/n) Σ δ(λ − λ_i). */
#ifndef SADDLE_HESSIAN_DENSITY_H
#define SADDLE_HESSIAN_DENSITY_H

#include "core/pool.h"
#include "hessian/share.h"
#include "hessian/spectrum.h"

struct density {
    int count;
    double *value, *weight; /* [count] nodes ascending, their weights, which sum to 1 */
    struct shares shares;   /* of the eigenvalues beyond ± the tolerance asked for */
};

struct density_ops {
    /* How many steps of these the basis of n parameters leaves room for, in 1 GB. */
    int (*steps)(int64_t n, int steps);
    /* starts × steps products; fewer steps where the basis would not fit. Eigenvalues within ± zero count as
     * zero in the shares. Errors: ERR_RUNTIME, ERR_INPUT, ERR_CANCELLED. */
    int (*estimate)(const struct curvature *c, int starts, int steps, double zero, uint64_t seed, struct pool *p,
                    struct density *d, probe_progress *progress, void *context, struct err *e);
    void (*free)(struct density *d);
    /* The weight of the nodes in a … b as a smooth curve: Σ w_i N(x; θ_i, width²) at `points` evenly spaced
     * places from a to b. */
    void (*smooth)(const struct density *d, double a, double b, double width, int points, double *out);
};
extern const struct density_ops R(density);

#endif
