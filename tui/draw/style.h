/* SPDX-License-Identifier: MIT */
/* Styles say what a cell means; a palette says how that looks with the colours a terminal has.
 * Series colours are Okabe and Ito's, told apart by every kind of colour vision. */
#ifndef SADDLE_TUI_DRAW_STYLE_H
#define SADDLE_TUI_DRAW_STYLE_H

enum style {
    STYLE_TEXT,
    STYLE_QUIET,      /* units, hints, whatever is read second */
    STYLE_STRONG,     /* the number one looks for */
    STYLE_FRAME,
    STYLE_TITLE,
    STYLE_FOCUS,      /* frame of the focused pane: the one accent */
    STYLE_FOCUS_TITLE,
    STYLE_CHOSEN,     /* the row the arrows act on */
    STYLE_KEY,        /* a key in the footer */
    STYLE_CARET,      /* the character under the cursor */
    STYLE_EDIT,       /* the mark of an edit, on curves and in the log */
    STYLE_WARNING,    /* amber, rare */
    STYLE_DANGER,     /* divergence */
    STYLE_RAW,        /* unsmoothed values behind their curve */
    STYLE_LEVEL,      /* reference lines */
    STYLE_AHEAD,      /* what a schedule says of the future */
    STYLE_CONTOUR,    /* lines of equal height */
    STYLE_SERIES_1,
    STYLE_SERIES_2,
    STYLE_SERIES_3,
    STYLE_SERIES_4,
    STYLE_SERIES_5,
    STYLE_SERIES_6,
    STYLE_RUN_A, /* of runs beside each other: the one in focus, and letters; … */
    STYLE_RUN_B,
    STYLE_RUN_C,
    STYLE_RUN_D,
    STYLE_BESIDE_A, /* … and the others, in the same colours */
    STYLE_BESIDE_B,
    STYLE_BESIDE_C,
    STYLE_BESIDE_D,
    STYLE_GHOST, /* a run that is no more */
    STYLE_COUNT
};

/* Shades of a heat map, the ground that cells stand on: 1 is the lowest, 0 no shade at all. */
enum { SHADES = 10 };

enum theme { THEME_DARK, THEME_LIGHT, THEME_CONTRAST, THEME_COUNT };

enum { INK_BOLD = 1, INK_DIM = 2, INK_REVERSE = 4, INK_UNDERLINE = 8 };

struct ink {
    int colour;          /* index among the terminal's colours, -1: its own foreground */
    unsigned attributes; /* INK_… */
};

/* The ink of a style where `colours` can be shown: 256 or more, 16, 8, or less for none. */
struct ink style_ink(enum theme p, int colours, enum style s);
/* The background of a shade, in even steps of lightness, 0 as it is; −1 with less than 256 colours, where
 * glyphs of different density (glyph.h) stand on cells that are blank. */
int style_shade(enum theme p, int colours, int shade);
/* By name: dark, light, contrast; -1 when there is none. */
int theme_find(const char *name);

#endif
