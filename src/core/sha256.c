/* SPDX-License-Identifier: MIT */
#include "core/sha256.h"

#include <string.h>

/* First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/* … of the square roots of the first 8 (5.3.3). */
static const uint32_t FIRST[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static inline uint32_t turned(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static inline uint32_t big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The message schedule's next word in place of the one 16 before it; the ring holds the last 16. */
static inline uint32_t scheduled(uint32_t w[16], int t)
{
    uint32_t a = w[(t + 1) & 15], b = w[(t + 14) & 15];

    return w[t & 15] += (turned(a, 7) ^ turned(a, 18) ^ a >> 3) + w[(t + 9) & 15] +
                        (turned(b, 17) ^ turned(b, 19) ^ b >> 10);
}

/* One round (6.2.2, step 3) without moving the eight variables: the caller names them in the next place instead. */
#define ROUND(a, b, c, d, e, f, g, h, t, word)                                                               \
    do {                                                                                                     \
        uint32_t sum = h + K[t] + (word);                                                                    \
        sum += (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + (g ^ (e & (f ^ g)));                         \
        d += sum;                                                                                            \
        h = sum + (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) | (c & (a | b)));                \
    } while (0)
/* Eight of them bring every variable back to its place. */
#define ROUNDS(t, word)                                                                                      \
    do {                                                                                                     \
        ROUND(a, b, c, d, e, f, g, h, (t), word((t)));                                                       \
        ROUND(h, a, b, c, d, e, f, g, (t) + 1, word((t) + 1));                                               \
        ROUND(g, h, a, b, c, d, e, f, (t) + 2, word((t) + 2));                                               \
        ROUND(f, g, h, a, b, c, d, e, (t) + 3, word((t) + 3));                                               \
        ROUND(e, f, g, h, a, b, c, d, (t) + 4, word((t) + 4));                                               \
        ROUND(d, e, f, g, h, a, b, c, (t) + 5, word((t) + 5));                                               \
        ROUND(c, d, e, f, g, h, a, b, (t) + 6, word((t) + 6));                                               \
        ROUND(b, c, d, e, f, g, h, a, (t) + 7, word((t) + 7));                                               \
    } while (0)
#define OF_BLOCK(t)    (w[(t)] = big_endian(block + 4 * (t)))
#define OF_SCHEDULE(t) scheduled(w, (t))

static void add_block(uint32_t state[8], const unsigned char *block)
{
    uint32_t w[16], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6],
                    h = state[7];

    ROUNDS(0, OF_BLOCK);
    ROUNDS(8, OF_BLOCK);
    for (int t = 16; t < 64; t += 16) {
        ROUNDS(t, OF_SCHEDULE);
        ROUNDS(t + 8, OF_SCHEDULE);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
}

void sha256_begin(struct sha256 *s)
{
    memcpy(s->state, FIRST, sizeof FIRST);
    s->bytes = 0;
}

void sha256_add(struct sha256 *s, const void *bytes, size_t size)
{
    const unsigned char *p = bytes;
    size_t used = (size_t)(s->bytes % SHA256_BLOCK), room = SHA256_BLOCK - used;

    if (size == 0)
        return;
    s->bytes += size;
    if (used && size >= room) {
        memcpy(s->block + used, p, room);
        add_block(s->state, s->block);
        p += room;
        size -= room;
        used = 0;
    }
    for (; size >= SHA256_BLOCK; p += SHA256_BLOCK, size -= SHA256_BLOCK)
        add_block(s->state, p);
    memcpy(s->block + used, p, size);
}

void sha256_end(struct sha256 *s, unsigned char digest[SHA256_SIZE])
{
    static const unsigned char padding[SHA256_BLOCK] = {0x80};
    uint64_t bits = s->bytes * 8;
    unsigned char length[8];

    for (int i = 0; i < 8; i++)
        length[i] = (unsigned char)(bits >> (56 - 8 * i));
    /* 1 to 64 bytes of padding, so that the length ends a block */
    sha256_add(s, padding, SHA256_BLOCK - (size_t)((s->bytes + sizeof length) % SHA256_BLOCK));
    sha256_add(s, length, sizeof length);
    for (int i = 0; i < SHA256_SIZE; i++)
        digest[i] = (unsigned char)(s->state[i / 4] >> (24 - i % 4 * 8));
}

void sha256_hex(const unsigned char digest[SHA256_SIZE], char text[SHA256_TEXT])
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; i < SHA256_SIZE; i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 15];
    }
    text[2 * SHA256_SIZE] = 0;
}
