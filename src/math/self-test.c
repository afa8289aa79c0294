/* SPDX-License-Identifier: MIT */
#include "math/self-test.h"

#include <stdlib.h>

enum { PAD = 3, MARK = 77 }; /* elements after each row, and what stands in them */

typedef void product(int m, int n, int k, const real *a, int lda, const real *b, int ldb, real beta, real *c, int ldc);

struct trial {
    int m, n, k;
    int a_rows, a_columns, b_rows, b_columns; /* as they are stored */
    int transposed_a, transposed_b;
    real *a, *b, *c;
};

/* One factor has nine bits, more than kernels that compute in a shorter format keep; the other two. A sum of a thousand
 * such products is below 2²⁴. */
static void fill(real *x, int rows, int columns, int wide, unsigned seed)
{
    unsigned most = wide ? 511 : 3;

    for (int i = 0; i < rows * (columns + PAD); i++) {
        seed = seed * 1664525u + 1013904223u;
        x[i] = (real)((int)((seed >> 9) % (2 * most + 1)) - (int)most);
    }
}

static real element(const real *x, int columns, int transposed, int i, int j)
{
    return transposed ? x[j * (columns + PAD) + i] : x[i * (columns + PAD) + j];
}

static int row_is_right(const struct trial *t, int i, real *sum, real before)
{
    const real *c = t->c + i * (t->n + PAD);

    for (int j = 0; j < t->n; j++)
        sum[j] = before;
    for (int l = 0; l < t->k; l++) {
        real a = element(t->a, t->a_columns, t->transposed_a, i, l);
        for (int j = 0; j < t->n; j++)
            sum[j] += a * element(t->b, t->b_columns, t->transposed_b, l, j);
    }
    for (int j = 0; j < t->n; j++)
        if (c[j] != sum[j])
            return 0;
    for (int j = t->n; j < t->n + PAD; j++)
        if (c[j] != MARK)
            return 0;
    return 1;
}

/* Without beta what was there must not matter, even if it is no number. */
static int is_right(struct trial *t, product *run, int beta, real *sum)
{
    for (int i = 0; i < t->m * (t->n + PAD); i++)
        t->c[i] = i % (t->n + PAD) >= t->n ? MARK : beta ? 5 : NAN;
    run(t->m, t->n, t->k, t->a, t->a_columns + PAD, t->b, t->b_columns + PAD, (real)beta, t->c, t->n + PAD);
    for (int i = 0; i < t->m; i++)
        if (!row_is_right(t, i, sum, beta ? 5 : 0))
            return 0;
    return 1;
}

static int try_product(struct trial *t, product *run)
{
    size_t a = (size_t)t->a_rows * (size_t)(t->a_columns + PAD), b = (size_t)t->b_rows * (size_t)(t->b_columns + PAD);
    size_t c = (size_t)t->m * (size_t)(t->n + PAD);
    real *room = malloc(sizeof *room * (a + b + c + (size_t)t->n));
    int right = room != NULL;

    t->a = room;
    t->b = room + a;
    t->c = room + a + b;
    for (int wide = 0; right && wide < 2; wide++) {
        fill(t->a, t->a_rows, t->a_columns, wide, (unsigned)t->m);
        fill(t->b, t->b_rows, t->b_columns, !wide, (unsigned)t->n);
        right = is_right(t, run, wide, room + a + b + c);
    }
    free(room);
    return right;
}

/* Single rows and columns, ends of blocks of every size that kernels work in, and lengths beyond the panels they pack. */
int R(products_right)(const struct blas *b)
{
    static const int shape[][3] = {
        {1, 1, 1},   {3, 5, 7},    {1, 67, 33},  {67, 1, 33}, {17, 19, 23},  {16, 64, 48},
        {47, 33, 9}, {65, 97, 41}, {61, 131, 150}, {5, 7, 1031}, {701, 9, 13}, {9, 701, 13},
    };
    int right = 1;

    for (size_t i = 0; right && i < sizeof shape / sizeof *shape; i++) {
        int m = shape[i][0], n = shape[i][1], k = shape[i][2];
        struct trial nn = {m, n, k, m, k, k, n, 0, 0, NULL, NULL, NULL};
        struct trial nt = {m, n, k, m, k, n, k, 0, 1, NULL, NULL, NULL};
        struct trial tn = {m, n, k, k, m, k, n, 1, 0, NULL, NULL, NULL};
        right = try_product(&nn, b->nn) && try_product(&nt, b->nt) && try_product(&tn, b->tn);
    }
    return right;
}

int R(openblas_right)(void)
{
    return R(products_right)(&R(blas));
}
