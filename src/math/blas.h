/* SPDX-License-Identifier: MIT */
/* Matrix products. All matrices are row-major; ld is the distance between rows in elements. */
#ifndef SADDLE_MATH_BLAS_H
#define SADDLE_MATH_BLAS_H

#include "math/real.h"

struct blas {
    /* C[m][n] = A[m][k] · B[k][n] + beta · C */
    void (*nn)(int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta, real *c, int ldc);
    /* C[m][n] = A[m][k] · B[n][k]ᵀ + beta · C */
    void (*nt)(int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta, real *c, int ldc);
    /* C[m][n] = A[k][m]ᵀ · B[k][n] + beta · C */
    void (*tn)(int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta, real *c, int ldc);
};

extern const struct blas R(blas);

#endif
