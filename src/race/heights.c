/* SPDX-License-Identifier: MIT */
#include "race/heights.h"

#include <math.h>
#include <string.h>

void race_heights_on(const struct surface *s, const double *start, const struct race_range *x, const struct race_range *y,
                     const struct race_grid *grid, float *z)
{
    double at[SURFACE_MOST];

    memcpy(at, start, (size_t)s->n * sizeof *at);
    for (int row = 0; row < grid->rows; row++)
        for (int column = 0; column < grid->columns; column++) {
            double height;
            at[0] = x->lo + (x->hi - x->lo) * column / (grid->columns - 1);
            at[1] = y->lo + (y->hi - y->lo) * row / (grid->rows - 1);
            height = s->f(s, at, NULL, NULL);
            z[(size_t)row * (size_t)grid->columns + (size_t)column] = fabs(height) < 3e38 ? (float)height : NAN;
        }
}

void race_heights(const struct surface *s, const double *start, const struct race_range *x, const struct race_range *y,
                  float z[RACE_ROWS * RACE_COLUMNS])
{
    race_heights_on(s, start, x, y, &(const struct race_grid){RACE_COLUMNS, RACE_ROWS}, z);
}

struct race_range race_window(const struct surface *s, int coordinate)
{
    return (struct race_range){s->window[coordinate].low, s->window[coordinate].high};
}
