/* SPDX-License-Identifier: MIT */
/* The latest value of a large struct from one writing to one reading thread: three buffers, one
 * with each side and one in the middle, exchanged by an atomic. Neither side ever waits; the
 * reader may skip values, and never sees a half-written one. */
#ifndef SADDLE_CORE_MAILBOX_H
#define SADDLE_CORE_MAILBOX_H

#include <stdatomic.h>
#include <stddef.h>

struct mailbox {
    char *buffers;
    size_t size;
    _Atomic unsigned middle; /* index 0…2, | 4 when the reader has not seen it */
    unsigned writing, reading;
};

/* Three zeroed buffers of `size` bytes. Returns 0, or -1 when there is no memory. */
int mailbox_init(struct mailbox *m, size_t size);
void mailbox_free(struct mailbox *m);
/* Writer: the buffer to fill (its content is old), then publish it. */
void *mailbox_draft(struct mailbox *m);
void mailbox_publish(struct mailbox *m);
/* Reader: the newest value, and in *fresh (may be NULL) whether it is new since the last call.
 * It stays untouched until the next call. */
const void *mailbox_latest(struct mailbox *m, int *fresh);

#endif
