/* SPDX-License-Identifier: MIT */
/* A workspace's memory: one block, laid out shard by shard. */
#include "net/workspace.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

static int widest(const struct network *n)
{
    int most = real_padded(n->in.width);

    for (int i = 0; i < n->count; i++)
        most = n->layer[i].out_ld > most ? n->layer[i].out_ld : most;
    return most;
}

static int longest(const struct network *n)
{
    int most = n->in.steps;

    for (int i = 0; i < n->count; i++)
        most = n->layer[i].out.steps > most ? n->layer[i].out.steps : most;
    return most;
}

/* The place of a shard's rows and tensors, for at most `examples`. */
static void lay_out_shard(const struct network *n, struct shard *s, int examples, struct arena *a)
{
    size_t size = sizeof(real), count = (size_t)examples;
    const real *x;

    s->x = arena_take(a, size * count * (size_t)n->in.steps * (size_t)real_padded(n->in.width));
    s->labels = arena_take(a, count * (size_t)longest(n));
    x = s->x;
    for (int i = 0; i < n->count; i++) {
        const struct layer *l = &n->layer[i];
        if (l->in_place)
            s->output[i] = (real *)x;
        else
            s->output[i] = arena_take(a, size * count * (size_t)l->out.steps * (size_t)l->out_ld);
        s->saved[i] = l->kind->saved ? arena_take(a, l->kind->saved(l, examples)) : NULL;
        x = s->output[i];
    }
    for (int k = 0; k < 2; k++)
        s->delta[k] = arena_take(a, size * count * (size_t)longest(n) * (size_t)widest(n));
    s->gradient = arena_take(a, size * (size_t)n->parameters);
}

static void lay_out(struct workspace *w, struct arena *a)
{
    const struct network *n = w->network;
    int examples = (w->capacity + w->shards - 1) / w->shards;

    for (int i = 0; i < n->count; i++) {
        const struct layer *l = &n->layer[i];
        w->shared[i] = l->kind->shared ? arena_take(a, l->kind->shared(l, w->shards)) : NULL;
    }
    for (int s = 0; s < w->shards; s++)
        lay_out_shard(n, &w->shard[s], examples, a);
}

void R(workspace_free)(struct workspace *w)
{
    if (!w)
        return;
    R(ranks_free)(w);
    free(w->block);
    free(w->rblock);
    free(w->shard);
    free(w);
}

size_t R(workspace_bytes)(const struct network *n, int shards, int examples)
{
    struct workspace w = {.network = n, .shards = shards, .capacity = examples};
    struct arena a = {0};

    w.shard = calloc((size_t)shards, sizeof *w.shard);
    if (w.shard)
        lay_out(&w, &a);
    free(w.shard);
    return a.used;
}

struct workspace *R(workspace_new)(const struct network *n, int shards, int examples)
{
    struct workspace *w = calloc(1, sizeof *w);
    struct arena a = {0};

    if (!w)
        return NULL;
    *w = (struct workspace){.network = n, .shards = shards, .capacity = examples, .ranks = 1};
    w->shard = calloc((size_t)shards, sizeof *w->shard);
    if (w->shard) {
        lay_out(w, &a);
        w->block = memory_zeroed(a.used);
    }
    if (!w->block) {
        R(workspace_free)(w);
        return NULL;
    }
    a = (struct arena){.base = w->block};
    lay_out(w, &a);
    return w;
}

/* ---- for curvature -------------------------------------------------------------------------- */

static void lay_out_rshard(const struct network *n, struct shard *s, int examples, struct arena *a)
{
    size_t size = sizeof(real) * (size_t)examples;

    for (int i = 0; i < n->count; i++) {
        const struct layer *l = &n->layer[i];
        if (l->in_place)
            s->routput[i] = s->routput[i - 1];
        else
            s->routput[i] = arena_take(a, size * (size_t)l->out.steps * (size_t)l->out_ld);
        s->rsaved[i] = l->kind->saved ? arena_take(a, l->kind->saved(l, examples)) : NULL;
    }
    for (int k = 0; k < 2; k++)
        s->rdelta[k] = arena_take(a, size * (size_t)longest(n) * (size_t)widest(n));
}

int R(workspace_curvature)(struct workspace *w)
{
    int examples = (w->capacity + w->shards - 1) / w->shards;
    struct arena a = {0};

    if (w->rblock)
        return 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int s = 0; s < w->shards; s++)
            lay_out_rshard(w->network, &w->shard[s], examples, &a);
        if (pass == 0)
            w->rblock = memory_zeroed(a.used);
        if (!w->rblock)
            return -1;
        a = (struct arena){.base = w->rblock};
    }
    return 0;
}
