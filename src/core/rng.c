/* SPDX-License-Identifier: MIT */
#include "core/rng.h"

#include <math.h>
#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

enum { ROUNDS = 10, HALVES = 8, LANES = 32 };

static const uint32_t MULTIPLY_0 = 0xD2511F53u, MULTIPLY_1 = 0xCD9E8D57u;
static const uint32_t WEYL_0 = 0x9E3779B9u, WEYL_1 = 0xBB67AE85u;

typedef void philox(const struct rng *r, uint64_t step, uint64_t first, uint32_t out[4][LANES]);

/* LANES consecutive blocks at once, a lane per vector element, out[word][lane]. Counter words: block low, block high,
 * step low, step high ^ purpose. */
static void counters(const struct rng *r, uint64_t step, uint64_t first, int lanes, uint32_t out[4][LANES])
{
    for (int i = 0; i < lanes; i++) {
        out[0][i] = (uint32_t)(first + (uint64_t)i);
        out[1][i] = (uint32_t)((first + (uint64_t)i) >> 32);
        out[2][i] = (uint32_t)step;
        out[3][i] = (uint32_t)(step >> 32) ^ (r->purpose << 24);
    }
}

/* Only the first `lanes` of them. */
static void blocks_some(const struct rng *r, uint64_t step, uint64_t first, int lanes, uint32_t out[4][LANES])
{
    uint32_t k0 = (uint32_t)r->seed, k1 = (uint32_t)(r->seed >> 32);

    counters(r, step, first, lanes, out);
    for (int round = 0; round < ROUNDS; round++, k0 += WEYL_0, k1 += WEYL_1)
        for (int i = 0; i < lanes; i++) {
            uint64_t p0 = (uint64_t)MULTIPLY_0 * out[0][i], p1 = (uint64_t)MULTIPLY_1 * out[2][i];
            out[0][i] = (uint32_t)(p1 >> 32) ^ out[1][i] ^ k0;
            out[2][i] = (uint32_t)(p0 >> 32) ^ out[3][i] ^ k1;
            out[1][i] = (uint32_t)p1;
            out[3][i] = (uint32_t)p0;
        }
}

static void blocks_plain(const struct rng *r, uint64_t step, uint64_t first, uint32_t out[4][LANES])
{
    blocks_some(r, step, first, LANES, out);
}

#ifdef __x86_64__
/* The same. The compiler knows no product of 32 × 32 bits whose both halves are wanted: even and odd lanes are
 * multiplied apart, with the processor's own instruction, and put together again. Two vectors go side by side,
 * since each waits for its own products. */
#define PHILOX(name, isa, bytes, multiply, vector)                                                                     \
    __attribute__((target(isa))) static void name(const struct rng *r, uint64_t step, uint64_t first,                  \
                                                  uint32_t out[4][LANES])                                              \
    {                                                                                                                  \
        typedef uint64_t wide __attribute__((vector_size(bytes)));                                                     \
        const wide low = (wide){0} + 0xffffffffu, high = ~low;                                                         \
        const wide m0 = (wide){0} + MULTIPLY_0, m1 = (wide){0} + MULTIPLY_1;                                           \
                                                                                                                       \
        counters(r, step, first, LANES, out);                                                                          \
        for (int lane = 0; lane < LANES; lane += 2 * (bytes) / 4) {                                                    \
            uint32_t k0 = (uint32_t)r->seed, k1 = (uint32_t)(r->seed >> 32);                                           \
            wide c[4][2];                                                                                              \
            for (int k = 0; k < 4; k++)                                                                                \
                memcpy(c[k], out[k] + lane, 2 * (bytes));                                                              \
            for (int round = 0; round < ROUNDS; round++, k0 += WEYL_0, k1 += WEYL_1) {                                 \
                wide key0 = (wide){0} + ((uint64_t)k0 << 32 | k0), key1 = (wide){0} + ((uint64_t)k1 << 32 | k1);       \
                for (int i = 0; i < 2; i++) {                                                                          \
                    wide even0 = (wide)multiply((vector)c[0][i], (vector)m0);                                          \
                    wide odd0 = (wide)multiply((vector)(c[0][i] >> 32), (vector)m0);                                   \
                    wide even1 = (wide)multiply((vector)c[2][i], (vector)m1);                                          \
                    wide odd1 = (wide)multiply((vector)(c[2][i] >> 32), (vector)m1);                                   \
                    c[0][i] = ((even1 >> 32) | (odd1 & high)) ^ c[1][i] ^ key0;                                        \
                    c[2][i] = ((even0 >> 32) | (odd0 & high)) ^ c[3][i] ^ key1;                                        \
                    c[1][i] = (even1 & low) | (odd1 << 32);                                                            \
                    c[3][i] = (even0 & low) | (odd0 << 32);                                                            \
                }                                                                                                      \
            }                                                                                                          \
            for (int k = 0; k < 4; k++)                                                                                \
                memcpy(out[k] + lane, c[k], 2 * (bytes));                                                              \
        }                                                                                                              \
    }

PHILOX(blocks_avx512, "avx512f", 64, _mm512_mul_epu32, __m512i)
PHILOX(blocks_avx2, "avx2", 32, _mm256_mul_epu32, __m256i)
#endif

static void blocks(const struct rng *r, uint64_t step, uint64_t first, uint32_t out[4][LANES])
{
    philox *of = blocks_plain;

#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f"))
        of = blocks_avx512;
    else if (__builtin_cpu_supports("avx2"))
        of = blocks_avx2;
#endif
    of(r, step, first, out);
}

void rng_block(const struct rng *r, uint64_t step, uint64_t block, uint32_t out[4])
{
    uint32_t words[4][LANES];

    blocks_some(r, step, block, 1, words);
    for (int i = 0; i < 4; i++)
        out[i] = words[i][0];
}

uint32_t rng_word(const struct rng *r, uint64_t step, uint64_t index)
{
    uint32_t w[4];

    rng_block(r, step, index / 4, w);
    return w[index % 4];
}

static double to_unit(uint32_t high, uint32_t low)
{
    return (double)(((uint64_t)high << 32 | low) >> 11) * 0x1p-53;
}

double rng_uniform(const struct rng *r, uint64_t step, uint64_t index)
{
    uint32_t w[4];

    rng_block(r, step, index / 2, w);
    return to_unit(w[index % 2 * 2], w[index % 2 * 2 + 1]);
}

double rng_normal(const struct rng *r, uint64_t step, uint64_t index)
{
    uint32_t w[4];
    double radius, angle;

    rng_block(r, step, index / 2, w);
    radius = sqrt(-2.0 * log(1.0 - to_unit(w[0], w[1])));
    angle = 2.0 * M_PI * to_unit(w[2], w[3]);
    return radius * (index % 2 ? sin(angle) : cos(angle));
}

/* A word's lower half comes first. */
static void halves_of(uint32_t words[4][LANES], uint16_t out[HALVES * LANES])
{
    for (int i = 0; i < LANES; i++)
        for (int w = 0; w < 4; w++) {
            out[i * HALVES + 2 * w] = (uint16_t)words[w][i];
            out[i * HALVES + 2 * w + 1] = (uint16_t)(words[w][i] >> 16);
        }
}

void rng_halves(const struct rng *r, uint64_t step, uint64_t first, size_t n, uint16_t *out)
{
    uint16_t rest[HALVES * LANES];
    uint32_t words[4][LANES];

    for (size_t done = 0; done < n; done += HALVES * LANES) {
        int whole = n - done >= HALVES * LANES;
        blocks(r, step, (first + done) / HALVES, words);
        halves_of(words, whole ? out + done : rest);
        if (!whole)
            memcpy(out + done, rest, sizeof *out * (n - done));
    }
}

uint64_t rng_permute(const struct rng *r, uint64_t epoch, uint64_t index, uint64_t n)
{
    int half = 1;
    uint64_t mask, x = index;

    while (half < 32 && (1ull << (2 * half)) < n)
        half++;
    mask = (1ull << half) - 1;
    do {
        uint64_t left = x >> half, right = x & mask;
        for (uint64_t round = 0; round < 8; round++) {
            uint32_t w[4];
            uint64_t next;
            rng_block(r, epoch, round << 40 | right, w);
            next = left ^ (w[0] & mask);
            left = right;
            right = next;
        }
        x = left << half | right;
    } while (x >= n);
    return x;
}
