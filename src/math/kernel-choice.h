/* SPDX-License-Identifier: MIT */
/* OpenBLAS reads the name of its kernels from OPENBLAS_CORETYPE when it is loaded. So a program that finds a better
 * choice restarts itself with that variable set. Before that, each candidate (math/kernels.h) computes test products in a
 * child process, where one that is wrong, crashes or hangs does no harm. The result is kept in the cache, for this
 * processor and this OpenBLAS. A user's own OPENBLAS_CORETYPE is never changed.
 *
 * The same restart sets OMP_NUM_THREADS=1, which oneDNN needs (math/onednn.h). */
#ifndef SADDLE_MATH_KERNEL_CHOICE_H
#define SADDLE_MATH_KERNEL_CHOICE_H

#include <stddef.h>

#include "math/processor.h"

enum { KERNELS_RIGHT = 42, KERNELS_WRONG }; /* exit codes that no accident gives */

/* Call first in main. −1 in an ordinary process; in a child started to test kernels, the exit code. */
int kernels_child(void);

/* Call before the first product and the first thread. 1: the environment now names other kernels than are loaded, and the
 * program should restart (math/kernel-start.h). The restarted program gets 0. */
int kernels_choose(void);
/* The restart failed: put the environment back. */
void kernels_stay(void);

/* "chosen: AVX-512; OpenBLAS's own choice Prescott": why these kernels are in use. */
void kernels_describe(char *text, size_t size);

/* The cost of kernels that leave the processor's vectors unused, in one line with measured figures; "" if they are
 * good. */
void kernels_warning(char *text, size_t size);

/* The parts, for tests. */

/* 1 right, 0 wrong, −1 could not be tried. */
typedef int kernels_try(void *context, const char *kernels);
/* The first right candidate; NULL where none is, or none could be tried. `path` is the cache's file, or NULL; `library`
 * one line that names OpenBLAS's version. */
const char *kernels_decide(const struct processor *p, const char *own, const char *library, const char *path,
                           kernels_try *try, void *context);
/* Try them in a child process, the program at /proc/self/exe. */
int kernels_try_child(void *context, const char *kernels);

#endif
