/* SPDX-License-Identifier: MIT */
/* Markers as shapes: they look the same whatever fonts there are. */
#ifndef SADDLE_TUI_DRAW_GLYPH_SVG_H
#define SADDLE_TUI_DRAW_GLYPH_SVG_H

#include "draw/svg-page.h"

/* The shape of a marker about the origin as a path's `d`, NULL: it has none; *hollow: it is drawn with a pen, not filled. */
const char *glyph_svg_shape(uint32_t glyph, int *hollow);
/* A marker about the origin, some 11 pixels wide, in a colour with an edge; what has no shape is written as a character. */
void glyph_svg(struct svg_page *o, uint32_t glyph, struct rgb colour, struct rgb edge);

#endif
