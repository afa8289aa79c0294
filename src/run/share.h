/* SPDX-License-Identifier: MIT */
/* A run that several ranks train together: they take the same way at every fork of it. For the files of this folder; all
 * of it holds for a run of one process too. */
#ifndef SADDLE_RUN_SHARE_H
#define SADDLE_RUN_SHARE_H

#include "run/run.h"

/* Errors: as run_share. */
int share_workspace(struct workspace *w, int shards, struct err *e);
/* update_ready, at every rank: −1 at all where one was cancelled. */
int share_ready(struct run *l);
/* After a pass: all ranks agree on how it ended, and b->cancelled says so. */
void share_agree(struct run *l, struct batch_result *b);
/* Whether the data of the last pass was there, at every rank. Errors: ERR_INPUT. */
int share_check_data(const struct run *l, struct err *e);
/* The largest of the ranks' numbers. */
int share_most(const struct run *l, int value);
/* Whether the pass was cancelled; in a shared run, what has come since then waits for the next pass. */
int share_cancelled(const struct run *l);
/* The error of a pass that was cancelled, or cut off from the other ranks. */
int share_cancelled_error(struct err *e);

#endif
