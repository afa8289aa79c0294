/* SPDX-License-Identifier: MIT */
/* An SVG document as it grows: markup, text made safe, numbers under no locale, a palette's colours.
 * A page without memory takes nothing more; its end is then NULL. */
#ifndef SADDLE_TUI_DRAW_SVG_PAGE_H
#define SADDLE_TUI_DRAW_SVG_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "draw/style.h"

struct svg_page { /* all zero at first */
    char *text;
    size_t used, room;
    int failed;
};

enum { SVG_COLOUR = 8 /* "#rrggbb" and its end */ };

/* Markup as it is; printf's %f and %g follow the locale and have no place in it. */
void svg_add(struct svg_page *o, const char *markup);
void svg_format(struct svg_page *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Text between tags or in an attribute: what means something to XML is escaped, what it forbids left out. */
void svg_text(struct svg_page *o, const char *text);
void svg_character(struct svg_page *o, uint32_t ch);
/* A coordinate: two decimals at most, always with a point. */
void svg_number(struct svg_page *o, double v);
/* With `digits` decimals, 0 … 6, without zeros at the end. */
void svg_decimals(struct svg_page *o, double v, int digits);
/* The document, to be freed by the caller, or NULL: no memory. */
char *svg_end(struct svg_page *o);

void svg_rgb(struct rgb c, char out[SVG_COLOUR]);
/* Of what everything stands on, and of a style on it. */
void svg_paper(enum theme p, char out[SVG_COLOUR]);
void svg_ink(enum theme p, enum style s, char out[SVG_COLOUR]);

#endif
