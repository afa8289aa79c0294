/* SPDX-License-Identifier: MIT */
/* The pickle inside a torch.save file, as far as one plain tensor goes. A machine that knows the few
 * opcodes such a tensor needs and three kinds of globals; anything else is refused. Nothing is looked
 * up, called or allocated: the pickle can only say where its numbers lie. */
#ifndef SADDLE_DATA_PICKLE_H
#define SADDLE_DATA_PICKLE_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

enum storage_type {
    STORAGE_FLOAT,
    STORAGE_HALF,
    STORAGE_DOUBLE,
    STORAGE_LONG,
    STORAGE_INT,
    STORAGE_SHORT,
    STORAGE_CHAR,
    STORAGE_BYTE
};
enum { PICKLE_MOST_DIMS = 8, PICKLE_KEY_SIZE = 32 };

struct pickle_tensor {
    enum storage_type storage;
    char key[PICKLE_KEY_SIZE]; /* the entry data/KEY holds the storage; digits and letters */
    int64_t elements;          /* of the storage; not negative */
    int64_t offset;            /* of the tensor in it, in elements; unchecked, like size and stride */
    int dims;
    int64_t size[PICKLE_MOST_DIMS], stride[PICKLE_MOST_DIMS];
};

/* Errors: ERR_INPUT, naming `path` and the byte of the pickle. */
int pickle_read(const unsigned char *bytes, size_t size, struct pickle_tensor *t, const char *path,
                struct err *e);

#endif
