/* SPDX-License-Identifier: MIT */
#include "core/mailbox.h"

#include <stdlib.h>

#include "core/memory.h"

enum { FRESH = 4 };

int mailbox_init(struct mailbox *m, size_t size)
{
    m->size = memory_round(size);
    m->buffers = memory_zeroed(3 * m->size);
    m->writing = 0;
    m->reading = 1;
    atomic_init(&m->middle, 2);
    return m->buffers ? 0 : -1;
}

void mailbox_free(struct mailbox *m)
{
    free(m->buffers);
    m->buffers = NULL;
}

void *mailbox_draft(struct mailbox *m)
{
    return m->buffers + m->writing * m->size;
}

void mailbox_publish(struct mailbox *m)
{
    m->writing = atomic_exchange_explicit(&m->middle, m->writing | FRESH, memory_order_acq_rel) & 3;
}

const void *mailbox_latest(struct mailbox *m, int *fresh)
{
    int new = (atomic_load_explicit(&m->middle, memory_order_relaxed) & FRESH) != 0;

    if (new)
        m->reading = atomic_exchange_explicit(&m->middle, m->reading, memory_order_acq_rel) & 3;
    if (fresh)
        *fresh = new;
    return m->buffers + m->reading * m->size;
}
