/* SPDX-License-Identifier: MIT */
/* The work of optimizers that step on whole vectors, in blocks that the pool's workers share. Blocks follow from the
 * shapes alone and sums are folded in the blocks' order, so that the bits do not depend on the number of workers. */
#ifndef SADDLE_OPTIM_BLOCKS_H
#define SADDLE_OPTIM_BLOCKS_H

#include "core/pool.h"
#include "optim/optimizer.h"

enum {
    BLOCK_ROWS = 128,        /* of a matrix: as few as products make good use of */
    BLOCK_ELEMENTS = 1 << 14 /* of a vector; a multiple of REAL_PAD */
};

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
    enum { TILE = 16 };

    for (size_t at = 0; at < b.from; at += TILE)
        for (size_t i = b.from; i < b.to; i++)
            for (size_t j = at; j < at + TILE; j++) /* BLOCK_ROWS is a multiple of TILE */
                S[i * n + j] = S[j * n + i];
}

#endif
