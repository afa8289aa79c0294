#include "core/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* From LARGE on a block begins on a huge page. */
static const size_t LARGE = 4u << 20, HUGE_PAGE = 2u << 20;

size_t memory_round(size_t bytes)
{
    return (bytes + MEMORY_ALIGN - 1) & ~(size_t)(MEMORY_ALIGN - 1);
}

/* Zeros without writing them: pages given back to the system come again as zeros, each when it is first touched.
 * Returns 0 when the system would not. Huge pages, where it has any, cost fewer faults. */
static int zero_when_touched(void *p, size_t bytes)
{
    if (madvise(p, bytes, MADV_DONTNEED) != 0)
        return 0;
    (void)madvise(p, bytes, MADV_HUGEPAGE);
    return 1;
}

void *memory_zeroed(size_t bytes)
{
    size_t align = bytes >= LARGE ? HUGE_PAGE : MEMORY_ALIGN;
    size_t whole = ((bytes ? bytes : 1) + align - 1) & ~(align - 1);
    void *p = whole >= bytes ? aligned_alloc(align, whole) : NULL;

    if (p && !(align == HUGE_PAGE && zero_when_touched(p, whole)))
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
