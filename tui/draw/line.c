/* SPDX-License-Identifier: MIT */
#include "draw/line.h"

#include <math.h>
#include <stdlib.h>

void line_walk(int x0, int y0, int x1, int y1, void (*dot)(void *context, int x, int y), void *context)
{
    int dx = abs(x1 - x0), dy = -abs(y1 - y0), sx = x0 < x1 ? 1 : -1, sy = y0 < y1 ? 1 : -1, e = dx + dy;

    while (x0 != x1 || y0 != y1) {
        int twice = 2 * e;
        dot(context, x0, y0);
        if (twice >= dy)
            e += dy, x0 += sx;
        if (twice <= dx)
            e += dx, y0 += sy;
    }
    dot(context, x1, y1);
}

/* One edge: where the line, as it goes by `along` from a place `inside` it (negative: outside), comes in or
 * leaves. */
static int cut(double along, double inside, double *from, double *to)
{
    double at = inside / along;

    if (along == 0)
        return inside >= 0;
    if (along < 0) {
        if (at > *to)
            return 0;
        *from = fmax(*from, at);
    } else {
        if (at < *from)
            return 0;
        *to = fmin(*to, at);
    }
    return 1;
}

int line_clip(struct line_piece *p, double w, double h)
{
    double dx = p->x1 - p->x0, dy = p->y1 - p->y0, from = 0, to = 1, x = p->x0, y = p->y0;

    if (!isfinite(dx) || !isfinite(dy))
        return 0;
    if (!cut(-dx, x, &from, &to) || !cut(dx, w - x, &from, &to) || !cut(-dy, y, &from, &to) || !cut(dy, h - y, &from, &to))
        return 0;
    *p = (struct line_piece){x + from * dx, y + from * dy, x + to * dx, y + to * dy};
    return 1;
}
