/* SPDX-License-Identifier: MIT */
#include "math/onednn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_ONEDNN
#include <oneapi/dnnl/dnnl.h>

/* dnnl_sgemm is row-major. Its errors are bad arguments and, in theory, no memory for a packed operand; the product
 * is then made by OpenBLAS. */
static void nn(int m, int n, int k, const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
    if (k == 0 || dnnl_sgemm('N', 'N', m, n, k, 1, a, lda, b, ldb, beta, c, ldc) != dnnl_success)
        blas_f.nn(m, n, k, a, lda, b, ldb, beta, c, ldc);
}

static void nt(int m, int n, int k, const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
    if (k == 0 || dnnl_sgemm('N', 'T', m, n, k, 1, a, lda, b, ldb, beta, c, ldc) != dnnl_success)
        blas_f.nt(m, n, k, a, lda, b, ldb, beta, c, ldc);
}

static void tn(int m, int n, int k, const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
    if (k == 0 || dnnl_sgemm('T', 'N', m, n, k, 1, a, lda, b, ldb, beta, c, ldc) != dnnl_success)
        blas_f.tn(m, n, k, a, lda, b, ldb, beta, c, ldc);
}

const struct blas onednn_f = {.nn = nn, .nt = nt, .tn = tn};

int onednn_built_in(void)
{
    return 1;
}

/* The library's names are sets of bits: this one is in all that have AVX-512, in its versions 2 and 3. */
static const char *instructions(void)
{
    enum { AVX512 = 0x20 };
    int isa = (int)dnnl_get_effective_cpu_isa();

    return isa & AVX512                               ? "AVX-512"
           : (isa & dnnl_cpu_isa_avx2) == dnnl_cpu_isa_avx2 ? "AVX2"
                                                      : "baseline";
}

void onednn_describe(char *text, size_t size)
{
    const dnnl_version_t *v = dnnl_version();

    snprintf(text, size, "oneDNN %d.%d.%d, %s kernels", v->major, v->minor, v->patch, instructions());
}

#else

const struct blas onednn_f;

int onednn_built_in(void)
{
    return 0;
}

void onednn_describe(char *text, size_t size)
{
    snprintf(text, size, "%s", "");
}

#endif

int onednn_usable(void)
{
    const char *threads = getenv("OMP_NUM_THREADS");

    return onednn_built_in() && threads && strcmp(threads, "1") == 0;
}
