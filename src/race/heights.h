/* SPDX-License-Identifier: MIT */
/* Part of a surface as heights on a grid. */
#ifndef SADDLE_RACE_HEIGHTS_H
#define SADDLE_RACE_HEIGHTS_H

#include "race/surface.h"

enum { RACE_COLUMNS = 121, RACE_ROWS = 97 };

struct race_range { /* of one coordinate */
    double lo, hi;
};

/* The range of a plotted coordinate that the surface suggests. */
struct race_range race_window(const struct surface *s, int coordinate);
/* Heights [rows][columns] over the first two coordinates, the others as at the start; NaN where f is not finite. The
 * second on a grid of RACE_COLUMNS × RACE_ROWS. */
struct race_grid {
    int columns, rows;
};
void race_heights_on(const struct surface *s, const double *start, const struct race_range *x, const struct race_range *y,
                     const struct race_grid *grid, float *z);
void race_heights(const struct surface *s, const double *start, const struct race_range *x, const struct race_range *y,
                  float z[RACE_ROWS * RACE_COLUMNS]);

#endif
