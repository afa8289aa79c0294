/* SPDX-License-Identifier: MIT */
/* The keys of the Theory view: draw again, and change what is drawn. */
#include "app/actions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "draw/number.h"
#include "theory/panes.h"

#define MOST_SAMPLES 1000000LL

unsigned theory_compute(struct app *a, uint64_t draw)
{
    struct theory_settings *s = &theory_ui(&a->model)->settings;
    struct theory_task *t;
    struct err e = {0};

    s->draw = draw;
    if (theory_task_new(&t, s, &e) != 0)
        app_say(a, 1, "%s", e.text);
    else
        app_ask_task(a, &t->task);
    return REACT_DRAW;
}

/* ---- settings ------------------------------------------------------------------------------- */

static const char *const names[THEORY_SETTINGS] = {
    [ROW_HYPOTHESES] = "hypotheses", [ROW_SAMPLES] = "samples", [ROW_EPSILON] = "epsilon", [ROW_DELTA] = "delta"};

const char *theory_setting_name(enum theory_row_id row)
{
    return row < THEORY_SETTINGS ? names[row] : NULL;
}

static int is_count(enum theory_row_id row)
{
    return row == ROW_HYPOTHESES || row == ROW_SAMPLES;
}

static double value_of(const struct theory_settings *s, enum theory_row_id row)
{
    return row == ROW_HYPOTHESES ? (double)s->hypotheses : row == ROW_SAMPLES ? (double)s->samples
           : row == ROW_EPSILON  ? s->epsilon : s->delta;
}

static void put(struct theory_settings *s, enum theory_row_id row, double value)
{
    if (row == ROW_HYPOTHESES)
        s->hypotheses = (int64_t)value;
    else if (row == ROW_SAMPLES)
        s->samples = (int64_t)value;
    else
        *(row == ROW_EPSILON ? &s->epsilon : &s->delta) = value;
}

int theory_set(struct theory_settings *s, enum theory_row_id row, const char *text, struct err *e)
{
    double most = row == ROW_HYPOTHESES ? (double)THEORY_MOST_HYPOTHESES : (double)MOST_SAMPLES, value;
    char *end;

    value = strtod(text, &end);
    if (is_count(row) && (end == text || *end || !(value >= 1 && value <= most) || value != floor(value)))
        return err_set(e, ERR_USAGE, "%s %.40s: expected a whole number from 1 to %.0f", names[row], text, most);
    if (!is_count(row) && (end == text || *end || !(value > 0 && value < 1)))
        return err_set(e, ERR_USAGE, "%s %.40s: expected a number between 0 and 1", names[row], text);
    put(s, row, value);
    return 0;
}

void theory_setting_words(const struct theory_settings *s, enum theory_row_id row, char *out, size_t size)
{
    if (is_count(row))
        number_count(out, size, (uint64_t)value_of(s, row));
    else
        number_short(out, size, value_of(s, row));
}

/* The next of 1, 2, 5, 10, 20 … in either direction; of hypotheses the next power of ten. */
static double turned(enum theory_row_id row, double value, int by)
{
    static const double steps[] = {1, 2, 5, 10};
    double decade = pow(10, floor(log10(value) + 1e-9)), mantissa = value / decade;
    int i = 0;

    if (row == ROW_HYPOTHESES)
        return by > 0 ? decade * 10 : mantissa > 1.0001 ? decade : decade / 10;
    while (i < 3 && steps[i] < mantissa * (by > 0 ? 1.0001 : .9999))
        i++;
    return by > 0 ? steps[i] * decade : i > 0 ? steps[i - 1] * decade : decade / 2;
}

static unsigned action_theory_turn(struct app *a, int by)
{
    struct theory_ui *ui = theory_ui(&a->model);
    enum theory_row_id row = (enum theory_row_id)ui->row;
    char text[64];
    struct err e = {0};

    snprintf(text, sizeof text, is_count(row) ? "%.0f" : "%.6g", turned(row, value_of(&ui->settings, row), by));
    if (theory_set(&ui->settings, row, text, &e) == 0)
        return theory_compute(a, ui->settings.draw);
    app_say(a, 0, "%s is at its limit", names[row]);
    return REACT_DRAW;
}

static unsigned action_theory_choose(struct app *a, int by)
{
    int *row = &theory_ui(&a->model)->row;

    if (*row + by >= 0 && *row + by < THEORY_SETTINGS)
        *row += by;
    return REACT_DRAW;
}

unsigned action_theory_draw(struct app *a, int by)
{
    uint64_t draw = theory_ui(&a->model)->settings.draw;

    (void)by;
    return theory_compute(a, theory_shown(&a->model) ? draw + 1 : draw);
}

/* A setting of the view, chosen and changed from whatever pane. */
static unsigned action_theory_samples(struct app *a, int by)
{
    theory_ui(&a->model)->row = ROW_SAMPLES;
    return action_theory_turn(a, by);
}

static unsigned action_theory_hypotheses(struct app *a, int by)
{
    theory_ui(&a->model)->row = ROW_HYPOTHESES;
    return action_theory_turn(a, by);
}

static const struct key_binding theory_rows[] = {
    {INPUT_ENTER, 0, 0, "theory-draw", "draw again", "draw other training examples", action_theory_draw, 0},
    {'+', 0, 0, "theory-more", "N", "draw more examples: the next of 1, 2, 5, 10 …", action_theory_samples, 1},
    {'-', 0, 0, "theory-fewer", "N", "draw fewer examples", action_theory_samples, -1},
    {'t', 0, 0, "theory-more-hypotheses", "|H|", "ten times as many hypotheses", action_theory_hypotheses, 1},
    {'T', 0, 0, "theory-fewer-hypotheses", "|H|", "a tenth of the hypotheses", action_theory_hypotheses, -1},
};
const struct key_set theory_keys = KEY_SET("theory", theory_rows);

static const struct key_binding figures_rows[] = {
    {INPUT_UP, 'k', 0, "theory-previous", "select", "select the setting above", action_theory_choose, -1},
    {INPUT_DOWN, 'j', 0, "theory-next", "select", "select the setting below", action_theory_choose, 1},
    {INPUT_LEFT, 'h', 0, "theory-decrease", "edit", "decrease the setting", action_theory_turn, -1},
    {INPUT_RIGHT, 'l', 0, "theory-increase", "edit", "increase the setting", action_theory_turn, 1},
};
const struct key_set figures_keys = KEY_SET("theory", figures_rows);
