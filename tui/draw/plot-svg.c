/* SPDX-License-Identifier: MIT */
#include "draw/plot-svg.h"

#include <math.h>
#include <string.h>

#include "draw/glyph-svg.h"
#include "draw/number.h"
#include "draw/plot-sheet.h"
#include "draw/text.h"

/* In pixels. */
enum { WIDTH = 960, HEIGHT = 560, FONT = 14, LETTER = 8, LEGEND_TOP = 522, LEGEND_ROW = 22, SAMPLE = 44, ENTRY_GAP = 28,
       X_TICKS = 10, Y_TICKS = 8, MARK = 6, DOT = 0x25cf };

static double hold(double v)
{
    return fmin(fmax(v, -1e5), 1e5);
}

double sheet_x(const struct sheet *o, double x)
{
    return hold(SHEET_LEFT + axis_place(&o->plot->x, x) * (SHEET_RIGHT - SHEET_LEFT));
}

double sheet_y(const struct sheet *o, double y)
{
    return hold(SHEET_BOTTOM - axis_place(&o->plot->y, y) * (SHEET_BOTTOM - SHEET_TOP));
}

int sheet_shows(const struct axis *a, double v)
{
    double place = axis_place(a, v);

    return place >= -1e-9 && place <= 1 + 1e-9;
}

void sheet_point(struct sheet *o, const char *command, double x, double y)
{
    svg_add(&o->page, command);
    svg_number(&o->page, x);
    svg_add(&o->page, " ");
    svg_number(&o->page, y);
}

void sheet_line(struct sheet *o, enum style s, double width, double x0, double y0, double x1, double y1)
{
    char colour[SVG_COLOUR];

    svg_ink(o->palette, s, colour);
    sheet_point(o, "<path d=\"M", x0, y0);
    sheet_point(o, " L", x1, y1);
    svg_format(&o->page, "\" stroke=\"%s\" stroke-width=\"", colour);
    svg_number(&o->page, width);
    svg_add(&o->page, "\"/>");
}

void sheet_text(struct sheet *o, enum style s, const char *anchor, double x, double y, const char *text)
{
    char colour[SVG_COLOUR];

    svg_ink(o->palette, s, colour);
    svg_add(&o->page, "<text x=\"");
    svg_number(&o->page, x);
    svg_add(&o->page, "\" y=\"");
    svg_number(&o->page, y);
    svg_format(&o->page, "\" fill=\"%s\" text-anchor=\"%s\">", colour, anchor);
    svg_text(&o->page, text);
    svg_add(&o->page, "</text>");
}

void sheet_begin(struct sheet *o, const char *class, const char *name)
{
    svg_format(&o->page, "<g class=\"%s\" data-name=\"", class);
    svg_text(&o->page, name ? name : "");
    svg_add(&o->page, "\">");
}

void sheet_end(struct sheet *o)
{
    svg_add(&o->page, "</g>\n");
}

/* ---- the axes ---- */

static void add_tick(struct sheet *o, int across, double v, const char *label)
{
    double at = across ? sheet_x(o, v) : sheet_y(o, v);

    sheet_begin(o, "tick", label);
    if (across) {
        sheet_line(o, STYLE_FRAME, 1, at, SHEET_BOTTOM, at, SHEET_BOTTOM + 6);
        sheet_text(o, STYLE_QUIET, "middle", at, SHEET_BOTTOM + 22, label);
    } else {
        svg_add(&o->page, "<g opacity=\".4\">");
        sheet_line(o, STYLE_FRAME, 1, SHEET_LEFT, at, SHEET_RIGHT, at);
        svg_add(&o->page, "</g>");
        sheet_line(o, STYLE_FRAME, 1, SHEET_LEFT - 6, at, SHEET_LEFT, at);
        sheet_text(o, STYLE_QUIET, "end", SHEET_LEFT - 10, at + 5, label);
    }
    sheet_end(o);
}

void sheet_axis(struct sheet *o, int across)
{
    const struct axis *a = across ? &o->plot->x : &o->plot->y;
    double ticks[AXIS_TICKS];
    char label[NUMBER_SIZE];
    int n = axis_ticks(a, across ? X_TICKS : Y_TICKS, ticks);

    svg_format(&o->page, "<g class=\"axis %s\" data-scale=\"%s\">\n", across ? "x" : "y",
               a->log ? "log" : a->linear > 0 ? "symmetric" : "linear");
    sheet_line(o, STYLE_FRAME, 1, SHEET_LEFT, across ? SHEET_BOTTOM : SHEET_TOP, across ? SHEET_RIGHT : SHEET_LEFT,
               SHEET_BOTTOM);
    for (int i = 0; i < n; i++) {
        axis_label(a, ticks, n, i, label, sizeof label);
        add_tick(o, across, ticks[i], label);
    }
    if (a->unit) {
        sheet_begin(o, "unit", a->unit);
        if (across)
            sheet_text(o, STYLE_QUIET, "end", SHEET_RIGHT, SHEET_BOTTOM + 42, a->unit);
        else
            sheet_text(o, STYLE_QUIET, "start", SHEET_LEFT, SHEET_TOP - 10, a->unit);
        sheet_end(o);
    }
    sheet_end(o);
}

/* ---- what stands in the field ---- */

static void add_zones(struct sheet *o)
{
    char colour[SVG_COLOUR];

    svg_ink(o->palette, STYLE_LEVEL, colour);
    for (int i = 0; i < o->plot->zone_count; i++) {
        const struct plot_zone *zone = &o->plot->zones[i];
        double top = sheet_y(o, zone->hi), bottom = sheet_y(o, zone->lo);
        if (!(top < bottom))
            continue;
        sheet_begin(o, "zone", zone->name);
        svg_format(&o->page, "<path fill=\"%s\" fill-opacity=\".35\" d=\"", colour);
        sheet_point(o, "M", SHEET_LEFT, top);
        sheet_point(o, "L", SHEET_RIGHT, top);
        sheet_point(o, "L", SHEET_RIGHT, bottom);
        sheet_point(o, "L", SHEET_LEFT, bottom);
        svg_add(&o->page, "Z\"/>");
        sheet_end(o);
    }
}

/* Whether a curve comes into a box of the field; a marker is as high as MARK. */
static int curve_enters(const struct sheet *o, const struct series *s, double left, double right, double top,
                        double bottom)
{
    for (int i = 0; i < s->count; i++) {
        double x0 = sheet_x(o, s->x[i]), y0 = sheet_y(o, s->y[i]), x1 = x0, y1 = y0, from, to;
        if (s->stroke != STROKE_NONE && i + 1 < s->count && isfinite(s->y[i + 1]))
            x1 = sheet_x(o, s->x[i + 1]), y1 = sheet_y(o, s->y[i + 1]);
        if (!isfinite(s->y[i]) || x1 < left - MARK || x0 > right + MARK)
            continue;
        from = x1 > x0 ? y0 + (y1 - y0) * fmax(0, (left - MARK - x0) / (x1 - x0)) : y0;
        to = x1 > x0 ? y0 + (y1 - y0) * fmin(1, (right + MARK - x0) / (x1 - x0)) : y0;
        if (fmin(from, to) < bottom + MARK && fmax(from, to) > top - MARK)
            return 1;
    }
    return 0;
}

/* End of the name of a line at y: as far right as no curve is in its way. */
static double name_end(const struct sheet *o, double y, const char *name)
{
    int width = text_width(name) * LETTER;

    for (double x = SHEET_RIGHT - 6; x - width > SHEET_LEFT; x -= LETTER) {
        int free = 1;
        for (int i = 0; i < o->plot->series_count && free; i++)
            if (o->plot->series[i].stroke != STROKE_BAND)
                free = !curve_enters(o, &o->plot->series[i], x - width, x, y - 4 - FONT, y);
        if (free)
            return x;
    }
    return SHEET_RIGHT - 6;
}

static void add_levels(struct sheet *o)
{
    for (int i = 0; i < o->plot->level_count; i++) {
        const struct plot_level *level = &o->plot->levels[i];
        double y = sheet_y(o, level->y);
        if (!sheet_shows(&o->plot->y, level->y))
            continue;
        sheet_begin(o, "level", level->name);
        svg_add(&o->page, "<g stroke-dasharray=\"2 4\">");
        sheet_line(o, level->style, 1, SHEET_LEFT, y, SHEET_RIGHT, y);
        svg_add(&o->page, "</g>");
        sheet_text(o, level->style, "end", name_end(o, y, level->name), y - 4, level->name);
        sheet_end(o);
    }
}

void sheet_glyph(struct sheet *o, uint32_t glyph, enum style s, double x, double y)
{
    static const struct {
        uint32_t glyph;
        const char *path;
    } shapes[] = {
        {0x25c6, "M0 -5L5 0L0 5L-5 0Z"},
        {0x25b2, "M0 -5L5 4L-5 4Z"},
        {0x25b4, "M0 -6L3.5 2L-3.5 2Z"},
        {0x2717, "M-4 -5L0 -1L4 -5L5 -4L1 0L5 4L4 5L0 1L-4 5L-5 4L-1 0L-5 -4Z"},
    };
    static const char dot[] = "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z";
    const char *path = NULL, *shape;
    char colour[SVG_COLOUR];
    int hollow = 0;

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].glyph == glyph)
            path = shapes[i].path;
    shape = path || glyph == DOT ? NULL : glyph_svg_shape(glyph, &hollow);
    svg_ink(o->palette, s, colour);
    svg_add(&o->page, "<path transform=\"translate(");
    svg_number(&o->page, x);
    svg_add(&o->page, " ");
    svg_number(&o->page, y);
    svg_format(&o->page, ")\" d=\"%s\" fill=\"%s\"", path ? path : shape ? shape : dot, hollow ? "none" : colour);
    if (hollow)
        svg_format(&o->page, " stroke=\"%s\" stroke-width=\"1.9\"", colour);
    svg_add(&o->page, "/>");
}

static void add_marks(struct sheet *o)
{
    for (int i = 0; i < o->plot->mark_count; i++) {
        const struct plot_mark *m = &o->plot->marks[i];
        double x = sheet_x(o, m->x);
        if (!sheet_shows(&o->plot->x, m->x))
            continue;
        sheet_begin(o, "mark", m->name);
        if (m->line)
            sheet_line(o, m->style, 1, x, SHEET_TOP, x, SHEET_BOTTOM);
        sheet_glyph(o, m->glyph, m->style, x, SHEET_BOTTOM);
        sheet_end(o);
    }
}

static void add_upright(struct sheet *o, const char *class, enum style s, double at)
{
    char text[NUMBER_SIZE];

    if (!isfinite(at) || !sheet_shows(&o->plot->x, at))
        return;
    number_short(text, sizeof text, at);
    sheet_begin(o, class, text);
    svg_add(&o->page, "<g stroke-dasharray=\"3 3\">");
    sheet_line(o, s, 1, sheet_x(o, at), SHEET_TOP, sheet_x(o, at), SHEET_BOTTOM);
    svg_add(&o->page, "</g>");
    sheet_end(o);
}

void sheet_events(struct sheet *o)
{
    add_upright(o, "now", STYLE_QUIET, o->plot->now);
    add_upright(o, "cross", STYLE_FOCUS, o->plot->cross);
    add_marks(o);
}

/* ---- the legend ---- */

/* Returns where the entry begins: in the next row where the width is used up. Its name is written. */
static int begin_entry(struct sheet *o, const char *name)
{
    int width = SAMPLE + text_width(name) * LETTER + ENTRY_GAP, x = o->legend_x;

    if (x > SHEET_LEFT && x + width > SHEET_RIGHT) {
        x = SHEET_LEFT;
        o->legend_y += LEGEND_ROW;
    }
    o->legend_x = x + width;
    sheet_begin(o, "entry", name);
    sheet_text(o, STYLE_TEXT, "start", x + SAMPLE, o->legend_y + 5, name);
    return x;
}

static void add_series_entry(struct sheet *o, const struct series *s)
{
    int x = begin_entry(o, s->legend ? s->legend : s->name), y = o->legend_y;

    if (s->stroke != STROKE_NONE) {
        sheet_stroke(o, s);
        if (sheet_is_filled(s))
            svg_format(&o->page, "M%d %dl6 -6l6 9l7 -8l7 7l8 -4v5l-8 3l-7 -6l-7 9l-6 -10l-6 4Z\"/>", x, y);
        else
            svg_format(&o->page, "M%d %dh34\"/>", x, y);
    }
    if (s->marker)
        sheet_glyph(o, s->marker, s->style, x + 17, y);
    sheet_end(o);
}

static void add_mark_entry(struct sheet *o, const struct plot_mark *m)
{
    int x = begin_entry(o, m->name);

    sheet_glyph(o, m->glyph, m->style, x + 17, o->legend_y);
    sheet_end(o);
}

static int is_first_of_name(const struct plot *p, int i)
{
    for (int k = 0; k < i; k++)
        if (p->marks[k].name && strcmp(p->marks[k].name, p->marks[i].name) == 0)
            return 0;
    return 1;
}

/* Whether a mark of this name is in sight. */
static int is_seen(const struct plot *p, const char *name)
{
    for (int i = 0; i < p->mark_count; i++)
        if (p->marks[i].name && strcmp(p->marks[i].name, name) == 0 && sheet_shows(&p->x, p->marks[i].x))
            return 1;
    return 0;
}

void sheet_mark_entries(struct sheet *o)
{
    const struct plot *p = o->plot;

    for (int i = 0; i < p->mark_count; i++)
        if (p->marks[i].name && is_first_of_name(p, i) && is_seen(p, p->marks[i].name))
            add_mark_entry(o, &p->marks[i]);
}

static void add_legend(struct sheet *o)
{
    const struct plot *p = o->plot;

    svg_add(&o->page, "<g class=\"legend\">\n");
    for (int i = p->series_count; i-- > 0;)
        if (p->series[i].name && p->series[i].count)
            add_series_entry(o, &p->series[i]);
    sheet_mark_entries(o);
    sheet_end(o);
}

/* Rows below the first that the legend takes: what begin_entry will do. */
static int more_rows(const struct plot *p)
{
    int x = SHEET_LEFT, rows = 0, series = p->series_count;

    for (int i = 0; i < series + p->mark_count; i++) {
        const struct series *s = i < series ? &p->series[series - 1 - i] : NULL;
        const char *name = !s ? p->marks[i - series].name : s->legend ? s->legend : s->name;
        int width = name ? SAMPLE + text_width(name) * LETTER + ENTRY_GAP : 0;
        if (!name || (s && !s->count))
            continue;
        if (i >= series && (!is_first_of_name(p, i - series) || !is_seen(p, name)))
            continue;
        if (x > SHEET_LEFT && x + width > SHEET_RIGHT) {
            x = SHEET_LEFT;
            rows++;
        }
        x += width;
    }
    return rows;
}

/* ---- the whole ---- */

void sheet_open(struct sheet *o, const struct plot *p, const char *title, enum theme palette)
{
    int height = HEIGHT + (more_rows(p) > 1 ? (more_rows(p) - 1) * LEGEND_ROW : 0); /* two rows have room */
    char paper[SVG_COLOUR];

    *o = (struct sheet){.plot = p, .palette = palette, .legend_x = SHEET_LEFT, .legend_y = LEGEND_TOP};
    svg_paper(o->palette, paper);
    svg_format(&o->page,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" width=\"%d\" height=\"%d\""
               " viewBox=\"0 0 %d %d\">\n<title>",
               WIDTH, height, WIDTH, height);
    svg_text(&o->page, title);
    svg_format(&o->page,
               "</title>\n<style>text{font:%dpx sans-serif}.heading text{font-size:%dpx;font-weight:bold}</style>\n"
               "<clipPath id=\"field\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/></clipPath>\n"
               "<rect class=\"paper\" width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n<g class=\"heading\">",
               FONT, FONT + 2, SHEET_LEFT, SHEET_TOP, SHEET_RIGHT - SHEET_LEFT, SHEET_BOTTOM - SHEET_TOP, paper);
    sheet_text(o, STYLE_TEXT, "middle", (SHEET_LEFT + SHEET_RIGHT) / 2., SHEET_TOP - 34, title);
    sheet_end(o);
    if (p->note) {
        sheet_begin(o, "note", p->note);
        sheet_text(o, STYLE_QUIET, "end", SHEET_RIGHT, SHEET_TOP - 10, p->note);
        sheet_end(o);
    }
}

char *sheet_close(struct sheet *o)
{
    svg_add(&o->page, "</svg>\n");
    return svg_end(&o->page);
}

char *plot_to_svg(const struct plot *p, const char *title, enum theme palette)
{
    struct sheet o;

    sheet_open(&o, p, title, palette);
    sheet_axis(&o, 1);
    sheet_axis(&o, 0);
    add_levels(&o);
    svg_add(&o.page, "<g class=\"field\" clip-path=\"url(#field)\">\n");
    add_zones(&o);
    for (int i = 0; i < p->series_count; i++)
        sheet_series(&o, &p->series[i]);
    sheet_end(&o);
    sheet_events(&o);
    add_legend(&o);
    return sheet_close(&o);
}
