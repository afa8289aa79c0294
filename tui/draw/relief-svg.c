/* SPDX-License-Identifier: MIT */
/* The surface in a picture: polygons from the farthest to the nearest, and on them what is seen of the paths. */
#include "draw/relief-svg.h"

#include <math.h>
#include <stdlib.h>

#include "draw/contour.h"
#include "draw/glyph-svg.h"
#include "draw/number.h"
#include "draw/relief.h"
#include "draw/text.h"

enum { LEVELS = 10, FONT = 13, PIECES = 24 };

struct face {
    double depth;
    int column, row;
};

struct sheet {
    struct relief r;
    enum theme theme;
    struct svg_page *out;
    double x, y; /* of the picture on the page */
};

static void add_spot(const struct sheet *s, const char *lead, struct relief_spot at)
{
    svg_add(s->out, lead);
    svg_number(s->out, s->x + at.x);
    svg_add(s->out, " ");
    svg_number(s->out, s->y + at.y);
}

static struct relief_spot corner(const struct sheet *s, int column, int row)
{
    const struct field *f = s->r.f;
    double place = field_place(f, f->z[(size_t)row * (size_t)f->columns + column]);

    return relief_project(&s->r, (double)column / (f->columns - 1), (double)row / (f->rows - 1), fmin(fmax(place, 0), 1));
}

static int by_depth(const void *a, const void *b)
{
    double x = ((const struct face *)a)->depth, y = ((const struct face *)b)->depth;

    return (x < y) - (x > y);
}

static void add_face(const struct sheet *s, int column, int row)
{
    const struct field *f = s->r.f;
    double z[4];
    char colour[SVG_COLOUR];
    int shade;

    field_square(f, column, row, z);
    if (isnan(z[0] + z[1] + z[2] + z[3]))
        return;
    shade = shade_make(field_shade((z[0] + z[1] + z[2] + z[3]) / 4), relief_shadow(&s->r, column, row));
    svg_rgb(style_ground(s->theme, f->colormap, shade), colour);
    svg_format(s->out, "<path fill=\"%s\" stroke=\"%s\" d=\"", colour, colour);
    add_spot(s, "M", corner(s, column, row));
    add_spot(s, "L", corner(s, column + 1, row));
    add_spot(s, "L", corner(s, column + 1, row + 1));
    add_spot(s, "L", corner(s, column, row + 1));
    svg_add(s->out, "Z\"/>\n");
}

static int add_faces(const struct sheet *s)
{
    const struct field *f = s->r.f;
    int count = (f->columns - 1) * (f->rows - 1);
    struct face *face = malloc((size_t)count * sizeof *face);

    if (!face)
        return -1;
    for (int i = 0; i < count; i++) {
        int column = i % (f->columns - 1), row = i / (f->columns - 1);
        face[i] = (struct face){relief_project(&s->r, (column + .5) / (f->columns - 1), (row + .5) / (f->rows - 1), 0).depth, column, row};
    }
    qsort(face, (size_t)count, sizeof *face, by_depth);
    svg_add(s->out, "<g class=\"faces\" stroke-width=\".5\">\n");
    for (int i = 0; i < count; i++)
        add_face(s, face[i].column, face[i].row);
    svg_add(s->out, "</g>\n");
    free(face);
    return 0;
}

static void add_floor(const struct sheet *s)
{
    static const double edge[][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    const struct field *f = s->r.f;
    double level[AXIS_TICKS], z[4], w = f->columns - 1, h = f->rows - 1;
    int n = field_levels(f, LEVELS, level);
    struct line_piece p[2];
    char colour[SVG_COLOUR];

    svg_ink(s->theme, STYLE_FRAME, colour);
    svg_format(s->out, "<path class=\"floor\" fill=\"none\" stroke=\"%s\" d=\"", colour);
    for (int i = 0; i < 4; i++)
        add_spot(s, i ? "L" : "M", relief_project(&s->r, edge[i][0], edge[i][1], RELIEF_FLOOR));
    svg_ink(s->theme, STYLE_CONTOUR, colour);
    svg_format(s->out, "Z\"/>\n<path class=\"contour\" fill=\"none\" stroke=\"%s\" d=\"", colour);
    for (int i = 0; i < n * (f->rows - 1) * (f->columns - 1); i++) {
        int at = i / n, column = at % (f->columns - 1), row = at / (f->columns - 1);
        field_square(f, column, row, z);
        for (int k = contour_square(z, field_place(f, level[i % n]), p); k-- > 0;) {
            add_spot(s, "M", relief_project(&s->r, (column + p[k].x0) / w, (row + p[k].y0) / h, RELIEF_FLOOR));
            add_spot(s, "L", relief_project(&s->r, (column + p[k].x1) / w, (row + p[k].y1) / h, RELIEF_FLOOR));
        }
    }
    svg_add(s->out, "\"/>\n");
}

static int on_surface(const struct sheet *s, double u, double v, struct relief_spot *at)
{
    double place = u >= 0 && u <= 1 && v >= 0 && v <= 1 ? field_place_at(s->r.f, u, v) : NAN;

    *at = relief_project(&s->r, u, v, fmin(fmax(place, 0), 1));
    return isfinite(place);
}

static void add_seen(const struct sheet *s, const struct field_path *p)
{
    const struct field *f = s->r.f;
    size_t stride = p->stride ? (size_t)p->stride : 1;
    int pen = 0;

    for (int i = 0; i + 1 < p->count; i++) {
        size_t k = (size_t)i * stride, next = k + stride;
        double u = axis_place(&f->x, p->x[k]), v = axis_place(&f->y, p->y[k]);
        double du = axis_place(&f->x, p->x[next]) - u, dv = axis_place(&f->y, p->y[next]) - v;
        int pieces = 1 + (int)fmin(hypot(du * f->columns, dv * f->rows), PIECES);
        for (int j = 0; j <= pieces && isfinite(u + v + du + dv); j++) {
            struct relief_spot at;
            int seen = on_surface(s, u + du * j / pieces, v + dv * j / pieces, &at) && relief_sees(&s->r, at);
            if (seen)
                add_spot(s, pen ? "L" : "M", at);
            pen = seen;
        }
    }
}

/* Its edge, then itself. */
static void add_path(const struct sheet *s, const struct field_path *p)
{
    char colour[SVG_COLOUR];

    svg_rgb(style_edge(), colour);
    svg_format(s->out, "<path class=\"edge\" fill=\"none\" stroke-width=\"4.6\" stroke-linejoin=\"round\" stroke=\"%s\" d=\"", colour);
    add_seen(s, p);
    svg_rgb(style_way(s->theme, p->style), colour);
    svg_format(s->out, "\"/>\n<path class=\"path\" fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke=\"%s\" data-name=\"", colour);
    svg_text(s->out, p->name ? p->name : "");
    svg_add(s->out, "\" d=\"");
    add_seen(s, p);
    svg_add(s->out, "\"/>\n");
}

static void add_text(const struct sheet *s, struct relief_spot at, const char *colour, const char *text)
{
    svg_format(s->out, "<text text-anchor=\"middle\" fill=\"%s\" x=\"", colour);
    svg_number(s->out, s->x + at.x);
    svg_add(s->out, "\" y=\"");
    svg_number(s->out, s->y + at.y + FONT * .36);
    svg_add(s->out, "\">");
    svg_text(s->out, text);
    svg_add(s->out, "</text>\n");
}

static void add_marks(const struct sheet *s)
{
    const struct field *f = s->r.f;

    for (int i = 0; i < f->mark_count; i++) {
        const struct field_mark *m = &f->marks[i];
        struct relief_spot at;
        if (!on_surface(s, axis_place(&f->x, m->x), axis_place(&f->y, m->y), &at))
            continue;
        svg_add(s->out, "<g class=\"mark\" data-name=\"");
        svg_text(s->out, m->name ? m->name : "");
        svg_add(s->out, "\" transform=\"translate(");
        svg_number(s->out, s->x + at.x);
        svg_add(s->out, " ");
        svg_number(s->out, s->y + at.y);
        svg_add(s->out, ")\">");
        glyph_svg(s->out, m->glyph, style_way(s->theme, m->style), style_edge());
        svg_add(s->out, "</g>\n");
    }
}

/* Names and ends of the axes along the two nearest edges of the floor. */
static void add_names(const struct sheet *s)
{
    const struct axis *axes[] = {&s->r.f->x, &s->r.f->y};
    double away = 1.07, near_v = s->r.turn[0] > 0 ? 1 - away : away, near_u = s->r.turn[1] > 0 ? 1 - away : away;
    char text[NUMBER_SIZE], colour[SVG_COLOUR];

    svg_ink(s->theme, STYLE_QUIET, colour);
    for (int i = 0; i < 2; i++) {
        for (int end = 0; end < 2; end++) {
            number_short(text, sizeof text, end ? axes[i]->hi : axes[i]->lo);
            add_text(s, relief_project(&s->r, i ? near_u : end, i ? end : near_v, RELIEF_FLOOR), colour, text);
        }
        if (axes[i]->unit)
            add_text(s, relief_project(&s->r, i ? near_u : .5, i ? .5 : near_v, RELIEF_FLOOR), colour, axes[i]->unit);
    }
}

int relief_svg(const struct field *f, enum theme p, struct svg_page *out, const struct rect *at)
{
    struct sheet s = {.theme = p, .out = out, .x = at->x, .y = at->y};
    int r = relief_init(&s.r, f, at->w, at->h);

    if (r != 0)
        return r;
    add_floor(&s);
    r = add_faces(&s);
    for (int i = 0; i < f->path_count; i++)
        add_path(&s, &f->paths[i]);
    add_marks(&s);
    add_names(&s);
    relief_free(&s.r);
    return r;
}
