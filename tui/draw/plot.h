/* SPDX-License-Identifier: MIT */
/* A plot of curves on a canvas: axes, ticks and numbers, marks, reference lines. It knows series,
 * axes and marks, and nothing of where they come from. */
#ifndef SADDLE_TUI_DRAW_PLOT_H
#define SADDLE_TUI_DRAW_PLOT_H

#include "draw/axes.h"
#include "draw/axis.h"
#include "draw/canvas.h"

enum stroke {
    STROKE_SOLID,
    STROKE_DASHED,
    STROKE_DOTTED,
    STROKE_BAND, /* the least and largest values, as loose dots */
    STROKE_STEM, /* an upright from zero, or from the nearer end of the axis, to each point */
    STROKE_AREA, /* the same on to the next point */
    STROKE_LOOSE, /* an upright of loose dots */
    STROKE_NONE  /* the markers alone */
};

struct series {
    const char *name;
    const char *legend; /* in a picture; NULL: the name */ /* in the legend; NULL keeps it out */
    enum style style;
    enum stroke stroke;
    uint32_t marker;  /* drawn at each point where there is room, or 0 */
    char plain;       /* its character in ASCII */
    char end;         /* a letter at its newest point in sight, or 0 */
    int strong;       /* thicker in a picture */
    int count;
    const double *x;  /* rising */
    const float *y;   /* NaN breaks the line */
    const float *lo, *hi; /* of a band; else unused */
};

struct plot_mark { /* something that happened at x */
    double x;
    uint32_t glyph; /* on the horizontal axis */
    enum style style;
    int line;       /* and a vertical line above it */
    const char *name; /* in the legend; NULL keeps it out */
};

struct plot_level { /* a reference line */
    double y;
    const char *name;
    enum style style;
};

struct plot_zone { /* a shaded part of the vertical axis: values that count as one */
    double lo, hi;
    const char *name;
};

struct plot {
    struct axis x, y;
    const struct series *series; /* the clearest last: it is drawn on top */
    int series_count;
    const struct plot_mark *marks;
    int mark_count;
    const struct plot_level *levels;
    int level_count;
    const struct plot_zone *zones;
    int zone_count;
    double now;     /* where the known ends: a vertical line; NaN: none */
    double cross;   /* x of the cross-hair; NaN: none */
    const char *note; /* a line above the curves in a picture: the formula; or NULL */
    int label_room; /* columns of the numbers at the left, at least; keeps neighbours aligned */
};

void plot_draw(const struct plot *p, struct canvas *c);
/* Draw marks, the end of the known and the cross-hair over everything else inside these axes. */
void plot_draw_events(const struct plot *p, struct axes *a, struct canvas *c);
/* A quiet line of words inside the curves' field, as near to x as nothing else is drawn; nowhere where there is no room. */
void plot_remark(const struct plot *p, struct canvas *c, double x, const char *text);
/* Legend of the curves, or of the bands, from column x on in row y of c, the clearest first; what does
 * not fit whole is left out. Returns the next column. */
int plot_legend(const struct plot *p, int bands, struct canvas *c, int x, int y);
/* Least and largest y of the series within p's horizontal window (bands count where `bands`);
 * 0 when there is no finite value. */
int plot_extent(const struct plot *p, int bands, double *lo, double *hi);
/* The x under a column of the canvas the plot is drawn on; NaN outside the curves' field. */
double plot_x_at(const struct plot *p, struct canvas *c, int column);
/* The index of the last point at or before x, or −1. */
int series_index(const struct series *s, double x);

#endif
