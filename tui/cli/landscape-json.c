/* SPDX-License-Identifier: MIT */
/* saddle landscape --json. */
#include <math.h>

#include "cli/landscape.h"
#include "cli/json-line.h"

static json_t *axis(const struct landscape_direction *d, const struct landscape_axis *a)
{
    json_t *o = json_object();

    json_object_set_new(o, "direction", json_string(d->name));
    json_line_integer(o, "points", a->points);
    json_line_number(o, "low", landscape_axis_at(a, 0));
    json_line_number(o, "high", landscape_axis_at(a, a->points - 1));
    json_line_number(o, "length", d->length);
    json_line_number(o, "slope", d->slope);
    json_line_number(o, "curvature", d->curvature);
    json_line_number(o, "eigenvalue", d->eigenvalue);
    json_line_number(o, "residual", d->residual);
    json_line_number(o, "variance_share", d->share);
    return o;
}

static json_t *axes(const struct landscape *l)
{
    json_t *a = json_array();

    json_array_append_new(a, axis(&l->direction[0], &l->grid.x));
    if (l->axes == 2)
        json_array_append_new(a, axis(&l->direction[1], &l->grid.y));
    return a;
}

static void put_foot(json_t *o, const struct landscape_foot *f)
{
    json_line_number(o, "loss", f->loss);
    json_line_number(o, "lambda_max", f->highest);
    json_line_number(o, "residual", f->residual);
    json_object_set_new(o, "converged", isnan(f->highest) ? json_null() : json_boolean(f->converged));
    json_line_number(o, "sharpness", f->sharpness.percent);
    json_line_number(o, "epsilon", f->sharpness.epsilon > 0 ? f->sharpness.epsilon : NAN);
}

static json_t *path(const struct landscape *l)
{
    json_t *a = json_array();

    for (int i = 0; i < l->path_points; i++)
        json_array_append_new(a, json_pack("[ff]", l->path[i][0], l->path[i][1]));
    return a;
}

/* Of the path beside its plane. */
static json_t *path_points(const struct landscape *l)
{
    json_t *a = json_array();

    for (int i = 0; i < l->path_points; i++) {
        const struct landscape_path_point *p = &l->path_point[i];
        json_t *o = json_object();
        json_line_number(o, "loss", p->loss);
        json_line_number(o, "loss_on_plane", p->on_plane);
        json_line_number(o, "distance", p->distance);
        json_line_number(o, "length", p->length);
        json_array_append_new(a, o);
    }
    return a;
}

/* The loss on the line and on the curve at the same places. */
static json_t *curve(const struct landscape *l)
{
    json_t *a = json_array();

    for (int i = 0; i < l->grid.x.points; i++) {
        json_t *o = json_object();
        json_line_number(o, "t", landscape_axis_at(&l->grid.x, i));
        json_line_number(o, "line", l->grid.z[i]);
        json_line_number(o, "curve", l->curve[i]);
        json_array_append_new(a, o);
    }
    return a;
}

void landscaping_print_json(const struct landscaping *w)
{
    const struct landscape *l = &w->landscape;
    double lo = NAN, hi = NAN;
    json_t *o = json_object(), *other;
    int at_lo, at_hi;

    landscape_grid_extent(&l->grid, &lo, &hi, &at_lo, &at_hi);
    json_line_integer(o, "parameters", l->parameters);
    json_object_set_new(o, "split", json_string(w->split));
    json_line_integer(o, "frames", (long long)w->batch.examples * w->batch.answers);
    json_object_set_new(o, "directions", json_string(landscape_kind_name((int)l->kind)));
    put_foot(o, &l->foot[0]);
    json_line_number(o, "least", lo);
    json_line_number(o, "largest", hi);
    json_line_integer(o, "not_finite", landscaping_not_finite(&l->grid));
    json_object_set_new(o, "axes", axes(l));
    if (l->feet > 1) {
        other = json_object();
        put_foot(other, &l->foot[1]);
        json_object_set_new(o, "other", other);
    }
    if (l->path_points > 0)
        json_object_set_new(o, "path", path(l));
    if (l->path_points > 0)
        json_object_set_new(o, "path_points", path_points(l));
    if (l->feet > 1) {
        json_t *barrier = json_object();
        json_line_number(barrier, "line", l->line_barrier);
        json_line_number(barrier, "curve", l->curve_barrier);
        json_object_set_new(o, "barrier", barrier);
    }
    if (l->curve)
        json_object_set_new(o, "curve", curve(l));
    json_line_print(o);
}
