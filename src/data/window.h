/* SPDX-License-Identifier: MIT */
/* Windows: n frames of context around a frame, oldest first, the frame itself in the middle, gathered
 * from the mapped features when a batch needs them. Beyond the utterance's ends its first or last
 * frame repeats. */
#ifndef SADDLE_DATA_WINDOW_H
#define SADDLE_DATA_WINDOW_H

#include "data/dataset.h"

/* The window around `frame` (of an utterance from frame `first` to `last`, both included): frame i of
 * context (odd) into out[i × stride … + dims). stride = dims puts them side by side. */
void window_gather(const struct dataset *d, int64_t frame, int64_t first, int64_t last, int context, float *out,
                   int64_t stride);

/* Frames `begin` … begin + count − 1, whose values the data set stores, in the same way. */
void window_copy(const struct dataset *d, int64_t begin, int count, float *out, int64_t stride);

#endif
