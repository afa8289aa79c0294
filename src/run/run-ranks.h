/* SPDX-License-Identifier: MIT */
/* A run that several ranks train together: they take the same way at every fork of it. For the files of this folder; all
 * of it holds for a run of one process too. */
#ifndef SADDLE_RUN_RUN_RANKS_H
#define SADDLE_RUN_RUN_RANKS_H

#include "run/run.h"

/* Errors: as run_on_ranks. */
int run_ranks_workspace(struct workspace *w, int shards, struct err *e);
/* update_ready, at every rank: −1 at all where one was cancelled. */
int run_ranks_ready(struct run *l);
/* After a pass: all ranks agree on how it ended, and b->cancelled says so. */
void run_ranks_agree(struct run *l, struct batch_result *b);
/* Whether the data of the last pass was there, at every rank. Errors: ERR_INPUT. */
int run_ranks_check_data(const struct run *l, struct err *e);
/* The largest of the ranks' numbers. */
int run_ranks_most(const struct run *l, int value);
/* Whether the pass was cancelled; in a run on ranks, what has come since then waits for the next pass. */
int run_ranks_cancelled(const struct run *l);
/* The error of a pass that was cancelled, or cut off from the other ranks. */
int run_ranks_error(struct err *e);

#endif
