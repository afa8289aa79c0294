/* SPDX-License-Identifier: MIT */
/* range-test, of the command line, and the keys that do the same. */
#include "app/actions.h"

#include <stdio.h>
#include <string.h>

#include "train/panes.h"

static void show_pane(struct app *a)
{
    if (view_shown(&a->model) != &train_view)
        action_view(a, view_index(&train_view));
    a->model.ui.focus = TRAIN_RANGE;
}

/* The options are kept for the next one if they are good. */
static unsigned begin(struct app *a, const struct range_test_options *o)
{
    struct range_task *t;
    struct err e = {0};

    if (range_task_new(&t, o, &e) != 0) {
        app_say(a, 1, "range-test: %s", e.text);
        return REACT_DRAW;
    }
    train_ui(&a->model)->range = *o;
    show_pane(a);
    app_ask_task(a, &t->task);
    return REACT_DRAW;
}

unsigned action_range_test(struct app *a, int by)
{
    const struct range_test_options o = train_ui(&a->model)->range;

    (void)by;
    return begin(a, &o);
}

unsigned action_range_adopt(struct app *a, int by)
{
    const struct range_task *t = range_shown(&a->model);
    double rate = range_suggestion(&a->model);
    struct command c = {.kind = COMMAND_SET, .knob = KNOB_LEARNING_RATE, .setting = knob_number(rate), .count = 1};
    char hint[HINT_SIZE];

    (void)by;
    if (!t)
        app_say(a, 0, "no range test yet%s", action_hint(a, "; ", "range-test", " begins one", hint));
    else if (task_is_busy(&t->task))
        app_say(a, 0, "the range test is not over");
    else if (!(rate > 0))
        app_say(a, 0, "the range test suggests no learning rate");
    else if (t->task.run != a->model.snapshot->run)
        app_say(a, 0, "the range test was of run %c, which is not in focus", 'A' + t->task.run);
    else if (app_set(a, &c))
        app_say(a, 0, "learning rate %.2g, as the range test suggests", rate);
    return REACT_DRAW;
}

static const struct key_binding range_rows[] = {
    {'t', 0, 0, "range-test", "range test", "begin a range test on a copy of the run", action_range_test, 0},
    {'=', 0, 0, "range-adopt", "set", "set the learning rate that the range test suggests", action_range_adopt, 0},
};
const struct key_set range_keys = KEY_SET("learning rate", range_rows);

/* "", or LOW HIGH, or LOW HIGH STEPS. */
static int read_options(const char *rest, struct range_test_options *o)
{
    int end = -1;

    if (!*rest)
        return 1;
    if (sscanf(rest, "%lf %lf %n", &o->low, &o->high, &end) == 2 && end > 0 && !rest[end])
        return 1;
    end = -1;
    return sscanf(rest, "%lf %lf %6d %n", &o->low, &o->high, &o->steps, &end) == 3 && end > 0 && !rest[end];
}

static unsigned command_range(struct app *a, const char *rest)
{
    struct range_test_options o = train_ui(&a->model)->range;

    if (strcmp(rest, "cancel") == 0) {
        if (!app_cancel_task(a, TASK_RANGE))
            app_say(a, 0, "no range test is going on");
        return REACT_DRAW;
    }
    if (strcmp(rest, "adopt") == 0)
        return action_range_adopt(a, 0);
    if (read_options(rest, &o))
        return begin(a, &o);
    app_say(a, 1, "range-test: expected two learning rates such as 1e-6 1, and a number of steps; or adopt, cancel");
    return REACT_DRAW;
}

static const char *range_word(const char *rest, int i)
{
    static const char *const words[] = {"adopt", "cancel"};

    return !*rest && i >= 0 && i < 2 ? words[i] : NULL;
}

const struct command_row train_commands[] = {
    {"range-test", " [LOW HIGH [N]]", "train a copy over N steps while the rate rises from LOW to HIGH; adopt sets what it suggests",
     command_range, range_word},
    {0},
};
