/* SPDX-License-Identifier: MIT */
/* The lecture's comparison on the live run: how long ∂L/∂logits would be under cross-entropy and under MSE, for
 * the same batch. Over steps, and, where there is room, by the probability of the true class: where that is small,
 * the network is wrong and sure of it, and MSE's gradient vanishes. */
#include "app/pane.h"

#include <math.h>
#include <stdio.h>

#include "draw/bar.h"
#include "app/overlay.h"
#include "draw/number.h"

enum {
    TABLE_ROWS = GRADIENT_STATS_BINS + 1, BESIDE_W = 66, TABLE_W = 32, TABLE_MOST = 62, CURVES_H = 9,
    LABEL_W = 8, COUNT_W = 7, READING_W = 8, BAR_LEAST = 7, NOTE = 192
};

static const struct {
    const char *name, *brief;
    const char *of_runs; /* beside a run's letter: either loss's gradient is drawn, whichever the run trains on */
    enum style style;
    char plain;
} looks[] = {{"cross-entropy", "CE", "by CE", STYLE_SERIES_1, '#'}, {"MSE on softmax", "MSE", "by MSE", STYLE_SERIES_2, '='}};

/* No gradient at the logits is longer: √2, for all probability on one wrong class. */
static const double longest = 1.41421356237309505;

/* The curves beside the table, above it, or alone. */
static struct rect logit_gradient_part(int w, int h)
{
    int table = w * 9 / 20 < TABLE_W ? TABLE_W : w * 9 / 20 > TABLE_MOST ? TABLE_MOST : w * 9 / 20;

    if (w >= BESIDE_W && h >= TABLE_ROWS)
        return (struct rect){0, 0, w - table - 1, h};
    if (w >= TABLE_W && h >= TABLE_ROWS + 1 + CURVES_H)
        return (struct rect){0, 0, w, h - TABLE_ROWS - 1};
    return (struct rect){0, 0, w, h};
}

static struct rect table_part(int w, int h)
{
    struct rect curves = logit_gradient_part(w, h);

    if (curves.w < w)
        return (struct rect){curves.w + 1, 0, w - curves.w - 1, h};
    return (struct rect){0, curves.h + 1, w, h - curves.h - 1};
}

static void notes_of(const struct model *m, char text[5][NOTE])
{
    char ce[NUMBER_SIZE], mse[NUMBER_SIZE], at[PANE_AT];
    double cross = pane_cross(m, pane_over(m));
    const char *log = pane_log_y(m, &logit_gradient_pane) ? " · log y" : "";

    number_reading(ce, sizeof ce, pane_reading(&m->history->track[TRACK_CROSS_ENTROPY], cross), 3);
    number_reading(mse, sizeof mse, pane_reading(&m->history->track[TRACK_MSE], cross), 3);
    pane_at_words(cross, 0, at, sizeof at);
    snprintf(text[0], NOTE, "|∂L/∂logits|%s%scross-entropy %s · MSE on softmax %s%s", *at ? " " : ": ", at, ce, mse, log);
    snprintf(text[1], NOTE, "|∂L/∂logits|%s%sCE %s · MSE on softmax %s%s", *at ? " " : ": ", at, ce, mse, log);
    snprintf(text[2], NOTE, "%sCE %s · MSE on softmax %s%s", at, ce, mse, log);
    snprintf(text[3], NOTE, "%sCE %s · MSE %s", at, ce, mse);
    snprintf(text[4], NOTE, "%s%s · %s", at, ce, mse);
}

static int logit_gradient_plot(const struct model *m, struct pane_plot *p)
{
    static const enum track_id tracks[] = {TRACK_CROSS_ENTROPY, TRACK_MSE};
    struct axis *y = &p->plot.y;
    double lo, hi;

    if (!m->history->track[TRACK_CROSS_ENTROPY].count)
        return 0;
    pane_plot_init(m, &logit_gradient_pane, p, pane_over(m));
    for (int i = 0; i < 2; i++) {
        struct series *s = &p->series[1 - i]; /* the clearest last */
        *s = pane_series(&m->history->track[tracks[i]], p->over);
        s->name = overlay_is_on(m) ? looks[i].of_runs : looks[i].name, s->style = looks[i].style, s->plain = i ? 'o' : '*';
        s->stroke = i ? STROKE_DASHED : STROKE_SOLID;
    }
    p->plot.series_count = 2;
    overlay_add(m, p, 1, tracks, 2);
    y->log = pane_log_y(m, &logit_gradient_pane);
    y->unit = "mean |∂L/∂logits|";
    if (overlay_extent(p, 0, &lo, &hi))
        pane_fit_y(p, y->log ? lo : 0, hi);
    else
        pane_fit_y(p, NAN, NAN);
    return 1;
}

static double logit_gradient_step_at(const struct model *m, struct canvas *inside, int x, int y)
{
    struct rect part = logit_gradient_part(inside->w, inside->h);
    struct canvas curves = canvas_part(inside, part);
    struct pane_plot p;

    if (y >= part.h || !logit_gradient_plot(m, &p))
        return NAN;
    return pane_plot_step(m, &p, &curves, x);
}

/* Columns of the table that there is room for. */
struct table {
    int count; /* column the counts end before, 0: none */
    int bar[2], width;
    int readings;
};

static struct table table_of(int w)
{
    struct table t = {.count = w >= LABEL_W + COUNT_W + 2 * (BAR_LEAST + 1) ? LABEL_W + COUNT_W : 0};
    int from = t.count ? t.count + 1 : LABEL_W, each = (w - from) / 2;

    t.readings = each >= BAR_LEAST + READING_W + 2;
    t.width = each - 1 - (t.readings ? READING_W : 0);
    t.bar[0] = from;
    t.bar[1] = from + each;
    return t;
}

static void draw_heading(const struct table *t, struct canvas *c)
{
    canvas_text(c, 0, 0, STYLE_QUIET, t->count ? "p(true)" : "p");
    if (t->count)
        canvas_text_right(c, t->count, 0, STYLE_QUIET, "frames");
    for (int i = 0; i < 2; i++) {
        int whole = canvas_width(c, looks[i].name) <= t->width + (t->readings ? READING_W : 0);
        canvas_text(c, t->bar[i], 0, looks[i].style, whole ? looks[i].name : looks[i].brief);
    }
}

static void draw_bin(const struct table *t, struct canvas *c, int y, const struct logit_gradient_bin *bin, int i)
{
    const double length[] = {bin->cross_entropy, bin->mse};
    char text[NUMBER_SIZE];

    if (i + 1 < GRADIENT_STATS_BINS)
        canvas_format(c, 0, y, STYLE_QUIET, " .%d–.%d", i, i + 1);
    else
        canvas_format(c, 0, y, STYLE_QUIET, " .%d–1", i);
    number_count(text, sizeof text, bin->examples > 0 ? (uint64_t)bin->examples : 0);
    if (t->count)
        canvas_text_right(c, t->count, y, bin->examples > 0 ? STYLE_TEXT : STYLE_QUIET, text);
    for (int k = 0; k < 2 && bin->examples > 0; k++) {
        bar_draw(c, t->bar[k], y, t->width, length[k] / longest, looks[k].style, looks[k].plain);
        number_reading(text, sizeof text, length[k], 3);
        if (t->readings)
            canvas_text_right(c, t->bar[k] + t->width + READING_W, y, STYLE_TEXT, text);
    }
}

/* What the step that is shown had at its logits. */
static struct logit_gradient_bin bin_of(const struct model *m, int i)
{
    const struct layer_track *t = &m->history->layers;
    const struct series points = {.x = t->step, .count = t->count};
    double past = pane_past(m);
    int at = isfinite(past) ? series_index(&points, past) : -1;

    if (at < 0)
        return m->snapshot->seen.bin[i];
    return (struct logit_gradient_bin){t->share[at][i].examples, t->share[at][i].cross_entropy, t->share[at][i].mse};
}

static void draw_table(const struct model *m, struct canvas *c)
{
    char title[96], past[PANE_AT];
    struct table t = table_of(c->w);
    struct canvas body = *c;

    pane_past_words(m, past, sizeof past);
    snprintf(title, sizeof title, "%s, by probability of the true class", *past ? past : "last step");
    if (c->h > TABLE_ROWS && canvas_width(c, title) <= c->w) {
        canvas_text(c, 0, 0, STYLE_QUIET, title);
        body = canvas_part(c, (struct rect){0, 1, c->w, c->h - 1});
    }
    draw_heading(&t, &body);
    for (int i = 0; i < GRADIENT_STATS_BINS; i++) {
        struct logit_gradient_bin bin = bin_of(m, i);
        draw_bin(&t, &body, 1 + i, &bin, i);
    }
}

static void logit_gradient_draw(const struct model *m, struct canvas *c)
{
    struct pane_plot p;
    char notes[5][NOTE];
    struct canvas inside, curves, table;

    notes_of(m, notes);
    inside = pane_frame(m, c, &logit_gradient_pane, (const char *const[]){notes[0], notes[1], notes[2], notes[3], notes[4], NULL});
    if (!logit_gradient_plot(m, &p)) {
        pane_hint_start(m, &inside);
        return;
    }
    curves = canvas_part(&inside, logit_gradient_part(inside.w, inside.h));
    table = canvas_part(&inside, table_part(inside.w, inside.h));
    pane_plot_draw(&p, c, &curves);
    if (table.w > 0 && table.h > 0)
        draw_table(m, &table);
}

const struct pane logit_gradient_pane = {
    .name = "logit gradient", .help = "norm of ∂L/∂logits, cross-entropy against MSE",
    .keys = PANE_KEYS(&plot_keys, &back_keys, &log_axis_keys), .log_y = 1, .draw = logit_gradient_draw, .plot = logit_gradient_plot,
    .step_at = logit_gradient_step_at};
