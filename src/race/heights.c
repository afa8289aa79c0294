/* SPDX-License-Identifier: MIT */
#include "race/heights.h"

#include <math.h>
#include <string.h>

void race_heights(const struct surface *s, const double *start, const struct race_range *x, const struct race_range *y,
                  float z[RACE_ROWS * RACE_COLUMNS])
{
    double at[SURFACE_MOST];

    memcpy(at, start, (size_t)s->n * sizeof *at);
    for (int row = 0; row < RACE_ROWS; row++)
        for (int column = 0; column < RACE_COLUMNS; column++) {
            double height;
            at[0] = x->lo + (x->hi - x->lo) * column / (RACE_COLUMNS - 1);
            at[1] = y->lo + (y->hi - y->lo) * row / (RACE_ROWS - 1);
            height = s->f(s, at, NULL, NULL);
            z[row * RACE_COLUMNS + column] = fabs(height) < 3e38 ? (float)height : NAN;
        }
}

struct race_range race_window(const struct surface *s, int coordinate)
{
    return (struct race_range){s->window[coordinate].low, s->window[coordinate].high};
}
