/* SPDX-License-Identifier: MIT */
#include "core/mapping.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAPPINGS = 64 };

/* A handler reads this table in the middle of anything. */
static struct {
    atomic_uintptr_t begin, end; /* end 0: a free place; 1: taken, but nothing is mapped */
    atomic_int lost;
} table[MAPPINGS];

static int take_place(void)
{
    for (int i = 0; i < MAPPINGS; i++) {
        uintptr_t free_end = 0;
        if (atomic_compare_exchange_strong(&table[i].end, &free_end, 1))
            return i;
    }
    return -1;
}

static int map(struct mapping *m, int fd, struct err *e)
{
    struct stat st;
    void *bytes;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return err_set(e, ERR_INPUT, "%s: not a regular file", m->path);
    if (st.st_size == 0)
        return 0;
    m->place = take_place();
    if (m->place < 0)
        return err_set(e, ERR_RUNTIME, "%s: more than %d files are open", m->path, MAPPINGS);
    bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED) {
        atomic_store(&table[m->place].end, 0);
        return err_set(e, ERR_RUNTIME, "%s: cannot map: %s", m->path, strerror(errno));
    }
    m->bytes = bytes;
    m->size = (size_t)st.st_size;
    atomic_store(&table[m->place].lost, 0);
    atomic_store(&table[m->place].begin, (uintptr_t)bytes);
    atomic_store(&table[m->place].end, (uintptr_t)bytes + m->size);
    return 0;
}

int mapping_open(struct mapping *m, const char *path, struct err *e)
{
    /* Not blocking: a FIFO in the place of a file must not hang the program. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), r;

    *m = (struct mapping){.place = -1};
    if (fd < 0)
        return err_set(e, ERR_INPUT, "%s: cannot read: %s", path, strerror(errno));
    m->path = strdup(path);
    r = m->path ? map(m, fd, e) : err_memory(e, path, strlen(path));
    close(fd);
    if (r) {
        free(m->path);
        *m = (struct mapping){.place = -1};
    }
    return r;
}

void mapping_close(struct mapping *m)
{
    if (m->bytes) {
        atomic_store(&table[m->place].end, 1);
        munmap((void *)m->bytes, m->size);
        atomic_store(&table[m->place].end, 0);
    }
    free(m->path);
    *m = (struct mapping){.place = -1};
}

int mapping_check(const struct mapping *m, struct err *e)
{
    if (!m->bytes || !atomic_load(&table[m->place].lost))
        return 0;
    return err_set(e, ERR_INPUT, "%s: the file was cut short, or cannot be read any more, while it was in use",
                   m->path);
}

int mapping_fault(const void *address)
{
    uintptr_t at = (uintptr_t)address, page = (uintptr_t)sysconf(_SC_PAGESIZE);

    for (int i = 0; i < MAPPINGS; i++) {
        uintptr_t begin = atomic_load(&table[i].begin), end = atomic_load(&table[i].end);
        if (end <= 1 || at < begin || at >= end)
            continue;
        at -= at % page;
        atomic_store(&table[i].lost, 1);
        return mmap((void *)at, end - at, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
    }
    return 0;
}
