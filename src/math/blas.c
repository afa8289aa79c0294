/* SPDX-License-Identifier: MIT */
#include "math/products.h"

#include <cblas.h>

static void gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n, int k, const real *a, int lda,
                 const real *b, int ldb, real beta, real *c, int ldc)
{
    if (m == 0 || n == 0)
        return;
#ifdef SADDLE_DOUBLE
    cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
#else
    cblas_sgemm(CblasRowMajor, ta, tb, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
#endif
}

static void nn(int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta, real *c, int ldc)
{
    gemm(CblasNoTrans, CblasNoTrans, m, n, k, a, lda, b, ldb, beta, c, ldc);
}

static void nt(int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta, real *c, int ldc)
{
    gemm(CblasNoTrans, CblasTrans, m, n, k, a, lda, b, ldb, beta, c, ldc);
}

static void tn(int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta, real *c, int ldc)
{
    gemm(CblasTrans, CblasNoTrans, m, n, k, a, lda, b, ldb, beta, c, ldc);
}

const struct blas R(blas) = {.nn = nn, .nt = nt, .tn = tn};

#ifdef SADDLE_DOUBLE
const struct blas *products_blas_d(enum products_source source)
{
    (void)source;
    return &blas_d;
}
#endif
