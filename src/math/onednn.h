/* SPDX-License-Identifier: MIT */
/* oneDNN as a second source of single-precision products, where configure found it. It writes its kernels for the
 * processor at hand, whose features it asks for, and never goes by a name. Its threads are OpenMP's, a team for each
 * thread that calls it; one and several give different bits. OMP_NUM_THREADS=1, which is read when the library is
 * loaded, is therefore a condition of its use. */
#ifndef SADDLE_MATH_ONEDNN_H
#define SADDLE_MATH_ONEDNN_H

#include <stddef.h>

#include "math/blas.h"

int onednn_built_in(void);
/* Built in, and loaded with OMP_NUM_THREADS=1. */
int onednn_usable(void);
/* "oneDNN 2.6.3, AVX-512 kernels"; "" where it is not built in. */
void onednn_describe(char *text, size_t size);

#ifndef SADDLE_DOUBLE
/* To be called only where it is usable. */
extern const struct blas onednn_f;
#endif

#endif
