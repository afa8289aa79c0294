/* SPDX-License-Identifier: MIT */
/* Eigenvalues of dense symmetric matrices, through the LAPACK that OpenBLAS carries. */
#ifndef SADDLE_MATH_EIGEN_H
#define SADDLE_MATH_EIGEN_H

#include "core/err.h"

/* Of a[n][n], symmetric (its lower triangle is read; a is overwritten): values[n] ascending. With
 * `vectors` not 0, row k of a becomes the unit eigenvector of values[k]. Errors: ERR_RUNTIME, no memory;
 * ERR_DIVERGED, a number that is not finite or no convergence. */
int eigen_symmetric(int n, double *a, double *values, int vectors, struct err *e);

/* The same, with vectors, for a matrix of some thousand rows, which takes seconds: `stop` (may be NULL) is asked in
 * between, and where it returns not 0 the work ends with ERR_CANCELLED and a means nothing. a is a full matrix. */
int eigen_symmetric_large(int n, double *a, double *values, int (*stop)(void *context), void *context, struct err *e);

#endif
