/* SPDX-License-Identifier: MIT */
/* Three passes: matches are found and kept as symbols, the symbols are counted, and they are written in Huffman codes of
 * these counts. Code lengths come from halving the counts until no code is too long, which costs next to nothing here. */
#include "draw/deflate.h"

#include <stdlib.h>
#include <string.h>

enum {
    WINDOW = 32768, LEAST = 3, MOST = 258, CHAIN = 48, HASHES = 1 << 14,
    LITERALS = 286, DISTANCES = 30, LENGTHS = 19, END = 256, LONGEST = 15, LONGEST_LENGTH = 7
};

struct symbol { /* a literal (distance 0), or a match */
    uint16_t value, distance;
};

struct packer {
    const uint8_t *in;
    size_t count;
    struct symbol *symbol;
    size_t symbols;
    int32_t *head, *before; /* the last place with a hash, and for each place in the window the one before it */
    uint8_t *out;
    size_t used, room;
    uint64_t bits;
    int held; /* bits not written yet */
    unsigned literal[LITERALS], distance[DISTANCES];
};

static const uint16_t length_base[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                       31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t length_extra[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static const uint16_t distance_base[] = {1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
                                         193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};

static int length_code(int length)
{
    int i = 28;

    while (length_base[i] > length)
        i--;
    return i;
}

static int distance_code(int distance)
{
    int i = 29;

    while (distance_base[i] > distance)
        i--;
    return i;
}

static int distance_extra(int code)
{
    return code < 4 ? 0 : code / 2 - 1;
}

/* ---- matches ---------------------------------------------------------------------------------- */

static unsigned hash_at(const uint8_t *p)
{
    return ((unsigned)p[0] << 16 | (unsigned)p[1] << 8 | p[2]) * 2654435761u >> 18;
}

static void remember(struct packer *k, size_t at)
{
    if (at + LEAST > k->count)
        return;
    unsigned h = hash_at(k->in + at);
    k->before[at % WINDOW] = k->head[h];
    k->head[h] = (int32_t)at;
}

/* The longest match of what begins at `at`, 0: none. */
static int longest(const struct packer *k, size_t at, int *distance)
{
    int best = 0, most = k->count - at < MOST ? (int)(k->count - at) : MOST;
    int32_t from = most < LEAST ? -1 : k->head[hash_at(k->in + at)];

    for (int tries = 0; from >= 0 && at - (size_t)from <= WINDOW - MOST && tries < CHAIN && best < most; tries++) {
        int n = 0;
        while (n < most && k->in[(size_t)from + (size_t)n] == k->in[at + (size_t)n])
            n++;
        if (n > best)
            best = n, *distance = (int)(at - (size_t)from);
        from = k->before[from % WINDOW];
    }
    return best >= LEAST ? best : 0;
}

static void find_matches(struct packer *k)
{
    for (size_t at = 0; at < k->count;) {
        int distance = 0, n = longest(k, at, &distance);
        k->symbol[k->symbols++] = n ? (struct symbol){(uint16_t)n, (uint16_t)distance} : (struct symbol){k->in[at], 0};
        k->literal[n ? 257 + length_code(n) : k->in[at]]++;
        if (n)
            k->distance[distance_code(distance)]++;
        for (int i = 0; i < (n ? n : 1); i++)
            remember(k, at++);
    }
    k->literal[END]++;
}

/* ---- codes ------------------------------------------------------------------------------------ */

/* The depths of a Huffman tree over these counts; returns the deepest. Quadratic: the alphabets are small. */
static int depths(const unsigned *count, int n, uint8_t *depth)
{
    unsigned weight[2 * LITERALS];
    int parent[2 * LITERALS], nodes = n, deepest = 0;

    for (int i = 0; i < n; i++)
        weight[i] = count[i], parent[i] = -1;
    for (;; nodes++) {
        int a = -1, b = -1;
        for (int i = 0; i < nodes; i++) {
            if (!weight[i] || parent[i] >= 0)
                continue;
            if (a < 0 || weight[i] < weight[a])
                b = a, a = i;
            else if (b < 0 || weight[i] < weight[b])
                b = i;
        }
        if (b < 0)
            break;
        weight[nodes] = weight[a] + weight[b];
        parent[nodes] = -1;
        parent[a] = parent[b] = nodes;
    }
    for (int i = 0; i < n; i++) {
        depth[i] = 0;
        for (int at = i; count[i] && parent[at] >= 0; at = parent[at])
            depth[i]++;
        deepest = depth[i] > deepest ? depth[i] : deepest;
    }
    return deepest;
}

/* Lengths of codes of at most `limit` bits. Two codes at least: one alone has no bits, which decoders dislike. */
static void code_lengths(const unsigned *counts, int n, int limit, uint8_t *length)
{
    unsigned count[LITERALS];
    int used = 0;

    memcpy(count, counts, (size_t)n * sizeof *count);
    for (int i = 0; i < n; i++)
        used += count[i] > 0;
    for (int i = 0; used < 2; i++)
        if (!count[i])
            count[i] = 1, used++;
    while (depths(count, n, length) > limit)
        for (int i = 0; i < n; i++)
            count[i] -= count[i] / 2;
}

/* Canonical codes, their first bit lowest, as they are written. */
static void make_codes(const uint8_t *length, int n, uint16_t *code)
{
    unsigned next[LONGEST + 2] = {0}, many[LONGEST + 2] = {0};

    for (int i = 0; i < n; i++)
        many[length[i]]++;
    many[0] = 0;
    for (int bits = 1; bits <= LONGEST; bits++)
        next[bits + 1] = (next[bits] + many[bits]) << 1;
    for (int i = 0; i < n; i++) {
        unsigned c = length[i] ? next[length[i]]++ : 0, turned = 0;
        for (int b = 0; b < length[i]; b++)
            turned |= (c >> b & 1) << (length[i] - 1 - b);
        code[i] = (uint16_t)turned;
    }
}

/* ---- bits ------------------------------------------------------------------------------------- */

static void put(struct packer *k, unsigned value, int bits)
{
    k->bits |= (uint64_t)value << k->held;
    for (k->held += bits; k->held >= 8; k->held -= 8, k->bits >>= 8)
        if (k->used < k->room)
            k->out[k->used++] = (uint8_t)k->bits;
}

/* The lengths of the two alphabets, in codes of their own. */
static void put_tables(struct packer *k, const uint8_t *literal, const uint8_t *distance)
{
    static const uint8_t order[LENGTHS] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    unsigned count[LENGTHS] = {0};
    uint8_t length[LENGTHS];
    uint16_t code[LENGTHS];

    for (int i = 0; i < LITERALS; i++)
        count[literal[i]]++;
    for (int i = 0; i < DISTANCES; i++)
        count[distance[i]]++;
    code_lengths(count, LENGTHS, LONGEST_LENGTH, length);
    make_codes(length, LENGTHS, code);
    put(k, 5, 3); /* the last block, with codes of its own */
    put(k, LITERALS - 257, 5);
    put(k, DISTANCES - 1, 5);
    put(k, LENGTHS - 4, 4);
    for (int i = 0; i < LENGTHS; i++)
        put(k, length[order[i]], 3);
    for (int i = 0; i < LITERALS; i++)
        put(k, code[literal[i]], length[literal[i]]);
    for (int i = 0; i < DISTANCES; i++)
        put(k, code[distance[i]], length[distance[i]]);
}

static void put_block(struct packer *k)
{
    uint8_t literal[LITERALS], distance[DISTANCES];
    uint16_t literal_code[LITERALS], code[DISTANCES];

    code_lengths(k->literal, LITERALS, LONGEST, literal);
    code_lengths(k->distance, DISTANCES, LONGEST, distance);
    make_codes(literal, LITERALS, literal_code);
    make_codes(distance, DISTANCES, code);
    put_tables(k, literal, distance);
    for (size_t i = 0; i < k->symbols; i++) {
        struct symbol s = k->symbol[i];
        int l = s.distance ? length_code(s.value) : 0, d = s.distance ? distance_code(s.distance) : 0;
        int at = s.distance ? 257 + l : s.value;
        put(k, literal_code[at], literal[at]);
        if (!s.distance)
            continue;
        put(k, (unsigned)(s.value - length_base[l]), length_extra[l]);
        put(k, code[d], distance[d]);
        put(k, (unsigned)(s.distance - distance_base[d]), distance_extra(d));
    }
    put(k, literal_code[END], literal[END]);
    put(k, 0, 7); /* to a whole byte */
    k->bits = 0, k->held = 0;
}

static uint32_t adler(const uint8_t *bytes, size_t count)
{
    uint32_t a = 1, b = 0;

    for (size_t i = 0; i < count; i++) {
        a = (a + bytes[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

uint8_t *zlib_compress(const uint8_t *bytes, size_t count, size_t *size)
{
    enum { FRAME = 512 }; /* tables, head and sum */
    struct packer k = {.in = bytes, .count = count, .room = 2 * count + FRAME}; /* a code has 15 bits at most */
    uint32_t sum = adler(bytes, count);

    k.symbol = malloc((count + 1) * sizeof *k.symbol);
    k.head = malloc(HASHES * sizeof *k.head);
    k.before = malloc(WINDOW * sizeof *k.before);
    k.out = malloc(k.room);
    if (k.symbol && k.head && k.before && k.out) {
        memset(k.head, -1, HASHES * sizeof *k.head);
        find_matches(&k);
        put(&k, 0x0178, 16); /* 78 01 */
        put_block(&k);
        for (int shift = 24; shift >= 0; shift -= 8)
            put(&k, sum >> shift & 255, 8);
        *size = k.used;
    } else {
        free(k.out);
        k.out = NULL;
    }
    free(k.symbol);
    free(k.head);
    free(k.before);
    return k.out;
}
