/* SPDX-License-Identifier: MIT */
/* The work of optimizers that step on whole vectors, in blocks that the pool's workers share. Blocks follow from the
 * shapes alone and sums are folded in the blocks' order, so that the bits do not depend on the number of workers. */
#ifndef SADDLE_OPTIM_BLOCKS_H
#define SADDLE_OPTIM_BLOCKS_H

#include "core/pool.h"
#include "optim/optimizer.h"

enum { BLOCK_ELEMENTS = 1 << 14 }; /* of a vector; a multiple of REAL_PAD */

/* Rows of a block of a matrix of n: an eighth, for the workers of larger machines, but not so few that products are slow. A
 * multiple of BLOCK_TILE. */
enum { BLOCK_TILE = 16 };

static inline size_t block_rows(size_t n)
{
    enum { FEWEST = 64, MOST = 256, SHARES = 8 };
    size_t rows = (n + SHARES * BLOCK_TILE - 1) / (SHARES * BLOCK_TILE) * BLOCK_TILE;

    return rows < FEWEST ? FEWEST : rows > MOST ? MOST : rows;
}

struct block {
    size_t from, to;
};

static inline size_t blocks_in(size_t n, size_t size)
{
    return (n + size - 1) / size;
}

static inline struct block block_at(int i, size_t n, size_t size)
{
    size_t from = (size_t)i * size;

    return (struct block){from, n - from < size ? n : from + size};
}

static inline size_t row_blocks(size_t n)
{
    return blocks_in(n, block_rows(n));
}

static inline struct block row_block(int i, size_t n)
{
    return block_at(i, n, block_rows(n));
}

static inline const struct blas *blocks_products(const struct optimizer_args *a)
{
    return a->products ? a->products : &R(blas);
}

/* task(context, 0 … tasks − 1), on the optimizer's pool if it has one. */
static inline void blocks_run(const struct optimizer_args *a, pool_task *task, void *context, size_t tasks)
{
    if (a->pool && tasks > 1)
        pool_run(a->pool, task, context, (int)tasks);
    else
        for (size_t i = 0; i < tasks; i++)
            task(context, (int)i);
}

/* Of S[n][n], symmetric, a block of rows has its columns from b.from on: those before it, out of the blocks above. */
static inline void block_mirror(struct block b, size_t n, real *S)
{
    for (size_t at = 0; at < b.from; at += BLOCK_TILE)
        for (size_t i = b.from; i < b.to; i++)
            for (size_t j = at; j < at + BLOCK_TILE; j++)
                S[i * n + j] = S[j * n + i];
}

#endif
