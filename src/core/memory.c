/* SPDX-License-Identifier: MIT */
#include "core/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* From LARGE on a block begins on a huge page. */
static const size_t LARGE = 4u << 20, HUGE_PAGE = 2u << 20;

size_t memory_round(size_t bytes)
{
    return (bytes + MEMORY_ALIGN - 1) & ~(size_t)(MEMORY_ALIGN - 1);
}

/* Zeros without writing them: pages given back to the system come again as zeros, each when it is first touched.
 * Returns 0 when the system would not. */
static int zero_when_touched(void *p, size_t bytes)
{
    if (madvise(p, bytes, MADV_DONTNEED) != 0)
        return 0;
    return 1;
}

static size_t alignment(size_t bytes)
{
    return bytes >= LARGE ? HUGE_PAGE : MEMORY_ALIGN;
}

static size_t whole(size_t bytes)
{
    size_t align = alignment(bytes);

    return ((bytes ? bytes : 1) + align - 1) & ~(align - 1);
}

/* Huge pages, where the system has any, cost fewer faults. */
void *memory_unwritten(size_t bytes)
{
    void *p = whole(bytes) >= bytes ? aligned_alloc(alignment(bytes), whole(bytes)) : NULL;

    if (p && bytes >= LARGE)
        (void)madvise(p, whole(bytes), MADV_HUGEPAGE);
    return p;
}

void *memory_zeroed(size_t bytes)
{
    void *p = memory_unwritten(bytes);

    if (p && !(bytes >= LARGE && zero_when_touched(p, whole(bytes))))
        memset(p, 0, whole(bytes));
    return p;
}

int memory_product(size_t count, size_t size, size_t extra, size_t *total)
{
    if (__builtin_mul_overflow(count, size, total) || __builtin_add_overflow(*total, extra, total))
        return -1;
    return 0;
}

/* ---- how much there is ---------------------------------------------------------------------- */

static unsigned long long least(unsigned long long a, unsigned long long b)
{
    return a < b ? a : b;
}

/* A control group's own limit; none where the file is not there or says "max". */
static unsigned long long group_limit(const char *folder, const char *file)
{
    char path[900], text[32] = "";
    unsigned long long limit = ~0ull;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, file);
    f = fopen(path, "re");
    if (!f)
        return limit;
    if (fgets(text, sizeof text, f) && text[0] >= '0' && text[0] <= '9')
        limit = strtoull(text, NULL, 10);
    fclose(f);
    return limit;
}

/* The least of the limits of a group and those it lies in; `root` is where their tree is mounted. */
static unsigned long long tree_limit(const char *root, const char *group, const char *file)
{
    char folder[800];
    unsigned long long limit;
    char *slash;

    snprintf(folder, sizeof folder, "%s%s", root, group);
    limit = group_limit(folder, file);
    while ((slash = strrchr(folder, '/')) && slash >= folder + strlen(root)) {
        *slash = '\0';
        limit = least(limit, group_limit(folder, file));
    }
    return limit;
}

/* Lines of /proc/self/cgroup are "N:CONTROLLERS:PATH", with N 0 and no controller where there is one tree (version 2). */
static unsigned long long groups_limit(void)
{
    FILE *f = fopen("/proc/self/cgroup", "re");
    unsigned long long limit = ~0ull;
    char line[600];

    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "0::", 3) == 0)
            limit = least(limit, tree_limit("/sys/fs/cgroup", line + 3, "memory.max"));
        else if (strstr(line, ":memory:"))
            limit = least(limit, tree_limit("/sys/fs/cgroup/memory", strstr(line, ":memory:") + 8,
                                            "memory.limit_in_bytes"));
    }
    if (f)
        fclose(f);
    return limit;
}

unsigned long long memory_limit(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    unsigned long long limit = pages > 0 && page > 0 ? (unsigned long long)pages * (unsigned long long)page : ~0ull;
    struct rlimit r;

    if (getrlimit(RLIMIT_AS, &r) == 0 && r.rlim_cur != RLIM_INFINITY)
        limit = least(limit, r.rlim_cur);
    return least(limit, groups_limit());
}

/* What this process holds already and cannot give back to the system. */
static unsigned long long in_use(void)
{
    FILE *f = fopen("/proc/self/statm", "re");
    unsigned long long resident = 0, of_files = 0;
    long page = sysconf(_SC_PAGESIZE);

    if (f && fscanf(f, "%*s %llu %llu", &resident, &of_files) != 2)
        resident = of_files = 0;
    if (f)
        fclose(f);
    return resident > of_files && page > 0 ? (resident - of_files) * (unsigned long long)page : 0;
}

int memory_need(const char *what, unsigned long long bytes, struct err *e)
{
    unsigned long long limit = memory_limit(), used = in_use();

    if (bytes <= limit && used <= limit - bytes)
        return 0;
    if (bytes <= limit)
        return err_set(e, ERR_RUNTIME, "%s needs %.1f GB of memory; this machine has %.1f GB, of which saddle uses %.1f already",
                       what, 1e-9 * (double)bytes, 1e-9 * (double)limit, 1e-9 * (double)used);
    return err_set(e, ERR_RUNTIME, "%s needs %.1f GB of memory, of which this machine has %.1f GB", what,
                   1e-9 * (double)bytes, 1e-9 * (double)limit);
}

/* ---- arenas --------------------------------------------------------------------------------- */

void *arena_take(struct arena *a, size_t bytes)
{
    size_t at = a->used;

    a->used += memory_round(bytes);
    return a->base ? a->base + at : NULL;
}
