#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

size_t memory_round(size_t bytes)
{
    return (bytes + MEMORY_ALIGN - 1) & ~(size_t)(MEMORY_ALIGN - 1);
}

void *memory_zeroed(size_t bytes)
{
    size_t whole = memory_round(bytes ? bytes : 1);
    void *p = whole >= bytes ? aligned_alloc(MEMORY_ALIGN, whole) : NULL;

    if (p)
        memset(p, 0, whole);
    return p;
}

int memory_product(size_t count, size_t size, size_t extra, size_t *total)
{
    if (__builtin_mul_overflow(count, size, total) || __builtin_add_overflow(*total, extra, total))
        return -1;
    return 0;
}

void *arena_take(struct arena *a, size_t bytes)
{
    size_t at = a->used;

    a->used += memory_round(bytes);
    return a->base ? a->base + at : NULL;
}
