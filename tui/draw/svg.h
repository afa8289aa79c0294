/* SPDX-License-Identifier: MIT */
/* A canvas as a picture: text cells of one width, in the colours of a palette. */
#ifndef SADDLE_TUI_DRAW_SVG_H
#define SADDLE_TUI_DRAW_SVG_H

#include "draw/canvas.h"

/* An SVG document, NUL-ended; the caller frees. NULL: no memory. */
char *canvas_to_svg(const struct canvas *c, enum theme p);

#endif
