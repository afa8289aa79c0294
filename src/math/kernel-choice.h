/* The kernels OpenBLAS is to use are named by OPENBLAS_CORETYPE, which it reads when it is loaded. So a program that
 * finds better ones than it was loaded with begins again, with that variable set; and before, each candidate
 * (math/kernels.h) makes test products in a process of its own, where one that is wrong, crashes or hangs does no harm.
 * What was found is remembered in the cache, for this processor and this OpenBLAS. A choice of the user's own stands.
 *
 * OMP_NUM_THREADS=1, a condition of oneDNN (math/onednn.h), is set at the same time. */
#ifndef SADDLE_MATH_KERNEL_CHOICE_H
#define SADDLE_MATH_KERNEL_CHOICE_H

#include <stddef.h>

#include "math/processor.h"

enum { KERNELS_RIGHT = 42, KERNELS_WRONG }; /* exit codes that no accident gives */

/* First of all in main: −1; or, in a process that was started to test kernels, the code it is to end with. */
int kernels_child(void);

/* Before the first product and before any thread: 1 when the environment now names other kernels than were loaded and
 * the program is to begin again, which math/kernel-start.h does; it never asks for that twice. */
int kernels_choose(void);
/* It could not begin again: the environment is as it was. */
void kernels_stay(void);

/* "chosen: AVX-512; OpenBLAS's own choice Prescott": how the kernels in use came to be. */
void kernels_describe(char *text, size_t size);

/* What kernels that leave the processor's vectors unused cost, in one line with measured figures; "" where they are
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
