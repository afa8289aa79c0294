/* SPDX-License-Identifier: MIT */
/* A copy of where a run stands, to be looked at on another thread while the run goes on: weights, statistics,
 * preconditioner, loss, and the fixed probe batch. The batch is drawn from training by a seed of its own: the
 * same frames at every step of every run on the same data, and those of `saddle probe`. */
#ifndef SADDLE_RUN_PROBE_COPY_H
#define SADDLE_RUN_PROBE_COPY_H

#include "run/probe-input.h"

/* Frames computed at once: jobs of some hundredth of a second, so that training gets its turn soon. */
enum { PROBE_COPY_ROWS = 128 };

struct probe_copy {
    uint64_t step;
    double epoch, learning_rate; /* effective */
    const char *optimizer;       /* its title */
    int average;                 /* the weights are its average (run_shown_is_average) */
    struct stability stability;
    struct network_spec spec;
    struct probe_batch batch;
    double class_weight[LOSS_MOST_CLASSES];
    float *theta, *statistics;
    float *scale;         /* of the preconditioned Hessian, or NULL */
    struct probe_ask ask; /* of all that; what to work out, pool, cancel and progress are the caller's to fill */
};

/* By the run's thread. Errors: ERR_RUNTIME; ERR_INPUT. */
int probe_copy_take(struct run *l, struct probe_copy **out, struct err *e);
/* Nothing copied and without the preconditioner, for who looks before the run goes on: it has to stay as it is. */
int probe_copy_here(struct run *l, struct probe_copy **out, struct err *e);
void probe_copy_free(struct probe_copy *p);

#endif
