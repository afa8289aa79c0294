/* SPDX-License-Identifier: MIT */
/* Folds for N-fold cross validation: every utterance that is not for test is in exactly one of them, whatever split the
 * data set brings. One fold validates, the others train.
 *
 * By utterance: the i-th of n such utterances, in stored order, is in fold p mod N, where p is its place in the
 * permutation of rng_permute(seed, RNG_FOLDS, 0) of n. So sizes differ by one utterance at most.
 * By speaker: no speaker is in two folds, so that the figure holds for unheard voices. Speakers are taken by falling
 * number of utterances, equal ones in the order of rng_permute(seed, RNG_FOLDS, 1); each goes to the fold that has the
 * fewest utterances so far, the first of equal ones (Graham 1969: the largest fold is at most 4/3 of the best). */
#ifndef SADDLE_DATA_FOLDS_H
#define SADDLE_DATA_FOLDS_H

#include "data/dataset.h"

enum { FOLDS_MOST = 1000 };

struct fold_plan {
    uint32_t seed;
    int folds;      /* 2 … FOLDS_MOST */
    int by_speaker;
};

/* The fold of each utterance into fold[utterances], from 0 on; −1 of those for test. Errors: ERR_INPUT where a fold would
 * be empty. */
int folds_assign(const struct dataset *d, const struct fold_plan *p, int32_t *fold, struct err *e);

#endif
