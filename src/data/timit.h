/* SPDX-License-Identifier: MIT */
/* The homework's folder of 2021, timit_11/: train_11.npy and test_11.npy, a row for each frame with 11 frames of 39 features
 * side by side, itself in the middle; train_label_11.npy with a class from 0 to 38 for each row, as text or numbers.
 *
 * Of each row the middle frame is kept, so a network may have any context. Neighbouring rows of one utterance share 10 of
 * their 11 frames; where two do not, an utterance ends. Their speakers and names are not known. */
#ifndef SADDLE_DATA_TIMIT_H
#define SADDLE_DATA_TIMIT_H

#include "data/dataset.h"

enum { TIMIT_DIMS = 39, TIMIT_CONTEXT = 11, TIMIT_CLASSES = 39, TIMIT_NAMES = 4 * TIMIT_CLASSES + 1 };

enum timit_part { TIMIT_TRAIN, TIMIT_TEST };

/* Whether the folder has this part's features. */
int timit_has(const char *dir, enum timit_part part);
/* The names of the classes, a newline between two: nothing but their numbers is known. */
void timit_class_names(char names[TIMIT_NAMES]);
/* Read it into memory: the training utterances to be divided, or those for test, whose labels nobody knows
 * (DATASET_UNLABELLED). d->path becomes the folder. dataset_free(d) is due after a failure too. Errors: ERR_INPUT with file
 * and place; ERR_CANCELLED when progress says so. */
int timit_read(struct dataset *d, const char *dir, enum timit_part part, dataset_progress *progress, void *context,
               struct err *e);

#endif
