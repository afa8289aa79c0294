/* SPDX-License-Identifier: MIT */
/* Small against large batches: two runs level after as many examples, the line between them, λmax and sharpness at both
 * ends, and the trap: the flatter end is not always the better one. */
#include "batch/panes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/number.h"

enum { NAME = 13, COLUMN = 12, ROWS = 7, PLOT_LEAST = 6 };

static double batch_of(const struct model *m, int run)
{
    return m->runs->run[run].knobs.value[KNOB_BATCH_SIZE];
}

int batch_pair(const struct model *m, int *small, int *large)
{
    *small = *large = -1;
    for (int i = 0; i < TRAINER_RUNS; i++) {
        if (!(m->runs->there >> i & 1))
            continue;
        if (*small < 0 || batch_of(m, i) < batch_of(m, *small))
            *small = i;
        if (*large < 0 || batch_of(m, i) > batch_of(m, *large))
            *large = i;
    }
    return *small >= 0 && batch_of(m, *small) < batch_of(m, *large);
}

int batch_line(const struct model *m, int *here, int *there)
{
    const struct landscape_view *v = m->landscape;

    *here = m->snapshot->run;
    *there = v->known ? landscape_plan_run(&v->plan) : -1;
    return *there >= 0 && *there < TRAINER_RUNS && (m->runs->there >> *there & 1) && batch_of(m, *here) != batch_of(m, *there);
}

/* ---- the trap ------------------------------------------------------------------------------- */

/* Which end is flatter by sharpness, and where that is not known by λmax: 0 or 1; −1: alike or not known. */
static int flatter_end(const struct landscape_view *v)
{
    double a = v->foot[0].sharpness.percent, b = v->foot[1].sharpness.percent;

    if (isnan(a) || isnan(b))
        a = v->foot[0].highest, b = v->foot[1].highest;
    return a < b ? 0 : a > b ? 1 : -1;
}

void batch_trap_words(const struct model *m, char *out, size_t size)
{
    const struct landscape_view *v = m->landscape;
    int end[2], flatter, better;
    double a, b;

    *out = '\0';
    if (!batch_line(m, &end[0], &end[1]) || v->feet != 2)
        return;
    flatter = flatter_end(v);
    a = m->runs->run[end[0]].validation_accuracy, b = m->runs->run[end[1]].validation_accuracy;
    better = a > b ? 0 : a < b ? 1 : -1;
    if (flatter < 0)
        return;
    if (better < 0)
        snprintf(out, size, "%c is flatter; no difference on validation is known. Sharpness does not always predict.", 'A' + end[flatter]);
    else if (flatter == better)
        snprintf(out, size, "%c is flatter and better on validation, as Keskar et al. found; sharpness does not always predict.", 'A' + end[flatter]);
    else
        snprintf(out, size, "%c is flatter, but %c is better on validation: sharpness does not always predict.", 'A' + end[flatter],
                 'A' + end[better]);
}

/* ---- figures -------------------------------------------------------------------------------- */

struct page {
    struct canvas *c;
    int y;
};

static void row(struct page *p, const char *name, const char *a, const char *b)
{
    if (p->y >= p->c->h)
        return;
    canvas_cut(p->c, 0, p->y, NAME - 1, STYLE_QUIET, name);
    canvas_cut(p->c, NAME, p->y, COLUMN - 1, STYLE_TEXT, a);
    canvas_cut(p->c, NAME + COLUMN, p->y++, p->c->w - NAME - COLUMN, STYLE_TEXT, b);
}

static void words(struct page *p, enum style s, const char *text)
{
    if (p->y < p->c->h)
        p->y += canvas_wrap(p->c, 0, p->y, p->c->h - p->y, s, text);
}

static void runs_rows(struct page *p, const struct model *m, int one, int two)
{
    const struct snapshot *s[2] = {&m->runs->run[one], &m->runs->run[two]};
    char a[2][64], number[NUMBER_SIZE];

    for (int i = 0; i < 2; i++) {
        number_count(number, sizeof number, (uint64_t)s[i]->knobs.value[KNOB_BATCH_SIZE]);
        snprintf(a[i], sizeof a[i], "%c, %s", 'A' + (i ? two : one), number);
    }
    row(p, "run, batch", a[0], a[1]);
    for (int i = 0; i < 2; i++)
        number_scaled(a[i], sizeof a[i], s[i]->epoch * (double)s[i]->train_frames);
    row(p, "frames seen", a[0], a[1]);
    for (int i = 0; i < 2; i++)
        number_share(a[i], sizeof a[i], s[i]->validation_accuracy);
    row(p, "validation", a[0], a[1]);
}

static void foot_rows(struct page *p, const struct landscape_view *v)
{
    char a[2][64], number[NUMBER_SIZE];

    for (int i = 0; i < 2; i++)
        number_reading(a[i], sizeof a[i], v->foot[i].loss, 4);
    row(p, "loss", a[0], a[1]);
    for (int i = 0; i < 2; i++) {
        number_reading(number, sizeof number, v->foot[i].highest, 4);
        snprintf(a[i], sizeof a[i], "%s%s", number, isfinite(v->foot[i].highest) && !v->foot[i].converged ? " ?" : "");
    }
    row(p, "λmax", a[0], a[1]);
    for (int i = 0; i < 2; i++) {
        number_reading(number, sizeof number, v->foot[i].sharpness.percent, 3);
        snprintf(a[i], sizeof a[i], isnan(v->foot[i].sharpness.percent) ? "–" : "%s%s %%", v->foot[i].sharpness.settled ? "" : "≥",
                 number);
    }
    row(p, "ε-sharpness", a[0], a[1]);
}

/* ---- the line ------------------------------------------------------------------------------- */

static void draw_line(const struct landscape_view *v, struct canvas *c)
{
    double x[LANDSCAPE_PLAN_LINE], lo, hi;
    struct series s = {.name = "loss", .style = STYLE_SERIES_1, .plain = '*', .count = v->x.points, .x = x, .y = v->z};
    struct plot_mark mark[2] = {{.x = 0, .glyph = 0x25c6, .style = STYLE_SERIES_1, .line = 1},
                                {.x = 1, .glyph = 0x25c6, .style = STYLE_SERIES_2, .line = 1}};
    struct plot p = {.now = NAN, .cross = NAN, .label_room = 4, .series = &s, .series_count = 1, .marks = mark, .mark_count = 2};

    for (int i = 0; i < v->x.points; i++)
        x[i] = v->x.lo + (v->x.hi - v->x.lo) * i / (v->x.points - 1);
    p.x = (struct axis){.lo = v->x.lo, .hi = v->x.hi, .unit = "line"};
    p.y = (struct axis){.lo = 0, .hi = 1, .unit = "loss"};
    if (plot_extent(&p, 0, &lo, &hi))
        axis_fit(&p.y, lo, hi > lo ? hi : lo + 1);
    plot_draw(&p, c);
}

/* Which key goes on: begin the comparison, or draw the line. */
static void hint(const struct model *m, struct canvas *c, int pair, char *out, size_t size)
{
    char key[16] = "", other[16] = "";

    (void)m;
    key_of(pair ? "batch-line" : "batch-fork", c->charset, key, sizeof key);
    key_of("pause", c->charset, other, sizeof other);
    if (pair)
        snprintf(out, size, "%s trains both; %s draws the line between them, with sharpness at its ends", other, key);
    else
        snprintf(out, size, "%s forks runs with smaller and larger batches, level after as many examples", key);
}

static void draw_ends(const struct model *m, struct canvas *inside, int one, int two, int line)
{
    const struct landscape_view *v = m->landscape;
    struct page p = {inside, 0};
    char text[BATCH_LINE];

    runs_rows(&p, m, one, two);
    if (line && v->feet == 2)
        foot_rows(&p, v);
    batch_trap_words(m, text, sizeof text);
    if (v->status == LANDSCAPE_FAILED)
        snprintf(text, sizeof text, "%.200s", v->text);
    else if (!line)
        hint(m, inside, 1, text, sizeof text);
    words(&p, line ? STYLE_STRONG : STYLE_QUIET, text);
    if (line && inside->h - p.y > PLOT_LEAST) {
        struct canvas part = canvas_part(inside, (struct rect){0, p.y, inside->w, inside->h - p.y});
        draw_line(v, &part);
    }
}

static void ends_draw(const struct model *m, struct canvas *c)
{
    const struct landscape_view *v = m->landscape;
    int one, two, line = batch_line(m, &one, &two), pair = line || batch_pair(m, &one, &two);
    char note[64] = "", text[BATCH_LINE];
    struct canvas inside;
    int y;

    if (v->status == LANDSCAPE_RUNNING)
        snprintf(note, sizeof note, v->of ? "drawing %.0f %%" : "drawing", v->of ? 100. * v->done / v->of : 0.);
    inside = pane_frame(m, c, &ends_pane, (const char *const[]){note, NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (pair) {
        draw_ends(m, &inside, one, two, line);
        return;
    }
    hint(m, &inside, 0, text, sizeof text);
    y = canvas_wrap(&inside, 0, 0, inside.h, STYLE_QUIET, text);
    batch_accuracy(m, &inside, y + 1);
}

const struct pane ends_pane = {.name = "small against large",
    .help = "line between the runs with least and largest batches",
    .draw = ends_draw};
