/* SPDX-License-Identifier: MIT */
/* Styles say what a cell means; a palette says how that looks with the colours a terminal has.
 * Series colours are Okabe and Ito's, told apart by every kind of colour vision. */
#ifndef SADDLE_TUI_DRAW_STYLE_H
#define SADDLE_TUI_DRAW_STYLE_H

#include "draw/colormap.h"

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

/* Grounds that cells stand on, the pixels of maps and surfaces: 0 is none, else a height's level and a shadow. */
enum { SHADES = COLORMAP_LEVELS /* levels, 1 the lowest */, SHADOWS = 12 /* 0 full light … 11 */ };

/* What a cell holds of a level (1 … SHADES) under a shadow (0 … SHADOWS − 1), and the two again. */
int shade_make(int level, int shadow);
int shade_level(int shade);
int shade_shadow(int shade);

enum theme { THEME_DARK, THEME_LIGHT, THEME_CONTRAST, THEME_TERMINAL /* its own eight colours */, THEME_COUNT };

enum { INK_BOLD = 1, INK_DIM = 2, INK_REVERSE = 4, INK_UNDERLINE = 8 };

struct ink {
    int colour;          /* index among the terminal's colours, -1: its own foreground */
    unsigned attributes; /* INK_… */
};

/* The ink of a style where `colours` can be shown: 256 or more, 16, 8, or less for none. */
struct ink style_ink(enum theme p, int colours, enum style s);
/* Of a style among the 256 colours as red, green and blue: where the terminal's own are meant, those of the theme. */
struct rgb style_rgb(enum theme p, enum style s);
/* What everything stands on, and what text is written in. */
struct rgb theme_paper(enum theme p);
struct rgb theme_text(enum theme p);
/* The colour of a height, a place 0 … 1 of the scale. */
struct rgb style_height(enum theme p, enum colormap map, double place);
/* A path or mark on a map, and its dark edge: on any colour of any map one of the two is seen, on each other both are. */
struct rgb style_way(enum theme p, enum style s);
struct rgb style_edge(void);
/* A shade under a path or mark of a style: the same, in as much shadow as it needs. */
int style_under(enum theme p, enum style s, enum colormap map, int shade);
/* The colour of a shade (not 0), the colour map's; the greys begin at the paper. */
struct rgb style_ground(enum theme p, enum colormap map, int shade);
/* The same among 256 colours. */
int style_ground_index(enum theme p, enum colormap map, int shade);
/* A style's colour on a ground, changed no more than it takes to be seen there. */
struct rgb style_on(enum theme p, enum style s, struct rgb ground);
/* The same among 256 colours, on one of these. */
int style_on_index(enum theme p, enum style s, int ground);
/* By name: dark, light, contrast, terminal; -1 when there is none. */
int theme_find(const char *name);

#endif
