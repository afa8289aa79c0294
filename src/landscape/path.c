/* SPDX-License-Identifier: MIT */
#include "landscape/path.h"

#include <math.h>
#include <stdlib.h>

static int room(const struct landscape_of *of, struct landscape *l, struct err *e)
{
    size_t points = (size_t)of->path_points;

    l->path = calloc(points, sizeof *l->path);
    l->path_point = calloc(points, sizeof *l->path_point);
    if (!l->path || !l->path_point)
        return err_memory(e, "a path", (sizeof *l->path + sizeof *l->path_point) * points);
    for (size_t i = 0; i < points; i++)
        l->path_point[i] = (struct landscape_path_point){NAN, NAN, NAN, NAN};
    return 0;
}

static void deviation(const struct landscape_of *of, int i, real *work)
{
    for (int64_t k = 0; k < of->objective->n; k++)
        work[k] = of->path[i][k] - of->theta[k];
}

static int project(const struct landscape_of *of, struct landscape *l, const real *u, const real *v, real *work,
                   struct err *e)
{
    const real *axis[2] = {u, v};
    int64_t n = of->objective->n;
    int r;

    if (l->axes < 2 || of->path_points < 2 || l->kind == LANDSCAPE_PCA)
        return 0;
    r = room(of, l, e);
    if (r)
        return r;
    for (int i = 0; i < of->path_points; i++) {
        deviation(of, i, work);
        for (int j = 0; j < 2; j++)
            l->path[i][j] = R(directions).dot(n, axis[j], work) / R(directions).dot(n, axis[j], axis[j]);
    }
    l->path_points = of->path_points;
    return 0;
}

/* |θ − θ₀ − a u − b v| and |θ − θ₀|. */
static void measure_distance(const struct landscape_of *of, struct landscape *l, int i, const real *u, const real *v)
{
    double a = l->path[i][0], b = l->axes == 2 ? l->path[i][1] : 0, rest = 0, all = 0;

    for (int64_t k = 0; k < of->objective->n; k++) {
        double away = (double)of->path[i][k] - (double)of->theta[k];
        double left = away - a * (double)u[k] - (l->axes == 2 ? b * (double)v[k] : 0);
        all += away * away;
        rest += left * left;
    }
    l->path_point[i].distance = sqrt(rest);
    l->path_point[i].length = sqrt(all);
}

static int measure_point(const struct landscape_of *of, struct landscape *l, int i, const real *u, const real *v,
                         real *work, struct err *e)
{
    struct landscape_path_point *p = &l->path_point[i];
    real a = (real)l->path[i][0], b = (real)l->path[i][1];
    int r = of->objective->f(of->objective, of->path[i], &p->loss, e);

    if (r)
        return r;
    measure_distance(of, l, i, u, v);
    for (int64_t k = 0; k < of->objective->n; k++)
        work[k] = of->theta[k] + a * u[k] + (l->axes == 2 ? b * v[k] : 0);
    return of->objective->f(of->objective, work, &p->on_plane, e);
}

static int measure(const struct landscape_of *of, struct landscape *l, const real *u, const real *v, real *work,
                   int (*progress)(void *context, int done, int of), void *context, struct err *e)
{
    int r = 0;

    for (int i = 0; r == 0 && i < l->path_points; i++) {
        r = measure_point(of, l, i, u, v, work, e);
        if (r == 0 && progress(context, i + 1, l->path_points))
            r = err_set(e, ERR_CANCELLED, "cancelled");
    }
    return r;
}

const struct landscape_path_ops R(landscape_path) = {.room = room, .project = project, .measure = measure};
