/* SPDX-License-Identifier: MIT */
/* Weights of a model that was trained elsewhere. */
#ifndef SADDLE_RUN_IMPORT_H
#define SADDLE_RUN_IMPORT_H

#include "data/state-dict.h"
#include "run/run.h"

/* Put a state dict's weights, and running statistics of batch norm, into a run before its first step. A module of the file
 * (the tensors whose names are the same up to the last dot) goes to the first layer, in the network's order, that has no
 * weights yet and tensors of the same names and shapes; so fc.0.block.0 of a model with classes of its own may be layers.0
 * here. Every tensor of either side has to find its place; num_batches_tracked is passed over. `path` is for the errors
 * (ERR_INPUT), which leave the weights as they were. */
int import_weights(struct run *l, const struct state_dict *d, const char *path, struct err *e);

#endif
