/* SPDX-License-Identifier: MIT */
/* Layers. A layer kind is a const descriptor of stateless functions, one file each (layer-NAME.c),
 * listed in layer.c. Everything a layer knows stands in its struct layer; parameters and their
 * gradients stand in one flat vector each, at the layer's offset; what forward keeps for backward
 * stands in the shard's `saved` piece.
 *
 * Activations are row-major [rows][ld], rows = steps × examples, time-major (row = step × examples +
 * example), ld = width padded to 64 bytes. What stands in the padding is not used. */
#ifndef SADDLE_NET_LAYER_H
#define SADDLE_NET_LAYER_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/err.h"
#include "core/kernel.h"
#include "core/rng.h"
#include "math/blas.h"
#include "math/real.h"
#include "net/spec.h"

struct shape {
    int steps; /* 1 where there is no time */
    int width;
};

enum {
    LAYER_TENSORS = 256, /* room in the numbering of initial random streams: layer × this + tensor */
    TENSOR_NAME = 48
};

/* A parameter or running statistic: a named piece of a flat vector. */
struct place {
    char name[TENSOR_NAME]; /* PyTorch's, "weight" in a layer, "layers.0.weight" in a network */
    int64_t offset;         /* in the flat vector, in elements */
    int dims;
    int64_t shape[2];
    int64_t count;          /* product of shape */
};

struct layer_kind;
struct cell; /* recurrent.h */

struct layer {
    const struct layer_kind *kind;
    struct layer_spec spec;
    int index;               /* place in the network: part of its random streams */
    struct shape in, out;
    int in_ld, out_ld;       /* padded widths */
    int in_place;            /* y stands where x stood */
    int need_first, need_last; /* steps of the output that reach the loss; the others may be left out */
    int parameters, statistics; /* how many of the places below there are */
    struct place *parameter, *statistic;
};

/* One shard's way through a network. */
struct pass {
    int batch_statistics; /* batch norm by the batch at hand, else by its running statistics */
    int masks;         /* dropout is on */
    int shard, shards;
    int first;         /* the shard's first example in the batch */
    int examples;      /* of this shard; may be 0 */
    int batch;         /* examples of all shards */
    const int *lengths; /* steps each of the shard's examples has, the rest is padding; NULL: all of them */
    const atomic_int *cancel; /* not 0: nobody wants the result any more; NULL: never */
    atomic_llong *work;       /* of layer_worked; NULL: nobody counts */
    const struct blas *blas; /* the network's */
    const real *theta; /* whole flat vectors */
    const real *statistics;
    const real *v;     /* R-versions: R{θ}, whole */
    real *gradient;    /* the shard's own, whole; every layer writes (not adds) its part */
    struct rng random; /* of the dropout masks */
    uint64_t step;
    double dropout;    /* the knob, for dropout layers without a rate of their own */
    void *saved;       /* of this layer, in this shard */
    void *rsaved;      /* R-versions: as large, for R{…} of it */
    void *shared;      /* of this layer, one for all shards; written before a barrier, read after it */
};

/* Arguments of rbackward: each value with its R{…}. */
struct rflow {
    const real *x, *rx;   /* rx NULL: 0 */
    const real *y, *ry;
    const real *dy, *rdy;
    real *dx, *rdx;       /* NULL when nobody asks; may be dy and rdy for elementwise kinds */
};

/* Bytes within a shard's piece of a layer's shared memory. */
struct layer_sums {
    size_t from, size;
};

/* The R-versions (B. A. Pearlmutter 1994, "Fast exact multiplication by the Hessian"): R{f}(θ) is the
 * derivative of f(θ + r v) by r at 0. rforward makes R{y} from R{x} and v, rbackward makes R{gradient},
 * which is the Hessian times v, together with the dx and R{dx} that the layer below needs. They run
 * after forward and read what it saved. */
struct layer_kind {
    const char *name;
    int elementwise;   /* y may overwrite x, dx may overwrite dy */
    int needs_input;   /* … but backward reads x: y may not */
    int needs_output;  /* backward reads y: the next layer may not overwrite it */
    const struct cell *cell; /* of recurrent kinds */
    /* Parameters (and statistics) the layer may have at most; NULL: two. */
    int (*tensors)(const struct layer_spec *s);
    /* From l->spec and l->in: the output's shape, the tensors (offsets are the network's), or a sentence. */
    int (*setup)(struct layer *l, struct err *e);
    /* Initial parameters, PyTorch's defaults; NULL for layers without any. theta is the whole vector. */
    void (*init)(const struct layer *l, real *theta, real *statistics, const struct rng *r);
    /* From the output's steps that reach the loss to the input's; NULL: the same, step by step. */
    void (*reach)(const struct layer *l, int *first, int *last);
    /* Bytes kept per shard of at most `examples`, and shared by `shards`. NULL: none. */
    size_t (*saved)(const struct layer *l, int examples);
    size_t (*shared)(const struct layer *l, int shards);
    /* Sums over the shard's rows that all shards need before the pass may go on, when batch statistics
     * are in force. NULL, all four: the layer works row by row. */
    void (*forward_sums)(const struct layer *l, const struct pass *p, const real *x);
    void (*backward_sums)(const struct layer *l, const struct pass *p, const real *x, const real *dy);
    void (*rforward_sums)(const struct layer *l, const struct pass *p, const real *x, const real *rx);
    void (*rbackward_sums)(const struct layer *l, const struct pass *p, const struct rflow *f);
    /* Where forward_sums (or backward_sums) left the shard's sums in its piece of `shared`, which is of the size for one
     * shard: what another machine needs of them. */
    struct layer_sums (*sums)(const struct layer *l, int backward);
    void (*forward)(const struct layer *l, const struct pass *p, const real *x, real *y);
    /* dx = NULL when nobody asks for it; dx may be dy for elementwise kinds. */
    void (*backward)(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                     real *dx);
    void (*rforward)(const struct layer *l, const struct pass *p, const real *x, const real *rx, const real *y,
                     real *ry);
    void (*rbackward)(const struct layer *l, const struct pass *p, const struct rflow *f);
    /* After a training pass of all shards, once: running statistics in place, of which the batch becomes this share; NaN:
     * the layer's momentum. NULL: none. */
    void (*commit)(const struct layer *l, const void *shared, int shards, double share, real *statistics);
};

/* Before a loop whose turns do not touch each other though its arrays may be the same one: the compiler
 * could not know, and would leave such a loop without vectors. */
#ifdef __clang__
#define LAYER_LOOP _Pragma("clang loop vectorize(assume_safety)")
#else
#define LAYER_LOOP _Pragma("GCC ivdep")
#endif

/* A batch is cut into shards of equal size, give or take one: where shard s begins, how much it has. */
static inline int shard_first(int batch, int shards, int s)
{
    return (int)((int64_t)batch * s / shards);
}

static inline int shard_examples(int batch, int shards, int s)
{
    return shard_first(batch, shards, s + 1) - shard_first(batch, shards, s);
}

/* A sum over shards, added in their order: over the tree that network.h describes. Begins as {0}. */
struct shard_sum {
    double part[32]; /* of the whole subtrees of 2^k shards that wait for their neighbour; bit k of count tells */
    unsigned count;
};

static inline void shard_add(struct shard_sum *t, double x)
{
    int k = 0;

    for (; t->count >> k & 1; k++)
        x = t->part[k] + x;
    t->part[k] = x;
    t->count++;
}

static inline double shard_total(const struct shard_sum *t)
{
    int k = 0;
    double x = 0;

    for (; k < 32 && !(t->count >> k & 1); k++)
        ;
    if (k < 32)
        x = t->part[k];
    for (k++; k < 32; k++)
        if (t->count >> k & 1)
            x = t->part[k] + x;
    return x;
}

static inline int layer_rows(const struct layer *l, const struct pass *p)
{
    return l->in.steps * p->examples;
}

/* Long layers ask now and then, and leave their work undone when it is no longer wanted. */
static inline int layer_cancelled(const struct pass *p)
{
    return p->cancel && atomic_load_explicit(p->cancel, memory_order_relaxed);
}

/* Add to what is done. A layer that goes step by step in time calls it after each; for others the pass does. */
static inline void layer_worked(const struct pass *p, double multiplications)
{
    if (p->work)
        atomic_fetch_add_explicit(p->work, (long long)multiplications, memory_order_relaxed);
}

/* Weights that every row of the layer's input is multiplied with. */
static inline double layer_weights(const struct layer *l)
{
    double n = 0;

    for (int i = 0; i < l->parameters; i++)
        n += l->parameter[i].dims == 2 ? (double)l->parameter[i].count : 0;
    return n;
}

/* Elements between two looks at `cancel`, where a layer walks over all of its rows at once: well below a
 * millisecond. */
enum { LAYER_PIECE = 1 << 16 };

/* End of the piece that begins at element `at` of n. */
static inline size_t layer_piece(size_t at, size_t n)
{
    return n - at < LAYER_PIECE ? n : at + LAYER_PIECE;
}

/* x[n] = 0, and to[n] = from[n], in such pieces. */
static inline void layer_zero(const struct pass *p, size_t n, real *x)
{
    for (size_t at = 0; at < n && !layer_cancelled(p); at = layer_piece(at, n))
        memset(x + at, 0, sizeof *x * (layer_piece(at, n) - at));
}

static inline void layer_copy(const struct pass *p, size_t n, const real *from, real *to)
{
    for (size_t at = 0; at < n && !layer_cancelled(p); at = layer_piece(at, n))
        memcpy(to + at, from + at, sizeof *to * (layer_piece(at, n) - at));
}

/* Is this row of the layer's input, or of its output where steps are kept, no padding? */
static inline int layer_counts(const struct layer *l, const struct pass *p, int row)
{
    return !p->lengths || l->in.steps == 1 || row / p->examples < p->lengths[row % p->examples];
}

/* Registry: the kind of this name, or NULL. */
struct layer_registry {
    const struct layer_kind *(*find)(const char *name);
    const struct layer_kind *(*at)(int i); /* NULL beyond the last */
};
extern const struct layer_registry R(layers);

extern const struct layer_kind R(layer_linear), R(layer_relu), R(layer_leaky_relu), R(layer_elu), R(layer_gelu),
    R(layer_silu), R(layer_sigmoid), R(layer_tanh), R(layer_batchnorm), R(layer_layernorm), R(layer_dropout),
    R(layer_rnn), R(layer_lstm), R(layer_gru), R(layer_select);

/* mask[steps × the shard's examples × ld] = 0 with probability rate, else 1: a function of (seed, step, layer,
 * level, example, feature); level tells a layer's masks apart. */
void R(dropout_draw)(const struct layer *l, const struct pass *p, int level, int steps, int ld, double rate,
                     uint8_t *mask);
/* y[n] = x · mask / (1 − rate); y may be x. */
void R(dropout_apply)(const struct pass *p, size_t n, double rate, const uint8_t *mask, const real *x, real *y);
/* The rate in force: the layer's own or the knob's; 0 when masks are off. */
double R(dropout_rate)(const struct layer *l, const struct pass *p);

#endif
