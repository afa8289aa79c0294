/* SPDX-License-Identifier: MIT */
/* The split of the utterances into training, validation and test, and the places of their frames.
 *
 * Utterances of ROLE_SPLIT are divided as the homework does: their indices, in stored order, are
 * shuffled by Python's random.seed(seed); random.shuffle; the first int(ratio × n) train. A data set may bring a split of
 * its own (ROLE_TRAIN, ROLE_VALIDATION), which stays unless it is to be divided anew. With folds (data/folds.h), all
 * utterances but those for test are divided, and the ratio is not used. */
#ifndef SADDLE_DATA_SPLIT_H
#define SADDLE_DATA_SPLIT_H

#include "data/dataset.h"

/* A list of utterances whose frames are numbered through. */
struct frame_set {
    int64_t utterances, frames;
    int32_t *utterance;  /* [utterances] index into the data set */
    int64_t *first;      /* [utterances + 1] number of its first frame; first[utterances] = frames */
};

struct split {
    struct frame_set train, validation, test;
};

struct split_plan {
    uint32_t seed;
    double ratio;       /* in (0, 1): share of the utterances divided that train */
    int anew;           /* divide the utterances of ROLE_TRAIN and ROLE_VALIDATION as well */
    double train_share; /* in (0, 1]: share of the training utterances that is used, at least one; a larger share
                           holds all that a smaller one does */
    int folds, fold;    /* cross validation: fold number `fold`, from 1 on, validates; fewer than 2 folds: none */
    int by_speaker;     /* no speaker is in two folds */
};

/* Errors: ERR_INPUT when nothing is left to train or to validate on, or a fold would be empty. */
int split_make(struct split *s, const struct dataset *d, const struct split_plan *plan, struct err *e);
/* The same, but a data set of test utterances alone is no error: it can be evaluated on. */
int split_make_for_evaluation(struct split *s, const struct dataset *d, const struct split_plan *plan, struct err *e);
void split_free(struct split *s);

/* Frame number `index` of the set: its frame in the data set, and the first and last frame of its
 * utterance. index in [0, frames). */
int64_t frame_set_locate(const struct frame_set *f, const struct dataset *d, int64_t index, int64_t *first,
                         int64_t *last);

/* Python's random.seed(seed); random.shuffle(values): MT19937 by init_by_array. */
void python_shuffle(uint32_t seed, int32_t *values, int64_t n);

#endif
