/* SPDX-License-Identifier: MIT */
#include "term/stray-output.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static int kept = -1; /* what was printed meanwhile */
static int stdout_before = -1, stderr_before = -1;

void term_prints_keep(void)
{
    fflush(stdout);
    fflush(stderr);
    kept = memfd_create("saddle-prints", MFD_CLOEXEC);
    if (kept < 0)
        return;
    stdout_before = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    stderr_before = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    dup2(kept, STDOUT_FILENO);
    dup2(kept, STDERR_FILENO);
}

static void put_back(int *before, int fd)
{
    if (*before >= 0) {
        dup2(*before, fd);
        close(*before);
    }
    *before = -1;
}

void term_prints_replay(void)
{
    char bytes[4096];
    ssize_t n;

    if (kept < 0)
        return;
    fflush(stdout);
    fflush(stderr);
    put_back(&stdout_before, STDOUT_FILENO);
    put_back(&stderr_before, STDERR_FILENO);
    lseek(kept, 0, SEEK_SET);
    while ((n = read(kept, bytes, sizeof bytes)) > 0)
        if (write(STDERR_FILENO, bytes, (size_t)n) != n)
            break;
    close(kept);
    kept = -1;
}
