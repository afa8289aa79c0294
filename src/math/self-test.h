/* SPDX-License-Identifier: MIT */
/* Self-test of matrix products: some kernels of old libraries compute wrong results on newer processors. */
#ifndef SADDLE_MATH_SELF_TEST_H
#define SADDLE_MATH_SELF_TEST_H

#include "math/blas.h"

/* Products of odd shapes, of every kind, on whole numbers small enough that no order of summation rounds: each result
 * has to be exact, and nothing beside it touched. 1 or 0; 0 also when there is no memory. Some 10 ms. */
int R(products_right)(const struct blas *b);

/* Those of the OpenBLAS that is loaded, in both precisions. */
int openblas_right_f(void), openblas_right_d(void);

#endif
