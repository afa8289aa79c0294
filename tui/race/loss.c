/* SPDX-License-Identifier: MIT */
/* Everyone's loss, step by step. */
#include "race/panes.h"
#include "app/describe.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/number.h"
#include "draw/plot-svg.h"

/* Losses further above the start than this are cut off, so that a racer that diverges does not flatten the others. */
static const double MOST_CLIMB = 100;

/* A logarithm of losses that hardly differ, as those far above zero, would only hide where they do. */
static const double LOG_WORTH = 1.5;

static int worth_a_logarithm(const struct race_model *s)
{
    double lo = INFINITY, hi = 0;

    for (int i = 0; i < s->racers; i++)
        for (int k = 0; k < s->curve[i].count; k++) {
            lo = fmin(lo, s->curve[i].loss[k]);
            hi = fmax(hi, s->curve[i].loss[k]);
        }
    return lo > 0 && hi > lo * LOG_WORTH;
}

static void fit_losses(const struct race_model *s, struct plot *p)
{
    double lo, hi, start = s->racers ? s->curve[0].loss[0] : 1;

    axis_fit_progress(&p->x, (double)(s->steps > 20 ? s->steps : 20));
    if (!plot_extent(p, 0, &lo, &hi))
        lo = 0, hi = 1;
    axis_fit(&p->y, lo, fmin(hi, fmax(start, lo) + (MOST_CLIMB - 1) * fabs(start)));
}

void race_losses(const struct race_model *s, int log_y, enum charset charset, struct race_losses *l)
{
    memset(l, 0, sizeof *l);
    l->plot.series = l->series;
    l->plot.now = l->plot.cross = NAN;
    l->plot.label_room = 4;
    l->plot.x.unit = "step";
    l->plot.x.whole = 1;
    l->plot.y.log = log_y && worth_a_logarithm(s);
    for (int k = 0; k < s->racers; k++) {
        int i = (s->leader + 1 + k) % s->racers;
        const struct race_curve *c = &s->curve[i];
        l->series[l->plot.series_count++] =
            (struct series){.name = s->name[i], .style = race_style(i), .marker = race_marker(charset, i), .plain = (char)('a' + i),
                            .count = c->count, .x = c->step, .y = c->loss};
    }
    for (int i = 0; i < s->edits; i++)
        l->mark[l->plot.mark_count++] = (struct plot_mark){.x = s->edit[i], .glyph = 0x25b4, .style = STYLE_EDIT, .name = "edit"};
    l->plot.marks = l->mark;
    l->plot.x.hi = (double)s->steps;
    fit_losses(s, &l->plot);
}

/* As in the list of racers (a legend begins with the last), so that names keep their places when another racer leads. */
static void name_in_order(const struct race_model *s, struct race_losses *l)
{
    struct series in_order[RACE_RACERS];

    for (int i = 0; i < s->racers; i++)
        in_order[s->racers - 1 - i] = l->series[(i + s->racers - (s->leader + 1) % s->racers) % s->racers];
    memcpy(l->series, in_order, (size_t)s->racers * sizeof *in_order);
}

static void race_loss_draw(const struct model *m, struct canvas *c)
{
    const struct race_model *s = race_of(m);
    char steps[NUMBER_SIZE], note[64], key[16] = "", hint[64];
    struct race_losses l;
    struct canvas inside;

    race_losses(s, pane_log_y(m, &race_loss_pane), c->charset, &l);
    number_count(steps, sizeof steps, s->steps);
    snprintf(note, sizeof note, "step %s%s", steps, l.plot.y.log ? " · log y" : "");
    inside = pane_frame(m, c, &race_loss_pane, (const char *const[]){note, l.plot.y.log ? "log y" : NULL, NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (s->steps == 0) {
        key_of("race-run", inside.charset, key, sizeof key);
        snprintf(hint, sizeof hint, "no steps yet; %s starts the race", key);
        pane_hint(&inside, hint);
        return;
    }
    plot_draw(&l.plot, &inside);
    name_in_order(s, &l);
    pane_legend(c, &l.plot);
}

static char *race_loss_svg(const struct model *m, enum theme p)
{
    const struct race_model *s = race_of(m);
    char legend[RACE_RACERS][RACE_LEGEND], formula[RACE_FORMULA];
    struct race_losses l;

    race_losses(s, pane_log_y(m, &race_loss_pane), CHARSET_BRAILLE, &l);
    race_formula(s->surface, formula);
    l.plot.note = formula;
    l.plot.y.unit = "loss";
    for (int i = 0; i < s->racers; i++) {
        race_legend(s->name[i], &s->setup[i], legend[i]);
        for (int k = 0; k < l.plot.series_count; k++)
            if (l.series[k].name == s->name[i])
                l.series[k].legend = legend[i];
    }
    return plot_to_svg(&l.plot, s->surface->title, p);
}

static int race_loss_words(const struct model *m, char *out)
{
    struct race_losses l;

    race_losses(race_of(m), pane_log_y(m, &race_loss_pane), CHARSET_BRAILLE, &l);
    name_in_order(race_of(m), &l);
    describe_plot("losses", &l.plot, out);
    return 1;
}

const struct pane race_loss_pane = {
    .name = "losses", .help = "loss of each racer over steps",
    .keys = PANE_KEYS(&log_axis_keys), .log_y = 1, .describe = race_loss_words, .draw = race_loss_draw, .svg = race_loss_svg};
