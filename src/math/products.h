/* SPDX-License-Identifier: MIT */
/* The choice of the library for a matrix product in single precision: a rule by its shape alone, so that bits depend
 * neither on timing nor on workers. PRODUCTS.md has the measurements behind it. */
#ifndef SADDLE_MATH_PRODUCTS_H
#define SADDLE_MATH_PRODUCTS_H

#include <stddef.h>

#include "core/err.h"
#include "math/blas.h"

enum products_source { /* the choices of the setting `products`, in its order */
    PRODUCTS_AUTO, /* by the rule below where oneDNN is usable, else OpenBLAS */
    PRODUCTS_OPENBLAS,
    PRODUCTS_ONEDNN
};

/* Names of struct blas: C[m][n] = A[m][k] · B[k][n] with neither, B, or A transposed. */
enum products_kind { PRODUCTS_NN, PRODUCTS_NT, PRODUCTS_TN };

/* Under PRODUCTS_AUTO: 1 when oneDNN computes it. */
int products_by_onednn(enum products_kind kind, int m, int n, int k);

/* Never NULL; where oneDNN is not usable, and in double precision, always OpenBLAS. */
const struct blas *R(products_blas)(enum products_source source);

/* Refuses PRODUCTS_ONEDNN where it is not usable. */
int products_check(enum products_source source, struct err *e);

/* The libraries and kernels that the bits of a run depend on, as a run records them: "OpenBLAS 0.3.21, SkylakeX kernels;
 * oneDNN 2.6.3, AVX-512 kernels". */
void products_describe(enum products_source source, char *text, size_t size);

/* GFLOP/s of one thread on a product of middle size, 256 × 1024 × 1024; some 20 ms. 0: no memory. */
double products_gflops(enum products_source source);

#endif
