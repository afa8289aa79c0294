/* SPDX-License-Identifier: MIT */
/* Inside the network: a batch in flight. Only network.c, workspace.c, pass.c and curvature.c look here. */
#ifndef SADDLE_NET_WORKSPACE_H
#define SADDLE_NET_WORKSPACE_H

#include "net/network.h"

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

struct workspace {
    const struct network *network;
    int shards, capacity;
    struct shard *shard;
    void *shared[SPEC_MOST_LAYERS];
    void *block, *rblock;             /* all of the above points in here */
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
/* The first layer from `from` on (down) that has to wait for all shards, or the number of layers (−1). */
int R(pass_wait_up)(const struct workspace *w, int from);
int R(pass_wait_down)(const struct workspace *w, int from);

/* curvature.c */
int R(network_hessian_vector)(struct workspace *w, struct pool *p, const struct batch_job *j, const real *v, real *out);
int R(network_gauss_newton)(struct workspace *w, struct pool *p, const struct batch_job *j, const real *v, real *out);

#endif
