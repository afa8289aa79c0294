/* SPDX-License-Identifier: MIT */
/* The zip that torch.save writes: stored entries, a pickle that says what they are. What it claims is held against the size
 * of the file before anything is allocated. */
#ifndef SADDLE_DATA_PT_ZIP_H
#define SADDLE_DATA_PT_ZIP_H

#include <stdint.h>
#include <zip.h>

#include "core/err.h"
#include "data/pickle.h"

enum { PT_MOST_NOTE = 1 << 16 }; /* bytes of the pickle of one tensor */

struct pt_zip {
    const char *path;
    zip_t *zip;
    int64_t file_size;  /* bounds what an entry may claim: it is stored as it is */
    zip_int64_t pickle; /* entry */
    size_t stem;        /* length of "STEM/" */
    struct err *e;
};

/* Open r->path; errors go to r->e, here and below. To be closed after an error too. */
int pt_zip_open(struct pt_zip *r);
void pt_zip_close(struct pt_zip *r);
/* The pickle, of at most `most` bytes; the caller frees *bytes, after an error too. Numbers are little-endian. */
int pt_zip_pickle(struct pt_zip *r, int64_t most, unsigned char **bytes, int64_t *size);
/* The storage of a tensor, as many bytes as its elements take; the caller frees *bytes, after an error too. */
int pt_zip_storage(const struct pt_zip *r, const struct pickle_tensor *p, unsigned char **bytes);

#endif
