/* SPDX-License-Identifier: MIT */
#include "hessian/basis.h"

#include <stdlib.h>
#include <string.h>

#include "core/kernel.h"
#include "math/blas.h"

/* A piece is a task of the pool; within it blocks of this length stay in the cache while all rows pass. */
enum { PIECE = 32768, BLOCK = 2048, LANES = 16 };

static void free_basis(struct basis *b)
{
    free(b->row);
    free(b->partial);
    memset(b, 0, sizeof *b);
}

static int init(struct basis *b, int64_t n, int rows, struct pool *p, struct err *e)
{
    *b = (struct basis){.n = n, .stride = (n + REAL_PAD - 1) / REAL_PAD * REAL_PAD, .rows = rows, .pool = p};
    b->pieces = (int)((n + PIECE - 1) / PIECE);
    b->row = malloc(sizeof *b->row * (size_t)b->stride * (size_t)rows);
    b->partial = calloc((size_t)b->pieces * (size_t)(rows + 1), sizeof *b->partial);
    if (b->row && b->partial)
        return 0;
    free_basis(b);
    return err_memory(e, "a Krylov basis", sizeof *b->row * (unsigned long long)n * (unsigned)rows);
}

/* ---- pieces --------------------------------------------------------------------------------- */

/* In runs, so that the compiler may make vectors of a sum whose order is fixed. */
KERNEL static double dot_block(size_t n, const real *x, const real *y)
{
    double run[LANES] = {0}, sum = 0;
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            run[k] += (double)x[i + k] * (double)y[i + k];
    for (; i < n; i++)
        sum += (double)x[i] * (double)y[i];
    for (size_t k = 0; k < LANES; k++)
        sum += run[k];
    return sum;
}

KERNEL static void subtract_block(size_t n, real by, const real *restrict x, real *restrict w)
{
    for (size_t i = 0; i < n; i++)
        w[i] -= by * x[i];
}

struct sweep { /* over all elements of w, piece by piece */
    struct basis *b;
    int count;
    real *w;
    const double *take; /* subtract these multiples of the rows first; NULL: none */
    int dots;           /* then partial[piece] = the products of the rows with w */
};

static int64_t piece_end(const struct basis *b, int piece)
{
    int64_t end = ((int64_t)piece + 1) * PIECE;
    return end < b->n ? end : b->n;
}

/* … and the last of the partial sums is w · w. */
static void sweep_piece(void *context, int piece)
{
    const struct sweep *s = context;
    const struct basis *b = s->b;
    double *sum = b->partial + (size_t)piece * (size_t)(b->rows + 1);

    memset(sum, 0, sizeof *sum * (size_t)(b->rows + 1));
    for (int64_t at = (int64_t)piece * PIECE, end = piece_end(b, piece); at < end; at += BLOCK) {
        size_t n = (size_t)(end - at < BLOCK ? end - at : BLOCK);
        real *w = s->w + at;
        for (int i = 0; s->take && i < s->count; i++)
            subtract_block(n, (real)s->take[i], basis_row(b, i) + at, w);
        for (int i = 0; s->dots && i < s->count; i++)
            sum[i] += dot_block(n, basis_row(b, i) + at, w);
        sum[b->rows] += dot_block(n, w, w);
    }
}

static void run(const struct basis *b, pool_task *task, void *context)
{
    if (b->pool)
        pool_run(b->pool, task, context, b->pieces);
    else
        for (int i = 0; i < b->pieces; i++)
            task(context, i);
}

static double total(const struct basis *b, int column)
{
    double sum = 0;

    for (int p = 0; p < b->pieces; p++)
        sum += b->partial[(size_t)p * (size_t)(b->rows + 1) + (size_t)column];
    return sum;
}

static double orthogonalise(struct basis *b, int count, real *w, double *coefficient)
{
    struct sweep s = {.b = b, .count = count, .w = w, .dots = 1};
    double taken[count + 1];

    for (int i = 0; coefficient && i < count; i++)
        coefficient[i] = 0;
    for (int turn = 0; turn < 2; turn++) {
        run(b, sweep_piece, &s);
        for (int i = 0; i < count; i++) {
            taken[i] = total(b, i);
            if (coefficient)
                coefficient[i] += taken[i];
        }
        s.take = taken;
        s.dots = turn == 0;
    }
    run(b, sweep_piece, &s);
    return sqrt(total(b, b->rows));
}

struct scaling {
    const struct basis *b;
    real *w;
    real by;
};

static void scale_piece(void *context, int piece)
{
    const struct scaling *s = context;

    for (int64_t i = (int64_t)piece * PIECE, end = piece_end(s->b, piece); i < end; i++)
        s->w[i] *= s->by;
}

static void scale(const struct basis *b, real *w, double by)
{
    struct scaling s = {b, w, (real)by};

    run(b, scale_piece, &s);
}

struct pair {
    struct basis *b;
    const real *x, *y;
};

static void dot_piece(void *context, int piece)
{
    const struct pair *p = context;
    int64_t at = (int64_t)piece * PIECE;

    p->b->partial[(size_t)piece * (size_t)(p->b->rows + 1)] =
        dot_block((size_t)(piece_end(p->b, piece) - at), p->x + at, p->y + at);
}

static double dot(struct basis *b, const real *x, const real *y)
{
    struct pair p = {b, x, y};

    run(b, dot_piece, &p);
    return total(b, 0);
}

/* ---- rotation ------------------------------------------------------------------------------- */

struct rotation {
    const struct basis *b;
    int count, kept;
    const real *y;
    real *room; /* [pieces at once … one for each piece][kept][BLOCK] */
    int blocks;
};

/* A block of all rows is read before it is written: no second basis is needed. */
static void rotate_block(const struct rotation *r, real *room, int64_t at, int n)
{
    R(blas).nn(r->kept, n, r->count, r->y, r->count, r->b->row + at, (int)r->b->stride, 0, room, BLOCK);
    for (int k = 0; k < r->kept; k++)
        memcpy(basis_row(r->b, k) + at, room + (size_t)k * BLOCK, sizeof *room * (size_t)n);
}

enum { ROTATIONS = 8 }; /* tasks, each with room of its own */

static void rotate_part(void *context, int part)
{
    const struct rotation *r = context;
    real *room = r->room + (size_t)part * (size_t)r->kept * BLOCK;

    for (int k = r->blocks * part / ROTATIONS; k < r->blocks * (part + 1) / ROTATIONS; k++) {
        int64_t at = (int64_t)k * BLOCK, left = r->b->n - at;
        rotate_block(r, room, at, (int)(left < BLOCK ? left : BLOCK));
    }
}

static int rotate(struct basis *b, int count, int kept, const double *y, struct err *e)
{
    size_t size = (size_t)kept * (size_t)count, room = (size_t)ROTATIONS * (size_t)kept * BLOCK;
    real *memory = malloc(sizeof *memory * (size + room + 1));
    struct rotation r = {b, count, kept, memory, memory + size, (int)((b->n + BLOCK - 1) / BLOCK)};

    if (!memory)
        return err_memory(e, "Ritz vectors", sizeof *memory * (size + room));
    for (size_t i = 0; i < size; i++)
        memory[i] = (real)y[i];
    if (b->pool)
        pool_run(b->pool, rotate_part, &r, ROTATIONS);
    else
        for (int part = 0; part < ROTATIONS; part++)
            rotate_part(&r, part);
    free(memory);
    return 0;
}

const struct basis_ops R(basis) = {
    .init = init,
    .free = free_basis,
    .orthogonalise = orthogonalise,
    .scale = scale,
    .dot = dot,
    .rotate = rotate,
};
