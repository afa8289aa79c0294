#include "race/heights.h"

#include <math.h>
#include <string.h>

static const double HEIGHT_DECADES = 5;
/* Heights of which the highest is less above the lowest, or above the mean, are on even levels. */
static const double LOG_WORTH = 20, LOG_MEAN = 2.5;

void race_fit_heights(const float z[RACE_ROWS * RACE_COLUMNS], int linear, struct axis *height)
{
    double lo = INFINITY, hi = -INFINITY, sum = 0;
    int known = 0;

    for (int i = 0; i < RACE_ROWS * RACE_COLUMNS; i++)
        if (isfinite(z[i])) {
            lo = fmin(lo, z[i]);
            hi = fmax(hi, z[i]);
            sum += z[i];
            known++;
        }
    height->log = !linear && lo >= 0 && hi > 0 && hi > lo * LOG_WORTH && hi * known > sum * LOG_MEAN;
    if (height->log)
        lo = fmax(lo, hi * pow(10, -HEIGHT_DECADES));
    axis_fit(height, lo, hi);
}

void race_heights(const struct surface *s, const double *start, const struct axis *x, const struct axis *y,
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

struct axis race_window(const struct surface *s, int coordinate)
{
    return (struct axis){
        .lo = s->window[coordinate].low, .hi = s->window[coordinate].high, .unit = s->axis[coordinate]};
}
