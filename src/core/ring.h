/* SPDX-License-Identifier: MIT */
/* A ring of fixed-size items between one writing and one reading thread, without a lock.
 * A full ring refuses the item and counts the drop. */
#ifndef SADDLE_CORE_RING_H
#define SADDLE_CORE_RING_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
    char *items;
    size_t item_size, capacity;   /* capacity is a power of two */
    _Atomic uint64_t head, tail;  /* items ever written, items ever read */
    _Atomic uint64_t dropped;
};

/* Room for at least `capacity` items. Returns 0, or -1 when there is no memory. */
int ring_init(struct ring *r, size_t item_size, size_t capacity);
void ring_free(struct ring *r);
/* Writer: 1 when the item went in, 0 when it was dropped. */
int ring_push(struct ring *r, const void *item);
/* Reader: 1 when an item came out, 0 when the ring is empty. */
int ring_pop(struct ring *r, void *item);

#endif
