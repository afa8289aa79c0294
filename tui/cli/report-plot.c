/* SPDX-License-Identifier: MIT */
/* A report's curves: SVG that can be read without a script, and the same numbers as JSON for the cross-hair. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/report.h"
#include "draw/axis.h"

enum { WIDTH = 760, HEIGHT = 300, LEFT = 64, RIGHT = 16, TOP = 14, BOTTOM = 46, TICKS = 6 };

/* Okabe and Ito's colours, told apart by every kind of colour vision, on white. */
static const char *const colours[REPORT_RUNS] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                 "#7a6a00", "#56b4e9", "#000000", "#e69f00"};

static const struct picture {
    const char *id, *title, *unit;
    int track, measure; /* −1: none */
    int log, share;
} pictures[] = {
    {"loss", "Loss", "loss", TRACK_TRAIN_LOSS, MEASURE_LOSS, 1, 0},
    {"accuracy", "Accuracy", "accuracy", TRACK_TRAIN_ACCURACY, MEASURE_ACCURACY, 0, 1},
    {"rate", "Learning rate", "learning rate", TRACK_LEARNING_RATE, -1, 0, 0},
    {"gradient", "Gradient norm, before clipping", "norm", TRACK_GRADIENT_NORM, -1, 1, 0},
};

struct frame {
    struct axis x, y;
};

static void widen(const struct report_curve *c, int log, double *lo, double *hi)
{
    for (int i = 0; i < c->count; i++) {
        double v = c->value[i];
        if (!isfinite(v) || (log && v <= 0))
            continue;
        *lo = v < *lo ? v : *lo;
        *hi = v > *hi ? v : *hi;
    }
}

static struct frame fit(const struct report *r, const struct picture *p)
{
    struct frame f = {.x = {.whole = 1}, .y = {.log = p->log, .share = p->share}};
    double lo = INFINITY, hi = -INFINITY, first = INFINITY, last = 1;

    for (int i = 0; i < r->runs; i++) {
        const struct report_run *run = &r->run[i];
        widen(&run->track[p->track], p->log, &lo, &hi);
        if (p->measure >= 0)
            widen(&run->validation[p->measure], p->log, &lo, &hi);
        first = fmin(first, (double)run->run.first_step);
        last = fmax(last, (double)run->run.steps);
    }
    if (!(lo <= hi)) {
        lo = p->log ? .1 : 0;
        hi = 1;
    }
    if (p->share) {
        lo = 0;
        hi = 1;
    }
    axis_fit(&f.x, first, last);
    axis_fit(&f.y, lo, hi);
    return f;
}

static double at_x(const struct frame *f, double v)
{
    return LEFT + axis_place(&f->x, v) * (WIDTH - LEFT - RIGHT);
}

static double at_y(const struct frame *f, double v)
{
    return HEIGHT - BOTTOM - axis_place(&f->y, v) * (HEIGHT - TOP - BOTTOM);
}

static void put_axes(struct svg_page *o, const struct frame *f)
{
    double tick[AXIS_TICKS];
    char label[32];
    int n = axis_ticks(&f->y, TICKS, tick);

    svg_add(o, "<g class=\"axis y\">");
    for (int i = 0; i < n; i++) {
        axis_label(&f->y, tick, n, i, label, sizeof label);
        svg_format(o, "<line x1=\"%d\" x2=\"%d\" y1=\"", LEFT, WIDTH - RIGHT);
        svg_number(o, at_y(f, tick[i]));
        svg_add(o, "\" y2=\"");
        svg_number(o, at_y(f, tick[i]));
        svg_format(o, "\"/><text x=\"%d\" text-anchor=\"end\" y=\"", LEFT - 6);
        svg_number(o, at_y(f, tick[i]) + 4);
        svg_add(o, "\">");
        svg_text(o, label);
        svg_add(o, "</text>");
    }
    svg_add(o, "</g><g class=\"axis x\">");
    n = axis_ticks(&f->x, TICKS + 2, tick);
    for (int i = 0; i < n; i++) {
        axis_label(&f->x, tick, n, i, label, sizeof label);
        svg_format(o, "<text text-anchor=\"middle\" y=\"%d\" x=\"", HEIGHT - BOTTOM + 23);
        svg_number(o, at_x(f, tick[i]));
        svg_add(o, "\">");
        svg_text(o, label);
        svg_add(o, "</text>");
    }
    svg_format(o, "<text class=\"unit\" text-anchor=\"end\" x=\"%d\" y=\"%d\">step</text></g>", WIDTH - RIGHT, HEIGHT - 4);
}

/* A gap where a value cannot be drawn. */
static void put_curve(struct svg_page *o, const struct frame *f, const struct report_curve *c, int run, const char *kind)
{
    int drawing = 0;

    if (c->count == 0)
        return;
    svg_format(o, "<path class=\"curve %s\" data-run=\"%d\" stroke=\"%s\" d=\"", kind, run, colours[run]);
    for (int i = 0; i < c->count; i++) {
        double x = at_x(f, c->step[i]), y = at_y(f, c->value[i]);
        if (!isfinite(x) || !isfinite(y)) {
            drawing = 0;
            continue;
        }
        svg_add(o, drawing ? "L" : "M");
        svg_number(o, x);
        svg_add(o, " ");
        svg_number(o, y);
        drawing = 1;
    }
    svg_add(o, "\"/>");
    for (int i = 0; i < c->count && strcmp(kind, "validation") == 0; i++) {
        double y = at_y(f, c->value[i]);
        if (!isfinite(y))
            continue;
        svg_format(o, "<circle class=\"curve validation\" data-run=\"%d\" style=\"color:%s\" r=\"2.5\" cx=\"", run, colours[run]);
        svg_number(o, at_x(f, c->step[i]));
        svg_add(o, "\" cy=\"");
        svg_number(o, y);
        svg_add(o, "\"/>");
    }
}

static void put_edits(struct svg_page *o, const struct frame *f, const struct report_run *r, int run)
{
    for (int i = 0; i < r->edits.rows; i++) {
        char **cell = r->edits.cell + i * r->edits.columns;
        char digits[32];
        size_t n = 0;
        for (const char *at = cell[0]; *at && n + 1 < sizeof digits; at++)
            if (*at >= '0' && *at <= '9')
                digits[n++] = *at;
        digits[n] = '\0';
        svg_format(o, "<g class=\"edit\" data-run=\"%d\"><title>step ", run);
        svg_text(o, cell[0]);
        svg_add(o, ": ");
        svg_text(o, cell[1]);
        svg_add(o, " ");
        svg_text(o, cell[2]);
        svg_add(o, " → ");
        svg_text(o, cell[3]);
        svg_format(o, "</title><path fill=\"%s\" transform=\"translate(", colours[run]);
        svg_number(o, at_x(f, strtod(digits, NULL)));
        svg_format(o, " %d)\" d=\"M0 0L5 9L-5 9Z\"/></g>", HEIGHT - BOTTOM);
    }
}

/* ---- numbers for the script ----------------------------------------------------------------- */

static void put_json_number(struct svg_page *o, double v)
{
    char text[32];

    if (isfinite(v))
        snprintf(text, sizeof text, "%.6g", v);
    svg_add(o, isfinite(v) ? text : "null");
}

static void put_json_curve(struct svg_page *o, const struct report_curve *c, int run, const char *kind, int *first)
{
    if (c->count == 0)
        return;
    svg_format(o, "%s{\"run\":%d,\"kind\":\"%s\",\"x\":[", *first ? "" : ",", run, kind);
    for (int i = 0; i < c->count; i++) {
        svg_add(o, i ? "," : "");
        put_json_number(o, c->step[i]);
    }
    svg_add(o, "],\"y\":[");
    for (int i = 0; i < c->count; i++) {
        svg_add(o, i ? "," : "");
        put_json_number(o, c->value[i]);
    }
    svg_add(o, "]}");
    *first = 0;
}

static void put_json(struct svg_page *o, const struct report *r, const struct picture *p, const struct frame *f)
{
    int first = 1;

    svg_format(o, "<script type=\"application/json\" class=\"data\" data-plot=\"%s\">{\"left\":%d,\"right\":%d,\"lo\":", p->id,
               LEFT, WIDTH - RIGHT);
    put_json_number(o, f->x.lo);
    svg_add(o, ",\"hi\":");
    put_json_number(o, f->x.hi);
    svg_add(o, ",\"curves\":[");
    for (int i = 0; i < r->runs; i++) {
        put_json_curve(o, &r->run[i].track[p->track], i, "training", &first);
        if (p->measure >= 0)
            put_json_curve(o, &r->run[i].validation[p->measure], i, "validation", &first);
    }
    svg_add(o, "]}</script>\n");
}

static void put_picture(struct svg_page *o, const struct report *r, const struct picture *p)
{
    struct frame f = fit(r, p);

    svg_format(o, "<figure id=\"%s\"><figcaption>%s</figcaption>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", p->id,
               p->title, WIDTH, HEIGHT, p->title);
    put_axes(o, &f);
    for (int i = 0; i < r->runs; i++) {
        put_curve(o, &f, &r->run[i].track[p->track], i, "training");
        if (p->measure >= 0)
            put_curve(o, &f, &r->run[i].validation[p->measure], i, "validation");
        put_edits(o, &f, &r->run[i], i);
    }
    svg_format(o, "<line class=\"cross\" y1=\"%d\" y2=\"%d\" visibility=\"hidden\"/></svg><output></output>\n", TOP, HEIGHT - BOTTOM);
    put_json(o, r, p, &f);
    svg_add(o, "</figure>\n");
}

/* A check box for each run, and for each kind of curve. */
static void put_toggles(struct svg_page *o, const struct report *r)
{
    svg_add(o, "<p class=\"toggles\">");
    for (int i = 0; i < r->runs; i++) {
        svg_format(o, "<label style=\"color:%s\"><input type=\"checkbox\" checked data-run=\"%d\"> ", colours[i], i);
        svg_text(o, r->run[i].run.name);
        svg_add(o, "</label> ");
    }
    svg_add(o, "<label><input type=\"checkbox\" checked data-kind=\"training\"> training ━━</label> "
               "<label><input type=\"checkbox\" checked data-kind=\"validation\"> validation ┅●┅</label> "
               "<label><input type=\"checkbox\" checked data-kind=\"edit\"> edits ▲</label></p>\n");
}

void report_plots(struct svg_page *o, const struct report *r)
{
    put_toggles(o, r);
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
        put_picture(o, r, &pictures[i]);
}
