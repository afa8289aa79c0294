/* SPDX-License-Identifier: MIT */
#include "race/map-axes.h"

#include <math.h>

static const double HEIGHT_DECADES = 5;
/* Levels are evenly spaced if the highest is less than this many times the lowest, or the mean. */
static const double LOG_WORTH = 20, LOG_MEAN = 2.5;

struct axis race_axis(const struct surface *s, int coordinate, const struct race_range *range)
{
    return (struct axis){.lo = range->lo, .hi = range->hi, .unit = s->axis[coordinate]};
}

struct axis race_height_axis(const float z[RACE_ROWS * RACE_COLUMNS], int linear)
{
    double lo = INFINITY, hi = -INFINITY, sum = 0;
    struct axis height = {0};
    int known = 0;

    for (int i = 0; i < RACE_ROWS * RACE_COLUMNS; i++)
        if (isfinite(z[i])) {
            lo = fmin(lo, z[i]);
            hi = fmax(hi, z[i]);
            sum += z[i];
            known++;
        }
    height.log = !linear && lo >= 0 && hi > 0 && hi > lo * LOG_WORTH && hi * known > sum * LOG_MEAN;
    if (height.log)
        lo = fmax(lo, hi * pow(10, -HEIGHT_DECADES));
    axis_fit(&height, lo, hi);
    return height;
}

double race_aspect(const struct race_range *x, const struct race_range *y)
{
    return (x->hi - x->lo) / (y->hi - y->lo);
}
