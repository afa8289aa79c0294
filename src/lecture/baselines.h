/* SPDX-License-Identifier: MIT */
/* The homework's baselines: accuracies on the public test of its full data. */
#ifndef SADDLE_LECTURE_BASELINES_H
#define SADDLE_LECTURE_BASELINES_H

#include <stddef.h>

#include "data/dataset.h"

enum { BASELINES = 4 };

struct baseline {
    double accuracy;
    const char *name, *hint; /* "medium", and the course's advice how to reach it */
};

struct baselines {
    int year;
    int64_t train_frames, test_frames; /* of the data they were measured with */
    struct baseline level[BASELINES];  /* ascending */
};

/* Those of the i-th year, 2022 first; NULL beyond the last. */
const struct baselines *baselines_at(int i);
/* Those that hold for data with so many frames, recognised by those to be divided into training and validation, or where
 * there are none by those for test; NULL: it is not the homework's. */
const struct baselines *baselines_find(int64_t train_frames, int64_t test_frames);
const struct baselines *baselines_of(const struct dataset *d);
/* The lowest above this accuracy, or NULL where all are reached. */
const struct baseline *baselines_next(const struct baselines *b, double accuracy);

/* In words: how far the next baseline above this accuracy is, all of them where it is NaN; or that the data is not the homework's. Ended by NUL, cut to `size` bytes. */
void baselines_words(const struct dataset *d, double accuracy, char *text, size_t size);

#endif
