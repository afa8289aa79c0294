/* SPDX-License-Identifier: MIT */
/* Cells cut into pixels of two colours: sextants (Unicode 13, 2×3 pixels) and octants (Unicode 16, 2×4). Of a pattern, bit i is
 * pixel i, row by row from the upper left. Each takes one column, whatever a C library thinks of characters that it does not know. */
#ifndef SADDLE_TUI_DRAW_MOSAIC_H
#define SADDLE_TUI_DRAW_MOSAIC_H

#include <stdint.h>

enum mosaic {
    MOSAIC_NONE, /* braille for lines, half blocks for maps */
    MOSAIC_SEXTANTS,
    MOSAIC_OCTANTS,
    MOSAIC_COUNT
};

enum { MOSAIC_ACROSS = 2, MOSAIC_PIXELS = 8 /* at most */ };

/* Rows of pixels in a cell: 3 or 4; of MOSAIC_NONE none. */
int mosaic_rows(enum mosaic kind);
/* By the name a user gives: braille, sextants, octants; −1 when there is none. */
int mosaic_find(const char *name);
const char *mosaic_name(enum mosaic kind);

/* The character of a pattern: a blank of none, █ of all. */
uint32_t mosaic_glyph(enum mosaic kind, unsigned bits);
/* The pattern of a character, −1 where it has none. */
int mosaic_bits(enum mosaic kind, uint32_t glyph);
/* Whichever of the two a character is, or MOSAIC_NONE; those that both have are octants. */
enum mosaic mosaic_of(uint32_t glyph);
/* The same dots in braille, for what cannot be shown. */
uint32_t mosaic_as_braille(uint32_t glyph);

struct mosaic_split {
    unsigned bits; /* pixels that have `front`; the others have `back` */
    int front, back; /* shades (style.h); equal where one will do */
};

/* The two shades, and the pixels that have the first, that are nearest to `count` shades: nearest by the sum of squares in
 * lightness and colour. Where some are 0, no ground, these are one of the two. */
struct mosaic_split mosaic_split(const int *shade, int count);

#endif
