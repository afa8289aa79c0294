/* What a program does before it computes: begin again with better kernels, where there are any. For programs, the engine
 * itself never replaces the process. */
#ifndef SADDLE_MATH_KERNEL_START_H
#define SADDLE_MATH_KERNEL_START_H

#include <limits.h>
#include <unistd.h>

#include "math/kernel-choice.h"

/* By its real name, so that it is listed as before. */
static inline void kernels_start(char **argv)
{
    char path[PATH_MAX];
    ssize_t n;

    if (!kernels_choose())
        return;
    n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n > 0) {
        path[n] = '\0';
        execv(path, argv);
        execv("/proc/self/exe", argv); /* it was replaced meanwhile */
    }
    kernels_stay();
}

#endif
