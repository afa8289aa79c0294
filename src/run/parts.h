/* SPDX-License-Identifier: MIT */
/* The matrices and vectors within θ, for optimizers that know nothing of networks. */
#ifndef SADDLE_RUN_PARTS_H
#define SADDLE_RUN_PARTS_H

#include "net/network.h"
#include "optim/optimizer.h"

/* All of θ in its order. The gates of a recurrent layer are matrices apart. Hidden are all matrices but those that
 * multiply the network's input, and those of its last layer with weights. NULL: no memory; free() releases it. */
struct optimizer_part *network_parts(const struct network *n, int *parts);

#endif
