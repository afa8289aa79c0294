/* SPDX-License-Identifier: MIT */
/* The homework's folder: train_split.txt, test_split.txt, train_labels.txt, test_labels.txt where it
 * is known, feat/train/ID.pt and feat/test/ID.pt with [frames, 39] features each.
 * A folder without train_split.txt and train_labels.txt but with test labels is a test set alone, to be evaluated on.
 * Training utterances come first, in the order of train_split.txt, then those of test_split.txt. */
#ifndef SADDLE_DATA_LIBRIPHONE_H
#define SADDLE_DATA_LIBRIPHONE_H

#include "data/dataset.h"
#include "data/libriphone-lists.h"

enum { LIBRIPHONE_DIMS = 39, LIBRIPHONE_CLASSES = 41 };

struct libriphone {
    char *dir;               /* as the user named it */
    struct list train, test; /* the ids that are used; without test_labels.txt no test id is */
    int64_t unlabelled;      /* test utterances left out for want of test_labels.txt */
    int labels_unknown;      /* the test ids are used all the same (libriphone_scan_test) */
    int64_t unnamed;         /* .pt files that no list names */
    char signature[17];      /* of path, sizes and times of all that would be read, in hex */
    char key[17];            /* of the path alone, in hex */
};

/* Read the lists and look at every file without opening it. Errors: ERR_INPUT with file and line.
 * libriphone_free(l) is due after a failure too. */
int libriphone_scan(struct libriphone *l, const char *dir, struct err *e);
/* Read the test list alone: libriphone_read is to read these utterances without labels. Errors and libriphone_free as above. */
int libriphone_scan_test(struct libriphone *l, const char *dir, struct err *e);
/* Read all of it into memory; d->path becomes the folder. dataset_free(d) is due after a failure too.
 * Errors: ERR_INPUT with file and place; ERR_CANCELLED when progress says so. */
int libriphone_read(struct dataset *d, const struct libriphone *l, dataset_progress *progress, void *context,
                    struct err *e);
/* The names of the classes, a newline between two. */
extern const char libriphone_classes[];
/* A note for the user, malloced, or NULL. */
char *libriphone_note(const struct libriphone *l);
void libriphone_free(struct libriphone *l);

#endif
