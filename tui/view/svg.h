/* A canvas as a picture: text cells of one width, in the colours of a palette. */
#ifndef SADDLE_VIEW_SVG_H
#define SADDLE_VIEW_SVG_H

#include "canvas.h"

/* An SVG document, NUL-ended; the caller frees. NULL: no memory. */
char *canvas_to_svg(const struct canvas *c, enum palette p);

/* A colour of the 256 as a document has it, "#d75f00"; −1 is a palette's ink, SVG_PAPER its paper. */
enum { SVG_PAPER = -2 };
void svg_colour(enum palette p, int colour, char out[8]);

#endif
