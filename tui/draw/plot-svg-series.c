/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stddef.h>

#include "draw/plot-sheet.h"

enum { MARKER_GAP = 48 };

int sheet_is_filled(const struct series *s)
{
    return s->stroke == STROKE_BAND || s->stroke == STROKE_AREA;
}

void sheet_stroke(struct sheet *o, const struct series *s)
{
    static const char *const dashes[] = {
        [STROKE_SOLID] = "none", [STROKE_DASHED] = "9 5", [STROKE_DOTTED] = "2 5", [STROKE_STEM] = "none",
        [STROKE_LOOSE] = "2 4"};
    char colour[SVG_COLOUR];

    svg_ink(o->palette, s->style, colour);
    if (sheet_is_filled(s))
        svg_format(&o->page, "<path fill=\"%s\" fill-opacity=\".6\" stroke=\"%s\" stroke-opacity=\".8\" d=\"",
                   colour, colour);
    else
        svg_format(&o->page,
                   "<path fill=\"none\" stroke=\"%s\" stroke-width=\"%d\" stroke-dasharray=\"%s\""
                   " stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"",
                   colour, s->strong ? 3 : 2, dashes[s->stroke]);
}

static int is_drawn(const struct sheet *o, float y)
{
    return isfinite(y) && isfinite(axis_place(&o->plot->y, y));
}

/* The points from the last one before the window to the first one after it. */
static void window_of(const struct sheet *o, const struct series *s, int *from, int *to)
{
    *from = series_index(s, o->plot->x.lo);
    if (*from < 0)
        *from = 0;
    *to = series_index(s, o->plot->x.hi) + 2;
    if (*to > s->count)
        *to = s->count;
}

/* A point between two that cannot be drawn is a line of no length: a dot. */
static void add_curve(struct sheet *o, const struct series *s)
{
    int from, to, pen = 0;

    window_of(o, s, &from, &to);
    for (int i = from; i < to; i++) {
        if (is_drawn(o, s->y[i])) {
            sheet_point(o, pen ? "L" : "M", sheet_x(o, s->x[i]), sheet_y(o, s->y[i]));
            if (!pen && (i + 1 == to || !is_drawn(o, s->y[i + 1])))
                svg_add(&o->page, "h0");
        }
        pen = is_drawn(o, s->y[i]);
    }
}

/* Values that a logarithmic axis cannot place lie below it. */
static double band_y(const struct sheet *o, float y)
{
    return is_drawn(o, y) ? sheet_y(o, y) : y > 0 ? SHEET_TOP - 1 : SHEET_BOTTOM + 1;
}

/* There along the largest, and back along the least, as far as there are values. */
static void add_band(struct sheet *o, const struct series *s)
{
    int from, to;

    window_of(o, s, &from, &to);
    for (int i = from; i < to; i++) {
        int begin = i;
        for (; i < to && !isnan(s->hi[i]) && !isnan(s->lo[i]); i++)
            sheet_point(o, i > begin ? "L" : "M", sheet_x(o, s->x[i]), band_y(o, s->hi[i]));
        for (int k = i; k-- > begin;)
            sheet_point(o, "L", sheet_x(o, s->x[k]), band_y(o, s->lo[k]));
        if (i > begin)
            svg_add(&o->page, "Z");
    }
}

/* Zero, where the axis has it. */
static double base_of(const struct sheet *o)
{
    double y = o->plot->y.log ? SHEET_BOTTOM : sheet_y(o, 0);

    return fmin(fmax(y, SHEET_TOP), SHEET_BOTTOM);
}

static void add_stems(struct sheet *o, const struct series *s)
{
    int from, to;

    window_of(o, s, &from, &to);
    for (int i = from; i < to; i++)
        if (is_drawn(o, s->y[i])) {
            sheet_point(o, "M", sheet_x(o, s->x[i]), base_of(o));
            sheet_point(o, "L", sheet_x(o, s->x[i]), sheet_y(o, s->y[i]));
        }
}

/* A step to each next point, closed along zero. */
static void add_area(struct sheet *o, const struct series *s)
{
    int from, to;

    window_of(o, s, &from, &to);
    for (int i = from; i + 1 < to; i++) {
        double left = sheet_x(o, s->x[i]), right = sheet_x(o, s->x[i + 1]);
        if (!is_drawn(o, s->y[i]))
            continue;
        sheet_point(o, "M", left, base_of(o));
        sheet_point(o, "L", left, sheet_y(o, s->y[i]));
        sheet_point(o, "L", right, sheet_y(o, s->y[i]));
        sheet_point(o, "L", right, base_of(o));
        svg_add(&o->page, "Z");
    }
}

static void add_markers(struct sheet *o, const struct series *s)
{
    int gap = s->stroke >= STROKE_STEM ? 0 : MARKER_GAP;
    double last = -MARKER_GAP;

    for (int i = 0; s->marker && i < s->count; i++) {
        double x = sheet_x(o, s->x[i]);
        if (!sheet_shows(&o->plot->x, s->x[i]) || !sheet_shows(&o->plot->y, s->y[i]) || x < last + gap)
            continue;
        sheet_glyph(o, s->marker, s->style, x, sheet_y(o, s->y[i]));
        last = x;
    }
}

/* Beside the newest point in sight. */
static void add_end(struct sheet *o, const struct series *s)
{
    char letter[2] = {s->end, 0};

    for (int i = series_index(s, o->plot->x.hi); i >= 0 && s->x[i] >= o->plot->x.lo; i--)
        if (is_drawn(o, s->y[i]) && sheet_shows(&o->plot->y, s->y[i])) {
            sheet_text(o, s->style, "start", sheet_x(o, s->x[i]) + 3, sheet_y(o, s->y[i]) + 5, letter);
            return;
        }
}

void sheet_series(struct sheet *o, const struct series *s)
{
    static const struct {
        const char *class;
        void (*add)(struct sheet *o, const struct series *s);
    } kinds[] = {
        [STROKE_SOLID] = {"series", add_curve},      [STROKE_DASHED] = {"series", add_curve},
        [STROKE_DOTTED] = {"series", add_curve},     [STROKE_BAND] = {"series band", add_band},
        [STROKE_STEM] = {"series stem", add_stems},  [STROKE_AREA] = {"series area", add_area},
        [STROKE_LOOSE] = {"series stem", add_stems}, [STROKE_NONE] = {"series points", NULL},
    };

    sheet_begin(o, kinds[s->stroke].class, s->name);
    if (kinds[s->stroke].add) {
        sheet_stroke(o, s);
        kinds[s->stroke].add(o, s);
        svg_add(&o->page, "\"/>");
    }
    add_markers(o, s);
    if (s->end)
        add_end(o, s);
    sheet_end(o);
}
