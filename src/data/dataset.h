/* SPDX-License-Identifier: MIT */
/* A data set: frames of features with a class each, in utterances. Features stay where they are
 * mapped; windows are gathered on the fly (data/window.h), so memory does not grow with the context.
 *
 * Stored as safetensors (data/safetensors.h):
 *   features  I8 or F32 [frames, dims]   value = stored × metadata "scale" (I8 only)
 *   labels    U8        [frames]         class of each frame
 *   bounds    I64       [utterances + 1] first frame of each utterance, then the end
 *   role      U8        [utterances]     enum dataset_role
 *   speaker   I32       [utterances]     index into metadata "speakers"
 *   source    I32       [utterances]     index into metadata "sources"
 *   metadata: "format" = "saddle-dataset-1", "name", "scale", "classes", "speakers", "sources",
 *   "utterances": names, one a line, printable UTF-8 ("utterances" may be absent), and "signature" in
 *   a converted folder's cache: what it was made from.
 * All of this is checked when a file is opened; code that has a data set open relies on it. */
#ifndef SADDLE_DATA_DATASET_H
#define SADDLE_DATA_DATASET_H

#include <stdint.h>

#include "core/err.h"

enum dataset_role {
    ROLE_TRAIN = 0,
    ROLE_VALIDATION = 1,
    ROLE_TEST = 2,
    ROLE_SPLIT = 3 /* training or validation, as the recipe's split seed and ratio say */
};

/* Labels are bytes, and 255 as a label means "none". */
enum { DATASET_MOST_CLASSES = 255, DATASET_UNLABELLED = 255 };

enum feature_type { FEATURE_F32, FEATURE_I8 };

struct name_list {
    int count;
    char **names; /* one block with the texts, see data/names.h */
};

struct dataset {
    char *name;               /* for the screen: "sample", "libriphone" */
    char *path;               /* what the user named it by */
    enum feature_type type;
    const void *features;     /* [frames][dims], row-major */
    float scale;              /* of FEATURE_I8; 1 for FEATURE_F32 */
    const uint8_t *labels;    /* [frames], each < classes.count ≤ DATASET_MOST_CLASSES; but see dataset_open_test */
    const int64_t *bounds;    /* [utterances + 1], ascending, no utterance empty */
    const uint8_t *role;      /* [utterances] */
    const int32_t *speaker;   /* [utterances], each < speakers.count */
    const int32_t *source;    /* [utterances], each < sources.count */
    int64_t frames, utterances;
    int dims;
    struct name_list classes, speakers, sources, ids; /* ids.count is 0 when not stored */
    uint64_t fingerprint;     /* of labels, bounds and roles: a checkpoint names the data it saw */
    struct safetensors *file; /* what the features lie in, or NULL */
    void *owned;              /* what the other pointers, or all, point into; freed with the data set */
};

/* Progress of a long import: `done` of `total` utterances. Return non-zero to cancel. */
typedef int dataset_progress(void *context, int64_t done, int64_t total);

/* Open what the user named: "sample" (the data set that comes with saddle), a .safetensors file, or
 * a libriphone folder, which is converted once into the user's cache, with progress (may be NULL), or a timit_11 folder
 * (data/timit.h), which is read into memory.
 * *note (may be NULL) gets a malloced sentence for the user, or NULL: utterances that no list names,
 * a cache that could not be written. Errors: ERR_INPUT with file and place. */
int dataset_open(struct dataset *d, const char *name, dataset_progress *progress, void *context, char **note,
                 struct err *e);
/* The same, to predict the test utterances: a libriphone folder without test_labels.txt is read as these alone, into
 * memory, every label of theirs DATASET_UNLABELLED, and so is a timit_11 folder; what is wrong with its other files does not matter. */
int dataset_open_test(struct dataset *d, const char *name, dataset_progress *progress, void *context, char **note,
                      struct err *e);
/* Free accepts a zeroed struct and what a failed open left. */
void dataset_free(struct dataset *d);

/* 0, or ERR_INPUT when the features' file was cut short while it was in use: what was computed since is worth nothing.
 * To be asked between computing and using a result; costs nothing. */
int dataset_check(const struct dataset *d, struct err *e);

/* Write as the container described above. */
int dataset_write(const struct dataset *d, const char *path, struct err *e);

/* The folder of the data and recipes that come with saddle, found from where the program is: the source tree's for a
 * binary in its build tree, otherwise the installed one. $SADDLE_DATA names another. malloced. */
char *dataset_home(void);

#endif
