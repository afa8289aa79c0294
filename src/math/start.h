/* SPDX-License-Identifier: MIT */
/* OpenBLAS's number of threads is a setting of the whole process, and one and two threads give
 * different bits: it is set to one, once, before any product. Parallel work is the pool's. */
#ifndef SADDLE_MATH_START_H
#define SADDLE_MATH_START_H

#include <stddef.h>

#include "core/err.h"

/* One thread. Refuses the OpenMP variant of OpenBLAS, whose thread setting belongs to each calling thread. */
int math_start(struct err *e);
/* "OpenBLAS 0.3.21". */
void openblas_version(char *text, size_t size);
/* "OpenBLAS 0.3.21, SkylakeX kernels": the version, and the kernels in use (math/kernel-choice.h). */
void openblas_describe(char *text, size_t size);
/* The same, then oneDNN if it is used by default. */
const char *math_library(void);

#endif
