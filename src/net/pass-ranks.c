/* SPDX-License-Identifier: MIT */
/* A pass whose shards are spread over ranks. Rank r of n computes shards S r / n … S (r + 1) / n, and the ranks exchange,
 * in this order,
 *   for each layer that waits for all shards: every shard's sums, forward and backward;
 *   every shard's loss, weight and correct, by which the gradient's factor is known;
 *   gradients: the flat vector is cut into as many parts as there are shards, and each rank reduces the parts of its
 *   shards' numbers. It gets those elements of the other ranks' shards, or of the sums of whole subtrees (network.h) that
 *   lie within a rank; then it sends the reduced elements to all, with the squares of each part.
 * Every addition is that of one process, with the same operands, so the bits are the same. A gradient of P numbers costs
 * a rank P (n − 1) / n to send for each of its subtrees (one, where shards and ranks are powers of two), and again as
 * much for what it has reduced. */
#include "net/workspace.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

enum { BLOCK = 4096 }; /* elements summed at a time, in the cache */

static int is_mine(const struct workspace *w, int shard)
{
    return shard >= w->first_shard[w->rank] && shard < w->first_shard[w->rank + 1];
}

static int rank_of(const struct workspace *w, int shard)
{
    int r = 0;

    while (shard >= w->first_shard[r + 1])
        r++;
    return r;
}

/* ---- making one ----------------------------------------------------------------------------- */

/* Room for the sums of the layer that has most of them, of all shards. */
static size_t packed_bytes(const struct workspace *w)
{
    size_t most = 0;

    for (int i = 0; i < w->network->count; i++) {
        const struct layer *l = &w->network->layer[i];
        for (int backward = 0; l->kind->sums && backward < 2; backward++) {
            struct layer_sums s = l->kind->sums(l, backward);
            most = s.size > most ? s.size : most;
        }
    }
    return most * (size_t)w->shards;
}

int R(network_spread)(struct workspace *w)
{
    int n = ranks_size(), most = w->shards * (n + 1) + 4 * n;

    if (n == 1)
        return 0;
    if (w->shards < n)
        return -ERR_USAGE;
    w->ranks = n;
    w->rank = ranks_rank();
    w->first_shard = calloc((size_t)n + 1, sizeof *w->first_shard);
    w->piece = calloc((size_t)most, sizeof *w->piece);
    w->packed = memory_zeroed(packed_bytes(w));
    w->figures = calloc((size_t)w->shards * WORKSPACE_FIGURES, sizeof *w->figures);
    if (!w->first_shard || !w->piece || !w->packed || !w->figures)
        return -ERR_RUNTIME;
    for (int r = 0; r <= n; r++)
        w->first_shard[r] = shard_first(w->shards, n, r);
    return 0;
}

void R(ranks_free)(struct workspace *w)
{
    free(w->first_shard);
    free(w->piece);
    free(w->packed);
    free(w->figures);
}

static void own_task(void *context, int task)
{
    struct workspace *w = context;

    w->stage(w, w->first_shard[w->rank] + task);
}

void R(ranks_run)(struct workspace *w, struct pool *p, void (*stage)(void *context, int shard))
{
    w->stage = stage;
    pool_run(p, own_task, w, w->first_shard[w->rank + 1] - w->first_shard[w->rank]);
}

/* ---- figures -------------------------------------------------------------------------------- */

void R(ranks_share_sums)(struct workspace *w, int layer, int backward)
{
    const struct layer *l = &w->network->layer[layer];
    struct layer_sums s;
    size_t stride;

    if (!w->first_shard || !l->kind->sums)
        return;
    s = l->kind->sums(l, backward);
    stride = l->kind->shared(l, 1);
    for (int k = w->first_shard[w->rank]; k < w->first_shard[w->rank + 1]; k++)
        memcpy((char *)w->packed + s.size * (size_t)k, (char *)w->shared[layer] + stride * (size_t)k + s.from, s.size);
    ranks_gather(w->packed, s.size, w->first_shard);
    for (int k = 0; k < w->shards; k++)
        memcpy((char *)w->shared[layer] + stride * (size_t)k + s.from, (char *)w->packed + s.size * (size_t)k, s.size);
}

void R(ranks_share_figures)(struct workspace *w)
{
    if (!w->first_shard)
        return;
    for (int k = w->first_shard[w->rank]; k < w->first_shard[w->rank + 1]; k++) {
        double *f = w->figures + (size_t)k * WORKSPACE_FIGURES;
        f[0] = w->shard[k].loss;
        f[1] = w->shard[k].weight;
        f[2] = w->shard[k].correct;
    }
    ranks_gather(w->figures, sizeof *w->figures * WORKSPACE_FIGURES, w->first_shard);
    for (int k = 0; k < w->shards; k++) {
        const double *f = w->figures + (size_t)k * WORKSPACE_FIGURES;
        w->shard[k].loss = f[0];
        w->shard[k].weight = f[1];
        w->shard[k].correct = (int)f[2];
    }
}

/* ---- gradients ------------------------------------------------------------------------------ */

/* The join of s with s + stride, and all below it, is of shards of one rank. */
int R(ranks_join)(const struct workspace *w, int s, int stride)
{
    int end = s + 2 * stride < w->shards ? s + 2 * stride : w->shards;

    return w->first_shard && end <= w->first_shard[rank_of(w, s) + 1];
}

/* Whether the sum at shard s is one that its rank sends: no join of that rank has added it to another. */
static int is_sent(const struct workspace *w, int s)
{
    int stride = s & -s;

    return s == 0 || s - stride < w->first_shard[rank_of(w, s)] || !R(ranks_join)(w, s - stride, stride);
}

/* One part of the flat gradient, of the subtrees that lie within this rank. */
static void stage_join(void *context, int part)
{
    struct workspace *w = context;
    int64_t from = workspace_part(w, part), to = workspace_part(w, part + 1);

    for (; from < to && !workspace_cancelled(w); from += BLOCK) {
        int64_t n = from + BLOCK < to ? BLOCK : to - from;
        for (int stride = 1; stride < w->shards; stride *= 2)
            for (int s = 0; s + stride < w->shards; s += 2 * stride)
                if (is_mine(w, s) && R(ranks_join)(w, s, stride))
                    R(pass_add)(n, w->shard[s].gradient + from, w->shard[s + stride].gradient + from,
                                w->shard[s].gradient + from);
    }
}

/* The elements that a rank reduces of a flat vector. */
static struct ranks_piece piece_of(const struct workspace *w, int rank, real *vector)
{
    int64_t from = workspace_part(w, w->first_shard[rank]), to = workspace_part(w, w->first_shard[rank + 1]);

    return (struct ranks_piece){.bytes = vector + from, .n = sizeof *vector * (size_t)(to - from)};
}

static void add_piece(struct workspace *w, int *pieces, int with, int sent, struct ranks_piece p)
{
    p.rank = with;
    p.is_sent = sent;
    w->piece[(*pieces)++] = p;
}

void R(ranks_share_gradients)(struct workspace *w, struct pool *p)
{
    int pieces = 0;

    if (!w->first_shard)
        return;
    pool_run(p, stage_join, w, w->shards);
    for (int s = 0; s < w->shards; s++) {
        int owner = rank_of(w, s);
        if (!is_sent(w, s))
            continue;
        if (owner != w->rank)
            add_piece(w, &pieces, owner, 0, piece_of(w, w->rank, w->shard[s].gradient));
        for (int r = 0; owner == w->rank && r < w->ranks; r++)
            if (r != w->rank)
                add_piece(w, &pieces, r, 1, piece_of(w, r, w->shard[s].gradient));
    }
    ranks_exchange(w->piece, pieces);
}

/* The sums of squares of the parts that a rank reduces. */
static struct ranks_piece squares_of(const struct workspace *w, int rank)
{
    int from = w->first_shard[rank], to = w->first_shard[rank + 1];

    return (struct ranks_piece){.bytes = w->figures + from, .n = sizeof *w->figures * (size_t)(to - from)};
}

void R(ranks_share_reduced)(struct workspace *w)
{
    int pieces = 0;

    if (!w->first_shard)
        return;
    for (int k = w->first_shard[w->rank]; k < w->first_shard[w->rank + 1]; k++)
        w->figures[k] = w->shard[k].squares;
    for (int r = 0; r < w->ranks; r++) {
        if (r == w->rank)
            continue;
        add_piece(w, &pieces, r, 0, piece_of(w, r, w->reduced));
        add_piece(w, &pieces, r, 0, squares_of(w, r));
        add_piece(w, &pieces, r, 1, piece_of(w, w->rank, w->reduced));
        add_piece(w, &pieces, r, 1, squares_of(w, w->rank));
    }
    ranks_exchange(w->piece, pieces);
    for (int k = 0; k < w->shards; k++)
        w->shard[k].squares = w->figures[k];
}

/* ---- rows ----------------------------------------------------------------------------------- */

void R(network_gather_rows)(struct workspace *w)
{
    const struct layer *last = &w->network->layer[w->network->count - 1];

    for (int s = 0; w->first_shard && s < w->shards; s++) {
        size_t rows = (size_t)last->out.steps * (size_t)shard_examples(w->job->examples, w->shards, s);
        int owner = rank_of(w, s), pieces = 0;
        struct ranks_piece logits = {.bytes = w->shard[s].output[w->network->count - 1],
                                     .n = sizeof(real) * rows * (size_t)last->out_ld};
        struct ranks_piece labels = {.bytes = w->shard[s].labels, .n = rows};
        for (int r = 0; r < w->ranks; r++) {
            if (owner == w->rank ? r == w->rank : r != owner)
                continue;
            add_piece(w, &pieces, r, owner == w->rank, logits);
            add_piece(w, &pieces, r, owner == w->rank, labels);
        }
        ranks_exchange(w->piece, pieces);
    }
}
