/* SPDX-License-Identifier: MIT */
/* The processor's identity and features, from CPUID or the kernel. A feature counts only if the operating system
 * supports it. */
#ifndef SADDLE_MATH_PROCESSOR_H
#define SADDLE_MATH_PROCESSOR_H

enum processor_feature {
    PROCESSOR_AVX2 = 1,
    PROCESSOR_FMA = 2,
    PROCESSOR_AVX512 = 4,       /* F, CD, BW, DQ and VL */
    PROCESSOR_AVX512_BF16 = 8,  /* and VNNI */
    PROCESSOR_ARM_V8_2 = 16     /* AArch64 with atomics, half precision and dot products */
};

struct processor {
    char vendor[16]; /* "GenuineIntel", "AuthenticAMD", …; "" on other architectures */
    unsigned family, model, stepping;
    unsigned features;
};

void processor_read(struct processor *p);

#endif
