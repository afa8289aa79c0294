/* SPDX-License-Identifier: MIT */
#include "draw/mosaic.h"

#include <math.h>
#include <string.h>

#include "draw/style.h"

enum { BLANK = ' ', FULL = 0x2588, LEFT = 0x258c, RIGHT = 0x2590, SEXTANT = 0x1fb00, OCTANT = 0x1cd00, BRAILLE = 0x2800, UNSET = -1 };

static const char *const names[MOSAIC_COUNT] = {"braille", "sextants", "octants"};

int mosaic_rows(enum mosaic kind)
{
    return kind == MOSAIC_NONE ? 0 : kind == MOSAIC_SEXTANTS ? 3 : 4;
}

int mosaic_find(const char *name)
{
    for (int i = 0; i < MOSAIC_COUNT; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    return -1;
}

const char *mosaic_name(enum mosaic kind)
{
    return names[kind];
}

/* ---- characters ------------------------------------------------------------------------------- */

/* Patterns of octants that Unicode had as other characters; the others follow each other in order. */
static const struct {
    unsigned char bits;
    uint32_t glyph;
} known[] = {
    {0x00, BLANK},   {0x01, 0x1cea8}, {0x02, 0x1ceab}, {0x03, 0x1fb82}, {0x05, 0x2598}, {0x0a, 0x259d}, {0x0f, 0x2580},
    {0x14, 0x1fbe6}, {0x28, 0x1fbe7}, {0x3f, 0x1fb85}, {0x40, 0x1cea3}, {0x50, 0x2596}, {0x55, LEFT},   {0x5a, 0x259e},
    {0x5f, 0x259b},  {0x80, 0x1cea0}, {0xa0, 0x2597},  {0xa5, 0x259a},  {0xaa, RIGHT},  {0xaf, 0x259c}, {0xc0, 0x2582},
    {0xf0, 0x2584},  {0xf5, 0x2599},  {0xfa, 0x259f},  {0xfc, 0x2586},  {0xff, FULL},
};
enum { KNOWN = sizeof known / sizeof *known };

static uint32_t octant(unsigned bits)
{
    unsigned before = 0;

    while (before < KNOWN && known[before].bits < bits)
        before++;
    return before < KNOWN && known[before].bits == bits ? known[before].glyph : OCTANT + bits - before;
}

static uint32_t sextant(unsigned bits)
{
    enum { LEFT_BITS = 21, RIGHT_BITS = 42, ALL = 63 };

    switch (bits) {
    case 0: return BLANK;
    case LEFT_BITS: return LEFT;
    case RIGHT_BITS: return RIGHT;
    case ALL: return FULL;
    default: return SEXTANT + bits - 1 - (bits > LEFT_BITS) - (bits > RIGHT_BITS);
    }
}

uint32_t mosaic_glyph(enum mosaic kind, unsigned bits)
{
    return kind == MOSAIC_SEXTANTS ? sextant(bits & 63) : octant(bits & 255);
}

/* The n-th of the patterns that are not known otherwise. */
static int octant_bits(uint32_t glyph)
{
    enum { OCTANTS = 256 - KNOWN };
    unsigned bits = glyph - OCTANT;

    for (unsigned i = 0; i < KNOWN; i++)
        if (known[i].glyph == glyph)
            return known[i].bits;
    if (glyph < OCTANT || bits >= OCTANTS)
        return UNSET;
    for (unsigned i = 0; i < KNOWN; i++)
        bits += known[i].bits <= bits;
    return (int)bits;
}

static int sextant_bits(uint32_t glyph)
{
    for (unsigned bits = 0; bits < 64; bits++)
        if (sextant(bits) == glyph)
            return (int)bits;
    return UNSET;
}

int mosaic_bits(enum mosaic kind, uint32_t glyph)
{
    return kind == MOSAIC_NONE ? UNSET : kind == MOSAIC_SEXTANTS ? sextant_bits(glyph) : octant_bits(glyph);
}

enum mosaic mosaic_of(uint32_t glyph)
{
    if (glyph < 0x2580 || (glyph > 0x259f && glyph < OCTANT)) /* most characters are none */
        return MOSAIC_NONE;
    if (mosaic_bits(MOSAIC_OCTANTS, glyph) != UNSET)
        return MOSAIC_OCTANTS;
    return mosaic_bits(MOSAIC_SEXTANTS, glyph) != UNSET ? MOSAIC_SEXTANTS : MOSAIC_NONE;
}

uint32_t mosaic_as_braille(uint32_t glyph)
{
    static const unsigned char dots[MOSAIC_PIXELS] = {0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80};
    enum mosaic kind = mosaic_of(glyph);
    int bits = mosaic_bits(kind, glyph);
    uint32_t ch = BRAILLE;

    for (int i = 0; bits >= 0 && i < MOSAIC_PIXELS; i++)
        if (bits >> i & 1)
            ch |= dots[i];
    return bits < 0 ? glyph : ch;
}

/* ---- two colours ------------------------------------------------------------------------------ */

struct look { /* how a pixel looks */
    double light, level;
};

static struct look look_of(int shade)
{
    static const double DARKENED = .75, COLOUR = .5; /* as style_ground darkens; lightness is seen more finely than colour */
    double level = shade_level(shade);

    return (struct look){level * (1 - DARKENED * shade_shadow(shade) / (SHADOWS - 1)), COLOUR * level};
}

static struct look add_looks(struct look a, struct look b, double sign)
{
    return (struct look){a.light + sign * b.light, a.level + sign * b.level};
}

static double squared(struct look a)
{
    return a.light * a.light + a.level * a.level;
}

static int is_plain(const int *shade, int count)
{
    int least = shade[0], most = shade[0];

    for (int i = 1; i < count; i++) {
        least = shade[i] < least ? shade[i] : least;
        most = shade[i] > most ? shade[i] : most;
    }
    return most - least <= 1 && (least || !most); /* a level apart at most, under one shadow: nobody misses it */
}

static unsigned grounded(const int *shade, int count)
{
    unsigned bits = 0;

    for (int i = 0; i < count; i++)
        bits |= (unsigned)(shade[i] != 0) << i;
    return bits;
}

static int mean_shade(const int *shade, int count, unsigned bits)
{
    int n = 0, level = 0, shadow = 0;

    for (int i = 0; i < count; i++)
        if (bits >> i & 1)
            n++, level += shade_level(shade[i]), shadow += shade_shadow(shade[i]);
    return n && level ? shade_make((level + n / 2) / n, (shadow + n / 2) / n) : 0;
}

/* All of them are tried, each a pixel from the one before (Gray). The last pixel is always at the back. What is least is the sum
 * of squares within the two, so that |sum|²/n of both together is most. */
static unsigned best_bits(const int *shade, int count)
{
    struct look look[MOSAIC_PIXELS], all = {0, 0}, front = {0, 0};
    unsigned bits = 0, best = 0;
    double most = -INFINITY;
    int n = 0;

    for (int i = 0; i < count; i++)
        all = add_looks(all, look[i] = look_of(shade[i]), 1);
    for (unsigned step = 1; step < 1u << (count - 1); step++) {
        int flip = __builtin_ctz(step), on = !(bits >> flip & 1);
        double kept;
        bits ^= 1u << flip;
        n += on ? 1 : -1;
        front = add_looks(front, look[flip], on ? 1 : -1);
        kept = squared(front) / n + squared(add_looks(all, front, -1)) / (count - n);
        if (kept > most)
            most = kept, best = bits;
    }
    return best;
}

struct mosaic_split mosaic_split(const int *shade, int count)
{
    unsigned all = (1u << count) - 1, ground = grounded(shade, count), bits;

    if (is_plain(shade, count)) {
        int mean = mean_shade(shade, count, all);
        return (struct mosaic_split){all, mean, mean};
    }
    bits = ground == all ? best_bits(shade, count) : ground;
    return (struct mosaic_split){bits, mean_shade(shade, count, bits), mean_shade(shade, count, all & ~bits)};
}
