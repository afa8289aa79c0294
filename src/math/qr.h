/* SPDX-License-Identifier: MIT */
/* Orthonormal bases, through the LAPACK that OpenBLAS carries. */
#ifndef SADDLE_MATH_QR_H
#define SADDLE_MATH_QR_H

#include <stddef.h>

/* Elements of qr_orthonormal's work. */
size_t qr_work(int n);
/* Replace the rows of a[n][n], in their order, by an orthonormal basis: the columns of Q in aᵀ = Q R (Householder). What
 * depends on the rows before it, to rounding, becomes some direction orthogonal to them. work[qr_work(n)]. */
void qr_orthonormal(int n, double *a, double *work);

#endif
