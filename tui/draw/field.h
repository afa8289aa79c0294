/* SPDX-License-Identifier: MIT */
/* A height over two axes, seen from above: a heat map with lines of equal height, their legend, paths and
 * marks on it. It knows heights, and nothing of where they come from. */
#ifndef SADDLE_TUI_DRAW_FIELD_H
#define SADDLE_TUI_DRAW_FIELD_H

#include "draw/axis.h"
#include "draw/canvas.h"

struct field_path { /* a way over it; a point that is not finite breaks it */
    const char *name;
    const char *legend;  /* in a picture's legend; NULL: the name */
    enum style style;
    uint32_t marker;     /* drawn along it where there is room, or 0 */
    char plain;          /* its character in ASCII */
    int count;
    const double *x, *y; /* point i at [i * stride] */
    int stride;          /* 0 is 1 */
    const double *time;  /* when each point is passed, rising, for a film; point i at [i]; NULL: it is no racer */
    const double *away;  /* [count] 0 … 1: every point has a mark, the smaller the farther away it is; or NULL */
};

struct field_mark { /* a place on it: the start, a minimum, where something stands now */
    const char *name;
    double x, y;
    enum style style;
    uint32_t glyph;
    char plain;
};

/* From where a surface is seen (relief.h). */
struct eye {
    double turn;   /* about the vertical, in radians; 0: the first axis to the right */
    double tilt;   /* above the horizon, π/2 straight down */
    double zoom;
    double height; /* vertical exaggeration, 1 as it is by itself */
};

struct field {
    const char *name;
    const char *note;  /* a line below the name in a picture: the formula; or NULL */
    struct axis x, y;  /* unit: the axis's name */
    struct axis z_axis;     /* the heights that are told apart; what is lower or higher has the last shade */
    const char *z_name;
    enum colormap colormap; /* of a picture; a canvas has its own */
    int levels;        /* lines of equal height, at most; 0: as many as the map has room for where it is steep */
    int columns, rows; /* of the grid, each at least 2: its outer points lie on the ends of x and y, evenly */
    const float *z;    /* [rows][columns], row 0 at y.lo; NaN: not known yet */
    const struct field_path *paths; /* the clearest last */
    int path_count;
    const struct field_mark *marks;
    int mark_count;
    const struct eye *eye; /* as a surface seen from there, not a map; or NULL */
    /* Of pictures: */
    double aspect;           /* how wide the map is for its height, where both axes have one unit; 0: they have not */
    const struct film *film; /* paths that have times are passed along; or NULL */
};

/* Times a second of a film over so many: a round number, so that it takes 4 to 10 seconds. */
double film_rate(double times);

struct film { /* as many times a second for every path */
    const char *unit; /* of the times: "step" */
};

void field_draw(const struct field *f, struct canvas *c);
/* The point under a cell of the canvas the field is drawn on; 0 when it is not on the map. */
int field_point_at(const struct field *f, struct canvas *c, int column, int row, double *x, double *y);

/* z_axis's range, logarithmic as its log says, from the known heights (for a logarithm, the positive ones; at most
 * `decades` below the highest). */
void field_fit(struct field *f, double decades);

/* ---- what canvas and SVG share ---- */

/* The heights that have lines, at most `want`; returns how many. */
int field_levels(const struct field *f, int want, double level[AXIS_TICKS]);
/* Position of a height between the ends of z_axis: 0 … 1, a little outside for what is; NaN when it is not known. */
double field_place(const struct field *f, double z);
/* The place between the points of the grid; u, v: 0 … 1 over the axes. Where a neighbour is not known, the nearest's. */
double field_place_at(const struct field *f, double u, double v);
/* 1 … SHADES of a place, 0 of NaN. */
int field_shade(double place);
/* Places at the corners of the square right of and above a point of the grid, as contour.h has them. */
void field_square(const struct field *f, int column, int row, double z[4]);

/* The field as an SVG document of w×h at most, NUL-ended; the caller frees. NULL: no memory. Its parts have classes:
 * axis x, axis y, tick, cells, contour (with data-level), level, legend, path and mark (with data-name); in a film
 * racer (with data-name) and count. Without a program that plays it, a film shows its end. */
char *field_to_svg(const struct field *f, enum theme p, int w, int h);

#endif
