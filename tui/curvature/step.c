/* SPDX-License-Identifier: MIT */
/* Anatomy of a step: the gain that the gradient predicts, what curvature takes of it, and how far the loss fell; as bars
 * of the newest probe, and over steps. */
#include "curvature/curvature.h"

#include <math.h>
#include <stdio.h>

#include "app/overlay.h"
#include "draw/number.h"

enum { BARS_WIDTH = 48, BARS_ROWS = 5, PLOT_ROWS = 5, LABEL = 20, FIGURE = 9 };

static const struct row {
    const char *label;
    const char *series;
    enum track_id track;
    enum style style;
    enum stroke stroke;
    uint32_t marker;
} rows[] = {
    {"predicted -gᵀu", "predicted", TRACK_GAIN, STYLE_SERIES_1, STROKE_DASHED, 0x25cf},
    {"curvature ½uᵀHu", "curvature", TRACK_COST, STYLE_SERIES_2, STROKE_DASHED, 0x25c6},
    {"actual fall", "actual", TRACK_ACTUAL, STYLE_SERIES_4, STROKE_SOLID, 0x25cf},
};
enum { ROWS = sizeof rows / sizeof *rows };

static int step_plot(const struct model *m, struct pane_plot *p)
{
    double lo, hi;

    if (!m->history->track[TRACK_GAIN].count)
        return 0;
    pane_plot_init(m, &step_pane, p, pane_over(m));
    for (int i = 0; i < ROWS; i++) {
        p->series[i] = pane_series(&m->history->track[rows[i].track], p->over);
        p->series[i].name = rows[i].series, p->series[i].style = rows[i].style;
        p->series[i].stroke = rows[i].stroke, p->series[i].marker = rows[i].marker;
    }
    p->plot.series_count = ROWS;
    p->levels[0] = (struct plot_level){0, "zero", STYLE_LEVEL};
    p->plot.level_count = 1;
    if (!overlay_extent(p, 0, &lo, &hi))
        lo = hi = 0;
    axis_fit(&p->plot.y, fmin(lo, 0), fmax(hi, 0));
    return 1;
}

/* What the figures say, of the step's own batch. */
static enum style meaning(const struct step_anatomy *a, char *out, size_t size)
{
    double taken = a->cost / a->gain, expected = a->gain - a->cost;

    if (!(a->gain > 0))
        snprintf(out, size, "the step goes uphill on its own batch");
    else if (taken > 1)
        snprintf(out, size, "curvature takes more than the gain: the step overshoots");
    else if (!(fabs(-a->actual - expected) <= .25 * fmax(fabs(expected), .1 * a->gain)))
        snprintf(out, size, "the quadratic does not reach as far as this step");
    else {
        snprintf(out, size, "curvature %s %.*f %% of the gain", taken < 0 ? "adds" : "takes", taken < .1 && taken > -.1,
                 100 * fabs(taken));
        return STYLE_TEXT;
    }
    return STYLE_WARNING;
}

/* One row: name, bar, figure; what is below zero is drawn as a warning. */
static void draw_bar(struct canvas *c, int y, const struct row *r, double value, double most)
{
    char figure[NUMBER_SIZE];
    int width = c->w - LABEL - FIGURE - 2, at = LABEL;

    number_reading(figure, sizeof figure, value, 3);
    canvas_text(c, 1, y, STYLE_QUIET, r->label);
    if (width >= 4) {
        curvature_bar(c, at, y, width, most > 0 ? fabs(value) / most : 0, value < 0 ? STYLE_WARNING : r->style);
        at += width + 1;
    }
    canvas_text(c, at, y, STYLE_TEXT, figure);
}

static void draw_bars(const struct curvature_step *n, struct canvas *c)
{
    const struct step_anatomy *own = &n->figures.own, *probe = &n->figures.probe;
    const double value[ROWS] = {own->gain, own->cost, -own->actual};
    double most = fmax(fmax(fabs(value[0]), fabs(value[1])), isfinite(value[2]) ? fabs(value[2]) : 0);
    char text[160], gain[NUMBER_SIZE], cost[NUMBER_SIZE], fall[NUMBER_SIZE];
    enum style style = meaning(own, text, sizeof text);
    int y = 0;

    for (; y < ROWS; y++)
        draw_bar(c, y, &rows[y], value[y], most);
    canvas_cut(c, 1, y++, c->w - 2, style, text);
    number_reading(gain, sizeof gain, probe->gain, 3);
    number_reading(cost, sizeof cost, probe->cost, 3);
    number_reading(fall, sizeof fall, -probe->actual, 3);
    snprintf(text, sizeof text, "probe batch: %s - %s, fell %s", gain, cost, fall);
    canvas_cut(c, 1, y, c->w - 2, STYLE_QUIET, text);
}

static void draw_hint(struct canvas *inside)
{
    char once[16] = "", always[16] = "", text[160];

    key_of("probe", inside->charset, once, sizeof once);
    key_of("series", inside->charset, always, sizeof always);
    snprintf(text, sizeof text, "%s looks at the next step: predicted gain, cost of curvature, actual change; %s at intervals",
             once, always);
    pane_hint(inside, text);
}

/* The plot's place beside the bars, or beneath them; of no size where there is room for one, the bars. */
static struct rect plot_place(const struct canvas *inside)
{
    if (inside->w >= 2 * BARS_WIDTH - 16)
        return (struct rect){BARS_WIDTH, 0, inside->w - BARS_WIDTH, inside->h};
    if (inside->h >= BARS_ROWS + PLOT_ROWS)
        return (struct rect){0, BARS_ROWS, inside->w, inside->h - BARS_ROWS};
    return (struct rect){0, 0, 0, 0};
}

static void draw_parts(const struct model *m, struct canvas *c, struct canvas *inside)
{
    struct rect rest = plot_place(inside), bars = {0, 0, rest.x > 0 ? BARS_WIDTH : inside->w, inside->h};
    struct canvas part;
    struct pane_plot p;

    part = canvas_part(inside, bars);
    draw_bars(&m->curvature->next, &part);
    if (rest.w > 0 && step_plot(m, &p)) {
        part = canvas_part(inside, rest);
        pane_plot_draw(&p, c, &part);
    }
}

/* A click on the bars is no step of the run. */
static double step_step_at(const struct model *m, struct canvas *inside, int x, int y)
{
    struct rect rest = plot_place(inside);
    struct canvas part = canvas_part(inside, rest);
    struct pane_plot p;

    if (!m->curvature->next.known || x < rest.x || x >= rest.x + rest.w || y < rest.y || y >= rest.y + rest.h ||
        !step_plot(m, &p))
        return NAN;
    return pane_plot_step(m, &p, &part, x - rest.x);
}

static void step_draw(const struct model *m, struct canvas *c)
{
    const struct curvature_step *n = &m->curvature->next;
    char note[3][128] = {""}, step[NUMBER_SIZE], sharpness[NUMBER_SIZE];
    struct canvas inside;

    number_count(step, sizeof step, n->step + 1);
    number_reading(sharpness, sizeof sharpness, n->figures.own.sharpness, 3);
    if (n->known) {
        snprintf(note[0], sizeof note[0], "step %s, %s · curvature along it %s", step, n->optimizer, sharpness);
        snprintf(note[1], sizeof note[1], "step %s · along it %s", step, sharpness);
        snprintf(note[2], sizeof note[2], "step %s", step);
    }
    inside = pane_frame(m, c, &step_pane, (const char *const[]){note[0], note[1], note[2], NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (n->known)
        draw_parts(m, c, &inside);
    else
        draw_hint(&inside);
}

const struct pane step_pane = {.name = "step", .help = "next step: predicted gain, cost, actual fall of loss",
    .keys = PANE_KEYS(&curvature_keys, &plot_keys, &back_keys), .draw = step_draw, .plot = step_plot,
    .step_at = step_step_at};
