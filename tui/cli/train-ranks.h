/* SPDX-License-Identifier: MIT */
/* A run that the ranks of saddle train have together. */
#ifndef SADDLE_TUI_CLI_TRAIN_RANKS_H
#define SADDLE_TUI_CLI_TRAIN_RANKS_H

#include "cli/setup.h"

/* The run of these options; one that all ranks share, where there are several. Then each opens the same data and settings,
 * and what would make their bits differ is refused, with the same error at every rank: another program, other kernels, data,
 * settings or weights. Rank 0 alone keeps its checkpoint file. */
int training_open(struct setup *s, struct setup_options *o, struct err *e);

#endif
