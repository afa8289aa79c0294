/* SPDX-License-Identifier: MIT */
/* What stands around a map, and the whole page. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/field-page.h"
#include "draw/glyph-svg.h"
#include "draw/number.h"
#include "draw/relief-svg.h"
#include "draw/text.h"

enum { STEPS = 64, LEFT = 64, TOP = 56, NOTE_LINE = 18, BOTTOM = 56, RIGHT = 96, BAR = 16, FONT = FIELD_FONT, LEGEND_LINE = 20,
       NAME_BESIDE = 8, AROUND = 8 };

static const double THINNEST = 4; /* a map longer than that many times its other side is not drawn in scale */

void field_page_add(const struct field_page *o, const char *format, ...)
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

double field_page_x(const struct field_page *o, double x)
{
    return o->x + axis_place(&o->f->x, x) * o->w;
}

double field_page_y(const struct field_page *o, double y)
{
    return o->y + (1 - axis_place(&o->f->y, y)) * o->h;
}

static void add_map(const struct field_page *o)
{
    int r;

    field_page_add(o, "<clipPath id=\"map\"><rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\"/></clipPath>\n", o->x, o->y, o->w, o->h);
    field_page_add(o, "<g clip-path=\"url(#map)\">\n");
    r = field_page_ground(o);
    field_page_add(o, "<g class=\"paths\">\n");
    r = r ? r : field_page_paths(o);
    field_page_add(o, "</g>\n</g>\n<g class=\"marks\">\n");
    field_page_marks(o);
    field_page_add(o, "</g>\n");
    if (o->f->film)
        r = r ? r : field_page_film(o);
    if (r)
        o->out->failed = 1;
}

/* ---- around it --------------------------------------------------------------------------------- */

static void add_tick(const struct field_page *o, double x, double y, double dx, double dy, const char *anchor, const char *text)
{
    field_page_add(o, "<path class=\"tick\" d=\"M%g %gL%g %g\"/>", x, y, x + dx, y + dy);
    field_page_add(o, "<text class=\"tick\" x=\"%g\" y=\"%g\" text-anchor=\"%s\">%t</text>\n", x + 2 * dx, y + 2 * dy + (dy > 0 ? FONT : FONT * .36),
        anchor, text);
}

static void add_axis(const struct field_page *o, const struct axis *a, int vertical)
{
    double ticks[AXIS_TICKS], bottom = o->y + o->h;
    int n = axis_ticks(a, vertical ? (int)(o->h / 50) + 1 : (int)(o->w / 70) + 1, ticks);
    char text[NUMBER_SIZE], ink[8];

    svg_ink(o->palette, STYLE_QUIET, ink);
    field_page_add(o, "<g class=\"axis %s\" stroke=\"%s\">\n<path fill=\"none\" d=\"M%g %gL%g %g\"/>\n", vertical ? "y" : "x", ink, o->x, bottom,
        vertical ? o->x : o->x + o->w, vertical ? o->y : bottom);
    for (int i = 0; i < n; i++) {
        axis_label(a, ticks, n, i, text, sizeof text);
        if (vertical)
            add_tick(o, o->x, field_page_y(o, ticks[i]), -5, 0, "end", text);
        else
            add_tick(o, field_page_x(o, ticks[i]), bottom, 0, 5, "middle", text);
    }
    if (a->unit && vertical && strlen(a->unit) > NAME_BESIDE)
        field_page_add(o, "<text class=\"name\" x=\"4\" y=\"%g\">%t</text>\n", o->y - 8, a->unit);
    else if (a->unit)
        field_page_add(o, "<text class=\"name\" x=\"%g\" y=\"%g\" text-anchor=\"%s\">%t</text>\n", vertical ? o->x : o->x + o->w / 2,
            vertical ? o->y - 8 : bottom + BOTTOM - 14, vertical ? "end" : "middle", a->unit);
    field_page_add(o, "</g>\n");
}

/* On a whole pixel: both sides of a border that fell between two would be blended with the paper and leave a seam. */
static double border(double from, double width, double at)
{
    return round(from + at * width);
}

static void add_heights(const struct field_page *o)
{
    double level[AXIS_TICKS], x = o->x + o->w + 20;
    char text[NUMBER_SIZE], colour[SVG_COLOUR];
    int n = field_levels(o->f, FIELD_LEVELS, level);

    for (int i = 0; i < STEPS; i++) {
        double top = border(o->y, o->h, (double)(STEPS - 1 - i) / STEPS), bottom = border(o->y, o->h, (double)(STEPS - i) / STEPS);
        svg_rgb(style_height(o->palette, o->f->colormap, (i + .5) / STEPS), colour);
        field_page_add(o, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"%s\" stroke=\"none\" shape-rendering=\"crispEdges\"/>\n",
            x, top, (double)BAR, bottom - top, colour);
    }
    for (int i = 0; i < n; i++) {
        axis_label(&o->f->z_axis, level, n, i, text, sizeof text);
        add_tick(o, x + BAR, o->y + (1 - axis_place(&o->f->z_axis, level[i])) * o->h, 3, 0, "start", text);
    }
    field_page_add(o, "<text class=\"name\" x=\"%g\" y=\"%g\">%t%s</text>\n", x, o->y - 8, o->f->z_name ? o->f->z_name : "height",
                   o->f->z_axis.log ? ", log" : "");
}

static const char *legend_of(const struct field_path *p)
{
    return p->legend ? p->legend : p->name;
}

static double entry_x(const struct field_page *o)
{
    return o->x + o->w + RIGHT;
}

static double entry_y(const struct field_page *o, int line)
{
    return o->y + (line + .5) * LEGEND_LINE;
}

static void add_entry_text(const struct field_page *o, int line, const char *text)
{
    field_page_add(o, "<text x=\"%g\" y=\"%g\">%t</text></g>\n", entry_x(o) + 32, entry_y(o, line) + FONT * .36, text);
}

/* The mark of a path's name, where it is now. */
static const struct field_mark *mark_of(const struct field *f, const struct field_path *p)
{
    for (int i = 0; i < f->mark_count; i++)
        if (f->marks[i].name && strcmp(f->marks[i].name, p->name) == 0)
            return &f->marks[i];
    return NULL;
}

static void add_entry(const struct field_page *o, const struct field_path *p, int i, int line)
{
    double x = entry_x(o), y = entry_y(o, line);
    const char *dashes = field_is_filmed(o->f, p) ? NULL : field_dashes(i);
    const struct field_mark *m = mark_of(o->f, p);

    field_page_add(o, "<g class=\"entry\">");
    field_page_begin_edge(o, dashes);
    field_page_add(o, " d=\"M%g %gL%g %g\"/>", x, y, x + 24, y);
    field_page_begin_sample(o, p, dashes);
    field_page_add(o, " d=\"M%g %gL%g %g\"/>", x, y, x + 24, y);
    if (m)
        field_page_mark(o, m, x + 12, y);
    add_entry_text(o, line, legend_of(p));
}

static void add_mark_entry(const struct field_page *o, const struct field_mark *m, int line)
{
    field_page_add(o, "<g class=\"entry\">");
    field_page_mark(o, m, entry_x(o) + 12, entry_y(o, line));
    add_entry_text(o, line, m->name);
}

static void hole_name(const struct field *f, char *out, size_t size)
{
    snprintf(out, size, "%s not finite", f->z_name ? f->z_name : "height");
}

static void add_hole_entry(const struct field_page *o, int line)
{
    char name[64];

    hole_name(o->f, name, sizeof name);
    field_page_add(o, "<g class=\"entry\">");
    field_page_hatch(o, entry_x(o), entry_y(o, line) - 7, 24, 14);
    add_entry_text(o, line, name);
}

/* Whether a mark is told in the legend: on the map, and its name neither a path's nor told before. */
static int is_told(const struct field *f, int i)
{
    const char *name = f->marks[i].name;

    if (!name || !field_is_on_map(f, &f->marks[i]))
        return 0;
    for (int k = 0; k < f->path_count; k++)
        if (f->paths[k].name && strcmp(f->paths[k].name, name) == 0)
            return 0;
    for (int k = 0; k < i; k++)
        if (f->marks[k].name && strcmp(f->marks[k].name, name) == 0 && field_is_on_map(f, &f->marks[k]))
            return 0;
    return 1;
}

/* Paths that have a name, then marks. */
static void add_entries(const struct field_page *o)
{
    const struct field *f = o->f;
    int line = 0;

    for (int i = 0; i < f->path_count; i++)
        if (f->paths[i].name)
            add_entry(o, &f->paths[i], i, line++);
    for (int i = 0; i < f->mark_count; i++)
        if (is_told(f, i))
            add_mark_entry(o, &f->marks[i], line++);
    if (o->holes)
        add_hole_entry(o, line++);
}

/* ---- the page ----------------------------------------------------------------------------------- */

static int longer(int longest, const char *text)
{
    return text && text_width(text) > longest ? text_width(text) : longest;
}

/* Room for the longest name of the legend, 0 where there is none; *lines: how many it has. */
static int names_width(const struct field_page *o, int *lines)
{
    const struct field *f = o->f;
    int longest = 0;
    char hole[64];

    *lines = 0;
    for (int i = 0; i < f->path_count; i++)
        if (f->paths[i].name)
            longest = longer(longest, legend_of(&f->paths[i])), ++*lines;
    for (int i = 0; i < f->mark_count; i++)
        if (is_told(f, i))
            longest = longer(longest, f->marks[i].name), ++*lines;
    hole_name(f, hole, sizeof hole);
    if (o->holes)
        longest = longer(longest, hole), ++*lines;
    return longest ? (int)fmax(120, 40 + longest * FONT * .6) : 0;
}

/* The map in a box, as wide for its height as it should be. */
static void fit_map(struct field_page *o)
{
    double aspect = o->f->eye ? 0 : o->f->aspect;

    o->out_of_scale = aspect > THINNEST || (aspect > 0 && aspect < 1 / THINNEST);
    if (aspect > 0 && !o->out_of_scale && o->w > o->h * aspect)
        o->w = o->h * aspect;
    else if (aspect > 0 && !o->out_of_scale)
        o->h = o->w / aspect;
    o->w = fmax(round(o->w), 2);
    o->h = fmax(round(o->h), 2);
}

/* Formula, scale of the axes, speed of the film. */
static void note_of(const struct field_page *o, char *out, size_t size)
{
    const char *parts[3] = {o->f->note, o->out_of_scale ? "axes not to the same scale" : NULL, NULL};
    char speed[64];
    size_t n = 0;

    if (field_page_speed(o, speed, sizeof speed))
        parts[2] = speed;
    *out = '\0';
    for (int i = 0; i < 3; i++)
        if (parts[i] && n < size)
            n += (size_t)snprintf(out + n, size - n, "%s%s", n ? " · " : "", parts[i]);
}

/* From a side, with its own axes. */
static void add_surface(struct field_page *o)
{
    const struct rect at = {(int)o->x, (int)o->y, (int)o->w, (int)(o->h + BOTTOM / 2)};

    if (relief_svg(o->f, o->palette, o->out, &at) != 0)
        o->out->failed = 1;
}

static void add_head(const struct field_page *o, const char *note, double w, double h)
{
    char paper[SVG_COLOUR], ink[SVG_COLOUR], quiet[SVG_COLOUR];

    svg_paper(o->palette, paper);
    svg_ink(o->palette, STYLE_TEXT, ink);
    svg_ink(o->palette, STYLE_QUIET, quiet);
    field_page_add(o, "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" class=\"field\" width=\"%g\" height=\"%g\" "
        "viewBox=\"0 0 %g %g\" fill=\"%s\">\n<title>%t</title>\n", w, h, w, h, ink, o->f->name);
    field_page_add(o, "<style>text{font:%gpx sans-serif;stroke:none}.title{font-size:%gpx}text.tick,text.name,.note,.count text{fill:%s}"
        ".level{font-size:11px;text-anchor:middle;stroke-width:3;stroke-linejoin:round;paint-order:stroke}</style>\n", (double)FONT,
        (double)FONT + 3, quiet);
    field_page_add(o, "<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n", paper);
    field_page_add(o, "<text class=\"title\" x=\"%g\" y=\"%g\">%t</text>\n", o->x, (double)FONT + 9, o->f->name);
    if (*note)
        field_page_add(o, "<text class=\"note\" x=\"%g\" y=\"%g\">%t</text>\n", o->x, (double)FONT + 9 + NOTE_LINE, note);
}

static void add_page(struct field_page *o, const char *note, double w, double h)
{
    char quiet[SVG_COLOUR];

    svg_ink(o->palette, STYLE_QUIET, quiet);
    add_head(o, note, w, h);
    if (o->f->eye)
        add_surface(o);
    else {
        add_map(o);
        add_axis(o, &o->f->x, 0);
        add_axis(o, &o->f->y, 1);
        field_page_count(o);
    }
    field_page_add(o, "<g class=\"legend\" stroke=\"%s\">\n", quiet);
    add_heights(o);
    add_entries(o);
    field_page_add(o, "</g>\n</svg>\n");
}

static int has_holes(const struct field *f)
{
    for (size_t i = 0; i < (size_t)f->columns * (size_t)f->rows; i++)
        if (!isfinite(f->z[i]))
            return 1;
    return 0;
}

char *field_to_svg(const struct field *f, enum theme p, int w, int h)
{
    struct svg_page out = {0};
    struct field_page o = {.f = f, .palette = p, .out = &out, .x = LEFT, .y = TOP, .holes = !f->eye && has_holes(f)};
    int lines, names = names_width(&o, &lines);
    char note[512];

    o.y += f->note || f->film ? NOTE_LINE : 0;
    o.w = fmax(w - LEFT - RIGHT - names, 1);
    o.h = fmax(h - o.y - BOTTOM, 1);
    fit_map(&o);
    note_of(&o, note, sizeof note);
    if (o.out_of_scale && !f->note && !f->film)
        o.y += NOTE_LINE;
    add_page(&o, note, fmax(o.x + o.w + RIGHT + names, o.x + longer(text_width(f->name ? f->name : ""), note) * FONT * .6),
             o.y + fmax(o.h, lines * LEGEND_LINE) + BOTTOM);
    return svg_end(&out);
}
