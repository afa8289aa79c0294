/* SPDX-License-Identifier: MIT */
#include "draw/thin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How far a point is from the straight way between two others. */
static double distance(const struct thin_line *l, int from, int to, int i)
{
    const double *a = l->at[from], *b = l->at[to], *p = l->at[i];
    double x = b[0] - a[0], y = b[1] - a[1], square = x * x + y * y, t;

    if (l->time)
        t = l->time[to] > l->time[from] ? (l->time[i] - l->time[from]) / (l->time[to] - l->time[from]) : 0;
    else
        t = square > 0 ? fmin(fmax(((p[0] - a[0]) * x + (p[1] - a[1]) * y) / square, 0), 1) : 0;
    return hypot(p[0] - a[0] - t * x, p[1] - a[1] - t * y);
}

static int farthest(const struct thin_line *l, int from, int to, double *away)
{
    int best = from;

    *away = -1;
    for (int i = from + 1; i < to; i++) {
        double d = distance(l, from, to, i);
        if (d > *away)
            *away = d, best = i;
    }
    return best;
}

int thin_line(const struct thin_line *l, double tolerance, uint8_t *keep)
{
    int *end = malloc(((size_t)l->count + 1) * sizeof *end), ends = 0, from = 0, kept = 0;

    if (!end)
        return -1;
    memset(keep, 0, (size_t)l->count);
    for (int i = 0; l->count && i < 2; i++)
        keep[i ? l->count - 1 : 0] = 1;
    for (end[ends++] = l->count - 1; ends > 0 && l->count;) {
        double away;
        int at = farthest(l, from, end[ends - 1], &away);
        if (away > tolerance) {
            keep[at] = 1;
            end[ends++] = at;
        } else
            from = end[--ends];
    }
    for (int i = 0; i < l->count; i++)
        kept += keep[i];
    free(end);
    return kept;
}
