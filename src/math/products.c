/* SPDX-License-Identifier: MIT */
#include "math/products.h"

#include <float.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "math/onednn.h"
#include "math/start.h"

/* A small product is over before oneDNN has begun; OpenBLAS makes one of a single row by its matrix-vector kernels. In
 * a few shapes with long rows its kernels lead by 5 to 15 %: those where little is summed, and weight gradients of
 * wide layers over narrow ones. */
int products_by_onednn(enum products_kind kind, int m, int n, int k)
{
    enum { SMALL = 1 << 18 };

    if (m == 1 || n == 1 || (int64_t)m * n * k < SMALL)
        return 0;
    if (kind == PRODUCTS_NN)
        return !(k <= 64 && n > 512);
    if (kind == PRODUCTS_TN)
        return !(m > 512 && n >= 128 && n < 1024 && k >= 256);
    return 1;
}

static void nn(int m, int n, int k, const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
    (products_by_onednn(PRODUCTS_NN, m, n, k) ? &onednn_f : &blas_f)->nn(m, n, k, a, lda, b, ldb, beta, c, ldc);
}

static void nt(int m, int n, int k, const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
    (products_by_onednn(PRODUCTS_NT, m, n, k) ? &onednn_f : &blas_f)->nt(m, n, k, a, lda, b, ldb, beta, c, ldc);
}

static void tn(int m, int n, int k, const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
    (products_by_onednn(PRODUCTS_TN, m, n, k) ? &onednn_f : &blas_f)->tn(m, n, k, a, lda, b, ldb, beta, c, ldc);
}

static const struct blas by_rule = {.nn = nn, .nt = nt, .tn = tn};

const struct blas *products_blas_f(enum products_source source)
{
    if (source == PRODUCTS_OPENBLAS || !onednn_usable())
        return &blas_f;
    return source == PRODUCTS_ONEDNN ? &onednn_f : &by_rule;
}

int products_check(enum products_source source, struct err *e)
{
    if (source != PRODUCTS_ONEDNN || onednn_usable())
        return 0;
    if (!onednn_built_in())
        return err_set(e, ERR_USAGE, "products: saddle was built without oneDNN; choose openblas or auto");
    return err_set(e, ERR_USAGE, "products: oneDNN needs OMP_NUM_THREADS=1 in the environment; choose openblas or auto");
}

void products_describe(enum products_source source, char *text, size_t size)
{
    char first[64], second[64] = "";

    openblas_describe(first, sizeof first);
    if (source != PRODUCTS_OPENBLAS && onednn_usable())
        onednn_describe(second, sizeof second);
    snprintf(text, size, "%s%s%s", first, *second ? "; " : "", second);
}

double products_gflops(enum products_source source)
{
    enum { M = 256, N = 1024, K = 1024, RUNS = 5, A = M * K, B = N * K, C = M * N };
    const struct blas *blas = products_blas_f(source);
    float *x = aligned_alloc(64, sizeof *x * (A + B + C));
    const double SLOW = 20e-3;
    double best = DBL_MAX;

    if (!x)
        return 0;
    for (int i = 0; i < A + B; i++)
        x[i] = (float)(i % 17) - 8;
    for (int i = 0; i <= RUNS && (i < 2 || best < SLOW); i++) { /* the first one also takes the page faults */
        double begin = clock_seconds(), took;
        blas->nt(M, N, K, x, K, x + A, K, 0, x + A + B, N);
        took = clock_seconds() - begin;
        best = i > 0 && took < best ? took : best;
    }
    free(x);
    return 2e-9 * M * N * K / best;
}
