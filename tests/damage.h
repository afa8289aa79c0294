/* SPDX-License-Identifier: MIT */
/* How test-malformed.c damages what is good. */
#ifndef SADDLE_TESTS_MALFORMED_H
#define SADDLE_TESTS_MALFORMED_H

#include <stddef.h>

#define TRAIN "feat/train/100-1-0001.pt" /* utterance 1 of the folder: two frames */
#define TEST  "feat/test/300-3-0000.pt"

struct bad {
    const char *kind;
    void (*make)(const char *path, const struct bad *b);
    const char *file; /* below the folder; a .safetensors is opened by itself */
    const char *says; /* what the sentence must hold besides the file's name */
    const char *text; /* of what make needs */
    size_t size;
    double number;
};
#define TEXT(t) .text = (t), .size = sizeof(t) - 1

void make_text(const char *path, const struct bad *b);
void make_nothing(const char *path, const struct bad *b);
void make_folder(const char *path, const struct bad *b);
void make_pipe(const char *path, const struct bad *b);
void make_dangling(const char *path, const struct bad *b);
/* A tensor of the right size with the value `number` at element `size`, stored as `text`. */
void make_value(const char *path, const struct bad *b);
/* Sizes and strides as text: "dims size… stride… offset elements", over a storage of 4000 floats. */
void make_shape(const char *path, const struct bad *b);
/* Keep this share of the file. */
void make_shorter(const char *path, const struct bad *b);
/* One bit of the features turned over: the zip's check sum tells. */
void make_flipped(const char *path, const struct bad *b);
void make_zip(const char *path, const struct bad *b);
void make_pickle(const char *path, const struct bad *b);
void make_storage(const char *path, const struct bad *b);
/* `text` as the header, padded to 8 bytes, then `number` bytes of zeros. */
void make_header(const char *path, const struct bad *b);
/* A data set of two utterances of two frames, with one thing changed: the number at `size` of the
 * tensor or the metadata that `text` begins with, the rest of it being the metadata's text. */
void make_dataset(const char *path, const struct bad *b);

#endif
