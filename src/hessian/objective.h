/* SPDX-License-Identifier: MIT */
/* The seam between what is probed and what probes it: a function of n numbers with its gradient and exact
 * products with its Hessian. A surface, or a network over a fixed batch (objective-network.h).
 *
 * Written over `real`: in double for surfaces and for networks small enough for a whole spectrum; in
 * float for large networks, where the vectors of a Krylov basis are what fills the memory. Sums of many
 * terms (norms, coefficients, eigenvalues) are double in both. */
#ifndef SADDLE_HESSIAN_OBJECTIVE_H
#define SADDLE_HESSIAN_OBJECTIVE_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/err.h"
#include "math/real.h"

/* All return 0 or a negative error: ERR_CANCELLED once *cancel is set, ERR_RUNTIME without memory. Vectors
 * have n elements; the point theta is only read, and may be another at every call. */
struct objective {
    int64_t n;
    void *context;
    const atomic_int *cancel; /* NULL: never */
    int (*f)(const struct objective *o, const real *theta, double *f, struct err *e);
    int (*gradient)(const struct objective *o, const real *theta, double *f, real *gradient, struct err *e);
    /* out = H v at theta. */
    int (*hessian_vector)(const struct objective *o, const real *theta, const real *v, real *out,
                          struct err *e);
    /* out = G v, the Gauss–Newton part of it, never negative; NULL: there is none. */
    int (*gauss_newton_vector)(const struct objective *o, const real *theta, const real *v, real *out,
                               struct err *e);
};

static inline int objective_cancelled(const struct objective *o, struct err *e)
{
    return o->cancel && atomic_load(o->cancel) ? err_set(e, ERR_CANCELLED, "cancelled") : 0;
}

#endif
