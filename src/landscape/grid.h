/* SPDX-License-Identifier: MIT */
/* The grid of a landscape: heights over one axis or two, found coarse to fine. A level is the points whose
 * distance from coordinate 0 is a multiple of its stride, and the edges; the next has half the stride and
 * only computes what is new. A height that is not finite stays as it is: NaN where it is known is a fact. */
#ifndef SADDLE_LANDSCAPE_GRID_H
#define SADDLE_LANDSCAPE_GRID_H

#include <stdint.h>

#include "core/err.h"

enum { LANDSCAPE_LEAST_POINTS = 3, LANDSCAPE_MOST_POINTS = 401 }; /* of an axis */

/* Point i has coordinate span · ((i − zero) / parts): so 0, the ends of a symmetric axis, and 0 and 1 on a
 * line between two points come out exactly. */
struct landscape_axis {
    int points, zero, parts;
    double span;
};

double landscape_axis_at(const struct landscape_axis *a, int i);
/* −extent … extent; `points` is odd. */
struct landscape_axis landscape_axis_around(int points, double extent);
/* About −beyond … 1 + beyond, with 0 and 1 among the points; `points` is odd. */
struct landscape_axis landscape_axis_line(int points, double beyond);
/* lo … hi (lo < 0 < hi), moved by less than half a step so that 0 is among the points. */
struct landscape_axis landscape_axis_between(int points, double lo, double hi);
/* A single point at 0: the second axis of a slice that has one. */
struct landscape_axis landscape_axis_none(void);

struct landscape_grid {
    struct landscape_axis x, y;
    double *z;      /* [y.points][x.points], row 0 at the lowest y; NaN where unknown */
    uint8_t *known; /* the same */
    int stride;     /* of the finest level that is whole; 0: none is */
    int at_hand;    /* stride of the level at hand */
    int next;       /* where to look for its next point */
    int done, of;   /* points */
};

/* Errors: ERR_INPUT, an axis of too few or too many points; ERR_RUNTIME. Free accepts a zeroed grid. */
int landscape_grid_init(struct landscape_grid *g, const struct landscape_axis *x,
                        const struct landscape_axis *y, struct err *e);
void landscape_grid_free(struct landscape_grid *g);
/* The next point to be computed: 1, or 0 when all are known. put() it before asking for another. */
int landscape_grid_next(struct landscape_grid *g, int *column, int *row);
void landscape_grid_put(struct landscape_grid *g, int column, int row, double z);
/* Least and largest finite height known (where: an index into z); 0 when there is none. */
int landscape_grid_extent(const struct landscape_grid *g, double *lo, double *hi, int *at_lo, int *at_hi);
/* The heights to show: known ones, and linear ones between those of the last complete level.
 * out is [y.points][x.points]; NaN where nothing is known yet. */
void landscape_grid_picture(const struct landscape_grid *g, float *out);

#endif
