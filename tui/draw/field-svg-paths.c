/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/field-page.h"
#include "draw/glyph-svg.h"
#include "draw/thin.h"

static const double TOLERANCE = .15; /* of a still path, in pixels */
static const double FAR = 3000;      /* pixels from the map: beyond it only the direction counts */

const char *field_dashes(int i)
{
    static const char *const dash[] = {NULL, "9 4", "4 4", "12 4 4 4"};

    return dash[i % 4];
}

static void add_dashes(const struct field_page *o, const char *dashes)
{
    if (dashes)
        field_page_add(o, " stroke-dasharray=\"%s\"", dashes);
}

void field_page_begin_edge(const struct field_page *o, const char *dashes)
{
    char edge[SVG_COLOUR];

    svg_rgb(style_edge(), edge);
    field_page_add(o, "<path class=\"edge\" fill=\"none\" stroke-width=\"4.6\" stroke-linejoin=\"round\" stroke=\"%s\"", edge);
    add_dashes(o, dashes);
}

static void end_way(const struct field_page *o, const struct field_path *p, const char *dashes)
{
    char colour[SVG_COLOUR];

    svg_rgb(style_way(o->palette, p->style), colour);
    field_page_add(o, " fill=\"none\" stroke-width=\"2.2\" stroke-linejoin=\"round\" stroke=\"%s\"", colour);
    add_dashes(o, dashes);
}

void field_page_begin_sample(const struct field_page *o, const struct field_path *p, const char *dashes)
{
    field_page_add(o, "<path");
    end_way(o, p, dashes);
}

void field_page_begin_way(const struct field_page *o, const struct field_path *p, const char *dashes)
{
    field_page_add(o, "<path class=\"path\" data-name=\"%t\"", p->name);
    end_way(o, p, dashes);
}

/* ---- a path on the page ------------------------------------------------------------------------ */

/* Along the way from the point before, at most so far from the map. */
static void bring_near(const struct field_page *o, const double before[2], double at[2])
{
    const double middle[2] = {o->x + o->w / 2, o->y + o->h / 2}, *from = before ? before : middle;
    double step = hypot(at[0] - from[0], at[1] - from[1]);

    if (hypot(at[0] - middle[0], at[1] - middle[1]) <= FAR)
        return;
    for (int k = 0; k < 2; k++) {
        double to = step > 0 ? from[k] + (at[k] - from[k]) / step * FAR : from[k];
        at[k] = fmin(fmax(to, -3 * FAR), 3 * FAR); /* however far the one before was */
    }
}

int field_way_init(const struct field_page *o, const struct field_path *p, int from, struct field_way *way)
{
    size_t stride = p->stride ? (size_t)p->stride : 1, room = (size_t)(p->count - from) + 1;

    *way = (struct field_way){.at = malloc(room * sizeof *way->at), .keep = malloc(room)};
    if (!way->at || !way->keep)
        return -1;
    memset(way->keep, 1, room);
    for (int i = from; i < p->count; i++) {
        double *at = way->at[way->count];
        at[0] = field_page_x(o, p->x[(size_t)i * stride]), at[1] = field_page_y(o, p->y[(size_t)i * stride]);
        if (!isfinite(at[0] + at[1]))
            break;
        bring_near(o, way->count ? way->at[way->count - 1] : NULL, at);
        way->count++;
    }
    if (p->time && !(way->time = malloc(room * sizeof *way->time)))
        return -1;
    for (int i = 0; p->time && i < way->count; i++)
        way->time[i] = p->time[from + i];
    return way->count;
}

void field_way_free(struct field_way *way)
{
    free(way->at);
    free(way->time);
    free(way->keep);
    *way = (struct field_way){0};
}

double field_way_add(const struct field_page *o, const struct field_way *way)
{
    double length = 0;

    for (int i = 0, last = 0; i < way->count; i++) {
        if (!way->keep[i])
            continue;
        svg_add(o->out, i ? "L" : "M");
        svg_decimals(o->out, way->at[i][0], 1);
        svg_add(o->out, " ");
        svg_decimals(o->out, way->at[i][1], 1);
        length += hypot(way->at[i][0] - way->at[last][0], way->at[i][1] - way->at[last][1]);
        last = i;
    }
    return length;
}

/* ---- paths and marks ---------------------------------------------------------------------------- */

/* Once for the edge and once for the colour: the whole path as the content of a `d`. */
static int add_ways(const struct field_page *o, const struct field_path *p)
{
    for (int i = 0; i < p->count;) {
        struct field_way way;
        int n = field_way_init(o, p, i, &way);
        const struct thin_line line = {way.count, (const double (*)[2])way.at, NULL};
        if (n > 0 && thin_line(&line, TOLERANCE, way.keep) < 0)
            n = -1;
        if (n > 0)
            field_way_add(o, &way);
        field_way_free(&way);
        if (n < 0)
            return -1;
        i += n + 1;
    }
    return 0;
}

/* Where the distance of each point is known: the nearer the larger. */
static void add_points(const struct field_page *o, const struct field_path *p)
{
    size_t stride = p->stride ? (size_t)p->stride : 1;
    char colour[SVG_COLOUR];

    svg_rgb(style_way(o->palette, p->style), colour);
    for (int k = 0; p->away && k < p->count; k++) {
        double x = field_page_x(o, p->x[(size_t)k * stride]), y = field_page_y(o, p->y[(size_t)k * stride]);
        if (p->away[k] >= 0 && hypot(x - o->x, y - o->y) < FAR)
            field_page_add(o, "<circle class=\"point\" fill=\"%s\" cx=\"%g\" cy=\"%g\" r=\"%g\"/>\n", colour, x, y, 4.5 - 3 * p->away[k]);
    }
}

static int add_path(const struct field_page *o, const struct field_path *p, int i)
{
    int r;

    field_page_begin_edge(o, field_dashes(i));
    field_page_add(o, " d=\"");
    r = add_ways(o, p);
    field_page_add(o, "\"/>");
    field_page_begin_way(o, p, field_dashes(i));
    field_page_add(o, " d=\"");
    r = r ? r : add_ways(o, p);
    field_page_add(o, "\"/>\n");
    add_points(o, p);
    return r;
}

int field_page_paths(const struct field_page *o)
{
    int r = 0;

    for (int i = 0; r == 0 && i < o->f->path_count; i++)
        if (!field_is_filmed(o->f, &o->f->paths[i]))
            r = add_path(o, &o->f->paths[i], i);
    return r;
}

void field_page_mark(const struct field_page *o, const struct field_mark *m, double x, double y)
{
    field_page_add(o, "<g transform=\"translate(%g %g)\">", x, y);
    glyph_svg(o->out, m->glyph, style_way(o->palette, m->style), style_edge());
    field_page_add(o, "</g>");
}

int field_is_on_map(const struct field *f, const struct field_mark *m)
{
    double x = axis_place(&f->x, m->x), y = axis_place(&f->y, m->y);

    return x > -1e-6 && x < 1 + 1e-6 && y > -1e-6 && y < 1 + 1e-6;
}

/* Where somebody in the film stands at its end. */
static int is_filmed(const struct field *f, const struct field_mark *m)
{
    for (int i = 0; i < f->path_count; i++)
        if (field_is_filmed(f, &f->paths[i]) && m->name && f->paths[i].name && strcmp(m->name, f->paths[i].name) == 0)
            return 1;
    return 0;
}

/* Whole ones, at the border of the map too. */
void field_page_marks(const struct field_page *o)
{
    for (int i = 0; i < o->f->mark_count; i++) {
        const struct field_mark *m = &o->f->marks[i];
        if (!field_is_on_map(o->f, m) || is_filmed(o->f, m))
            continue;
        field_page_add(o, "<g class=\"mark\" data-name=\"%t\">", m->name);
        field_page_mark(o, m, field_page_x(o, m->x), field_page_y(o, m->y));
        field_page_add(o, "</g>\n");
    }
}
