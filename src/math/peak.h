/* SPDX-License-Identifier: MIT */
/* The processor's single-precision peak: what its fused multiply-adds reach when nothing else is done. Products are
 * measured against it. */
#ifndef SADDLE_MATH_PEAK_H
#define SADDLE_MATH_PEAK_H

/* GFLOP/s of one thread, a multiply-add counted as two, at the widest vectors the processor has. Measured, in some
 * 30 ms; the best of several short runs, so that a moment's interruption does not show. */
double peak_gflops(void);
/* The instructions that were measured: "AVX-512", "AVX2", "NEON", or "the baseline". */
const char *peak_instructions(void);

#endif
