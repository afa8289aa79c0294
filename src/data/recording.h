/* SPDX-License-Identifier: MIT */
/* A recording as a data set: one test utterance, whose classes nobody knows. */
#ifndef SADDLE_DATA_RECORDING_H
#define SADDLE_DATA_RECORDING_H

#include "data/dataset.h"

/* The features that `saddle features` makes of the recording `path`, or of the standard input where that is "-"; every label
 * is DATASET_UNLABELLED. `classes` names the classes a network may answer, a newline between two. dataset_free(d) is
 * due after a failure too. Errors: as of audio_read. */
int recording_open(struct dataset *d, const char *path, const char *classes, struct err *e);

#endif
