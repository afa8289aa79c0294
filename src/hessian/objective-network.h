/* SPDX-License-Identifier: MIT */
/* The loss of a network over a fixed batch, as an objective.
 *
 * At rest (batch norm by its running statistics, dropout off) the loss is a weighted mean over examples,
 * f = Σ_i w_i f_i / Σ_i w_i, so a batch is computed in slices: each gives its part of the upper sum over the
 * weight of the whole batch, and the parts add up; gradient and products alike. Batch norm by the current batch
 * couples the examples: then the batch is one slice, as it is under masks, which go by an example's place in its batch.
 * Weight decay is not part of the loss. */
#ifndef SADDLE_HESSIAN_OBJECTIVE_NETWORK_H
#define SADDLE_HESSIAN_OBJECTIVE_NETWORK_H

#include "net/network.h"
#include "hessian/objective.h"
#include "hessian/probe-batch.h"

struct objective_network {
    const struct network *network; /* all borrowed, for as long as this stands */
    const struct probe_batch *batch;
    const real *statistics;
    const struct loss_kind *loss;
    struct loss_args loss_args;
    struct pool *pool;
    int shards;
    int slice;            /* examples at once; 0: as many as keep the products busy */
    int batch_statistics; /* batch norm by the batch, whole */
    const struct probe_masks *masks; /* of dropout, held; NULL: off */
    const atomic_int *cancel;
    /* the rest is made by open() */
    struct workspace *work;
    real *part; /* a slice's gradient or product; NULL where one slice is all */
    int first;     /* of the current slice */
    double weight; /* of the whole batch */
};

struct objective_network_ops {
    /* The first fields are the caller's. Errors: ERR_RUNTIME, ERR_INPUT (a batch that does not fit the
     * network, or in which every class has weight 0). */
    int (*open)(struct objective_network *o, struct objective *seam, struct err *e);
    void (*close)(struct objective_network *o);
    /* The batch holds other examples now, as many as before. */
    void (*renew)(struct objective_network *o);
};
extern const struct objective_network_ops R(objective_network);

#endif
