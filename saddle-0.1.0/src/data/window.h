/* Windows: n frames of context around a frame, oldest first, the frame itself in the middle, gathered
 * from the mapped features when a batch needs them. Beyond the utterance's ends its first or last
 * frame repeats. */
#ifndef SADDLE_DATA_WINDOW_H
#define SADDLE_DATA_WINDOW_H

#include "data/dataset.h"

/* The window around `frame` (of an utterance from frame `first` to `last`, both included) into
 * out[context × dims]; context is odd. */
void window_gather(const struct dataset *d, int64_t frame, int64_t first, int64_t last, int context, float *out);

#endif
