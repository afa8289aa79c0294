/* SPDX-License-Identifier: MIT */
#include "landscape/pca.h"

#include <stdlib.h>
#include <string.h>

#include "core/kernel.h"
#include "math/eigen.h"
#include "landscape/directions.h"

/* A piece is a task of the pool; within it blocks of this length stay in the cache while all pairs pass. */
enum { PIECE = 32768, BLOCK = 1024, LANES = 16 };
static const double NOTHING = 1e-9; /* share of the variance that is rounding */

struct work {
    int64_t n;
    int count, pieces;
    const real *const *point;
    struct pool *pool;
    double *partial; /* [pieces][count][count], lower triangles */
    double *gram;    /* [count][count]; then its eigenvectors */
    double *value;   /* [count] */
};

/* ---- the Gram matrix ------------------------------------------------------------------------ */

KERNEL static void deviation(int64_t n, const real *x, const real *from, double *restrict d)
{
    for (int64_t i = 0; i < n; i++)
        d[i] = (double)x[i] - (double)from[i];
}

KERNEL static double dot_block(int64_t n, const double *x, const double *y)
{
    double run[LANES] = {0}, sum = 0;
    int64_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < LANES; k++)
            run[k] += x[i + k] * y[i + k];
    for (; i < n; i++)
        sum += x[i] * y[i];
    for (int k = 0; k < LANES; k++)
        sum += run[k];
    return sum;
}

/* Products of the deviations from the last point over one piece. Without memory the piece stays NaN. */
static void gram_piece(void *context, int piece)
{
    const struct work *w = context;
    double *sum = w->partial + (size_t)piece * (size_t)w->count * (size_t)w->count;
    double *d = malloc(sizeof *d * (size_t)w->count * BLOCK);
    int64_t end = ((int64_t)piece + 1) * PIECE;

    for (int i = 0; i < w->count * w->count; i++)
        sum[i] = d ? 0 : NAN;
    end = end < w->n ? end : w->n;
    for (int64_t at = (int64_t)piece * PIECE; d && at < end; at += BLOCK) {
        int64_t n = end - at < BLOCK ? end - at : BLOCK;
        for (int i = 0; i < w->count; i++)
            deviation(n, w->point[i] + at, w->point[w->count - 1] + at, d + (size_t)i * BLOCK);
        for (int i = 0; i < w->count; i++)
            for (int j = 0; j <= i; j++)
                sum[i * w->count + j] += dot_block(n, d + (size_t)i * BLOCK, d + (size_t)j * BLOCK);
    }
    free(d);
}

/* From products of deviations from one point to those from the mean: rows and columns get mean 0. */
static void centre(int m, double *gram)
{
    double row[m], all = 0;

    for (int i = 0; i < m; i++) {
        row[i] = 0;
        for (int j = 0; j < m; j++)
            row[i] += gram[i * m + j] / m;
        all += row[i] / m;
    }
    for (int i = 0; i < m; i++)
        for (int j = 0; j < m; j++)
            gram[i * m + j] += all - row[i] - row[j];
}

static void make_gram(struct work *w)
{
    int m = w->count;

    if (w->pool)
        pool_run(w->pool, gram_piece, w, w->pieces);
    else
        for (int p = 0; p < w->pieces; p++)
            gram_piece(w, p);
    for (int i = 0; i < m; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0;
            for (int p = 0; p < w->pieces; p++)
                sum += w->partial[((size_t)p * (size_t)m + (size_t)i) * (size_t)m + (size_t)j];
            w->gram[i * m + j] = w->gram[j * m + i] = sum;
        }
    centre(m, w->gram);
}

/* ---- the axes ------------------------------------------------------------------------------- */

/* Σ y_i (θ_i − θ_last), made as long as 1. y sums to 0, so the mean goes out of itself. */
static void combine(const struct work *w, const double *y, real *axis)
{
    const real *last = w->point[w->count - 1];

    for (int64_t at = 0; at < w->n; at += BLOCK) {
        int64_t n = w->n - at < BLOCK ? w->n - at : BLOCK;
        double sum[BLOCK] = {0};
        for (int i = 0; i < w->count - 1; i++)
            for (int64_t k = 0; k < n; k++)
                sum[k] += y[i] * ((double)w->point[i][at + k] - (double)last[at + k]);
        for (int64_t k = 0; k < n; k++)
            axis[at + k] = (real)sum[k];
    }
    R(directions).scale(w->n, axis, 1 / sqrt(R(directions).dot(w->n, axis, axis)));
}

static double coordinate(const struct work *w, int i, const real *axis)
{
    const real *x = w->point[i], *last = w->point[w->count - 1];
    double sum = 0;

    for (int64_t k = 0; k < w->n; k++)
        sum += (double)axis[k] * ((double)x[k] - (double)last[k]);
    return sum;
}

/* The first point comes to stand at a coordinate below that of the last. */
static void place(const struct work *w, real *axis, int k, double (*coordinates)[2])
{
    if (coordinate(w, 0, axis) > 0)
        R(directions).scale(w->n, axis, -1);
    for (int i = 0; i < w->count; i++)
        coordinates[i][k] = coordinate(w, i, axis);
}

static int take_axes(struct work *w, uint64_t seed, real *u, real *v, double share[2], struct err *e)
{
    double all = 0;
    int r = eigen_symmetric(w->count, w->gram, w->value, 1, e);

    if (r)
        return r;
    for (int i = 0; i < w->count; i++)
        all += w->value[i] > 0 ? w->value[i] : 0;
    if (all <= 0)
        return err_set(e, ERR_INPUT, "the weights of the path are all the same");
    for (int k = 0; k < 2; k++) {
        share[k] = w->value[w->count - 1 - k] / all;
        share[k] = share[k] > NOTHING ? share[k] : 0;
    }
    combine(w, w->gram + (size_t)(w->count - 1) * (size_t)w->count, u);
    if (share[1] > 0) {
        combine(w, w->gram + (size_t)(w->count - 2) * (size_t)w->count, v);
        R(directions).orthogonalise(w->n, u, v);
    } else
        R(directions).across(w->n, u, seed, v);
    return 0;
}

static int make_room(struct work *w, struct err *e)
{
    size_t square = (size_t)w->count * (size_t)w->count;

    w->partial = malloc(sizeof *w->partial * square * (size_t)w->pieces);
    w->gram = malloc(sizeof *w->gram * square);
    w->value = malloc(sizeof *w->value * (size_t)w->count);
    if (w->partial && w->gram && w->value)
        return 0;
    return err_memory(e, "the components of a path", sizeof *w->partial * square * (size_t)(w->pieces + 1));
}

static int axes(int64_t n, int count, const real *const *point, uint64_t seed, struct pool *pool, real *u,
                real *v, double (*coordinates)[2], double share[2], struct err *e)
{
    struct work w = {.n = n, .count = count, .point = point, .pool = pool};
    int r;

    if (count < 2 || count > PCA_MOST_POINTS)
        return err_set(e, ERR_INPUT, "expected a path of 2 to %d points, not %d", PCA_MOST_POINTS, count);
    w.pieces = (int)((n + PIECE - 1) / PIECE);
    r = make_room(&w, e);
    if (r == 0) {
        make_gram(&w);
        r = take_axes(&w, seed, u, v, share, e);
    }
    if (r == 0) {
        place(&w, u, 0, coordinates);
        place(&w, v, 1, coordinates);
    }
    free(w.partial);
    free(w.gram);
    free(w.value);
    return r;
}

const struct pca_ops R(pca) = {.axes = axes};
