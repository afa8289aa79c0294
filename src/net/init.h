/* SPDX-License-Identifier: MIT */
/* Initialisations by name: what becomes of the weight matrices. Biases become 0 and normalisation layers keep
 * their 1 and 0, except with "default", which is PyTorch's for every layer. */
#ifndef SADDLE_NET_INIT_H
#define SADDLE_NET_INIT_H

#include "net/network.h"

struct init_kind {
    const char *name;
    const char *title;
    /* w[rows][columns] from the numbers of stream `stream`; NULL: the layers' own defaults stay. Returns 0, or
     * −1 when there is no memory. */
    int (*fill)(int64_t rows, int64_t columns, const struct rng *r, uint64_t stream, real *w);
};

struct init_registry {
    const struct init_kind *(*at)(int i); /* NULL beyond the last */
    /* All parameters and running statistics of a network, a function of kind and seed. */
    int (*apply)(const struct init_kind *k, const struct network *n, uint64_t seed, real *theta, real *statistics);
};
extern const struct init_registry R(inits);

#endif
