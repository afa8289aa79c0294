/* SPDX-License-Identifier: MIT */
/* Eigenpairs at both ends of the spectrum of a large symmetric matrix, by its products alone: Lanczos with
 * thick restart (K. Wu and H. Simon 2000, "Thick-restart Lanczos method for large symmetric eigenvalue
 * problems"), every new vector made orthogonal to the whole basis.
 *
 * The basis holds at most `memory` bytes. In exact arithmetic a multiple eigenvalue is seen once unless the
 * Krylov space closes; then a new random direction is taken in. */
#ifndef SADDLE_HESSIAN_LANCZOS_H
#define SADDLE_HESSIAN_LANCZOS_H

#include "core/pool.h"
#include "hessian/operator.h"

/* A pair counts as converged when ‖Hv − λv‖ ≤ this · |λ|, or is mere rounding beside the largest |λ|. Where eigenvalues
 * are closer together than that, pairs may be missing between those found: so the work goes on until residuals are
 * LANCZOS_FINER times smaller, also of the next LANCZOS_GUARDS pairs at each end, but for no more than LANCZOS_PATIENCE
 * times the products that the first goal took; then the result says so. */
#define LANCZOS_TOLERANCE .02
enum { LANCZOS_FINER = 20, LANCZOS_GUARDS = 2, LANCZOS_PATIENCE = 3 };

enum { LANCZOS_MOST_PAIRS = 100 };

struct lanczos_ask {
    int top, bottom;   /* pairs wanted at each end, up to LANCZOS_MOST_PAIRS; fewer in a smaller space */
    double tolerance;  /* 0: LANCZOS_TOLERANCE */
    int most_products; /* 0: 100 + 20 (top + bottom) */
    uint64_t seed;     /* of the start vector */
    unsigned long long memory; /* 0: 1 GB */
    struct pool *pool;         /* borrowed; NULL: the calling thread alone */
    /* After each product, with how many pairs look converged so far; not 0 ends it, cancelled. */
    int (*progress)(void *context, int products, int most, int converged);
    void *context;
};

struct eigenpair {
    double value, residual; /* ‖Hv − λv‖, from a product of its own */
    int converged;
    const real *vector; /* [n], of length 1; belongs to the result */
};

struct lanczos_result {
    int top, bottom;
    struct eigenpair *at_top;    /* [top] from the largest down */
    struct eigenpair *at_bottom; /* [bottom] from the most negative up */
    int products;
    int converged; /* all of them */
    int may_miss;  /* residuals did not become LANCZOS_FINER times smaller than needed: inner pairs may be missing */
    real *memory;
};

struct lanczos_ops {
    /* Pairs that did not converge in time are there, marked. Errors: ERR_INPUT, a basis that memory cannot
     * hold; ERR_RUNTIME; ERR_CANCELLED; ERR_DIVERGED, a product that is not finite. */
    int (*run)(const struct curvature *c, const struct lanczos_ask *a, struct lanczos_result *r,
               struct err *e);
    void (*free)(struct lanczos_result *r);
};
extern const struct lanczos_ops R(lanczos);

#endif
