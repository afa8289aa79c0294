/* SPDX-License-Identifier: MIT */
/* Inside the network: a batch in flight. Only network.c, workspace.c, pass.c, activity.c and curvature.c look here. */
#ifndef SADDLE_NET_WORKSPACE_H
#define SADDLE_NET_WORKSPACE_H

#include "net/network.h"
#include "ranks/ranks.h"

/* A shard's own memory. */
struct shard {
    real *x;                          /* the batch's rows */
    uint8_t *labels;
    real *output[SPEC_MOST_LAYERS];   /* of each layer; elementwise layers may share their input's */
    void *saved[SPEC_MOST_LAYERS];
    real *delta[2];                   /* gradients of activations, in turn */
    int turn;                         /* which delta holds the present one */
    real *gradient;                   /* [parameters] */
    double loss, weight;              /* sum over the rows, and what their mean is over */
    int correct;
    double squares;                   /* of this part of the reduced gradient */
    /* R{…} of the above; there once curvature was asked for */
    real *routput[SPEC_MOST_LAYERS];
    void *rsaved[SPEC_MOST_LAYERS];
    real *rdelta[2];
};

enum { WORKSPACE_FIGURES = 3 };       /* loss, weight and correct */

struct workspace {
    const struct network *network;
    int shards, capacity;
    struct shard *shard;
    void *shared[SPEC_MOST_LAYERS];
    void *block, *rblock;             /* all of the above points in here */
    /* the ranks that share the work, this one among them; each computes neighbouring shards (pass-ranks.c) */
    int ranks, rank;
    int *first_shard;                 /* [ranks + 1] where each rank's shards begin; NULL: all are here */
    struct ranks_piece *piece;        /* what they exchange at a time */
    void *packed;                     /* the sums of a layer, shard by shard */
    double *figures;                  /* [shards][WORKSPACE_FIGURES] */
    void (*stage)(void *context, int shard);
    /* the pass at hand */
    const struct batch_job *job;
    const real *v;                    /* R{θ} */
    int batch_statistics, masks, gauss_newton;
    int from, to;                     /* layers of the stage */
    int first;                        /* the stage begins by filling in the batch */
    void (*end)(struct workspace *w, int shard); /* what ends the way forward */
    real *reduced;                    /* where the gradient goes */
};

/* workspace.c */
size_t R(workspace_bytes)(const struct network *n, int shards, int examples);
struct workspace *R(workspace_new)(const struct network *n, int shards, int examples);
void R(workspace_free)(struct workspace *w);
int R(workspace_curvature)(struct workspace *w); /* 0; −1: no memory */

/* pass.c */
void R(network_gradient)(struct workspace *w, struct pool *p, const struct batch_job *j, real *gradient,
                         struct batch_result *r);
void R(network_evaluate)(struct workspace *w, struct pool *p, const struct batch_job *j, struct batch_result *r);

/* Was the job at hand cancelled? */
static inline int workspace_cancelled(const struct workspace *w)
{
    return w->job->cancel && atomic_load_explicit(w->job->cancel, memory_order_relaxed);
}

/* Shared by the passes: the layer's view of a shard, its input, the waits between stages. */
struct pass R(pass_of)(const struct workspace *w, int shard, int layer);
const real *R(pass_input)(const struct workspace *w, int shard, int layer);
struct loss_rows R(pass_loss_rows)(const struct workspace *w, int shard);
void R(pass_modes)(struct workspace *w, const struct batch_job *j, int training);
/* Forward through all stages; `end` (may be NULL) is called for each shard after the last layer. */
void R(pass_forward)(struct workspace *w, struct pool *p, void (*end)(struct workspace *w, int shard));
/* Backward from the last layer to the first wait, within the forward pass's last stage; then the rest. */
void R(pass_backward_begin)(struct workspace *w, int shard);
void R(pass_backward)(struct workspace *w, struct pool *p);
void R(pass_reduce)(struct workspace *w, struct pool *p, real *out);
/* Run a stage for every shard that is this rank's. */
void R(pass_run)(struct workspace *w, struct pool *p, void (*stage)(void *context, int shard));
/* The first layer from `from` on (down) that has to wait for all shards, or the number of layers (−1). */
int R(pass_wait_up)(const struct workspace *w, int from);
int R(pass_wait_down)(const struct workspace *w, int from);

/* pass-ranks.c; nothing to do where all shards are here */
int R(network_spread)(struct workspace *w); /* 0; −1: no memory */
void R(ranks_free)(struct workspace *w);
void R(ranks_run)(struct workspace *w, struct pool *p, void (*stage)(void *context, int shard));
/* A layer's sums over each shard, forward or backward, of all shards. */
void R(ranks_share_sums)(struct workspace *w, int layer, int backward);
/* Loss, weight and correct of all shards. */
void R(ranks_share_figures)(struct workspace *w);
/* The shards' gradients are there: sums over whole subtrees of this rank's, in their first shard's place; and those of the other
 * ranks for the elements that this rank reduces, as many as it has shards. */
void R(ranks_share_gradients)(struct workspace *w, struct pool *p);
/* The elements of `reduced` that the other ranks have, and the squares of all parts. */
void R(ranks_share_reduced)(struct workspace *w);
/* Whether some rank sums shards s and s + stride, with all that is below them, before it sends them. */
int R(ranks_join)(const struct workspace *w, int s, int stride);
/* Logits and labels of all shards. */
void R(network_gather_rows)(struct workspace *w);

/* Where a part of the flat gradient begins, and the one before it ends: as many as shards, each on a cache line. */
static inline int64_t workspace_part(const struct workspace *w, int part)
{
    int64_t n = w->network->parameters, lines = (n + REAL_PAD - 1) / REAL_PAD, at = lines * part / w->shards * REAL_PAD;

    return at < n ? at : n;
}

/* to = a + b; to may be a. */
void R(pass_add)(int64_t n, const real *a, const real *b, real *to);

/* activity.c */
void R(network_activity)(const struct workspace *w, int layer, struct layer_activity *a);

/* curvature.c */
int R(network_hessian_vector)(struct workspace *w, struct pool *p, const struct batch_job *j, const real *v, real *out);
int R(network_gauss_newton)(struct workspace *w, struct pool *p, const struct batch_job *j, const real *v, real *out);

#endif
