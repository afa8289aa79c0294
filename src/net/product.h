/* SPDX-License-Identifier: MIT */
/* Matrix products of a pass: as math/blas.h has them, but a long one is made in blocks of rows, so that a pass
 * that is cancelled ends within a few hundredths of a second, even inside a layer of thousands of rows. */
#ifndef SADDLE_NET_PRODUCT_H
#define SADDLE_NET_PRODUCT_H

#include "net/layer.h"

struct products {
    /* C[m][n] = A[m][k] · B[n][k]ᵀ + beta · C, in blocks of m. */
    void (*nt)(const struct pass *p, int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta,
               real *c, int ldc);
    /* C[m][n] = A[m][k] · B[k][n] + beta · C, in blocks of m. */
    void (*nn)(const struct pass *p, int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta,
               real *c, int ldc);
    /* C[m][n] = A[k][m]ᵀ · B[k][n] + beta · C, in blocks of k. */
    void (*tn)(const struct pass *p, int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta,
               real *c, int ldc);
};

extern const struct products R(products);

#endif
