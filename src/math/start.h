/* OpenBLAS's number of threads is a setting of the whole process, and one and two threads give
 * different bits: it is set to one, once, before any product. Parallel work is the pool's. */
#ifndef SADDLE_MATH_START_H
#define SADDLE_MATH_START_H

#include "core/err.h"

/* Chooses OpenBLAS's kernels where its own choice is known to be slow, and one thread. Refuses the OpenMP variant,
 * whose thread setting belongs to each calling thread. */
int math_start(struct err *e);
/* "OpenBLAS 0.3.21 … SkylakeX": version, build and the kernels in use. */
const char *math_library(void);

#endif
