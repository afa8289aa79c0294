/* SPDX-License-Identifier: MIT */
/* The axes of a map of a surface. */
#ifndef SADDLE_TUI_RACE_MAP_AXES_H
#define SADDLE_TUI_RACE_MAP_AXES_H

#include "draw/axis.h"
#include "race/heights.h"

/* Of a plotted coordinate, with the surface's name for it. */
struct axis race_axis(const struct surface *s, int coordinate, const struct race_range *range);
/* Of the heights: logarithmic where none is negative and they differ widely, unless `linear`. */
struct axis race_height_axis(const float z[RACE_ROWS * RACE_COLUMNS], int linear);

/* Of the map, for its height: coordinates have one unit. */
double race_aspect(const struct race_range *x, const struct race_range *y);

#endif
