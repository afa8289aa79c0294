/* SPDX-License-Identifier: MIT */
/* The examples a network is probed on: a copy, so that training may go on beside. */
#ifndef SADDLE_HESSIAN_PROBE_BATCH_H
#define SADDLE_HESSIAN_PROBE_BATCH_H

#include <stdint.h>

#include "core/err.h"

struct probe_batch {
    int examples, steps, width; /* of the input */
    int answers;                /* labels each example has: 1, or one for every step */
    float *x;                   /* [examples][steps][width] */
    uint8_t *labels;            /* [examples][answers], 255 for none */
    int *lengths;               /* [examples] steps that are not padding; NULL: all of them */
};

/* Dropout as it falls on a batch in one step of training: a function of these. */
struct probe_masks {
    double dropout; /* rate of layers without one of their own */
    uint64_t seed, step;
};

/* Room for these, zeroed; `lengths` not 0: with lengths. Free accepts what init left half-done. */
int probe_batch_init(struct probe_batch *b, int examples, int steps, int width, int answers, int lengths,
                     struct err *e);
void probe_batch_free(struct probe_batch *b);

#endif
