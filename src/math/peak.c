/* SPDX-License-Identifier: MIT */
#include "math/peak.h"

#include "core/clock.h"

enum { RUNS = 12 };
static const double SECONDS = 2e-3; /* of a run */

/* Returns the FLOP that it made, and in `result` a value that depends on all of them. The chains of multiply-adds do not depend on each other: enough of them to hide the
 * latency of all units, few enough to stand in registers, and each a variable of its own, which the compiler keeps
 * there. The values stay near 1. */
typedef double loop(long turns, float factor, float *result);

#define CHAINS_12(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)
#define CHAINS_20(X) CHAINS_12(X) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19)
#define BEGIN(c) vector x##c = shift * (float)c;
#define TURN(c) x##c = x##c * scale + shift;
#define END(c) sum += x##c;

#define PEAK_LOOP(name, target, bytes, chains)                                                               \
    target static double name(long turns, float factor, float *result)                                       \
    {                                                                                                        \
        typedef float vector __attribute__((vector_size(bytes)));                                            \
        vector sum = {0}, scale = sum + factor, shift = 1 - scale;                                           \
                                                                                                             \
        CHAINS_##chains(BEGIN)                                                                               \
        for (long t = 0; t < turns; t++) {                                                                   \
            CHAINS_##chains(TURN)                                                                            \
        }                                                                                                    \
        CHAINS_##chains(END)                                                                                 \
        *result = sum[0];                                                                                    \
        return 2.0 * chains * (bytes / 4) * (double)turns;                                                   \
    }

#ifdef __x86_64__
PEAK_LOOP(loop_avx512, __attribute__((target("avx512f"))), 64, 12)
PEAK_LOOP(loop_avx2, __attribute__((target("avx2,fma"))), 32, 12)
PEAK_LOOP(loop_baseline, , 16, 12)
#else
PEAK_LOOP(loop_baseline, , 16, 20)
#endif

static loop *choose(const char **instructions)
{
#ifdef __x86_64__
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) {
        *instructions = "AVX-512";
        return loop_avx512;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        *instructions = "AVX2";
        return loop_avx2;
    }
#endif
#ifdef __aarch64__
    *instructions = "NEON";
#else
    *instructions = "the baseline";
#endif
    return loop_baseline;
}

double peak_gflops(void)
{
    const char *instructions;
    loop *run = choose(&instructions);
    double best = 0;
    long turns = 1 << 10;
    float result;

    for (int i = 0; i < RUNS;) {
        double begin = clock_seconds(), flop = run(turns, 0.999f, &result), took = clock_seconds() - begin;
        if (took < SECONDS / 2) { /* still finding out how many turns a run is */
            turns *= 2;
            continue;
        }
        best = flop / took > best ? flop / took : best;
        i++;
    }
    return 1e-9 * best;
}

const char *peak_instructions(void)
{
    const char *instructions;

    (void)choose(&instructions);
    return instructions;
}
