/* SPDX-License-Identifier: MIT */
/* Accuracy over epochs, with the homework's baselines as far as they are in sight. */
#include "train/panes.h"

#include <math.h>
#include <stdio.h>

#include "app/difference.h"
#include "app/overlay.h"
#include "draw/number.h"
#include "lecture/baselines.h"

enum { WHOLE_LEGEND = 70, BRIEF_LEGEND = 48, NOTES = 5, NOTE = 192 };

/* The homework's baselines, of the year of this data; on other data those of the first, and the last one says what they
 * were measured on. */
static void add_baselines(const struct snapshot *s, struct plot_level levels[BASELINES])
{
    const struct baselines *own = baselines_find(s->train_frames + s->validation_frames, 0);
    const struct baseline *level = (own ? own : baselines_at(0))->level;

    for (int i = 0; i < BASELINES; i++)
        levels[i] = (struct plot_level){level[i].accuracy, level[i].name, STYLE_LEVEL};
    if (!own)
        levels[BASELINES - 1].name = "boss, full data";
}

static void notes_of(const struct model *m, char text[NOTES][NOTE])
{
    char train[NUMBER_SIZE], validation[NUMBER_SIZE], best[NUMBER_SIZE], at[PANE_AT];
    double cross = pane_cross(m, pane_over_epochs(m));

    number_share(train, sizeof train, pane_reading(&m->history->track[TRACK_ACCURACY], cross));
    number_share(validation, sizeof validation, pane_reading(&m->history->track[TRACK_VALIDATION_ACCURACY], cross));
    number_share(best, sizeof best, m->snapshot->best_accuracy);
    pane_at_words(cross, 1, at, sizeof at);
    snprintf(text[0], NOTE, "%strain %s · validation %s · best %s", at, train, validation, best);
    if (isfinite(cross)) /* the best is the whole run's */
        snprintf(text[0], NOTE, "%strain %s · validation %s", at, train, validation);
    snprintf(text[1], NOTE, "%strain %s · val %s", at, train, validation);
    pane_at_words(cross, 0, at, sizeof at);
    snprintf(text[2], NOTE, "%s%s · val %s", at, train, validation);
    snprintf(text[3], NOTE, "%s%s · %s", at, train, validation);
    snprintf(text[4], NOTE, "%sval %s", at, validation);
}

/* Up to the next baseline: what there is to reach stays in sight. Of the whole run three quarters or all, so that it moves once. */
static void fit_accuracy(struct plot *p, int steady)
{
    static const double ends[] = {.75, 1};
    double lo, hi;

    if (!plot_extent(p, 0, &lo, &hi))
        lo = 0, hi = .5;
    for (int i = 0; i < BASELINES; i++)
        if (p->levels[i].y > hi) {
            hi = p->levels[i].y;
            break;
        }
    p->y.share = 1;
    p->y.unit = "share of frames that are right";
    axis_fit(&p->y, fmax(0, lo), fmin(1, hi));
    p->y.hi = fmin(1, p->y.hi);
    for (int i = 1; i >= 0 && steady; i--)
        p->y.hi = hi <= ends[i] ? ends[i] : p->y.hi;
    p->y.lo = steady ? 0 : p->y.lo;
}

static const struct difference difference = {.pane = &accuracy_pane, .track = {TRACK_ACCURACY, TRACK_VALIDATION_ACCURACY},
    .name = {"train, smoothed", "validation"}, .epochs = 1, .share = 1, .unit = "difference of the accuracy"};

static int accuracy_plot(const struct model *m, struct pane_plot *p)
{
    const struct track *train = &m->history->track[TRACK_ACCURACY];
    struct series *s = p->series;

    if (!train->count)
        return 0;
    if (difference_of(m) >= 0)
        return difference_plot(m, &difference, p);
    pane_plot_init(m, &accuracy_pane, p, pane_over_epochs(m));
    s[0] = pane_series(&m->history->track[TRACK_VALIDATION_ACCURACY], p->over), s[1] = pane_series(train, p->over);
    s[0].name = knobs_average(&m->knobs) ? "validation at x" : "validation", s[0].style = STYLE_SERIES_2, s[0].stroke = STROKE_DASHED, s[0].marker = 0x25c6;
    s[0].plain = 'o';
    s[1].name = "train, smoothed", s[1].style = STYLE_SERIES_1;
    s[2] = pane_series(&m->history->track[TRACK_PART_ACCURACY], p->over);
    s[2].name = "train, eval mode", s[2].style = STYLE_SERIES_3, s[2].stroke = STROKE_DOTTED, s[2].marker = 0x25b2;
    s[2].plain = '%';
    p->plot.series_count = overlay_is_on(m) ? 2 : 3; /* those of others take its room */
    overlay_add(m, p, 1, (const enum track_id[]){TRACK_ACCURACY}, 1);
    add_baselines(m->snapshot, p->levels);
    p->levels[BASELINES] = (struct plot_level){m->snapshot->majority, "majority class", STYLE_LEVEL};
    p->plot.level_count = BASELINES + (m->snapshot->majority > 0);
    fit_accuracy(&p->plot, p->steady);
    return 1;
}

/* Less another run. */
static void draw_difference(const struct model *m, struct canvas *c)
{
    char notes[DIFFERENCE_NOTES][DIFFERENCE_NOTE];
    struct pane_plot p;
    struct canvas inside;

    difference_notes(m, &difference, notes);
    inside = pane_frame(m, c, &accuracy_pane, (const char *const[]){notes[0], notes[1], notes[2], NULL});
    if (accuracy_plot(m, &p))
        pane_plot_draw(&p, c, &inside);
    else
        pane_hint_start(m, &inside);
}

static void accuracy_draw(const struct model *m, struct canvas *c)
{
    struct pane_plot p;
    char notes[NOTES][NOTE];
    struct canvas inside;

    if (difference_of(m) >= 0) {
        draw_difference(m, c);
        return;
    }
    notes_of(m, notes);
    inside = pane_frame(m, c, &accuracy_pane,
                         (const char *const[]){notes[0], notes[1], notes[2], notes[3], notes[4], NULL});
    if (accuracy_plot(m, &p)) {
        if (c->w < WHOLE_LEGEND) {
            p.series[p.own].name = knobs_average(&m->knobs) ? "val at x" : "val";
            if (p.plot.series_count > p.own + 2)
                p.series[p.own + 2].name = "eval mode";
        }
        if (c->w < BRIEF_LEGEND)
            p.series[p.own + 1].name = p.series[p.own + 1].end ? p.series[p.own + 1].name : "train";
        pane_plot_draw(&p, c, &inside);
    } else
        pane_hint_start(m, &inside);
}

const struct pane accuracy_pane = {
    .name = "accuracy", .help = "training and validation accuracy, with baselines",
    .keys = PANE_KEYS(&plot_keys, &back_keys), .draw = accuracy_draw, .plot = accuracy_plot};
