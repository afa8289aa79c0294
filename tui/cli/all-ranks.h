/* SPDX-License-Identifier: MIT */
/* Several processes started by mpirun (ranks/ranks.h) that act as one command: rank 0 alone prints. */
#ifndef SADDLE_TUI_CLI_ALL_RANKS_H
#define SADDLE_TUI_CLI_ALL_RANKS_H

#include "core/err.h"

/* Join the other ranks, where there are any. From then on the standard output and standard error of all but rank 0 lead
 * nowhere. */
int all_ranks_start(struct err *e);
/* Before the process ends, at every rank. Where communication has failed, it says so and ends them all. */
void all_ranks_end(void);

/* How it went at every rank, the same at each: 0 where `result` is 0 everywhere, else the error of the first rank that has
 * one, with its number and machine where that is not rank 0. */
int all_ranks_agree(int result, struct err *e);

#endif
