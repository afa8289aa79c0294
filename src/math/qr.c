/* SPDX-License-Identifier: MIT */
#include "math/qr.h"

enum { BLOCK = 32 }; /* columns LAPACK works on at a time */

/* Matrices by columns: our rows. Neither can fail on arguments that are right. */
extern void dgeqrf_(const int *m, const int *n, double *a, const int *lda, double *tau, double *work, const int *lwork,
                    int *info);
extern void dorgqr_(const int *m, const int *n, const int *k, double *a, const int *lda, const double *tau, double *work,
                    const int *lwork, int *info);

size_t qr_work(int n)
{
    return (size_t)n * (BLOCK + 1);
}

void qr_orthonormal(int n, double *a, double *work)
{
    double *tau = work, *space = work + n;
    int size = n * BLOCK, info;

    if (n == 0)
        return;
    dgeqrf_(&n, &n, a, &n, tau, space, &size, &info);
    dorgqr_(&n, &n, &n, a, &n, tau, space, &size, &info);
}
