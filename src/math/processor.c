/* SPDX-License-Identifier: MIT */
#include "math/processor.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

#if defined(__x86_64__)

/* Family and model as the makers count them: the extended fields belong to the family they extend. */
static void read_names(struct processor *p)
{
    unsigned a, b, c, d;

    if (!__get_cpuid(0, &a, &b, &c, &d))
        return;
    memcpy(p->vendor, &b, 4);
    memcpy(p->vendor + 4, &d, 4);
    memcpy(p->vendor + 8, &c, 4);
    if (!__get_cpuid(1, &a, &b, &c, &d))
        return;
    p->stepping = a & 15;
    p->model = (a >> 4 & 15) | (a >> 12 & 0xf0);
    p->family = (a >> 8 & 15) + ((a >> 8 & 15) == 15 ? a >> 20 & 255 : 0);
}

/* The compiler's runtime also asks whether the system saves the registers. */
static void read_features(struct processor *p)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2"))
        p->features |= PROCESSOR_AVX2;
    if (__builtin_cpu_supports("fma"))
        p->features |= PROCESSOR_FMA;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        p->features |= PROCESSOR_AVX512;
    if (__builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vnni"))
        p->features |= PROCESSOR_AVX512_BF16;
}

#elif defined(__aarch64__)

static void read_names(struct processor *p)
{
    (void)p;
}

static void read_features(struct processor *p)
{
    unsigned long needed = HWCAP_ATOMICS | HWCAP_ASIMDHP | HWCAP_ASIMDDP;

    if ((getauxval(AT_HWCAP) & needed) == needed)
        p->features |= PROCESSOR_ARM_V8_2;
}

#else

static void read_names(struct processor *p)
{
    (void)p;
}

static void read_features(struct processor *p)
{
    (void)p;
}

#endif

void processor_read(struct processor *p)
{
    memset(p, 0, sizeof *p);
    read_names(p);
    read_features(p);
}
