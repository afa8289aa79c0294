#include "core/rng.h"

#include "core/kernel.h"

#include <math.h>

enum { ROUNDS = 10, HALVES = 8, LANES = 16 };

static const uint32_t MULTIPLY_0 = 0xD2511F53u, MULTIPLY_1 = 0xCD9E8D57u;
static const uint32_t WEYL_0 = 0x9E3779B9u, WEYL_1 = 0xBB67AE85u;

/* LANES consecutive blocks at once, laid out so that the compiler can keep a run per vector
 * element. Counter words: block low, block high, step low, step high ^ purpose. */
KERNEL static void blocks(const struct rng *r, uint64_t step, uint64_t first, int runs, uint32_t out[4][LANES])
{
    uint32_t *c0 = out[0], *c1 = out[1], *c2 = out[2], *c3 = out[3];
    uint32_t k0 = (uint32_t)r->seed, k1 = (uint32_t)(r->seed >> 32);

    for (int i = 0; i < runs; i++) {
        c0[i] = (uint32_t)(first + (uint64_t)i);
        c1[i] = (uint32_t)((first + (uint64_t)i) >> 32);
        c2[i] = (uint32_t)step;
        c3[i] = (uint32_t)(step >> 32) ^ (r->purpose << 24);
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < runs; i++) {
            uint64_t p0 = (uint64_t)MULTIPLY_0 * c0[i], p1 = (uint64_t)MULTIPLY_1 * c2[i];
            uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1[i] ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3[i] ^ k1;
            c1[i] = (uint32_t)p1;
            c3[i] = (uint32_t)p0;
            c0[i] = n0;
            c2[i] = n2;
        }
        k0 += WEYL_0;
        k1 += WEYL_1;
    }
}

void rng_block(const struct rng *r, uint64_t step, uint64_t block, uint32_t out[4])
{
    uint32_t words[4][LANES];

    blocks(r, step, block, 1, words);
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

void rng_halves(const struct rng *r, uint64_t step, uint64_t first, size_t n, uint16_t *out)
{
    uint32_t words[4][LANES];

    for (size_t done = 0; done < n; done += HALVES * LANES) {
        size_t left = (n - done) / HALVES;
        int runs = left < LANES ? (int)left : LANES;
        blocks(r, step, (first + done) / HALVES, LANES, words);
        for (int i = 0; i < runs; i++)
            for (int w = 0; w < 4; w++) {
                out[done + (size_t)(i * HALVES + 2 * w)] = (uint16_t)words[w][i];
                out[done + (size_t)(i * HALVES + 2 * w + 1)] = (uint16_t)(words[w][i] >> 16);
            }
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
