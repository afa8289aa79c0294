/* SPDX-License-Identifier: MIT */
/* The edge of stability: η λmax on a gauge that marks the optimizer's limit; which limit mini-batches obey; and with room
 * λmax, batch sharpness and the limits over steps. */
#include "curvature/curvature.h"

#include <math.h>
#include <stdio.h>

#include "app/overlay.h"
#include "run/hyperparameter.h"
#include "hessian/stability.h"
#include "draw/number.h"
#include "draw/text.h"

/* The values shown: those of the newest probe, by hand or of the series. */
struct edge {
    double sharpness, limit;
    int preconditioned;
    const char *optimizer;
};

static struct edge edge_of(const struct model *m)
{
    const struct curvature_view *v = m->curvature;
    struct edge e = {v->latest.sharpness, curvature_limit(m), v->preconditioned, v->optimizer};

    if (v->known && v->latest.step <= v->step)
        e.sharpness = v->sharpness, e.limit = v->stability_limit;
    if (!v->known && !m->history->track[TRACK_SHARPNESS].count)
        e.sharpness = NAN;
    return e;
}

/* From 0 to twice the limit, which stands in the middle; what is beyond ends in an arrow. */
static void draw_gauge(const struct edge *e, struct canvas *c, int y)
{
    enum { LIMIT_MARK = 0x2502, BEYOND = 0x25b8 };
    enum style style = e->sharpness > e->limit ? STYLE_WARNING : STYLE_SERIES_4;
    char all[NUMBER_SIZE];
    int width, middle;

    number_short(all, sizeof all, 2 * e->limit);
    width = c->w - 4 - canvas_width(c, all) - 2;
    if (width < 5)
        return;
    middle = 3 + width / 2;
    canvas_text(c, 1, y, STYLE_QUIET, "0");
    curvature_bar(c, 3, y, width, e->sharpness / (2 * e->limit), style);
    canvas_put(c, middle, y, STYLE_STRONG, LIMIT_MARK);
    if (e->sharpness > 2 * e->limit)
        canvas_put(c, 2 + width, y, STYLE_WARNING, BEYOND);
    canvas_text(c, 4 + width, y, STYLE_QUIET, all);
}

static const char *meaning(const struct edge *e)
{
    double share = e->sharpness / e->limit;

    if (!isfinite(e->sharpness))
        return "";
    if (share > 1.05)
        return "unstable: steps along λmax grow";
    return share > .9 ? "at the edge of stability" : "stable: steps along λmax decay";
}

/* "38 = 2(1+beta1)/(1-beta1)", without the formula where that has no room, or where the limit is of other settings. */
static void write_limit(const struct model *m, const struct edge *e, int width, char *out, size_t size)
{
    struct optimizer_args args = knobs_optimizer(&m->knobs);
    const char *optimizer = knob_choice(KNOB_OPTIMIZER, (int)m->knobs.value[KNOB_OPTIMIZER]);
    const char *formula = stability_formula(optimizer, &args);
    char limit[NUMBER_SIZE];

    number_short(limit, sizeof limit, e->limit);
    snprintf(out, size, "%s = %s", limit, formula ? formula : "");
    if (!formula || text_width(out) > width || !(fabs(e->limit - curvature_limit(m)) < 1e-6))
        snprintf(out, size, "%s", limit);
}

/* The scale's name for its middle, under it. */
static void draw_scale(const struct model *m, const struct edge *e, struct canvas *c, int y)
{
    char limit[96], all[NUMBER_SIZE], text[112];
    int middle, x;

    write_limit(m, e, c->w - 10, limit, sizeof limit);
    number_short(all, sizeof all, 2 * e->limit);
    snprintf(text, sizeof text, "limit %s", limit);
    middle = 3 + (c->w - 4 - canvas_width(c, all) - 2) / 2;
    x = middle - canvas_width(c, text) / 2;
    canvas_text(c, x < 1 ? 1 : x, y, STYLE_QUIET, text);
}

static int draw_unknown(const struct model *m, const struct edge *e, struct canvas *c)
{
    char value[NUMBER_SIZE], title[KNOB_VALUE_SIZE];
    int y = 0;

    knobs_show(&m->knobs, KNOB_OPTIMIZER, title, sizeof title);
    if (isfinite(e->sharpness)) {
        number_reading(value, sizeof value, e->sharpness, 3);
        canvas_format(c, 1, y++, STYLE_TEXT, "η λmax %s", value);
    }
    canvas_format(c, 1, y, STYLE_QUIET, "no limit known for %s", title);
    return y + 1;
}

enum { GAUGE_ROWS = 7, PLOT_ROWS = 5 };

static int stability_plot(const struct model *m, struct pane_plot *p)
{
    static const struct {
        const char *name;
        enum track_id track;
        enum style style;
        enum stroke stroke;
        uint32_t marker;
    } lines[] = {
        {"λmax", TRACK_HIGHEST, STYLE_SERIES_1, STROKE_SOLID, 0x25cf},
        {"batch sharpness", TRACK_BATCH_SHARPNESS, STYLE_SERIES_4, STROKE_SOLID, 0x25c6},
        {"2(1-β)/η", TRACK_LIMIT_SMALL, STYLE_SERIES_2, STROKE_DASHED, 0},
        {"2(1+β)/η", TRACK_LIMIT_LARGE, STYLE_SERIES_3, STROKE_DASHED, 0},
    };
    int momentum = m->curvature->next.stability.large > m->curvature->next.stability.small;
    double lo, hi;

    if (!m->history->track[TRACK_BATCH_SHARPNESS].count)
        return 0;
    pane_plot_init(m, &stability_pane, p, pane_over(m));
    for (int i = 0; i < 3 + momentum; i++) {
        struct series *s = &p->series[p->plot.series_count];
        if (!m->history->track[lines[i].track].count)
            continue;
        *s = pane_series(&m->history->track[lines[i].track], p->over);
        s->name = i == 2 && !momentum ? "2/η" : lines[i].name;
        s->style = lines[i].style, s->stroke = lines[i].stroke, s->marker = lines[i].marker;
        p->plot.series_count++;
    }
    p->plot.y.log = pane_log_y(m, &stability_pane);
    if (!overlay_extent(p, 0, &lo, &hi))
        lo = hi = 1;
    axis_fit(&p->plot.y, p->plot.y.log ? lo : fmin(lo, 0), hi);
    return 1;
}

/* Where the plot has room: beneath the gauge and its words. */
static struct rect plot_place(const struct canvas *inside)
{
    if (inside->h < GAUGE_ROWS + PLOT_ROWS || inside->w < 30)
        return (struct rect){0, 0, 0, 0};
    return (struct rect){0, GAUGE_ROWS, inside->w, inside->h - GAUGE_ROWS};
}

static double stability_step_at(const struct model *m, struct canvas *inside, int x, int y)
{
    struct rect rest = plot_place(inside);
    struct canvas part = canvas_part(inside, rest);
    struct pane_plot p;

    return rest.w > 0 && y >= rest.y && stability_plot(m, &p) ? pane_plot_step(m, &p, &part, x) : NAN;
}

/* Which limit the run's mini-batches obey, and the lines over steps; beneath `y` rows of the gauge. */
static void draw_batches(const struct model *m, struct canvas *c, struct canvas *inside, int y)
{
    const struct curvature_step *n = &m->curvature->next;
    struct rect rest = plot_place(inside);
    struct canvas part;
    struct pane_plot p;
    char words[240];

    if (n->known && y < inside->h) {
        stability_batch_words(&n->stability, n->figures.batch.noise, n->batch_norm, words, sizeof words);
        canvas_wrap(inside, 1, y, rest.w > 0 ? GAUGE_ROWS - y : inside->h - y, STYLE_TEXT, words);
    }
    if (rest.w > 0 && stability_plot(m, &p)) {
        part = canvas_part(inside, rest);
        pane_plot_draw(&p, c, &part);
    }
}

static void stability_draw(const struct model *m, struct canvas *c)
{
    const struct curvature_view *v = m->curvature;
    struct edge e = edge_of(m);
    char value[NUMBER_SIZE], limit[NUMBER_SIZE], rate[NUMBER_SIZE], title[KNOB_VALUE_SIZE];
    char at[48], most[96], note[2][128] = {"", ""};
    struct canvas inside;
    int y = 0;

    number_reading(value, sizeof value, e.sharpness, 3);
    number_short(limit, sizeof limit, e.limit);
    number_short(rate, sizeof rate, v->learning_rate);
    curvature_step(m, CURVATURE_LATEST, at, sizeof at);
    if (isfinite(e.sharpness) && isfinite(e.limit)) {
        snprintf(note[0], sizeof note[0], "%sη λmax %s of %s", at, value, limit);
        snprintf(note[1], sizeof note[1], "%s%s of %s", at, value, limit);
    }
    inside = pane_frame(m, c, &stability_pane, (const char *const[]){note[0], note[1], NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (!isfinite(e.limit))
        y = draw_unknown(m, &e, &inside);
    else if (!isfinite(e.sharpness)) {
        knobs_show(&m->knobs, KNOB_OPTIMIZER, title, sizeof title);
        canvas_text(&inside, 1, y++, STYLE_QUIET, "η λmax not known yet");
        write_limit(m, &e, inside.w - 2 - canvas_width(&inside, title) - text_width(" is unstable above "), most, sizeof most);
        canvas_format(&inside, 1, y++, STYLE_QUIET, "%s is unstable above %s", title, most);
    } else {
        draw_gauge(&e, &inside, y++);
        if (inside.h > 2)
            draw_scale(m, &e, &inside, y++);
        canvas_text(&inside, 1, y++, e.sharpness > e.limit ? STYLE_WARNING : STYLE_TEXT, meaning(&e));
        if (v->known && !(v->next.known && inside.h <= y + 2)) /* what mini-batches obey is worth the last two rows more */
            canvas_format(&inside, 1, y++, STYLE_QUIET, "%s, η %s%s", v->optimizer, rate,
                          e.preconditioned ? ", of the preconditioned Hessian" : "");
    }
    draw_batches(m, c, &inside, y);
}

const struct pane stability_pane = {.name = "stability", .help = "η λmax against its limit, and batch sharpness",
    .keys = PANE_KEYS(&curvature_keys, &plot_keys, &back_keys, &log_axis_keys), .log_y = 1,
    .draw = stability_draw, .plot = stability_plot, .step_at = stability_step_at};
