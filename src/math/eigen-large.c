/* SPDX-License-Identifier: MIT */
/* LAPACK's dsyevd taken apart, so that it can be cancelled: the matrix is made tridiagonal panel by panel (dsytrd:
 * J. Dongarra, S. Hammarling and D. Sorensen 1989), that one is solved by divide and conquer (dstedc, the one long
 * piece, a small part of the whole), and its vectors are turned back some at a time (dormtr). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/eigen.h"

enum {
    PANEL = 16,  /* columns made tridiagonal between two questions */
    CHUNK = 128, /* vectors turned back between two */
    BLOCK = 32   /* LAPACK's own, for its work space */
};

/* Fortran: matrices by columns, all by address, the lengths of strings at the end. */
extern void dlatrd_(const char *triangle, const int *n, const int *nb, double *a, const int *lda, double *e,
                    double *tau, double *w, const int *ldw, size_t triangle_length);
extern void dsyr2k_(const char *triangle, const char *transposed, const int *n, const int *k, const double *alpha,
                    const double *a, const int *lda, const double *b, const int *ldb, const double *beta, double *c,
                    const int *ldc, size_t triangle_length, size_t transposed_length);
extern void dsytd2_(const char *triangle, const int *n, double *a, const int *lda, double *d, double *e, double *tau,
                    int *info, size_t triangle_length);
extern void dstedc_(const char *vectors, const int *n, double *d, double *e, double *z, const int *ldz, double *work,
                    const int *lwork, int *iwork, const int *liwork, int *info, size_t vectors_length);
extern void dormtr_(const char *side, const char *triangle, const char *transposed, const int *m, const int *n,
                    const double *a, const int *lda, const double *tau, double *c, const int *ldc, double *work,
                    const int *lwork, int *info, size_t side_length, size_t triangle_length, size_t transposed_length);

struct large {
    int n;
    double *a;         /* [n][n], by columns; its lower triangle becomes the reflections */
    double *d, *e;     /* diagonal and what is beside it */
    double *tau;       /* of the reflections */
    double *z;         /* [n][n] vectors, by columns */
    double *work;
    int *iwork;
    int work_size, iwork_size;
    int (*stop)(void *context);
    void *context;
};

static int stopped(const struct large *l, struct err *e)
{
    return l->stop && l->stop(l->context) ? err_set(e, ERR_CANCELLED, "cancelled") : 0;
}

static int make_tridiagonal(struct large *l, struct err *e)
{
    const double minus = -1, one = 1;
    const int n = l->n, panel = PANEL;
    int i = 0, left, info, r;

    for (; n - i > 2 * PANEL; i += PANEL) {
        double *corner = l->a + (size_t)i * (size_t)n + i;
        r = stopped(l, e);
        if (r)
            return r;
        left = n - i;
        dlatrd_("L", &left, &panel, corner, &n, l->e + i, l->tau + i, l->work, &n, 1);
        left = n - i - PANEL;
        dsyr2k_("L", "N", &left, &panel, &minus, corner + PANEL, &n, l->work + PANEL, &n, &one,
                corner + (size_t)PANEL * (size_t)n + PANEL, &n, 1, 1);
        for (int j = i; j < i + PANEL; j++) {
            l->a[(size_t)j * (size_t)n + j + 1] = l->e[j];
            l->d[j] = l->a[(size_t)j * (size_t)n + j];
        }
    }
    left = n - i;
    dsytd2_("L", &left, l->a + (size_t)i * (size_t)n + i, &n, l->d + i, l->e + i, l->tau + i, &info, 1);
    return stopped(l, e);
}

static int solve(struct large *l, struct err *e)
{
    int info;

    dstedc_("I", &l->n, l->d, l->e, l->z, &l->n, l->work, &l->work_size, l->iwork, &l->iwork_size, &info, 1);
    if (info != 0)
        return err_set(e, ERR_DIVERGED, "the eigenvalues of a matrix of %d rows did not converge", l->n);
    return stopped(l, e);
}

static int turn_back(struct large *l, struct err *e)
{
    int info, r = 0;

    for (int first = 0; r == 0 && first < l->n; first += CHUNK) {
        int count = l->n - first < CHUNK ? l->n - first : CHUNK;
        dormtr_("L", "L", "N", &l->n, &count, l->a, &l->n, l->tau, l->z + (size_t)first * (size_t)l->n, &l->n, l->work,
                &l->work_size, &info, 1, 1, 1);
        r = stopped(l, e);
    }
    return r;
}

static int reserve(struct large *l, struct err *e)
{
    size_t n = (size_t)l->n, work = 1 + 4 * n + n * n;

    if (work < CHUNK * BLOCK + 80 * BLOCK + n * PANEL)
        work = CHUNK * BLOCK + 80 * BLOCK + n * PANEL;
    l->work_size = (int)work;
    l->iwork_size = 3 + 5 * l->n;
    l->d = malloc(sizeof *l->d * 3 * n);
    l->z = malloc(sizeof *l->z * n * n);
    l->work = malloc(sizeof *l->work * work);
    l->iwork = malloc(sizeof *l->iwork * (size_t)l->iwork_size);
    if (!l->d || !l->z || !l->work || !l->iwork)
        return err_memory(e, "eigenvalues", sizeof *l->z * 3 * n * n);
    l->e = l->d + n;
    l->tau = l->e + n;
    return 0;
}

int eigen_symmetric_large(int n, double *a, double *values, int (*stop)(void *context), void *context, struct err *e)
{
    struct large l = {.n = n, .a = a, .stop = stop, .context = context};
    double sum = 0;
    int r;

    if (n <= 2 * PANEL)
        return eigen_symmetric(n, a, values, 1, e);
    for (size_t i = 0; i < (size_t)n * (size_t)n; i++)
        sum += 0 * a[i];
    if (sum != 0 || isnan(sum))
        return err_set(e, ERR_DIVERGED, "the matrix of %d rows holds a value that is not finite", n);
    r = reserve(&l, e);
    if (r == 0)
        r = make_tridiagonal(&l, e);
    if (r == 0)
        r = solve(&l, e);
    if (r == 0)
        r = turn_back(&l, e);
    if (r == 0) {
        memcpy(values, l.d, sizeof *values * (size_t)n);
        memcpy(a, l.z, sizeof *a * (size_t)n * (size_t)n); /* columns there are rows here */
    }
    free(l.d);
    free(l.z);
    free(l.work);
    free(l.iwork);
    return r;
}
