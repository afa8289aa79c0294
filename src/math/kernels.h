/* OpenBLAS's kernels by what a processor can do. OpenBLAS itself goes by the processor's name, and takes kernels of 2004
 * for one that is younger than it: 0.3.21 an Emerald Rapids, and that is six times slower than it should be. */
#ifndef SADDLE_MATH_KERNELS_H
#define SADDLE_MATH_KERNELS_H

#include "math/processor.h"

enum { KERNELS_CANDIDATES = 4 };

/* The kernels to try, best first, by OpenBLAS's names; `own` is what OpenBLAS chose. A fixed order by features, in which
 * nothing is that the processor lacks; how many. 0: OpenBLAS's own choice stands. */
int kernels_candidates(const struct processor *p, const char *own, const char *out[KERNELS_CANDIDATES]);

/* Whether these kernels leave the processor's widest multiply-adds unused. */
int kernels_are_poor(const struct processor *p, const char *kernels);

/* Why the first candidate is the first: "AVX-512", "AVX2", "ARMv8.2"; NULL where there is none. */
const char *kernels_reason(const struct processor *p);

#endif
