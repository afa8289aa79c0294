/* SPDX-License-Identifier: MIT */
#include "math/eigen.h"

#include <math.h>
#include <stdlib.h>

#include "core/number.h"

/* Divide and conquer: M. Gu and S. C. Eisenstat 1995. LAPACK is Fortran: matrices by columns, everything
 * by address, the lengths of the strings at the end. */
extern void dsyevd_(const char *job, const char *triangle, const int *n, double *a, const int *lda, double *w,
                    double *work, const int *lwork, int *iwork, const int *liwork, int *info, size_t job_length,
                    size_t triangle_length);

int eigen_symmetric(int n, double *a, double *values, int vectors, struct err *e)
{
    /* A row-major lower triangle is a column-major upper one. */
    const char *job = vectors ? "V" : "N", *triangle = "U";
    int info = 0, ask = -1, lwork, liwork, integers;
    double best, *work;
    int *iwork;

    if (n == 0)
        return 0;
    if (!all_finite(a, (int64_t)n * n))
        return err_set(e, ERR_DIVERGED, "the matrix of %d rows holds a value that is not finite", n);
    dsyevd_(job, triangle, &n, a, &n, values, &best, &ask, &integers, &ask, &info, 1, 1);
    lwork = (int)best;
    liwork = integers;
    work = malloc(sizeof *work * (size_t)lwork);
    iwork = malloc(sizeof *iwork * (size_t)liwork);
    if (work && iwork)
        dsyevd_(job, triangle, &n, a, &n, values, work, &lwork, iwork, &liwork, &info, 1, 1);
    free(work);
    free(iwork);
    if (!work || !iwork)
        return err_memory(e, "eigenvalues", sizeof *work * (unsigned long long)lwork);
    if (info != 0)
        return err_set(e, ERR_DIVERGED, "the eigenvalues of a matrix of %d rows did not converge", n);
    return 0;
}
