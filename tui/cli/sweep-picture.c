/* SPDX-License-Identifier: MIT */
/* A sweep's metric over a numeric setting, as a plot: a curve for each combination of the others, with a band of one
 * standard deviation to either side. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/sweep.h"
#include "draw/plot-svg.h"

enum { MOST_CURVES = 6, NAME = 200 };

static int is_numeric(enum knob_id id)
{
    return knob_row(id)->type == KNOB_REAL || knob_row(id)->type == KNOB_INTEGER;
}

/* The setting along the horizontal axis; −1: there is none. */
static int axis_of(const struct sweep_plan *p)
{
    for (int i = 0; i < p->axes; i++)
        if (sweep_axis_varies(p, &p->axis[i]) && is_numeric(p->axis[i].id))
            return i;
    return -1;
}

int sweep_picture_check(const struct sweep_plan *p, struct err *e)
{
    return axis_of(p) >= 0 ? 0 : err_set(e, ERR_USAGE, "--svg: no numeric setting varies in this sweep");
}

struct point {
    double x, y, deviation;
    char curve[NAME]; /* what it belongs to */
};

struct picture {
    struct point *point;
    int points, curves;
    struct series series[2 * MOST_CURVES]; /* the bands first */
    char curve[MOST_CURVES][NAME], band[MOST_CURVES][NAME + 24];
    double *x;                             /* [points], of one curve after the other */
    float *y, *low, *high;
};

/* The recipe and the settings beside the one of the axis. Random draws share a curve. */
static void name_curve(const struct sweep_plan *p, int cell, int axis, char name[NAME])
{
    char value[KNOB_VALUE_SIZE];
    double number;
    size_t n = 0;

    name[0] = 0;
    if (p->recipes > 1)
        n += (size_t)snprintf(name, NAME, "%.60s", p->recipe[cell / (sweep_plan_cells(p) / p->recipes)].name);
    for (int i = 0; i < p->axes && p->draws == 0 && n < NAME; i++) {
        if (i == axis || !sweep_axis_varies(p, &p->axis[i]))
            continue;
        sweep_cell_value(p, cell, i, value, sizeof value, &number);
        n += (size_t)snprintf(name + n, NAME - n, "%s%.40s", n ? ", " : "", value);
    }
}

static int by_curve(const void *a, const void *b)
{
    const struct point *p = a, *q = b;
    int names = strcmp(p->curve, q->curve);

    return names ? names : (p->x > q->x) - (p->x < q->x);
}

static void gather_points(struct picture *o, const struct sweep_table *t, int axis)
{
    char text[KNOB_VALUE_SIZE];

    for (int c = 0; c < t->cells; c++) {
        struct point *p = &o->point[o->points];
        sweep_cell_value(t->plan, c, axis, text, sizeof text, &p->x);
        p->y = t->cell[c].whole.mean;
        p->deviation = t->cell[c].whole.deviation;
        name_curve(t->plan, c, axis, p->curve);
        o->points += !isnan(p->y) && !isnan(p->x);
    }
    qsort(o->point, (size_t)o->points, sizeof *o->point, by_curve);
}

static void add_curve(struct picture *o, const struct sweep_table *t, int from, int to)
{
    int i = o->curves++;
    struct series *s = &o->series[MOST_CURVES + i], *band = &o->series[i];
    const char *name = *o->point[from].curve ? o->point[from].curve : sweep_metric_name(t->metric);

    snprintf(o->curve[i], NAME, "%s", name);
    snprintf(o->band[i], sizeof o->band[i], "%s ± deviation", name);
    *s = (struct series){.name = o->curve[i], .style = (enum style)(STYLE_SERIES_1 + i),
                         .stroke = t->plan->draws ? STROKE_NONE : STROKE_SOLID, .marker = 0x25cf, .count = to - from,
                         .x = o->x + from, .y = o->y + from};
    *band = (struct series){.name = o->band[i], .style = (enum style)(STYLE_SERIES_1 + i), .stroke = STROKE_BAND,
                            .count = t->plan->draws ? 0 : to - from, .x = o->x + from, .lo = o->low + from, .hi = o->high + from};
}

static void add_curves(struct picture *o, const struct sweep_table *t)
{
    for (int i = 0; i < o->points; i++) {
        const struct point *p = &o->point[i];
        double d = isnan(p->deviation) ? 0 : p->deviation;
        o->x[i] = p->x;
        o->y[i] = (float)p->y;
        o->low[i] = (float)(p->y - d);
        o->high[i] = (float)(p->y + d);
    }
    for (int from = 0, to; from < o->points && o->curves < MOST_CURVES; from = to) {
        for (to = from; to < o->points && strcmp(o->point[to].curve, o->point[from].curve) == 0; to++)
            ;
        add_curve(o, t, from, to);
    }
}

static char *draw(struct picture *o, const struct sweep_table *t, int axis)
{
    const struct knob *row = knob_row(t->plan->axis[axis].id);
    struct series all[2 * MOST_CURVES];
    struct plot p = {.series = all, .now = NAN, .cross = NAN};
    double lo = INFINITY, hi = -INFINITY, left = INFINITY, right = -INFINITY;

    for (int i = 0; i < 2 * MOST_CURVES; i++)
        if (o->series[i].count > 0)
            all[p.series_count++] = o->series[i];
    for (int i = 0; i < o->points; i++) {
        lo = fmin(lo, o->low[i]), hi = fmax(hi, o->high[i]);
        left = fmin(left, o->x[i]), right = fmax(right, o->x[i]);
    }
    if (o->points == 0)
        lo = left = 1, hi = right = 2;
    p.x.log = row->scale != KNOB_LINEAR && left > 0;
    axis_fit(&p.x, p.x.log ? left / 1.1 : left - .03 * (right - left), p.x.log ? right * 1.1 : right + .03 * (right - left));
    axis_fit(&p.y, lo, hi);
    p.x.unit = row->title;
    p.y.unit = sweep_metric_name(t->metric);
    return plot_to_svg(&p, sweep_metric_name(t->metric), THEME_LIGHT);
}

char *sweep_picture(const struct sweep_table *t)
{
    struct picture *o = calloc(1, sizeof *o);
    size_t n = (size_t)t->cells + 1;
    char *text = NULL;
    int axis = axis_of(t->plan);

    if (!o || axis < 0) {
        free(o);
        return NULL;
    }
    o->point = calloc(n, sizeof *o->point);
    o->x = calloc(n, sizeof *o->x);
    o->y = calloc(3 * n, sizeof *o->y);
    if (o->point && o->x && o->y) {
        o->low = o->y + n;
        o->high = o->low + n;
        gather_points(o, t, axis);
        add_curves(o, t);
        text = draw(o, t, axis);
    }
    free(o->point);
    free(o->x);
    free(o->y);
    free(o);
    return text;
}
