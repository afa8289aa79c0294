/* SPDX-License-Identifier: MIT */
/* Aligned memory. Rows of 64 bytes keep vector runs and scalar tails apart. */
#ifndef SADDLE_CORE_MEMORY_H
#define SADDLE_CORE_MEMORY_H

#include <stddef.h>

#include "core/err.h"

enum { MEMORY_ALIGN = 64 };

/* `bytes` of zeroed memory, 64-byte aligned (free() releases it); NULL when there is none. Of a large block what
 * is never touched costs nothing. */
void *memory_zeroed(size_t bytes);
/* The same with whatever was there before. */
void *memory_unwritten(size_t bytes);

/* Round up to a multiple of 64. */
size_t memory_round(size_t bytes);

/* count × size + extra into *total; returns 0, or -1 when it does not fit in a size_t. Sizes that
 * come from a file go through here. */
int memory_product(size_t count, size_t size, size_t extra, size_t *total);

/* The memory of this machine, or what a control group or a resource limit leaves of it, in bytes. */
unsigned long long memory_limit(void);
/* 0, or the sentence that `what` needs more than that, or than this process leaves of it (ERR_RUNTIME). To be asked before
 * anything large is allocated: a system that promises more memory than it has would swap, or end the program, long after. */
int memory_need(const char *what, unsigned long long bytes, struct err *e);

/* An arena hands out aligned pieces of one block; used twice, first to measure (base NULL). */
struct arena {
    char *base;
    size_t used;
};
void *arena_take(struct arena *a, size_t bytes);

#endif
