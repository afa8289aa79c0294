/* SPDX-License-Identifier: MIT */
#include "net/product.h"

/* Multiplications of a block: some 20 ms on one core. */
static const double BLOCK = 1e9;

/* Rows of a block, each of which costs `row` multiplications. */
static int block_of(int rows, double row)
{
    double most = BLOCK / row;

    return most >= rows ? rows : most < 64 ? 64 : (int)most / 64 * 64;
}

static void nt(const struct pass *p, int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta,
               real *c, int ldc)
{
    int block = block_of(m, (double)n * k);

    for (int i = 0; i < m && !layer_cancelled(p); i += block)
        p->blas->nt(m - i < block ? m - i : block, n, k, a + (size_t)i * (size_t)lda, lda, b, ldb, beta,
                   c + (size_t)i * (size_t)ldc, ldc);
}

static void nn(const struct pass *p, int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta,
               real *c, int ldc)
{
    int block = block_of(m, (double)n * k);

    for (int i = 0; i < m && !layer_cancelled(p); i += block)
        p->blas->nn(m - i < block ? m - i : block, n, k, a + (size_t)i * (size_t)lda, lda, b, ldb, beta,
                   c + (size_t)i * (size_t)ldc, ldc);
}

static void tn(const struct pass *p, int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta,
               real *c, int ldc)
{
    int block = block_of(k, (double)m * n);

    if (k == 0) /* no rows: the product is 0 */
        p->blas->tn(m, n, 0, a, lda, b, ldb, beta, c, ldc);
    for (int i = 0; i < k && !layer_cancelled(p); i += block)
        p->blas->tn(m, n, k - i < block ? k - i : block, a + (size_t)i * (size_t)lda, lda,
                   b + (size_t)i * (size_t)ldb, ldb, i ? 1 : beta, c, ldc);
}

const struct products R(products) = {.nt = nt, .nn = nn, .tn = tn};
