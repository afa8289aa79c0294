/* SPDX-License-Identifier: MIT */
/* The pickle inside a torch.save file, as far as one plain tensor goes, or a state dict: tensors by name. A machine that
 * knows the few opcodes these need and three kinds of globals; anything else is refused. Nothing is looked
 * up or called: the pickle can only say where its numbers lie. */
#ifndef SADDLE_DATA_PICKLE_H
#define SADDLE_DATA_PICKLE_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "data/storage.h"

enum { PICKLE_MOST_DIMS = 8, PICKLE_KEY_SIZE = 32, PICKLE_NAME_SIZE = 128, PICKLE_MOST_TENSORS = 4096 };

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

struct pickle_entry {
    char name[PICKLE_NAME_SIZE]; /* prints */
    struct pickle_tensor tensor;
};
struct pickle_dict {
    int count;
    struct pickle_entry *entry; /* [count] in the file's order; a name may occur twice */
};
/* The tensors of a dictionary from names to tensors, as model.state_dict() is one; other values are passed over. Errors:
 * as of pickle_read. */
int pickle_read_dict(const unsigned char *bytes, size_t size, struct pickle_dict *d, const char *path, struct err *e);
void pickle_dict_free(struct pickle_dict *d);

#endif
