/* SPDX-License-Identifier: MIT */
#include "landscape/extent.h"

#include <math.h>

#include "landscape/slice.h"

static const double FARTHEST = .5; /* of |θ| */
static const double LEAST_RISE = 1e-3;
static const double TOO_HIGH = 3; /* of the rise that was wanted */
static const double MARGIN = .15; /* around a path, of its size */
enum { HALVINGS = 8 };

static int measure(const struct landscape_of *of, int axes, const real *const *d, real *work,
                   struct landscape_direction *to, double *loss, struct err *e)
{
    const struct objective *o = of->objective;
    int r = o->gradient(o, of->theta, loss, work, e);

    for (int i = 0; r == 0 && i < axes; i++)
        to[i].slope = R(directions).dot(o->n, work, d[i]);
    for (int i = 0; r == 0 && i < axes; i++) {
        r = o->hessian_vector(o, of->theta, d[i], work, e);
        if (r == 0)
            to[i].curvature = R(directions).dot(o->n, work, d[i]);
    }
    return r;
}

static double by_model(const struct landscape_of *of, const struct landscape_direction *d, double rise)
{
    double most = FARTHEST * sqrt(R(directions).dot(of->objective->n, of->theta, of->theta));
    double a = fabs(d->curvature) / 2, b = fabs(d->slope), x = 2 * rise / (b + sqrt(b * b + 4 * a * rise));

    if (!(most > 0))
        most = 1;
    return x > 0 && x < most ? x : most;
}

/* The highest loss at ± x along d; one that is not finite is higher than all. */
static int highest_at(const struct landscape_of *of, const real *d, double x, real *work, double *highest,
                      struct err *e)
{
    const struct objective *o = of->objective;
    struct slice s = {.objective = o, .origin = of->theta, .u = d, .pool = of->pool};

    *highest = -INFINITY;
    for (double sign = -1; sign <= 1; sign += 2) {
        double loss;
        int r;
        R(slice).point(&s, sign * x, 0, work);
        r = o->f(o, work, &loss, e);
        if (r)
            return r;
        *highest = fmax(*highest, isfinite(loss) ? loss : INFINITY);
    }
    return 0;
}

static int choose(const struct landscape_of *of, const real *d, const struct landscape_direction *measured,
                  double loss, real *work, double *extent, struct err *e)
{
    double highest, rise = fabs(loss) > LEAST_RISE ? fabs(loss) : LEAST_RISE;

    *extent = by_model(of, measured, rise);
    for (int i = 0; i < HALVINGS; i++, *extent /= 2) {
        int r = highest_at(of, d, *extent, work, &highest, e);
        if (r || highest - loss <= TOO_HIGH * rise)
            return r;
    }
    return 0;
}

static struct landscape_axis path_axis(const struct landscape *l, int k, int points)
{
    double lo[2] = {0, 0}, hi[2] = {0, 0}, largest, size, room;

    for (int j = 0; j < 2; j++)
        for (int i = 0; i < l->path_points; i++) {
            lo[j] = fmin(lo[j], l->path[i][j]);
            hi[j] = fmax(hi[j], l->path[i][j]);
        }
    largest = fmax(hi[0] - lo[0], hi[1] - lo[1]);
    size = hi[k] - lo[k];
    room = MARGIN * size > largest / 10 ? MARGIN * size : largest / 10;
    return landscape_axis_between(points, lo[k] - room, hi[k] + room);
}

const struct landscape_extent_ops R(landscape_extent) = {.measure = measure, .choose = choose, .path = path_axis};
