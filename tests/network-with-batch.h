/* SPDX-License-Identifier: MIT */
/* A network to try, with a batch: what the tests of net/ do things to. Compiled with each program, for `real`. */
#ifndef SADDLE_TESTS_TRIED_H
#define SADDLE_TESTS_TRIED_H

#include "net/network.h"

enum { STEPS = 4, WIDTH = 5, EXAMPLES = 7, CLASSES = 3, SHARDS = 3 };

extern const int lengths[EXAMPLES]; /* of padded sequences */

struct tried {
    struct network net;
    struct workspace *work;
    struct batch_job job;
    int64_t n;
    real *theta, *statistics, *gradient, *v, *out;
    int ignored; /* examples whose label does not count, at the end of the batch */
    int skip;    /* the batch begins at this example */
    int whole;   /* examples in all */
};

/* The network this text describes, with weights that are no one's. */
void tried_open(struct tried *b, const char *text, struct shape in, int shards, int examples);
void tried_close(struct tried *b);

/* The loss, and its gradient [n], on the pool of tests/workers.h. */
double loss_at(struct tried *b, real *gradient);

/* Run a check on every layer kind, in three surroundings, under every loss, in four modes: masks and the batch's
 * statistics, the running ones, no masks, and padded where every frame has its loss. */
typedef void check(struct tried *b, const char *what);
void every_combination(check *run);

/* The largest of n entries without their signs. */
double largest(const real *x, int64_t n);

#endif
