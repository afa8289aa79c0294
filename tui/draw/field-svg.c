/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/contour.h"
#include "draw/field.h"
#include "draw/number.h"
#include "draw/relief-svg.h"
#include "draw/svg-page.h"
#include "draw/text.h"

enum { STEPS = 64, LEFT = 64, TOP = 56, NOTE_LINE = 18,  BOTTOM = 56, RIGHT = 96, BAR = 16, FONT = 13, LEGEND_LINE = 18,
       NAME_BESIDE = 8 };

struct page {
    const struct field *f;
    enum theme palette;
    struct svg_page *out;
    double x, y, w, h; /* the map on the page */
};

/* The format's %g are coordinates, %s markup as it is, %t text to be made safe. */
static void add(const struct page *o, const char *format, ...)
{
    char plain[2] = {0};
    va_list ap;

    va_start(ap, format);
    for (; *format; format++)
        if (*format != '%' || *++format == '%') {
            plain[0] = *format;
            svg_add(o->out, plain);
        } else if (*format == 'g')
            svg_number(o->out, va_arg(ap, double));
        else if (*format == 't') {
            const char *text = va_arg(ap, const char *);
            svg_text(o->out, text ? text : "");
        } else
            svg_add(o->out, va_arg(ap, const char *));
    va_end(ap);
}

/* A height, in as many digits as it needs, with a point whatever the locale's sign is. */
static void exact(double v, char *out, size_t size)
{
    snprintf(out, size, "%.6g", v);
    for (char *c = out; *c; c++)
        if (!strchr("0123456789+-e", *c))
            *c = '.';
}

static void colour_of(const struct page *o, double place, char out[8])
{
    svg_rgb(style_ground(o->palette, o->f->colormap, field_shade(fmin(fmax(place, 0), 1))), out);
}

/* ---- the map ------------------------------------------------------------------------------------- */

static double across(const struct page *o, double x)
{
    return o->x + axis_place(&o->f->x, x) * o->w;
}

static double down(const struct page *o, double y)
{
    return o->y + (1 - axis_place(&o->f->y, y)) * o->h;
}

/* The border between two columns of cells, or two rows, on a whole pixel: both sides of a border that fell between two
 * pixels would be blended with the paper and leave a seam. */
static double border(double from, double width, double at)
{
    return round(from + fmin(fmax(at, 0), 1) * width);
}

/* Each point of the grid is the middle of its cell; neighbours in a row that look alike are one rectangle. */
static void add_row(const struct page *o, int row)
{
    const struct field *f = o->f;
    double y = border(o->y, o->h, 1 - (row + .5) / (f->rows - 1)), bottom = border(o->y, o->h, 1 - (row - .5) / (f->rows - 1));
    char colour[8], next[8];

    for (int i = 0, end; i < f->columns; i = end) {
        double place = field_place(f, f->z[(size_t)row * (size_t)f->columns + i]);
        colour_of(o, place, colour);
        for (end = i + 1; end < f->columns; end++) {
            double other = field_place(f, f->z[(size_t)row * (size_t)f->columns + end]);
            colour_of(o, other, next);
            if (isnan(other) != isnan(place) || strcmp(next, colour) != 0)
                break;
        }
        double left = border(o->x, o->w, (i - .5) / (f->columns - 1)), right = border(o->x, o->w, (end - .5) / (f->columns - 1));
        if (!isnan(place) && right > left && bottom > y)
            add(o, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"%s\"/>\n", left, y, right - left, bottom - y, colour);
    }
}

static void add_cells(const struct page *o)
{
    add(o, "<g class=\"cells\" shape-rendering=\"crispEdges\">\n");
    for (int row = 0; row < o->f->rows; row++)
        add_row(o, row);
    add(o, "</g>\n");
}

static void add_contour(const struct page *o, double level)
{
    const struct field *f = o->f;
    double w = o->w / (f->columns - 1), h = o->h / (f->rows - 1), bottom = o->y + o->h, z[4];
    struct line_piece p[2];
    char text[NUMBER_SIZE];

    exact(level, text, sizeof text);
    add(o, "<path class=\"contour\" data-level=\"%s\" d=\"", text);
    for (int row = 0; row + 1 < f->rows; row++)
        for (int column = 0; column + 1 < f->columns; column++) {
            field_square(f, column, row, z);
            for (int n = contour_square(z, field_place(f, level), p); n-- > 0;)
                add(o, "M%g %gL%g %g", o->x + (column + p[n].x0) * w, bottom - (row + p[n].y0) * h,
                    o->x + (column + p[n].x1) * w, bottom - (row + p[n].y1) * h);
        }
    add(o, "\"/>\n");
}

static const char *dashes(int i)
{
    static const char *const dash[] = {"none", "7 3", "2 3", "9 3 2 3"};

    return dash[i % 4];
}

static void add_path(const struct page *o, const struct field_path *p, int i)
{
    size_t stride = p->stride ? (size_t)p->stride : 1;
    char colour[8];
    int pen = 0;

    svg_ink(o->palette, p->style, colour);
    add(o, "<path class=\"path\" data-name=\"%t\" stroke=\"%s\" stroke-dasharray=\"%s\" d=\"", p->name, colour, dashes(i));
    for (int k = 0; k < p->count; k++) {
        double x = across(o, p->x[(size_t)k * stride]), y = down(o, p->y[(size_t)k * stride]);
        int seen = isfinite(x) && isfinite(y) && fabs(x) < 1e7 && fabs(y) < 1e7;
        if (seen)
            add(o, pen ? "L%g %g" : "M%g %g", x, y);
        pen = seen;
    }
    add(o, "\"/>\n");
    for (int k = 0; p->away && k < p->count; k++) {
        double x = across(o, p->x[(size_t)k * stride]), y = down(o, p->y[(size_t)k * stride]);
        if (p->away[k] >= 0 && isfinite(x) && isfinite(y) && fabs(x) < 1e7 && fabs(y) < 1e7)
            add(o, "<circle class=\"point\" fill=\"%s\" cx=\"%g\" cy=\"%g\" r=\"%g\"/>\n", colour, x, y, 4.5 - 3 * p->away[k]);
    }
}

static void add_glyph(const struct page *o, enum style s, uint32_t glyph, double x, double y)
{
    char colour[8], text[5] = {0};

    svg_ink(o->palette, s, colour);
    text_encode(glyph, text);
    add(o, "<text x=\"%g\" y=\"%g\" text-anchor=\"middle\" fill=\"%s\">%t</text>\n", x, y + FONT * .36, colour, text);
}

static int is_on_map(const struct field *f, const struct field_mark *m)
{
    double x = axis_place(&f->x, m->x), y = axis_place(&f->y, m->y);

    return x > -1e-6 && x < 1 + 1e-6 && y > -1e-6 && y < 1 + 1e-6;
}

/* Whole ones, at the border of the map too. */
static void add_marks(const struct page *o)
{
    for (int i = 0; i < o->f->mark_count; i++) {
        const struct field_mark *m = &o->f->marks[i];
        if (!is_on_map(o->f, m))
            continue;
        add(o, "<g class=\"mark\" data-name=\"%t\">", m->name);
        add_glyph(o, m->style, m->glyph, across(o, m->x), down(o, m->y));
        add(o, "</g>\n");
    }
}

static void add_map(const struct page *o)
{
    double level[AXIS_TICKS];
    char line[8];
    int n = field_levels(o->f, 10, level);

    svg_ink(o->palette, STYLE_CONTOUR, line);
    add(o, "<clipPath id=\"map\"><rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\"/></clipPath>\n", o->x, o->y, o->w, o->h);
    add(o, "<g clip-path=\"url(#map)\" fill=\"none\">\n");
    add_cells(o);
    add(o, "<g class=\"contours\" stroke=\"%s\">\n", line);
    for (int i = 0; i < n; i++)
        add_contour(o, level[i]);
    add(o, "</g>\n<g class=\"paths\" stroke-width=\"2\">\n");
    for (int i = 0; i < o->f->path_count; i++)
        add_path(o, &o->f->paths[i], i);
    add(o, "</g>\n</g>\n<g class=\"marks\">\n");
    add_marks(o);
    add(o, "</g>\n");
}

/* ---- around it --------------------------------------------------------------------------------- */

static void add_tick(const struct page *o, double x, double y, double dx, double dy, const char *anchor, const char *text)
{
    add(o, "<path class=\"tick\" d=\"M%g %gL%g %g\"/>", x, y, x + dx, y + dy);
    add(o, "<text class=\"tick\" x=\"%g\" y=\"%g\" text-anchor=\"%s\">%t</text>\n", x + 2 * dx, y + 2 * dy + (dy > 0 ? FONT : FONT * .36),
        anchor, text);
}

static void add_axis(const struct page *o, const struct axis *a, int vertical)
{
    double ticks[AXIS_TICKS], bottom = o->y + o->h;
    int n = axis_ticks(a, vertical ? (int)(o->h / 50) + 1 : (int)(o->w / 70) + 1, ticks);
    char text[NUMBER_SIZE], ink[8];

    svg_ink(o->palette, STYLE_QUIET, ink);
    add(o, "<g class=\"axis %s\" stroke=\"%s\">\n<path fill=\"none\" d=\"M%g %gL%g %g\"/>\n", vertical ? "y" : "x", ink, o->x, bottom,
        vertical ? o->x : o->x + o->w, vertical ? o->y : bottom);
    for (int i = 0; i < n; i++) {
        axis_label(a, ticks, n, i, text, sizeof text);
        if (vertical)
            add_tick(o, o->x, down(o, ticks[i]), -5, 0, "end", text);
        else
            add_tick(o, across(o, ticks[i]), bottom, 0, 5, "middle", text);
    }
    if (a->unit && vertical && strlen(a->unit) > NAME_BESIDE)
        add(o, "<text class=\"name\" x=\"4\" y=\"%g\">%t</text>\n", o->y - 8, a->unit);
    else if (a->unit)
        add(o, "<text class=\"name\" x=\"%g\" y=\"%g\" text-anchor=\"%s\">%t</text>\n", vertical ? o->x : o->x + o->w / 2,
            vertical ? o->y - 8 : bottom + BOTTOM - 14, vertical ? "end" : "middle", a->unit);
    add(o, "</g>\n");
}

static void add_heights(const struct page *o)
{
    double level[AXIS_TICKS], x = o->x + o->w + 20;
    char text[NUMBER_SIZE], colour[8];
    int n = field_levels(o->f, 10, level);

    for (int i = 0; i < STEPS; i++) {
        double top = border(o->y, o->h, (double)(STEPS - 1 - i) / STEPS), bottom = border(o->y, o->h, (double)(STEPS - i) / STEPS);
        colour_of(o, (i + .5) / STEPS, colour);
        add(o, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"%s\" stroke=\"none\" shape-rendering=\"crispEdges\"/>\n",
            x, top, (double)BAR, bottom - top, colour);
    }
    for (int i = 0; i < n; i++) {
        axis_label(&o->f->z_axis, level, n, i, text, sizeof text);
        add_tick(o, x + BAR, o->y + (1 - axis_place(&o->f->z_axis, level[i])) * o->h, 3, 0, "start", text);
    }
    add(o, "<text class=\"name\" x=\"%g\" y=\"%g\">%t</text>\n", x, o->y - 8, o->f->z_name ? o->f->z_name : "height");
}

static const char *legend_of(const struct field_path *p)
{
    return p->legend ? p->legend : p->name;
}

static void add_entry(const struct page *o, const struct field_path *p, int i, int line)
{
    double x = o->x + o->w + 20 + RIGHT - 20, y = o->y + (line + .5) * LEGEND_LINE;
    char colour[8];

    svg_ink(o->palette, p->style, colour);
    add(o, "<g class=\"entry\"><path fill=\"none\" stroke-width=\"2\" stroke=\"%s\" stroke-dasharray=\"%s\" d=\"M%g %gL%g %g\"/>", colour,
        dashes(i), x, y, x + 24, y);
    add(o, "<text x=\"%g\" y=\"%g\">%t</text></g>\n", x + 32, y + FONT * .36, legend_of(p));
}

static void add_mark_entry(const struct page *o, const struct field_mark *m, int i)
{
    double x = o->x + o->w + 20 + RIGHT - 20, y = o->y + (i + .5) * LEGEND_LINE;

    add(o, "<g class=\"entry\">");
    add_glyph(o, m->style, m->glyph, x + 12, y);
    add(o, "<text x=\"%g\" y=\"%g\">%t</text></g>\n", x + 32, y + FONT * .36, m->name);
}

/* Whether a mark is told in the legend: on the map, and its name neither a path's nor told before. */
static int is_told(const struct field *f, int i)
{
    const char *name = f->marks[i].name;

    if (!name || !is_on_map(f, &f->marks[i]))
        return 0;
    for (int k = 0; k < f->path_count; k++)
        if (f->paths[k].name && strcmp(f->paths[k].name, name) == 0)
            return 0;
    for (int k = 0; k < i; k++)
        if (f->marks[k].name && strcmp(f->marks[k].name, name) == 0 && is_on_map(f, &f->marks[k]))
            return 0;
    return 1;
}

/* Paths that have a name, then marks. */
static void add_entries(const struct page *o)
{
    const struct field *f = o->f;
    int line = 0;

    for (int i = 0; i < f->path_count; i++)
        if (f->paths[i].name)
            add_entry(o, &f->paths[i], i, line++);
    for (int i = 0; i < f->mark_count; i++)
        if (is_told(f, i))
            add_mark_entry(o, &f->marks[i], line++);
}

/* Room for the longest name of the legend, 0 where there is none. */
static int names_width(const struct field *f)
{
    int longest = 0;

    for (int i = 0; i < f->path_count; i++)
        if (f->paths[i].name && text_width(legend_of(&f->paths[i])) > longest)
            longest = text_width(legend_of(&f->paths[i]));
    for (int i = 0; i < f->mark_count; i++)
        if (is_told(f, i) && text_width(f->marks[i].name) > longest)
            longest = text_width(f->marks[i].name);
    return longest ? (int)fmax(120, 40 + longest * FONT * .6) : 0;
}

/* From a side, with its own axes. */
static void add_surface(struct page *o)
{
    const struct rect at = {(int)o->x, (int)o->y, (int)o->w, (int)(o->h + BOTTOM / 2)};

    if (relief_svg(o->f, o->palette, o->out, &at) != 0)
        o->out->failed = 1;
}

static void add_page(struct page *o, int w, int h)
{
    char paper[8], ink[8], quiet[8];

    svg_paper(o->palette, paper);
    svg_ink(o->palette, STYLE_TEXT, ink);
    svg_ink(o->palette, STYLE_QUIET, quiet);
    add(o, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"field\" width=\"%g\" height=\"%g\" viewBox=\"0 0 %g %g\" fill=\"%s\">\n"
        "<title>%t</title>\n", (double)w, (double)h, (double)w, (double)h, ink, o->f->name);
    add(o, "<style>text{font:%gpx sans-serif;stroke:none}.mark{font-weight:bold}.title{font-size:%gpx}text.tick,text.name,.note{fill:%s}</style>\n", (double)FONT,
        (double)FONT + 3, quiet);
    add(o, "<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n", paper);
    add(o, "<text class=\"title\" x=\"%g\" y=\"%g\">%t</text>\n", o->x, (double)FONT + 9, o->f->name);
    if (o->f->note)
        add(o, "<text class=\"note\" x=\"%g\" y=\"%g\">%t</text>\n", o->x, (double)FONT + 9 + NOTE_LINE, o->f->note);
    if (o->f->eye)
        add_surface(o);
    else {
        add_map(o);
        add_axis(o, &o->f->x, 0);
        add_axis(o, &o->f->y, 1);
    }
    add(o, "<g class=\"legend\" stroke=\"%s\">\n", quiet);
    add_heights(o);
    add_entries(o);
    add(o, "</g>\n</svg>\n");
}

char *field_to_svg(const struct field *f, enum theme p, int w, int h)
{
    int names = names_width(f);
    struct svg_page out = {0};
    struct page o = {.f = f, .palette = p, .out = &out, .x = LEFT, .y = TOP};

    o.y += f->note ? NOTE_LINE : 0;
    o.w = fmax(w - LEFT - RIGHT - names, 1);
    o.h = fmax(h - o.y - BOTTOM, 1);
    add_page(&o, w, h);
    return svg_end(&out);
}
