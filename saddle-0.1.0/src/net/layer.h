/* Layers. A layer kind is a const descriptor of stateless functions, one file each (layer-NAME.c),
 * listed in layer.c. Everything a layer knows stands in its struct layer; parameters and their
 * gradients stand in one flat vector each, at the layer's offset; what forward keeps for backward
 * stands in the shard's `saved` piece.
 *
 * Activations are row-major [rows][ld], rows = steps × examples, time-major (row = step × examples +
 * example), ld = width padded to 64 bytes. What stands in the padding is not used. */
#ifndef SADDLE_NET_LAYER_H
#define SADDLE_NET_LAYER_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/rng.h"
#include "math/real.h"
#include "net/spec.h"

struct shape {
    int steps; /* 1 where there is no time */
    int width;
};

enum { LAYER_TENSORS = 2, TENSOR_NAME = 48 };

/* A parameter or running statistic: a named piece of a flat vector. */
struct place {
    char name[TENSOR_NAME]; /* PyTorch's, "weight" in a layer, "layers.0.weight" in a network */
    int64_t offset;         /* in the flat vector, in elements */
    int dims;
    int64_t shape[2];
    int64_t count;          /* product of shape */
};

struct layer_kind;

struct layer {
    const struct layer_kind *kind;
    struct layer_spec spec;
    int index;               /* place in the network: part of its random streams */
    struct shape in, out;
    int in_ld, out_ld;       /* padded widths */
    int in_place;            /* y stands where x stood */
    int parameters, statistics; /* how many of the places below are used */
    struct place parameter[LAYER_TENSORS], statistic[LAYER_TENSORS];
};

/* One shard's way through a network. */
struct pass {
    int training;      /* batch statistics and dropout, and what backward needs is kept */
    int shard, shards;
    int first;         /* the shard's first example in the batch */
    int examples;      /* of this shard; may be 0 */
    int batch;         /* examples of all shards */
    const real *theta; /* whole flat vectors */
    const real *statistics;
    real *gradient;    /* the shard's own, whole; every layer writes (not adds) its part */
    struct rng random; /* of the dropout masks */
    uint64_t step;
    double dropout;    /* the knob, for dropout layers without a rate of their own */
    void *saved;       /* of this layer, in this shard */
    void *shared;      /* of this layer, one for all shards; written before a barrier, read after it */
};

struct layer_kind {
    const char *name;
    int elementwise;   /* y may overwrite x */
    int needs_output;  /* backward reads y: the next layer may not overwrite it */
    /* From l->spec and l->in: the output's shape, the tensors (offsets are the network's), or a sentence. */
    int (*setup)(struct layer *l, struct err *e);
    /* Initial parameters, PyTorch's defaults; NULL for layers without any. theta is the whole vector. */
    void (*init)(const struct layer *l, real *theta, real *statistics, const struct rng *r);
    /* Bytes kept per shard of at most `examples`, and shared by `shards`. NULL: none. */
    size_t (*saved)(const struct layer *l, int examples);
    size_t (*shared)(const struct layer *l, int shards);
    /* Sums over the shard's rows that all shards need before forward (or backward) may go on; in
     * training only. NULL: the layer works row by row. */
    void (*forward_sums)(const struct layer *l, const struct pass *p, const real *x);
    void (*backward_sums)(const struct layer *l, const struct pass *p, const real *x, const real *dy);
    void (*forward)(const struct layer *l, const struct pass *p, const real *x, real *y);
    /* dx = NULL when nobody asks for it; dx may be dy for elementwise kinds. */
    void (*backward)(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                     real *dx);
    /* After a training pass of all shards, once: running statistics in place. NULL: none. */
    void (*commit)(const struct layer *l, const void *shared, int shards, int batch, real *statistics);
};

/* A batch is cut into shards of equal size, give or take one: where shard s begins, how much it has. */
static inline int shard_first(int batch, int shards, int s)
{
    return (int)((int64_t)batch * s / shards);
}

static inline int shard_examples(int batch, int shards, int s)
{
    return shard_first(batch, shards, s + 1) - shard_first(batch, shards, s);
}

static inline int layer_rows(const struct layer *l, const struct pass *p)
{
    return l->in.steps * p->examples;
}

/* Registry: the kind of this name, or NULL. */
struct layer_registry {
    const struct layer_kind *(*find)(const char *name);
    const struct layer_kind *(*at)(int i); /* NULL beyond the last */
};
extern const struct layer_registry R(layers);

extern const struct layer_kind R(layer_linear), R(layer_relu), R(layer_tanh), R(layer_batchnorm), R(layer_dropout);

#endif
