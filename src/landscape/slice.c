/* SPDX-License-Identifier: MIT */
#include "landscape/slice.h"

#include <stdlib.h>
#include <string.h>

#include "core/kernel.h"

enum { PIECE = 65536 }; /* elements of a task */

struct move {
    const struct slice *s;
    real a, b;
    real *point;
};

KERNEL static void along_line(int64_t n, real a, const real *from, const real *to, real *restrict point)
{
    for (int64_t i = 0; i < n; i++)
        point[i] = (1 - a) * from[i] + a * to[i];
}

KERNEL static void add(int64_t n, real by, const real *direction, real *restrict point)
{
    for (int64_t i = 0; i < n; i++)
        point[i] += by * direction[i];
}

/* A coordinate of 0 leaves a direction out. */
static void move_piece(void *context, int piece)
{
    const struct move *m = context;
    const struct slice *s = m->s;
    int64_t at = (int64_t)piece * PIECE, left = s->objective->n - at, n = left < PIECE ? left : PIECE;

    if (s->end && m->a != 0 && m->a != 1) {
        along_line(n, m->a, s->origin + at, s->end + at, m->point + at);
        return;
    }
    memcpy(m->point + at, (s->end && m->a == 1 ? s->end : s->origin) + at, sizeof *m->point * (size_t)n);
    if (s->u && m->a != 0)
        add(n, m->a, s->u + at, m->point + at);
    if (s->v && m->b != 0)
        add(n, m->b, s->v + at, m->point + at);
}

static void point(const struct slice *s, double a, double b, real *out)
{
    struct move m = {.s = s, .a = (real)a, .b = (real)b, .point = out};
    int pieces = (int)((s->objective->n + PIECE - 1) / PIECE);

    if (s->pool)
        pool_run(s->pool, move_piece, &m, pieces);
    else
        for (int i = 0; i < pieces; i++)
            move_piece(&m, i);
}

static int fill_one(const struct slice *s, struct landscape_grid *g, int column, int row, real *at,
                    struct err *e)
{
    double a = landscape_axis_at(&g->x, column), b = landscape_axis_at(&g->y, row), z;
    int r;

    point(s, a, b, at);
    if (s->moved)
        s->moved(s->context, a, b);
    r = s->objective->f(s->objective, at, &z, e);
    if (r == 0)
        landscape_grid_put(g, column, row, z);
    return r;
}

static int fill(const struct slice *s, struct landscape_grid *g, slice_progress *progress, void *context,
                struct err *e)
{
    size_t bytes = sizeof(real) * (size_t)s->objective->n;
    real *at = malloc(bytes + 1);
    int r = at ? 0 : err_memory(e, "a point of the landscape", bytes), column, row;

    while (r == 0 && landscape_grid_next(g, &column, &row)) {
        r = objective_cancelled(s->objective, e);
        if (r == 0)
            r = fill_one(s, g, column, row, at, e);
        if (r == 0 && progress && progress(context, g) != 0)
            r = err_set(e, ERR_CANCELLED, "cancelled");
    }
    free(at);
    return r;
}

const struct slice_ops R(slice) = {.point = point, .fill = fill};
