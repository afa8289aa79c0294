/* SPDX-License-Identifier: MIT */
/* Rows of shades over a horizontal axis: one row a name, one shade a value, as a logarithm. What is too small to
 * have a shade is a 0, what is beyond the shades a '!', what is not finite a cross. */
#ifndef SADDLE_TUI_DRAW_STRIP_H
#define SADDLE_TUI_DRAW_STRIP_H

#include "draw/plot.h"

enum { STRIP_NAME = 24, STRIP_ABOVE = 100 };

enum { STRIP_SHADES = 10 };

struct strip {
    const struct plot *plot; /* its x, marks, now and cross-hair; it needs no series */
    struct axis z;           /* the range of the shades, logarithmic */
    int rows;
    const char (*names)[STRIP_NAME]; /* [rows], the first at the top */
    const double *readings;  /* [rows], beside the names */
    int count;
    const double *x;         /* rising */
    const float *z_at;       /* of row r at point i: [i * stride + r] */
    int stride;
};

void strip_draw(const struct strip *s, struct canvas *c);
/* Draw the legend of the shades from column x on in row y of c: "1e-4 ░▒▓█ 3"; returns the next column, x when there is no room. */
int strip_legend(const struct strip *s, struct canvas *c, int x, int y);
/* The x under a column of the canvas the strip is drawn on; NaN outside the shades. */
double strip_x_at(const struct strip *s, struct canvas *c, int column);
/* The range that holds the values in sight, without those that are smaller by more than `decades` than the largest at
 * the same point, and without the points of a divergence, which would leave nothing to see of the others: their largest
 * value is more than STRIP_ABOVE times the end of the decade that the median of these lies in. 0 when there is none. */
int strip_extent(const struct strip *s, double decades, double *lo, double *hi);
/* The worst value of a row between two places of the axis, or the last before them; 0 beyond the last point. */
int strip_value(const struct strip *s, int row, double from, double to, float *value);
/* Whether a value is beyond the last shade. */
int strip_is_beyond(const struct strip *s, float value);
/* The strip as an SVG document, NUL-ended; the caller frees. NULL: no memory. Its parts bear a plot's names; the
 * rows are g.row with their data-name. */
char *strip_to_svg(const struct strip *s, const char *title, enum theme palette);

#endif
