/* SPDX-License-Identifier: MIT */
/* The ground of a picture: a pixel of the image for each of the page, and lines through every second. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/contour-lines.h"
#include "draw/field-page.h"
#include "draw/field-smooth.h"
#include "draw/number.h"
#include "draw/png.h"
#include "draw/thin.h"

enum { COLOURS = 255, LINE_PIXELS = 2, LEAST_LINE = 6 /* pixels: a shorter one is a speck */ };

static const double TOLERANCE = .12; /* of a line, in pixels */

/* ---- heights ---------------------------------------------------------------------------------- */

static void add_hatch(const struct field_page *o)
{
    char ink[SVG_COLOUR], paper[SVG_COLOUR];

    svg_ink(o->palette, STYLE_QUIET, ink);
    svg_paper(o->palette, paper);
    field_page_add(o, "<pattern id=\"hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\"><rect width=\"7\" height=\"7\" fill=\"%s\"/>"
                      "<path d=\"M-1 8L8 -1M-1 1L1 -1M6 8L8 6\" stroke=\"%s\" stroke-width=\"1\"/></pattern>\n", paper, ink);
}

void field_page_hatch(const struct field_page *o, double x, double y, double w, double h)
{
    field_page_add(o, "<rect class=\"hole\" x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"url(#hatch)\" stroke=\"none\"/>", x, y, w, h);
}

static int add_image(const struct field_page *o, const struct field_smooth *s)
{
    struct png_picture p = {.w = (int)o->w, .h = (int)o->h};
    uint8_t *pixel = malloc((size_t)p.w * (size_t)p.h);
    char *text;

    for (int i = 0; i < COLOURS; i++)
        p.colour[1 + i] = style_height(o->palette, o->f->colormap, (double)i / (COLOURS - 1));
    for (int i = 0; pixel && i < p.w * p.h; i++) {
        double place = field_smooth_nearest(s, (i % p.w + .5) / p.w, 1 - (i / p.w + .5) / p.h);
        pixel[i] = isnan(place) ? 0 : (uint8_t)(1 + lround(fmin(fmax(place, 0), 1) * (COLOURS - 1)));
    }
    p.pixel = pixel;
    text = pixel ? png_base64(&p) : NULL;
    free(pixel);
    if (!text)
        return -1;
    field_page_add(o, "<image class=\"cells\" x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" preserveAspectRatio=\"none\" "
                      "xlink:href=\"data:image/png;base64,%s\"/>\n", o->x, o->y, o->w, o->h, text);
    free(text);
    return 0;
}

/* ---- lines ------------------------------------------------------------------------------------ */

struct line_grid {
    int columns, rows;
    float *z;
};

static int line_grid_init(struct line_grid *g, const struct field_page *o, const struct field_smooth *s)
{
    *g = (struct line_grid){(int)o->w / LINE_PIXELS + 2, (int)o->h / LINE_PIXELS + 2, NULL};
    g->z = malloc((size_t)g->columns * (size_t)g->rows * sizeof *g->z);
    for (int i = 0; g->z && i < g->columns * g->rows; i++)
        g->z[i] = (float)field_smooth_at(s, (double)(i % g->columns) / (g->columns - 1), (double)(i / g->columns) / (g->rows - 1));
    return g->z ? 0 : -1;
}

/* From the grid's points to the page's. */
static void to_page(const struct field_page *o, const struct line_grid *g, struct contour_lines *lines)
{
    for (int i = 0; i < lines->points; i++) {
        lines->at[i][0] = o->x + lines->at[i][0] * o->w / (g->columns - 1);
        lines->at[i][1] = o->y + o->h - lines->at[i][1] * o->h / (g->rows - 1);
    }
}

static double length_of(const double (*at)[2], int count)
{
    double sum = 0;

    for (int i = 1; i < count; i++)
        sum += hypot(at[i][0] - at[i - 1][0], at[i][1] - at[i - 1][1]);
    return sum;
}

static int add_line(const struct field_page *o, const double (*at)[2], int count)
{
    const struct thin_line thin = {count, at, NULL};
    int closed = count > 3 && at[0][0] == at[count - 1][0] && at[0][1] == at[count - 1][1];
    uint8_t *keep = malloc((size_t)count);

    if (!keep || thin_line(&thin, TOLERANCE, keep) < 0) {
        free(keep);
        return -1;
    }
    for (int i = 0; i < count - closed; i++)
        if (keep[i])
            field_page_add(o, i ? "L%g %g" : "M%g %g", at[i][0], at[i][1]);
    if (closed)
        field_page_add(o, "Z");
    free(keep);
    return 0;
}

/* A height in as many digits as it needs, with a point whatever the locale's sign is. */
static void exact(double v, char *out, size_t size)
{
    snprintf(out, size, "%.6g", v);
    for (char *c = out; *c; c++)
        if (!strchr("0123456789+-e", *c))
            *c = '.';
}

static int add_level(const struct field_page *o, const struct line_grid *g, double level, struct contour_lines *lines)
{
    double place = field_place(o->f, level);
    char text[NUMBER_SIZE], colour[SVG_COLOUR];
    int r = contour_lines_find(lines, g->z, g->columns, g->rows, place);

    to_page(o, g, lines);
    exact(level, text, sizeof text);
    svg_rgb(style_on(o->palette, STYLE_CONTOUR, style_height(o->palette, o->f->colormap, place)), colour);
    field_page_add(o, "<path class=\"contour\" data-level=\"%s\" stroke=\"%s\" d=\"", text, colour);
    for (int i = 0; r == 0 && i < lines->lines; i++) {
        const double (*at)[2] = (const double (*)[2])lines->at + lines->line[i].first;
        if (length_of(at, lines->line[i].count) >= LEAST_LINE)
            r = add_line(o, at, lines->line[i].count);
    }
    field_page_add(o, "\"/>\n");
    return r;
}

/* A line that runs along a border of the scale is one of the axis, not of the surface. */
static int is_inner(const struct field_page *o, double level)
{
    double place = field_place(o->f, level);

    return place > .002 && place < .998;
}

static int add_lines(const struct field_page *o, const struct line_grid *g)
{
    double level[AXIS_TICKS];
    struct contour_lines lines = {0};
    struct field_labels labels;
    char text[NUMBER_SIZE];
    int n = field_levels(o->f, FIELD_LEVELS, level), r = 0;

    field_page_add(o, "<g class=\"contours\" fill=\"none\">\n");
    for (int i = 0; r == 0 && i < n; i++)
        if (is_inner(o, level[i]))
            r = add_level(o, g, level[i], &lines);
    field_page_add(o, "</g>\n<g class=\"levels\">\n");
    field_labels_init(o, &labels);
    for (int i = 0; r == 0 && i < n; i++) {
        double place = field_place(o->f, level[i]);
        if (!is_inner(o, level[i]) || (r = contour_lines_find(&lines, g->z, g->columns, g->rows, place)) != 0)
            continue;
        to_page(o, g, &lines);
        axis_label(&o->f->z_axis, level, n, i, text, sizeof text);
        field_labels_place(o, &lines, text, style_height(o->palette, o->f->colormap, place), &labels);
    }
    field_page_add(o, "</g>\n");
    r = labels.failed ? -1 : r;
    field_labels_free(&labels);
    contour_lines_free(&lines);
    return r;
}

int field_page_ground(const struct field_page *o)
{
    struct field_smooth smooth;
    struct line_grid grid = {0};
    int r = field_smooth_init(&smooth, o->f);

    if (o->holes) {
        add_hatch(o);
        field_page_hatch(o, o->x, o->y, o->w, o->h);
    }
    if (r == 0)
        r = add_image(o, &smooth);
    if (r == 0)
        r = line_grid_init(&grid, o, &smooth);
    if (r == 0)
        r = add_lines(o, &grid);
    free(grid.z);
    field_smooth_free(&smooth);
    return r;
}
