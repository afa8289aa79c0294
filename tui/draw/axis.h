/* SPDX-License-Identifier: MIT */
/* Axes: ranges that move by steps, ticks at round numbers, and their labels. */
#ifndef SADDLE_TUI_DRAW_AXIS_H
#define SADDLE_TUI_DRAW_AXIS_H

#include <stddef.h>

struct axis {
    double lo, hi;
    int log;          /* lo and hi are positive then */
    double linear;    /* > 0: a symmetric logarithm of both signs, linear about zero up to this (Webber 2013); not with log */
    int whole;        /* ticks at whole numbers only: steps */
    int bare;         /* no ticks: its unit stands alone */
    int unit_first;   /* the unit is written, whatever numbers it takes the place of */
    int share;        /* labels without the leading zero: .75 */
    const char *unit; /* at the end of a horizontal axis, in pictures above a vertical one; or NULL */
};

enum { AXIS_TICKS = 24 };

/* The smallest round range that holds lo…hi (for a log axis its positive part). */
void axis_fit(struct axis *a, double lo, double hi);
/* The same for what grows while it is looked at, so that it seldom moves: ends at 1, 2, 5, 10, a decade between them at
 * least on a log axis, 0 among them on a linear one. While lo…hi only widens it never comes back to where it was. */
void axis_fit_steady(struct axis *a, double lo, double hi);
/* A range from 0 to a round end. */
void axis_fit_progress(struct axis *a, double hi);
/* The same for a run that goes on: at least `least`, threefold at a time while it is young, which it is not for long, then
 * twofold, so that no more than half of it is empty. `rare`: fourfold, where the other axis moves as well. */
void axis_fit_growing(struct axis *a, double hi, double least, int rare);
/* The value at a place: axis_place's inverse. */
double axis_value(const struct axis *a, double place);
/* Position of v: 0 at lo, 1 at hi, beyond outside; NaN for values that cannot be drawn. */
double axis_place(const struct axis *a, double v);
/* At most `want` round values within the range, rising; returns how many. */
int axis_ticks(const struct axis *a, int want, double out[AXIS_TICKS]);
/* The label of a tick; ticks of one axis get the same number of decimals. */
void axis_label(const struct axis *a, const double *ticks, int count, int i, char *out, size_t size);

#endif
