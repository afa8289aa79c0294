/* SPDX-License-Identifier: MIT */
/* A made-up data set in memory, of any size: for what is timed. */
#ifndef SADDLE_TESTS_MADE_UP_H
#define SADDLE_TESTS_MADE_UP_H

#include "data/dataset.h"

enum { MADE_UP_CLASSES = 41 };

struct made_up {
    float *features; /* [frames][dims]; zero until they are filled */
    uint8_t *labels, *role;
    int64_t *bounds;
    int32_t *zeros;
    struct dataset d;
};

/* Utterances of nearly the same length, all of them to be split; every class for seven frames in turn; one speaker,
 * one source. Returns 0, or below it; free takes what either left. */
int made_up_init(struct made_up *m, int64_t frames, int utterances, int dims, struct err *e);
/* The same with features of a standard normal, the last utterances, a tenth of them, being the test set. */
int made_up_noise(struct made_up *m, int64_t frames, int utterances, int dims, struct err *e);
void made_up_free(struct made_up *m);

#endif
