/* SPDX-License-Identifier: MIT */
#include "draw/strip.h"

#include <math.h>

#include "draw/number.h"
#include "draw/plot-sheet.h"

enum { COLUMN = 3, RAMP = 150, LEGEND_Y = 522, RAMP_H = 12 }; /* pixels */

static void add_cell(struct sheet *o, enum style s, double opacity, double x, double y, double w, double h)
{
    char colour[SVG_COLOUR];

    svg_ink(o->palette, s, colour);
    svg_format(&o->page, "<path fill=\"%s\" fill-opacity=\"", colour);
    svg_number(&o->page, opacity);
    svg_add(&o->page, "\"");
    sheet_point(o, " d=\"M", x, y);
    sheet_point(o, "L", x + w, y);
    sheet_point(o, "L", x + w, y + h);
    sheet_point(o, "L", x, y + h);
    svg_add(&o->page, "Z\"/>");
}

/* Share of the colour that a value has: smallest at the range's low end, all of it at the high end. */
static double opacity_of(const struct strip *s, float value)
{
    double place = value > 0 ? axis_place(&s->z, value) : -1;

    return place < -1e-9 ? 0 : .08 + .92 * fmin(place, 1);
}

/* Neighbours of one value make one cell. */
static void add_row(struct sheet *o, const struct strip *s, int row, double y, double h)
{
    double width = (s->plot->x.hi - s->plot->x.lo) * COLUMN / (SHEET_RIGHT - SHEET_LEFT);
    int columns = (SHEET_RIGHT - SHEET_LEFT) / COLUMN;
    float value, next;

    sheet_begin(o, "row", s->names[row]);
    sheet_text(o, STYLE_TEXT, "end", SHEET_LEFT - 8, y + h / 2 + 5, s->names[row]);
    for (int i = 0, end; i < columns; i = end) {
        double from = s->plot->x.lo + i * width;
        end = i + 1;
        if (!strip_value(s, row, from, from + width, &value))
            break;
        while (end < columns && strip_value(s, row, from + (end - i) * width, from + (end - i + 1) * width, &next) &&
               next == value)
            end++;
        if (!isfinite(value))
            add_cell(o, STYLE_DANGER, 1, SHEET_LEFT + i * COLUMN, y, COLUMN, h);
        else if (strip_is_beyond(s, value))
            add_cell(o, STYLE_WARNING, 1, SHEET_LEFT + i * COLUMN, y, (end - i) * COLUMN, h);
        else if (opacity_of(s, value) > 0)
            add_cell(o, STYLE_SERIES_4, opacity_of(s, value), SHEET_LEFT + i * COLUMN, y, (end - i) * COLUMN, h);
    }
    sheet_end(o);
}

static void add_legend(struct sheet *o, const struct strip *s)
{
    char text[NUMBER_SIZE];

    svg_add(&o->page, "<g class=\"legend\">\n");
    number_short(text, sizeof text, s->z.lo);
    sheet_text(o, STYLE_QUIET, "end", SHEET_LEFT - 8, LEGEND_Y + 5, text);
    for (int i = 0; i < STRIP_SHADES; i++)
        add_cell(o, STYLE_SERIES_4, .08 + .92 * i / (STRIP_SHADES - 1), SHEET_LEFT + i * (double)RAMP / STRIP_SHADES,
                 LEGEND_Y - RAMP_H / 2., (double)RAMP / STRIP_SHADES, RAMP_H);
    number_short(text, sizeof text, s->z.hi);
    sheet_text(o, STYLE_QUIET, "start", SHEET_LEFT + RAMP + 8, LEGEND_Y + 5, text);
    o->legend_x += RAMP + 80;
    sheet_mark_entries(o);
    sheet_end(o);
}

char *strip_to_svg(const struct strip *s, const char *title, enum theme palette)
{
    double h = (double)(SHEET_BOTTOM - SHEET_TOP) / s->rows;
    struct sheet o;

    sheet_open(&o, s->plot, title, palette);
    sheet_axis(&o, 1);
    svg_add(&o.page, "<g shape-rendering=\"crispEdges\">\n");
    for (int i = 0; i < s->rows; i++)
        add_row(&o, s, i, SHEET_TOP + i * h, h * .94);
    sheet_end(&o);
    sheet_events(&o);
    add_legend(&o, s);
    return sheet_close(&o);
}
