/* SPDX-License-Identifier: MIT */
/* An orthonormal basis of a Krylov space: rows of n elements, and the three things done to them. Elements are
 * `real`, coefficients double. The bits do not depend on the pool: rows are cut into pieces of a fixed
 * length, and sums over pieces are taken in their order. */
#ifndef SADDLE_HESSIAN_BASIS_H
#define SADDLE_HESSIAN_BASIS_H

#include "core/pool.h"
#include "hessian/objective.h"

struct basis {
    int64_t n, stride; /* of a row */
    int rows;
    real *row;         /* [rows][stride] */
    struct pool *pool; /* borrowed; NULL: the calling thread alone */
    int pieces;
    double *partial; /* [pieces][rows + 1] */
};

struct basis_ops {
    int (*init)(struct basis *b, int64_t n, int rows, struct pool *p, struct err *e);
    void (*free)(struct basis *b);
    /* w −= Σ_i (row_i · w) row_i for i < count, twice over (classical Gram–Schmidt; twice is enough: Giraud,
     * Langou, Rozložník and van den Eshof 2005). coefficient[count] (may be NULL) gets what was taken
     * away. Returns the norm of what is left. w may be a later row. */
    double (*orthogonalise)(struct basis *b, int count, real *w, double *coefficient);
    /* w *= by */
    void (*scale)(const struct basis *b, real *w, double by);
    double (*dot)(struct basis *b, const real *x, const real *y);
    /* The first `kept` rows become Σ_j y[k][j] row_j, j < count; y is [kept][count]. Errors: ERR_RUNTIME. */
    int (*rotate)(struct basis *b, int count, int kept, const double *y, struct err *e);
};
extern const struct basis_ops R(basis);

static inline real *basis_row(const struct basis *b, int i)
{
    return b->row + (int64_t)i * b->stride;
}

#endif
