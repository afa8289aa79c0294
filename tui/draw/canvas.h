/* SPDX-License-Identifier: MIT */
/* A grid of cells to draw on. A canvas may be a part of a larger one: it has its own origin and
 * size, and nothing drawn on it lands outside. Drawing never fails; what does not fit is cut. */
#ifndef SADDLE_TUI_DRAW_CANVAS_H
#define SADDLE_TUI_DRAW_CANVAS_H

#include <stddef.h>
#include <stdint.h>

#include "draw/mosaic.h"
#include "draw/style.h"

struct rect {
    int x, y, w, h;
};

enum charset {
    CHARSET_BRAILLE, /* all of Unicode, plots of 2×4 dots a cell, or 2×3 (mosaic.h) */
    CHARSET_BLOCK,   /* what a console's font has, plots of 1×2 dots a cell */
    CHARSET_ASCII    /* 7 bits, one character a cell */
};

struct cell {
    uint32_t ch;   /* 0: the right half of the wide character to the left */
    uint32_t mark; /* a combining character above it, or 0 */
    uint8_t style;
    uint16_t shade; /* of the ground it stands on, its upper half or its pixels; characters put there leave it */
    uint16_t low;   /* and of its lower half, or the other pixels */
    uint8_t edged;  /* a path or mark on a map: the ground is darkened as far as it is too bright for it */
    uint8_t dense;  /* the character stands for the ground, by its density, where grounds are not shown */
    uint8_t halo[2];    /* how much of that darkness reaches its upper and its lower half from one nearby (halo.h), … */
    uint8_t halo_style; /* … and that one's style */
    uint8_t mosaic; /* enum mosaic of the pixels; MOSAIC_NONE: halves */
    uint8_t pixels; /* those that have `shade` */
};

struct canvas {
    struct cell *cells; /* of the whole */
    int stride;
    int x, y, w, h;     /* this part within the whole */
    struct rect clip;   /* what may be written, in the whole's coordinates */
    enum charset charset;
    enum colormap colormap; /* the colours of shades */
    enum mosaic mosaic;     /* of dots and pixels, where the charset is CHARSET_BRAILLE */
};

/* Blank cells. Returns 0, or -1 when there is no memory (or no size). */
int canvas_init(struct canvas *c, int w, int h, enum charset charset);
void canvas_free(struct canvas *c);
/* A part of c; r in c's coordinates. Shares the cells. */
struct canvas canvas_part(const struct canvas *c, struct rect r);
/* Fill with blanks on no ground. */
void canvas_clear(struct canvas *c);

/* The cell at a place, to be changed; NULL: outside what may be drawn on. */
struct cell *canvas_at(const struct canvas *c, int x, int y);

/* One character; what the charset lacks is replaced by what it has. */
void canvas_put(struct canvas *c, int x, int y, enum style s, uint32_t ch);
/* Columns of UTF-8 text, written as the charset has it (spell.h). */
int canvas_width(const struct canvas *c, const char *text);
/* The same text from x on; returns its columns, cut or not. */
int canvas_text(struct canvas *c, int x, int y, enum style s, const char *text);
/* The same, ending before column `end`. */
void canvas_text_right(struct canvas *c, int end, int y, enum style s, const char *text);
/* Text in at most `room` columns: what is longer ends in …, or begins with it. Returns its columns. */
int canvas_cut(struct canvas *c, int x, int y, int room, enum style s, const char *text);
int canvas_cut_front(struct canvas *c, int x, int y, int room, enum style s, const char *text);
int canvas_format(struct canvas *c, int x, int y, enum style s, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Bytes of the first line of `text` in `width` columns: up to the last blank that fits, or between two wide characters. */
size_t canvas_line(const char *text, int width, enum charset charset);
/* Text broken at blanks into at most `rows` lines of the canvas's width, the last ending in … where it is not all; returns
 * the lines used. */
int canvas_wrap(struct canvas *c, int x, int y, int rows, enum style s, const char *text);
/* Give `count` cells of a row another style, leaving their characters. */
void canvas_tint(struct canvas *c, int x, int y, int count, enum style s);

/* Give a cell a ground. */
void canvas_shade(struct canvas *c, int x, int y, int shade);
/* What stands in a cell is a path or mark on its ground; until something else is put there. */
void canvas_edge(struct canvas *c, int x, int y);
/* Give a cell a ground, and a character that stands for it where grounds are not shown: elsewhere it is not seen. */
void canvas_dense(struct canvas *c, int x, int y, enum style s, uint32_t ch, int shade);
/* Two, above each other: pixels twice as fine as cells. Where characters stand both halves have their mean. */
void canvas_halves(struct canvas *c, int x, int y, int upper, int lower);
/* As many pixels as the mosaic has, by two shades that are near to theirs. */
void canvas_pixels(struct canvas *c, int x, int y, enum mosaic kind, const int *shade);
/* Whether a cell shows halves or pixels, and the one ground of a cell that does not. */
int cell_has_halves(struct cell cell, enum charset charset);
int cell_ground(struct cell cell);
/* The colours of a cell on a ground. */
struct cell_colours {
    struct rgb front, back;
    int shade; /* of the back */
};
struct cell_colours cell_colours(struct cell cell, enum theme p, enum colormap map);

/* A frame along the edge, its title in the upper line (`note`, may be NULL, at the right end);
 * returns the part inside. Below 2×2 nothing is drawn and nothing is inside. */
struct canvas canvas_frame(struct canvas *c, int focus, const char *title, const char *note);

/* Dots a cell has in each direction, and one dot: x, y count dots. `plain` is the ASCII character. */
void canvas_dots(const struct canvas *c, int *across, int *down);
void canvas_dot(struct canvas *c, int x, int y, enum style s, char plain);

/* The cell as it is to be shown on its ground: half of a wide character that lost the other is a blank. */
struct cell canvas_cell(const struct canvas *c, int x, int y);
/* The same where there are no backgrounds: a blank on a shade is a glyph of its density. */
struct cell canvas_cell_flat(const struct canvas *c, int x, int y);
/* The canvas as lines of UTF-8 without blanks at their ends; the caller frees. NULL: no memory. */
char *canvas_to_text(const struct canvas *c);

#endif
