/* SPDX-License-Identifier: MIT */
/* A slice through a function: its values on the plane  origin + a u + b v,  or along the line from origin to
 * another point, (1 − a) origin + a end. At coordinates 0 the point is the origin to the bit, and so is its
 * value; likewise the end's at 1. */
#ifndef SADDLE_LANDSCAPE_SLICE_H
#define SADDLE_LANDSCAPE_SLICE_H

#include "core/pool.h"
#include "landscape/grid.h"
#include "hessian/objective.h"

struct slice {
    const struct objective *objective; /* all borrowed; vectors have its n elements */
    const real *origin;
    const real *u, *v; /* v NULL: one axis */
    const real *end;   /* not NULL: a line, without u and v */
    struct pool *pool; /* NULL: the calling thread alone */
    /* Before the value at (a, b) is asked for: what else changes with the place; NULL: nothing. */
    void (*moved)(void *context, double a, double b);
    void *context;
};

/* After every point; not 0 ends it with ERR_CANCELLED. */
typedef int slice_progress(void *context, const struct landscape_grid *g);

struct slice_ops {
    /* point[n] at (a, b); it may not be one of the slice's vectors. */
    void (*point)(const struct slice *s, double a, double b, real *point);
    /* All points of the grid that are not known yet, coarse to fine; what was found before an error stays.
     * Errors: the objective's, ERR_RUNTIME, ERR_CANCELLED. */
    int (*fill)(const struct slice *s, struct landscape_grid *g, slice_progress *progress, void *context,
                struct err *e);
};
extern const struct slice_ops R(slice);

#endif
