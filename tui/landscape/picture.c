/* SPDX-License-Identifier: MIT */
#include "landscape/picture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/plot-svg.h"

enum { SVG_WIDTH = 760, SVG_HEIGHT = 600 };
static const double STEEP = 30;  /* largest to least height: from here on they are shown as logarithms */
static const double DECADES = 6; /* of them, at most */

/* A logarithm where the heights are of different orders. */
static int logarithmic(const struct landscape *l, double *lo, double *hi)
{
    int at_lo, at_hi;

    *lo = 0, *hi = 1;
    return landscape_grid_extent(&l->grid, lo, hi, &at_lo, &at_hi) && *lo > 0 && *hi > STEEP * *lo;
}

static struct axis axis_of(const struct landscape_axis *a, const char *name)
{
    return (struct axis){
        .lo = landscape_axis_at(a, 0), .hi = landscape_axis_at(a, a->points - 1), .unit = name};
}

/* "top eigenvector, λ 3.21", "first principal component, 84 %" */
static void name_axis(const struct landscape_direction *d, char *text, size_t size)
{
    if (isfinite(d->eigenvalue))
        snprintf(text, size, "%s, λ %.3g", d->name, d->eigenvalue);
    else if (isfinite(d->share))
        snprintf(text, size, "%s, %.1f %%", d->name, 100 * d->share);
    else
        snprintf(text, size, "%s", d->name ? d->name : "");
}

static void make_plot(struct landscape_picture *p, const struct landscape *l, const char *const names[2])
{
    const struct landscape_grid *g = &l->grid;
    double lo, hi;

    for (int i = 0; i < g->x.points; i++)
        p->x[i] = landscape_axis_at(&g->x, i);
    p->series[0] = (struct series){.name = l->curve ? "line" : "loss",
                                .style = STYLE_SERIES_1,
                                .stroke = STROKE_SOLID,
                                .plain = '*',
                                .count = g->x.points,
                                .x = p->x,
                                .y = p->z};
    for (int i = 0; l->curve && i < g->x.points; i++)
        p->curve[i] = (float)l->curve[i];
    p->series[1] = p->series[0];
    p->series[1].name = "curve", p->series[1].style = STYLE_SERIES_4, p->series[1].y = p->curve;
    for (int i = 0; i < l->feet; i++)
        p->plot_mark[i] = (struct plot_mark){
            .x = i, .glyph = i ? 0x25c6 : 0x25cf, .style = i ? STYLE_SERIES_3 : STYLE_SERIES_2, .line = 1, .name = names[i]};
    p->plot = (struct plot){.x = axis_of(&g->x, p->x_name),
                            .series = p->series,
                            .series_count = 1 + (l->curve != NULL),
                            .marks = p->plot_mark,
                            .mark_count = l->feet,
                            .now = NAN,
                            .cross = NAN};
    p->plot.y.log = logarithmic(l, &lo, &hi);
    for (int i = 0; l->curve && i < g->x.points; i++)
        if (isfinite(l->curve[i]))
            lo = fmin(lo, l->curve[i]), hi = fmax(hi, l->curve[i]);
    axis_fit(&p->plot.y, lo, hi);
}

double landscape_aspect(const struct landscape_direction *across, double x, const struct landscape_direction *up, double y)
{
    double w = across->length * x, h = up->length * y;

    return w > 0 && h > 0 && isfinite(w) && isfinite(h) ? w / h : 0;
}

static void make_field(struct landscape_picture *p, const struct landscape *l, const char *const names[2])
{
    const struct landscape_grid *g = &l->grid;
    double lo, hi;

    double most = 0;

    for (int i = 0; l->path_point && i < l->path_points; i++)
        most = fmax(most, l->path_point[i].distance);
    for (int i = 0; l->path_point && i < l->path_points; i++)
        p->away[i] = most > 0 ? l->path_point[i].distance / most : l->path_point[i].distance;
    p->mark = (struct field_mark){.name = names[0], .style = STYLE_STRONG, .glyph = 0x25cb, .plain = 'O'};
    p->path = (struct field_path){.name = "path",
                                  .style = STYLE_RUN_A, /* the colour of a run's curves */
                                  .marker = 0x25c6,
                                  .plain = '.',
                                  .count = l->path_points,
                                  .x = l->path ? &l->path[0][0] : NULL,
                                  .y = l->path ? &l->path[0][1] : NULL,
                                  .stride = 2,
                                  .away = p->away};
    p->field = (struct field){.name = "landscape",
                              .x = axis_of(&g->x, p->x_name),
                              .y = axis_of(&g->y, p->y_name),
                              .z_name = "loss",
                              .columns = g->x.points,
                              .rows = g->y.points,
                              .z = p->z,
                              .paths = &p->path,
                              .path_count = l->path_points > 0,
                              .marks = &p->mark,
                              .mark_count = 1};
    p->field.aspect = landscape_aspect(&l->direction[0], p->field.x.hi - p->field.x.lo, &l->direction[1], p->field.y.hi - p->field.y.lo);
    p->field.z_axis.log = logarithmic(l, &lo, &hi);
    field_fit(&p->field, DECADES);
}

int landscape_picture_init(struct landscape_picture *p, const struct landscape *l, const char *const names[2])
{
    memset(p, 0, sizeof *p);
    p->axes = l->axes;
    p->z = calloc((size_t)l->grid.of + 1, sizeof *p->z);
    p->x = calloc((size_t)l->grid.x.points + 1, sizeof *p->x);
    p->curve = calloc((size_t)l->grid.x.points + 1, sizeof *p->curve);
    p->away = calloc((size_t)l->path_points + 1, sizeof *p->away);
    if (!p->z || !p->x || !p->curve || !p->away) {
        landscape_picture_free(p);
        return -1;
    }
    landscape_grid_picture(&l->grid, p->z);
    name_axis(&l->direction[0], p->x_name, sizeof p->x_name);
    name_axis(&l->direction[1], p->y_name, sizeof p->y_name);
    if (l->axes == 1)
        make_plot(p, l, names);
    else
        make_field(p, l, names);
    return 0;
}

void landscape_picture_free(struct landscape_picture *p)
{
    free(p->z);
    free(p->x);
    free(p->curve);
    free(p->away);
    memset(p, 0, sizeof *p);
}

char *landscape_picture_svg(const struct landscape_picture *p, const char *title, enum theme palette)
{
    struct field f = p->field;

    if (p->axes == 1)
        return plot_to_svg(&p->plot, title, palette);
    f.name = title;
    return field_to_svg(&f, palette, SVG_WIDTH, SVG_HEIGHT);
}
