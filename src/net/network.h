/* SPDX-License-Identifier: MIT */
/* A network: layers in a chain, their parameters in one flat vector, and the pass of a batch through
 * it, forward and back, cut into shards on the compute pool.
 *
 * Sums over shards (gradients, losses, the sums of batch norm) are taken over one fixed binary tree, so that the
 * bits depend on the number of shards alone, and whoever holds a whole subtree may sum it beforehand: neighbours
 * first, then neighbouring pairs, then fours; a subtree without a neighbour waits for the next level. Five shards:
 * ((0 + 1) + (2 + 3)) + 4. */
#ifndef SADDLE_NET_NETWORK_H
#define SADDLE_NET_NETWORK_H

#include "core/pool.h"
#include "net/layer.h"
#include "net/loss.h"

struct network {
    int count;
    struct layer layer[SPEC_MOST_LAYERS];
    struct shape in;             /* of one example */
    int classes;                 /* width of the logits */
    const struct blas *blas;     /* its matrix products; build() takes those of PRODUCTS_AUTO (math/products.h) */
    int64_t parameters;          /* length of θ */
    int64_t statistics;          /* length of the running statistics */
    int places, statistic_places;
    struct place *place;         /* [places] tensors of θ in their order */
    struct place *statistic;     /* [statistic_places] */
};

/* The activations and gradients of one batch in flight, one shard each. */
struct workspace;

/* The examples of a batch, asked for shard by shard, from several threads at once: rows `first` …
 * first+count−1 into x[count][ld], for sequences x[steps][count][ld], and their classes: labels[count], or
 * labels[steps][count] where every frame has a loss of its own. LOSS_IGNORED is one that does not count. */
typedef void batch_fill(void *context, int first, int count, real *x, int ld, uint8_t *labels);

struct batch_job {
    const real *theta, *statistics;
    const struct loss_kind *loss;
    struct loss_args loss_args;
    int examples;
    batch_fill *fill;
    void *fill_context;
    /* Sequences of different lengths in one batch: the steps each example has; the steps after them are padding,
     * whatever `fill` puts there as long as it is finite: no loss, no statistics, no state of a recurrent layer
     * comes from it (the reverse direction begins at the example's own last step). NULL: all have
     * all steps. A selection of the last or centre frame counts the padded steps. */
    const int *lengths;
    const atomic_int *cancel; /* set to 1 by another thread, the pass ends early and says so; NULL: never */
    atomic_llong *work;   /* multiplications done are added, as network_ops.work counts them; NULL: nobody counts */
    uint64_t seed, step;  /* of the dropout masks */
    double dropout;       /* the knob */
    /* Divisor of the sums over the examples; 0: the weights of this batch (loss.h). Slices of one set add
     * up to its mean, weighted or not, when each is divided by the weight of the whole set. */
    double weight;
    /* For gradients and curvature at rest: */
    int running_statistics; /* batch norm by its running statistics, as in evaluation */
    int no_masks;           /* dropout off; else its mask is that of (seed, step), the same at every call */
    int measure;            /* evaluate() passes in training mode, so that commit_share() can follow */
};

struct batch_result {
    double loss;          /* mean over examples, weighted as the loss says; or as batch_job's weight asks */
    double weight;        /* sum of the examples' weights: their number where the loss is not weighted */
    int correct;
    double gradient_norm; /* Euclidean; gradient() only */
    int cancelled;        /* nothing of this result, nor of the gradient, means anything */
};

/* What the activations of a batch say of a layer. */
struct layer_activity {
    int64_t units, dead;      /* of a ReLU: its units, and those that are 0 in every row */
    double values, saturated; /* of sigmoid, tanh, and the gates of LSTM and GRU: numbers seen, and those that hardly follow
                                 their input: within .05 of the ends of a sigmoid's range, tanh beyond ±.95 */
};

struct network_ops {
    /* Errors: ERR_INPUT, a layer that does not fit. Free accepts a zeroed or half-made network. */
    int (*build)(struct network *n, const struct network_spec *s, struct shape in, struct err *e);
    void (*free)(struct network *n);
    /* PyTorch's default initialisation, a function of the seed. θ and statistics are whole vectors. */
    void (*init)(const struct network *n, uint64_t seed, real *theta, real *statistics);

    /* Bytes that workspace_new would allocate; 0: no memory even to count it. */
    size_t (*workspace_bytes)(const struct network *n, int shards, int examples);
    /* For batches of up to `examples`, always in `shards` parts. NULL: no memory. Keeps a pointer to n. */
    struct workspace *(*workspace_new)(const struct network *n, int shards, int examples);
    void (*workspace_free)(struct workspace *w);
    /* The passes to come are of n, which was built from the same specification for the same shape. */
    void (*workspace_use)(struct workspace *w, const struct network *n);
    int (*capacity)(const struct workspace *w);
    /* From now on the ranks (ranks/ranks.h) compute the passes of gradient() and evaluate() together, each its shards of the
     * same batch; all have to make the same passes. Every rank gets all results, with the bits of one process. One that
     * is cancelled at one rank means nothing at any. Returns 0, −ERR_RUNTIME when there is no memory, or −ERR_USAGE: there
     * are fewer shards than ranks. */
    int (*spread)(struct workspace *w);
    /* Before logits() and label() of a workspace spread so, at every rank. */
    void (*gather_rows)(struct workspace *w);
    /* Multiplications of one example on its way forward; back it is twice as many. Products with weights alone. */
    double (*work)(const struct network *n);

    /* Training pass: gradient[parameters] of the mean loss. The bits do not depend on the pool. */
    void (*gradient)(struct workspace *w, struct pool *p, const struct batch_job *j, real *gradient,
                     struct batch_result *r);
    /* After gradient(): running statistics move by that batch. */
    void (*commit)(const struct workspace *w, real *statistics);
    /* The same with this share for the batch instead of each layer's momentum: of the i-th batch 1/i, the mean. */
    void (*commit_share)(const struct workspace *w, double share, real *statistics);
    /* Evaluation pass: loss and correct of the batch, running statistics, no dropout. */
    void (*evaluate)(struct workspace *w, struct pool *p, const struct batch_job *j, struct batch_result *r);
    /* Logits of the last pass: of example i, or where every frame has its own of example i / steps, step
     * i % steps. */
    const real *(*logits)(const struct workspace *w, int i);
    int (*label)(const struct workspace *w, int i); /* its class, or LOSS_IGNORED */
    /* Of layer number `layer` in the last evaluate(), whose job still stands. Not for a workspace spread over ranks. */
    void (*activity)(const struct workspace *w, int layer, struct layer_activity *a);

    /* out[parameters] = H v, the exact Hessian of the mean loss, and G v, its Gauss–Newton part: Jᵀ H_L J split at
     * the logits (MSE on softmax: 2 JᵀJ split at the probabilities), never negative. Modes as in
     * gradient(); the bits do not depend on the pool. Returns 0, −ERR_CANCELLED, or
     * −ERR_RUNTIME when there is no memory, which is asked for at the first call. In a workspace that is spread every rank
     * computes all of it. */
    int (*hessian_vector)(struct workspace *w, struct pool *p, const struct batch_job *j, const real *v, real *out);
    int (*gauss_newton_vector)(struct workspace *w, struct pool *p, const struct batch_job *j, const real *v,
                               real *out);
};

extern const struct network_ops R(network);

#endif
