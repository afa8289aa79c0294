/* SPDX-License-Identifier: MIT */
/* A made-up data set that a network can learn within a second: the class of a frame is the larger of
 * three linear functions of its features. */
#ifndef SADDLE_TESTS_TOY_H
#define SADDLE_TESTS_TOY_H

#include "run/run-private.h"

enum { TOY_DIMS = 5, TOY_CLASSES = 3, TOY_UTTERANCES = 50, TOY_FRAMES = 40 };

struct toy {
    float features[TOY_UTTERANCES * TOY_FRAMES * TOY_DIMS];
    uint8_t labels[TOY_UTTERANCES * TOY_FRAMES], role[TOY_UTTERANCES];
    int64_t bounds[TOY_UTTERANCES + 1];
    int32_t speaker[TOY_UTTERANCES], source[TOY_UTTERANCES];
    struct dataset d;
};

/* 40 utterances to be split, 10 for test. Nothing is to be freed. */
void toy_init(struct toy *t);

/* Knobs of a small network on it with batch norm, dropout and AdamW; 3 shards. */
struct knobs toy_knobs(void);

/* A run on a pool of its own. */
struct toy_run {
    struct pool *pool;
    struct run *run;
};
void toy_run_open(struct toy_run *r, const struct toy *t, const struct knobs *k, int workers);
void toy_run_close(struct toy_run *r);

/* Apply n steps (and the evaluations between them). */
void toy_steps(struct run *l, int n);

/* Change a setting; what run_set returns. */
int toy_set(struct run *l, enum knob_id id, double number, struct err *e);
int toy_set_text(struct run *l, enum knob_id id, const char *text, struct err *e);

/* Whether two runs are in the same state, bit for bit. */
int toy_same(const struct run *a, const struct run *b);

#endif
