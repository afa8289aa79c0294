/* SPDX-License-Identifier: MIT */
#include "draw/contour.h"

#include <math.h>

struct point {
    double x, y;
};

/* Point of the edge from corner i to the next one that has the height. */
static struct point crossing(const double z[4], double level, int i)
{
    static const struct point corner[4] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    int k = (i + 1) % 4;
    double t = (level - z[i]) / (z[k] - z[i]);

    return (struct point){corner[i].x + t * (corner[k].x - corner[i].x), corner[i].y + t * (corner[k].y - corner[i].y)};
}

int contour_edges(const double z[4], double level, int edge[4])
{
    int at[4], n = 0, turn;

    for (int i = 0; i < 4; i++) {
        if (!isfinite(z[i]))
            return 0;
        if ((z[i] >= level) != (z[(i + 1) % 4] >= level))
            at[n++] = i;
    }
    /* All four edges are crossed: the corners of the side the middle is on are joined through it. */
    turn = n == 4 && (z[0] >= level) != ((z[0] + z[1] + z[2] + z[3]) / 4 >= level);
    for (int i = 0; i < n; i++)
        edge[i] = at[(i + turn) % 4];
    return n / 2;
}

int contour_square(const double z[4], double level, struct line_piece piece[2])
{
    int edge[4], n = contour_edges(z, level, edge);

    for (int i = 0; i < n; i++) {
        struct point a = crossing(z, level, edge[2 * i]), b = crossing(z, level, edge[2 * i + 1]);
        piece[i] = (struct line_piece){a.x, a.y, b.x, b.y};
    }
    return n;
}
