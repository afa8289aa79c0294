/* SPDX-License-Identifier: MIT */
/* The learning-rate range test of the run: loss over learning rate, with the rate that it suggests. */
#include "train/panes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/tasks.h"
#include "draw/number.h"

enum { SENTENCE_ROWS = 8, TOLD_ROWS = 10 };

_Static_assert(2 * RANGE_TASK_MOST <= PLOT_OWN, "a plot has room for both curves");

const struct range_task *range_shown(const struct model *m)
{
    return (const struct range_task *)m->task[TASK_RANGE].shown;
}

double range_suggestion(const struct model *m)
{
    const struct range_task *t = range_shown(m);
    char text[NUMBER_SIZE];

    if (!t || task_status(&t->task) != TASK_DONE || t->test.steepest < 0)
        return 0;
    snprintf(text, sizeof text, "%.2g", t->test.suggestion);
    return strtod(text, NULL);
}

static int points_of(const struct range_task *t)
{
    return t ? atomic_load(&t->points) : 0;
}

/* ---- the plot ------------------------------------------------------------------------------- */

static void add_curves(const struct range_task *t, struct pane_plot *p, int n)
{
    for (int i = 0; i < n; i++) {
        p->own_x[i] = t->test.rate[i];
        p->own_y[i] = (float)t->test.loss[i];
        p->own_y[n + i] = (float)t->test.smoothed[i];
    }
    p->series[0] = (struct series){.name = "batch", .style = STYLE_RAW, .plain = '.', .count = n, .x = p->own_x, .y = p->own_y};
    p->series[1] = (struct series){.name = "smoothed", .style = STYLE_SERIES_1, .plain = '*', .strong = 1, .count = n,
                                   .x = p->own_x, .y = p->own_y + n};
    p->plot.series_count = 2;
}

/* The rate in force, and the suggestion. */
static void add_marks(const struct model *m, struct pane_plot *p)
{
    double now = m->knobs.value[KNOB_LEARNING_RATE], suggestion = range_suggestion(m);
    int n = 0;

    if (now >= p->plot.x.lo && now <= p->plot.x.hi)
        p->marks[n++] = (struct plot_mark){.x = now, .glyph = 0x25b4, .style = STYLE_QUIET, .name = "now"};
    if (suggestion > 0)
        p->marks[n++] = (struct plot_mark){.x = suggestion, .glyph = 0x25b4, .style = STYLE_EDIT, .line = 1, .name = "suggested"};
    p->plot.mark_count = n;
}

/* By the smoothed curve: where the loss blows up, single batches go far beyond. */
static void fit_loss(struct pane_plot *p, int n)
{
    double lo = INFINITY, hi = -INFINITY;

    for (int i = 0; i < n; i++) {
        lo = fmin(lo, fmin(p->own_y[i], p->own_y[n + i]));
        hi = fmax(hi, p->own_y[n + i]);
    }
    axis_fit(&p->plot.y, lo, hi);
}

static int range_plot(const struct model *m, struct pane_plot *p)
{
    const struct range_task *t = range_shown(m);
    int n = points_of(t);

    if (n < 2)
        return 0;
    pane_plot_init(m, &range_pane, p, 0);
    p->apart = 1;
    p->plot.cross = NAN;
    p->plot.x = (struct axis){.lo = t->options.low, .hi = t->options.high, .log = 1, .unit = "learning rate"};
    p->plot.y.log = pane_log_y(m, &range_pane);
    add_curves(t, p, n);
    fit_loss(p, n);
    add_marks(m, p);
    return 1;
}

/* ---- the pane ------------------------------------------------------------------------------- */

static void hint(const struct model *m, struct canvas *inside)
{
    const char *why = tasks_failure(m, TASK_RANGE);
    char key[16] = "", text[96];

    key_of("range-test", inside->charset, key, sizeof key);
    if (tasks_is_busy(m, TASK_RANGE))
        snprintf(text, sizeof text, "beginning");
    else
        snprintf(text, sizeof text, "no range test yet; %s begins one", key);
    pane_hint(inside, !tasks_is_busy(m, TASK_RANGE) && *why ? why : text);
}

/* What was found, in sentences; returns the rows taken. */
static int draw_sentences(const struct range_task *t, struct canvas *inside)
{
    char key[16] = "", words[RANGE_LINE], adopt[32] = "", all[RANGE_LINE + sizeof adopt];
    int rows;

    if (inside->h < SENTENCE_ROWS)
        return 0;
    if (task_status(&t->task) != TASK_DONE)
        return *tasks_word(&t->task) ? canvas_wrap(inside, 0, 0, 2, STYLE_QUIET, tasks_word(&t->task)) : 0;
    range_test_suggestion_words(&t->test, words, sizeof words);
    key_of("range-adopt", inside->charset, key, sizeof key);
    if (t->test.steepest >= 0 && *key)
        snprintf(adopt, sizeof adopt, "; %s sets it", key);
    snprintf(all, sizeof all, "%s%s", words, adopt);
    rows = canvas_wrap(inside, 0, 0, 3, STYLE_STRONG, all);
    range_test_end_words(&t->test, words, sizeof words);
    if (*words && inside->h >= 2 * SENTENCE_ROWS)
        rows += canvas_wrap(inside, 0, rows, 3, STYLE_QUIET, words);
    return rows;
}

static void range_draw(const struct model *m, struct canvas *c)
{
    const struct range_task *t = range_shown(m);
    char share[16], note[2][96] = {"", ""};
    double suggestion = range_suggestion(m);
    struct pane_plot p;
    struct canvas inside, field;
    int rows;

    tasks_progress(m, TASK_RANGE, share, sizeof share);
    if (*share)
        snprintf(note[0], sizeof note[0], "%s", share);
    else if (suggestion > 0)
        snprintf(note[0], sizeof note[0], "suggested %.2g", suggestion);
    if (t && !*share && m->snapshot->run != t->task.run)
        snprintf(note[1], sizeof note[1], "of run %c", 'A' + t->task.run);
    inside = pane_frame(m, c, &range_pane, (const char *const[]){*note[1] ? note[1] : note[0], NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (!range_plot(m, &p)) {
        hint(m, &inside);
        return;
    }
    rows = draw_sentences(t, &inside);
    field = canvas_part(&inside, (struct rect){0, rows, inside.w, inside.h - rows});
    plot_draw(&p.plot, &field);
    pane_legend(c, &p.plot);
}

const struct pane range_pane = {.name = "range test", .help = "loss over learning rate, on a copy of the run",
    .keys = PANE_KEYS(&range_keys, &log_axis_keys), .log_y = 1, .draw = range_draw, .plot = range_plot};

/* ---- in lines ------------------------------------------------------------------------------- */

int range_text(const struct range_task *t, char line[RANGE_LINES][RANGE_LINE])
{
    int points = points_of(t), every = points > TOLD_ROWS ? (points + TOLD_ROWS - 1) / TOLD_ROWS : 1, n = 0;
    char step[NUMBER_SIZE];

    number_count(step, sizeof step, t->task.step);
    snprintf(line[n++], RANGE_LINE, "range test on a copy of run %c at step %s, learning rates %.3g to %.3g", 'A' + t->task.run,
             step, t->options.low, t->options.high);
    for (int i = 0; i < points; i += every)
        snprintf(line[n++], RANGE_LINE, "learning rate %.3g: loss %.4f, smoothed %.4f", t->test.rate[i], t->test.loss[i],
                 t->test.smoothed[i]);
    if (task_status(&t->task) != TASK_DONE) {
        snprintf(line[n++], RANGE_LINE, "range test: %s", tasks_word(&t->task));
        return n;
    }
    range_test_end_words(&t->test, line[n], RANGE_LINE);
    n += *line[n] != '\0';
    range_test_suggestion_words(&t->test, line[n++], RANGE_LINE);
    if (t->test.steepest >= 0)
        snprintf(line[n++], RANGE_LINE, "range-test adopt sets it");
    return n;
}
