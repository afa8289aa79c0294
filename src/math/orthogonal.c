/* SPDX-License-Identifier: MIT */
#include "math/orthogonal.h"

#include <stdlib.h>

/* OpenBLAS carries LAPACK; its Fortran entries are declared by hand. */
void dgeqrf_(const int *m, const int *n, double *a, const int *lda, double *tau, double *work, const int *lwork,
             int *info);
void dorgqr_(const int *m, const int *n, const int *k, double *a, const int *lda, const double *tau, double *work,
             const int *lwork, int *info);

enum { BLOCK = 64 };

int orthogonal_factor(int rows, int columns, double *a)
{
    int lwork = BLOCK * columns, info = 0;
    double *tau = malloc(sizeof *tau * 2 * (size_t)columns), *work = malloc(sizeof *work * (size_t)lwork);
    double *sign = tau ? tau + columns : NULL;

    if (tau && work) {
        dgeqrf_(&rows, &columns, a, &rows, tau, work, &lwork, &info);
        for (int j = 0; j < columns; j++)
            sign[j] = a[(size_t)j * (size_t)rows + (size_t)j] < 0 ? -1 : 1;
        dorgqr_(&rows, &columns, &columns, a, &rows, tau, work, &lwork, &info);
        for (int j = 0; j < columns; j++)
            for (int i = 0; i < rows; i++)
                a[(size_t)j * (size_t)rows + (size_t)i] *= sign[j];
    }
    info = tau && work && info == 0 ? 0 : -1;
    free(tau);
    free(work);
    return info;
}
