/* SPDX-License-Identifier: MIT */
#include "draw/field-smooth.h"

#include <math.h>
#include <stdlib.h>

/* Heights beyond the scale count as so far beyond it: a cliff rings less. */
static const double BEYOND = .5;
/* What may be above or below the points around, of their range. */
static const double SWING = .15;

int field_smooth_init(struct field_smooth *s, const struct field *f)
{
    size_t count = (size_t)f->columns * (size_t)f->rows;

    *s = (struct field_smooth){f->columns, f->rows, malloc(count * sizeof *s->place)};
    for (size_t i = 0; s->place && i < count; i++)
        s->place[i] = isfinite(f->z[i]) ? (float)fmin(fmax(field_place(f, f->z[i]), -BEYOND), 1 + BEYOND) : NAN;
    return s->place ? 0 : -1;
}

void field_smooth_free(struct field_smooth *s)
{
    free(s->place);
    s->place = NULL;
}

/* Between p[1] and p[2]. Where p[0] or p[3] is missing, as the others go on: with it the curve is a parabola, without it a
 * line. */
static double between(const double given[4], double t)
{
    double p[4] = {given[0], given[1], given[2], given[3]}, slope[2];

    if (isnan(p[0]))
        p[0] = isnan(p[3]) ? 2 * p[1] - p[2] : 3 * p[1] - 3 * p[2] + p[3];
    if (isnan(p[3]))
        p[3] = isnan(given[0]) ? 2 * p[2] - p[1] : 3 * p[2] - 3 * p[1] + p[0];
    slope[0] = (p[2] - p[0]) / 2, slope[1] = (p[3] - p[1]) / 2;
    return p[1] + t * (slope[0] + t * (3 * (p[2] - p[1]) - 2 * slope[0] - slope[1] + t * (2 * (p[1] - p[2]) + slope[0] + slope[1])));
}

static double place_of(const struct field_smooth *s, int column, int row)
{
    if (column < 0 || row < 0 || column >= s->columns || row >= s->rows)
        return NAN;
    return s->place[(size_t)row * (size_t)s->columns + (size_t)column];
}

double field_smooth_at(const struct field_smooth *s, double u, double v)
{
    double column = u * (s->columns - 1), row = v * (s->rows - 1), p[4], along[4], lo = INFINITY, hi = -INFINITY, z;
    int i = (int)fmin(fmax(column, 0), s->columns - 2), j = (int)fmin(fmax(row, 0), s->rows - 2);
    double x = column - i, y = row - j;

    if (isnan(place_of(s, i, j) + place_of(s, i + 1, j) + place_of(s, i, j + 1) + place_of(s, i + 1, j + 1)))
        return NAN;
    for (int k = 0; k < 4; k++) {
        for (int n = 0; n < 4; n++) {
            p[n] = place_of(s, i - 1 + n, j - 1 + k);
            lo = fmin(lo, p[n]), hi = fmax(hi, p[n]);
        }
        along[k] = isnan(p[1] + p[2]) ? NAN : between(p, x);
    }
    z = between(along, y);
    return fmin(fmax(z, lo - SWING * (hi - lo)), hi + SWING * (hi - lo));
}

double field_smooth_nearest(const struct field_smooth *s, double u, double v)
{
    double z = field_smooth_at(s, u, v);

    return isnan(z) ? place_of(s, (int)lround(u * (s->columns - 1)), (int)lround(v * (s->rows - 1))) : z;
}
