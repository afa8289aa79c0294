/* SPDX-License-Identifier: MIT */
/* A field's heights between the points of its grid, for pictures finer than it: bicubic, so that colours and lines of equal
 * height have no corners at the grid's own points (Keys 1981). Quadratic heights come out exactly. */
#ifndef SADDLE_TUI_DRAW_FIELD_SMOOTH_H
#define SADDLE_TUI_DRAW_FIELD_SMOOTH_H

#include "draw/field.h"

struct field_smooth {
    int columns, rows;
    float *place; /* of the grid's points, as field_place has it; NaN where the height is not finite */
};

/* 0, or −1: no memory. */
int field_smooth_init(struct field_smooth *s, const struct field *f);
void field_smooth_free(struct field_smooth *s);
/* The place at u, v: 0 … 1 over the axes; NaN beside a height that is not finite, … */
double field_smooth_at(const struct field_smooth *s, double u, double v);
/* … or there the nearest point's. */
double field_smooth_nearest(const struct field_smooth *s, double u, double v);

#endif
