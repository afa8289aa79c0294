/* SPDX-License-Identifier: MIT */
/* Restart the program with better kernels, if there are any. For the programs that link the engine; the engine itself
 * never replaces the process. */
#ifndef SADDLE_MATH_KERNEL_START_H
#define SADDLE_MATH_KERNEL_START_H

#include <limits.h>
#include <unistd.h>

#include "math/kernel-choice.h"

/* Call before the first product and the first thread. The program is executed by its real path, so that ps shows the
 * same name as before. */
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
