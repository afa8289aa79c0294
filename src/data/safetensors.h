/* SPDX-License-Identifier: MIT */
/* safetensors, the one container of everything stored as tensors: 8 bytes little-endian header
 * size, a JSON header {name: {dtype, shape, data_offsets}, "__metadata__": {text: text}}, then the
 * tensors without holes. https://github.com/huggingface/safetensors (format, July 2023).
 * Reading maps the file; nothing in it is ever executed, and every size is checked first. Types
 * other than those below are refused, and so is data that is not aligned to its elements where it
 * lies in the file: what would have to be copied is not worth mapping. */
#ifndef SADDLE_DATA_SAFETENSORS_H
#define SADDLE_DATA_SAFETENSORS_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

enum tensor_type { TENSOR_F64, TENSOR_F32, TENSOR_F16, TENSOR_I64, TENSOR_I32, TENSOR_I16, TENSOR_I8, TENSOR_U8 };
enum { TENSOR_MOST_DIMS = 4, SAFETENSORS_PREFIX = 24 };

struct tensor {
    const char *name;
    enum tensor_type type;
    int dims;
    int64_t shape[TENSOR_MOST_DIMS];
    int64_t count;    /* product of shape */
    const void *data; /* row-major, little-endian, aligned to its element */
};

struct safetensors;

/* Map and check `path`. Errors: ERR_INPUT with file and place. */
int safetensors_open(struct safetensors **st, const char *path, struct err *e);
void safetensors_close(struct safetensors *st);
/* What of a file bears names that begin with `prefix`, as if it were a file of its own in which they do not; count, at and
 * each_meta are of the whole. The whole stays open as long. NULL: no memory, or the prefix is too long. */
struct safetensors *safetensors_part(const struct safetensors *whole, const char *prefix);
/* 0, or ERR_INPUT when the file was cut short meanwhile: what was read of it is not to be used (core/mapping.h). */
int safetensors_check(const struct safetensors *st, struct err *e);

/* NULL when the file has no such tensor; valid until close. */
const struct tensor *safetensors_find(const struct safetensors *st, const char *name);
int safetensors_count(const struct safetensors *st);
const struct tensor *safetensors_at(const struct safetensors *st, int index);
/* The text under __metadata__, or NULL. */
const char *safetensors_meta(const struct safetensors *st, const char *key);
/* Whether the file is one of tensors whose metadata "format" says this; whatever else stands there is not. */
int safetensors_is(const char *path, const char *format);
/* Every key under __metadata__, in turn. */
void safetensors_each_meta(const struct safetensors *st, void (*visit)(void *context, const char *key), void *context);
/* The tensor of this name, type and shape (a negative shape entry fits any size), or a sentence. */
int safetensors_need(const struct safetensors *st, const char *name, enum tensor_type type, int dims,
                     const int64_t *shape, const struct tensor **t, struct err *e);

size_t tensor_size(enum tensor_type type);      /* bytes of an element */
const char *tensor_type_name(enum tensor_type); /* "F32" … */

/* Writing: name the metadata and the tensors, then write. The format has no holes, so tensors are
 * stored widest type first whatever the order they are named in. Data is not copied: it must live
 * until the write. Metadata is text copied at once; keys must differ. */
struct safetensors_writer;

struct safetensors_writer *safetensors_writer_new(void); /* NULL: no memory */
void safetensors_writer_free(struct safetensors_writer *w);
/* From here on names get this in front, of metadata and tensors; "" (at first): nothing. */
void safetensors_writer_prefix(struct safetensors_writer *w, const char *prefix);
void safetensors_writer_meta(struct safetensors_writer *w, const char *key, const char *text);
void safetensors_writer_tensor(struct safetensors_writer *w, const char *name, enum tensor_type type, int dims,
                               const int64_t *shape, const void *data);
/* Replace `path` safely (core/file.h). A failed allocation in the calls above is reported here. */
int safetensors_writer_write(struct safetensors_writer *w, const char *path, struct err *e);

#endif
