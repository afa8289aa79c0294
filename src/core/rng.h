/* SPDX-License-Identifier: MIT */
/* Random numbers are counter-based: each is a function of (seed, purpose, step, index), so there is
 * nothing to save but counters, and it does not matter which worker computes which number.
 *
 * Philox4x32-10: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011. */
#ifndef SADDLE_CORE_RNG_H
#define SADDLE_CORE_RNG_H

#include <stddef.h>
#include <stdint.h>

enum rng_purpose { /* one stream each; the numbers are part of what a seed means: append only */
    RNG_INIT = 1,   /* initial weights; step = tensor */
    RNG_ORDER = 2,  /* order of the examples; step = epoch */
    RNG_DROPOUT = 3, /* masks; step = training step, index = (layer << 40) + element */
    RNG_PROBE = 4,  /* probe vectors and batches */
    RNG_DATA = 5,   /* input noise and masking */
    RNG_FOLDS = 6,  /* which fold an utterance is in */
    RNG_SWEEP = 7,  /* settings drawn by a sweep; step = draw, index = setting */
    RNG_LECTURE = 8, /* samples drawn from a data set (lecture/theory.h); step = draw, index = example */
    RNG_KICK = 9,    /* kicks of perturbed gradient descent; step = training step, index = element */
    RNG_LANCZOS = 10, /* first vectors of saddle-free Newton; step = training step, index = element */
    RNG_CURVE = 11    /* the place on a curve that is trained; step = step of its training */
};

struct rng {
    uint64_t seed;
    uint32_t purpose;
};

/* Four 32-bit words for counter (step, block). */
void rng_block(const struct rng *r, uint64_t step, uint64_t block, uint32_t out[4]);

/* Word number `index` of stream (step). */
uint32_t rng_word(const struct rng *r, uint64_t step, uint64_t index);
/* Uniform in [0, 1), 53 bits. */
double rng_uniform(const struct rng *r, uint64_t step, uint64_t index);
/* Standard normal (Box and Muller 1958). */
double rng_normal(const struct rng *r, uint64_t step, uint64_t index);

/* n 16-bit words, element i being half-word number `first + i` of the stream; first and n must be
 * multiples of 8. The bulk form behind dropout masks. */
void rng_halves(const struct rng *r, uint64_t step, uint64_t first, size_t n, uint16_t *out);

/* A permutation of 0 … n−1 that is computed, not stored: where example `index` of this epoch is
 * found. An eight-round Feistel network on the smallest even number of bits that holds n, walked until it lands
 * below n (Black and Rogaway 2002, "Ciphers with arbitrary finite domains"). */
uint64_t rng_permute(const struct rng *r, uint64_t epoch, uint64_t index, uint64_t n);

#endif
