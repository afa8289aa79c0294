/* SPDX-License-Identifier: MIT */
/* Files mapped for reading. One that somebody cuts short meanwhile makes the kernel raise SIGBUS at the first touch
 * beyond its new end. The program's handler hands the address to mapping_fault(), which puts zeros there, so that
 * whoever is reading goes on, and notes the loss; mapping_check() tells it before anything is made of those zeros. */
#ifndef SADDLE_CORE_MAPPING_H
#define SADDLE_CORE_MAPPING_H

#include <stddef.h>

#include "core/err.h"

struct mapping {
    const unsigned char *bytes;
    size_t size;
    int place; /* in the table of mappings */
    char *path;
};

/* Map the whole regular file `path`; of an empty one bytes is NULL. Errors: ERR_INPUT, naming it. */
int mapping_open(struct mapping *m, const char *path, struct err *e);
/* Safe on a zeroed struct. */
void mapping_close(struct mapping *m);
/* 0, or ERR_INPUT when a part of it was gone as it was read. */
int mapping_check(const struct mapping *m, struct err *e);

/* For a handler of SIGBUS: 1 when the address lies in a mapping, where reading can go on now; 0 when it does not.
 * Async-signal-safe. */
int mapping_fault(const void *address);

#endif
