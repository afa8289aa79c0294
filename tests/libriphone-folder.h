/* SPDX-License-Identifier: MIT */
/* A tiny libriphone folder and .pt files, made anew by each test, whole or damaged on purpose. */
#ifndef SADDLE_TESTS_FOLDER_H
#define SADDLE_TESTS_FOLDER_H

#include <stddef.h>
#include <stdint.h>

/* What torch.save would write; fields a test changes make it wrong. */
struct pt_make {
    const char *storage; /* "FloatStorage" */
    int dims;
    int64_t size[3], stride[3], offset, elements;
    const void *bytes; /* of the storage */
    size_t byte_count;
    const unsigned char *pickle; /* instead of the one that follows from the above */
    size_t pickle_size;
    const char *pickle_name, *storage_name; /* entries below the stem */
    const char *byte_order;                 /* an entry of this text, unless NULL */
    int compress, twice;                    /* deflated; a second data.pkl */
};

/* A plain contiguous float32 tensor [rows][cols]; values are not copied. */
struct pt_make pt_plain(int64_t rows, int64_t cols, const float *values);
void pt_write(const char *path, const struct pt_make *m);

enum { FOLDER_DIMS = 39, FOLDER_UTTERANCES = 4 };
struct folder_utterance {
    const char *id, *part;
    int frames;
};
/* Three for training by two speakers, then one for test. */
extern const struct folder_utterance folder_utterances[FOLDER_UTTERANCES];

/* Feature of utterance u, exact in 16 bits. */
float folder_value(int u, int frame, int dim);
/* … all of them, [frames][39], in a static buffer that the next call overwrites. */
float *folder_values(int u);
/* Class of a frame. */
int folder_label(int u, int frame);

/* Write the whole folder into the existing directory `dir`. */
void folder_make(const char *dir);
/* DIR/name in a static buffer, one of a few in turn. */
const char *folder_path(const char *dir, const char *name);
/* DIR/feat/PART/ID.pt of utterance u. */
const char *folder_pt(const char *dir, int u);
void write_bytes(const char *path, const void *bytes, size_t size);
void write_text(const char *path, const char *text);
/* A new directory below /tmp, in a static buffer; and its end, with all that is in it. */
char *temporary_folder(void);
void remove_folder(const char *dir);

#endif
