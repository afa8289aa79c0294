/* SPDX-License-Identifier: MIT */
/* An edge of the grid lies between two squares, so a line that crosses it goes on from it in two directions at most: each
 * square joins edges to each other, and a line is found by walking from edge to edge. */
#include "draw/contour-lines.h"

#include <stdlib.h>
#include <string.h>

#include "draw/contour.h"

struct walk {
    struct contour_lines *o;
    const float *z;
    int columns, rows;
    double level;
};

/* Edges to the right of points, then those above them. */
static int edge_of(const struct walk *k, int column, int row, int side)
{
    int above = k->columns * k->rows;

    return side == 0   ? row * k->columns + column
           : side == 1 ? above + row * k->columns + column + 1
           : side == 2 ? (row + 1) * k->columns + column
                       : above + row * k->columns + column;
}

static void join(struct contour_lines *o, int a, int b)
{
    o->link[2 * a + (o->link[2 * a] >= 0)] = b;
    o->link[2 * b + (o->link[2 * b] >= 0)] = a;
}

static void join_square(const struct walk *k, int column, int row)
{
    const float *low = k->z + (size_t)row * (size_t)k->columns + column, *high = low + k->columns;
    const double z[4] = {low[0], low[1], high[1], high[0]};
    int side[4], n = contour_edges(z, k->level, side);

    for (int i = 0; i < n; i++)
        join(k->o, edge_of(k, column, row, side[2 * i]), edge_of(k, column, row, side[2 * i + 1]));
}

static int has_room(void **memory, int *room, int count, size_t size)
{
    void *more;

    if (count < *room)
        return 1;
    more = realloc(*memory, (size_t)(*room ? 2 * *room : 256) * size);
    if (!more)
        return 0;
    *memory = more;
    *room = *room ? 2 * *room : 256;
    return 1;
}

static int add_point(const struct walk *k, int edge)
{
    struct contour_lines *o = k->o;
    int above = edge >= k->columns * k->rows, at = edge - above * k->columns * k->rows;
    double from = k->z[at], to = k->z[at + (above ? k->columns : 1)], t = (k->level - from) / (to - from);

    if (!has_room((void **)&o->at, &o->point_room, o->points, sizeof *o->at))
        return -1;
    o->at[o->points][0] = at % k->columns + (above ? 0 : t);
    o->at[o->points][1] = at / k->columns + (above ? t : 0);
    o->points++;
    return 0;
}

/* The edge that `edge` is joined to, −1: none; the two are joined no more. */
static int next_edge(struct contour_lines *o, int edge)
{
    int *own = &o->link[2 * edge], to = own[0], *back;

    if (to < 0)
        return -1;
    own[0] = own[1];
    own[1] = -1;
    back = &o->link[2 * to];
    if (back[0] == edge)
        back[0] = back[1];
    back[1] = -1;
    return to;
}

static int walk_from(const struct walk *k, int edge)
{
    struct contour_lines *o = k->o;

    if (!has_room((void **)&o->line, &o->line_room, o->lines, sizeof *o->line))
        return -1;
    o->line[o->lines].first = o->points;
    for (; edge >= 0; edge = next_edge(o, edge))
        if (add_point(k, edge) != 0)
            return -1;
    o->line[o->lines].count = o->points - o->line[o->lines].first;
    o->lines++;
    return 0;
}

/* Lines that end at a border are walked from there, the others from anywhere. */
static int walk_all(const struct walk *k)
{
    const int *link = k->o->link;
    int edges = 2 * k->columns * k->rows;

    for (int closed = 0; closed < 2; closed++)
        for (int edge = 0; edge < edges; edge++)
            if (link[2 * edge] >= 0 && (closed || link[2 * edge + 1] < 0) && walk_from(k, edge) != 0)
                return -1;
    return 0;
}

int contour_lines_find(struct contour_lines *o, const float *z, int columns, int rows, double level)
{
    struct walk k = {o, z, columns, rows, level};
    size_t size = 4 * (size_t)columns * (size_t)rows * sizeof *o->link;

    if (!o->link && !(o->link = malloc(size)))
        return -1;
    memset(o->link, -1, size);
    o->lines = o->points = 0;
    for (int row = 0; row + 1 < rows; row++)
        for (int column = 0; column + 1 < columns; column++)
            join_square(&k, column, row);
    return walk_all(&k);
}

void contour_lines_free(struct contour_lines *o)
{
    free(o->line);
    free(o->at);
    free(o->link);
    memset(o, 0, sizeof *o);
}
