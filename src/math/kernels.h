/* SPDX-License-Identifier: MIT */
/* Choose OpenBLAS's kernels by the processor's features. OpenBLAS itself goes by model numbers, and falls back to SSE3
 * kernels on a processor that is newer than it: version 0.3.21 on an Emerald Rapids, which is six times slower. */
#ifndef SADDLE_MATH_KERNELS_H
#define SADDLE_MATH_KERNELS_H

#include "math/processor.h"

enum { KERNELS_CANDIDATES = 4 };

/* The kernels to try, best first, by OpenBLAS's names; `own` is OpenBLAS's own choice. The order is fixed by the features,
 * and never includes kernels that need a feature the processor lacks. Returns their number; 0: keep `own`. */
int kernels_candidates(const struct processor *p, const char *own, const char *out[KERNELS_CANDIDATES]);

/* Whether these kernels leave the processor's widest multiply-adds unused. */
int kernels_are_poor(const struct processor *p, const char *kernels);

/* Why the first candidate is the first: "AVX-512", "AVX2", "ARMv8.2"; NULL where there is none. */
const char *kernels_reason(const struct processor *p);

#endif
