/* SPDX-License-Identifier: MIT */
/* A small made-up data set in memory. */
#ifndef SADDLE_TESTS_SMALL_H
#define SADDLE_TESTS_SMALL_H

#include "data/dataset.h"

enum { UTTERANCES = 12, DIMS = 3, MOST_FRAMES = 200 };

/* Utterances of 1, 2 … frames; every feature tells its frame. */
struct small {
    float features[MOST_FRAMES * DIMS];
    int8_t bytes[MOST_FRAMES * DIMS];
    uint8_t labels[MOST_FRAMES], role[UTTERANCES];
    int64_t bounds[UTTERANCES + 1];
    int32_t speaker[UTTERANCES], source[UTTERANCES];
    struct dataset d;
};

/* The first nine utterances are to be split, then one each for training, validation and test. Nothing
 * is to be freed. */
void small_init(struct small *s, enum feature_type type);

#endif
