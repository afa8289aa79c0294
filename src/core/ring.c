/* SPDX-License-Identifier: MIT */
#include "core/ring.h"

#include <stdlib.h>
#include <string.h>

int ring_init(struct ring *r, size_t item_size, size_t capacity)
{
    memset(r, 0, sizeof *r);
    r->item_size = item_size;
    for (r->capacity = 1; r->capacity < capacity;)
        r->capacity *= 2;
    r->items = calloc(r->capacity, item_size);
    return r->items ? 0 : -1;
}

void ring_free(struct ring *r)
{
    free(r->items);
    r->items = NULL;
}

int ring_push(struct ring *r, const void *item)
{
    uint64_t head = atomic_load_explicit(&r->head, memory_order_relaxed);

    if (head - atomic_load_explicit(&r->tail, memory_order_acquire) == r->capacity) {
        atomic_fetch_add_explicit(&r->dropped, 1, memory_order_relaxed);
        return 0;
    }
    memcpy(r->items + (head & (r->capacity - 1)) * r->item_size, item, r->item_size);
    atomic_store_explicit(&r->head, head + 1, memory_order_release);
    return 1;
}

int ring_pop(struct ring *r, void *item)
{
    uint64_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);

    if (tail == atomic_load_explicit(&r->head, memory_order_acquire))
        return 0;
    memcpy(item, r->items + (tail & (r->capacity - 1)) * r->item_size, r->item_size);
    atomic_store_explicit(&r->tail, tail + 1, memory_order_release);
    return 1;
}
