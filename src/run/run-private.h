/* SPDX-License-Identifier: MIT */
/* What run.c, run-knobs.c and run-evaluate.c share. */
#ifndef SADDLE_RUN_RUN_PRIVATE_H
#define SADDLE_RUN_RUN_PRIVATE_H

#include "run/run.h"

/* Examples of an evaluation's slice: windows enough to keep the products busy, few enough that commands are answered
 * in between; of sequences, as many as a batch has. */
static inline int run_slice(const struct run *l, int batch)
{
    enum { WINDOWS = 1024 };

    return l->network.in.steps > 1 || batch > WINDOWS ? batch : WINDOWS;
}

/* The network of these knobs for this data. Errors: ERR_INPUT, it does not fit. */
int run_build_network(struct network *n, const struct dataset *d, const struct knobs *k, struct err *e);
/* A workspace for batches of so many examples in place of the run's. Errors (ERR_RUNTIME) leave the old one. */
int run_make_workspace(struct run *l, int batch, struct err *e);
/* The next slice of the evaluation that is due; as run_advance. */
int run_evaluation(struct run *l, struct run_report *r, struct err *e);

#endif
