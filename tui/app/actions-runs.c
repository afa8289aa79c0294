/* SPDX-License-Identifier: MIT */
/* Keys of runs side by side: fork, give the focus, drop, and go back to an earlier step. What ends a run, or its steps,
 * asks first. */
#include "app/actions.h"
#include "core/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "app/bindings.h"
#include "app/compare-menu.h"
#include "app/difference.h"
#include "app/overlay.h"
#include "draw/number.h"

/* Ask, and keep the command until the answer. */
static unsigned __attribute__((format(printf, 3, 4))) ask(struct app *a, const struct command *c, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(a->model.ui.message, sizeof a->model.ui.message, format, ap);
    va_end(ap);
    a->asked = *c;
    a->leaving_for[0] = '\0';
    a->agreed = NULL;
    a->model.ui.mode = MODE_ASK;
    return REACT_DRAW;
}

unsigned action_leave_for(struct app *a, const char *path, const char *name)
{
    const struct command none = {.kind = COMMAND_PAUSE};

    ask(a, &none, "Save this run and continue %s here", name);
    text_copy(a->leaving_for, sizeof a->leaving_for, path);
    return REACT_DRAW;
}

static unsigned fork_run(struct app *a, int by)
{
    (void)by;
    app_send(a, COMMAND_FORK, 0);
    return REACT_DRAW;
}

/* The run in focus, or that which it was just given to. */
static int focus_meant(const struct app *a)
{
    const struct snapshot *s = a->model.snapshot;

    return s->obeyed < a->focusing ? a->focus_meant : s->run;
}

static unsigned focus_next(struct app *a, int by)
{
    unsigned there = a->model.runs->there;
    int id = focus_meant(a);

    if (!overlay_is_on(&a->model)) {
        char key[16] = "";
        key_of("run-fork", a->charset, key, sizeof key);
        app_say(a, 0, "there is one run; %s forks it", key);
        return REACT_DRAW;
    }
    do
        id = (id + by + TRAINER_RUNS) % TRAINER_RUNS;
    while (!(there >> id & 1));
    if (app_send(a, COMMAND_FOCUS, (uint64_t)id)) {
        a->focusing = a->sent;
        a->focus_meant = id;
    }
    return REACT_DRAW;
}

static unsigned drop_run(struct app *a, int by)
{
    const struct snapshot *s = a->model.snapshot;
    struct command c = {.kind = COMMAND_DROP, .count = (uint64_t)s->run};

    (void)by;
    if (!overlay_is_on(&a->model)) {
        app_say(a, 0, "the only run cannot be dropped");
        return REACT_DRAW;
    }
    return ask(a, &c, "Drop run %c without saving it?", run_letter(s->run));
}

static unsigned ask_back(struct app *a, uint64_t step, const char *what)
{
    const struct snapshot *s = a->model.snapshot;
    struct command c = {.kind = COMMAND_BACK, .run = 1 + s->run, .count = step};
    char to[NUMBER_SIZE], left[NUMBER_SIZE];

    number_count(to, sizeof to, step);
    number_count(left, sizeof left, s->step - step);
    if (step < s->first_step) {
        number_count(to, sizeof to, s->first_step);
        app_say(a, 1, "run %c can go back to step %s at the earliest", run_letter(s->run), to);
        return REACT_DRAW;
    }
    if (step >= s->step) {
        app_say(a, 0, "run %c is at step %s", run_letter(s->run), to);
        return REACT_DRAW;
    }
    return ask(a, &c, "Continue from step %s%s? %s step%s of run %c will be left.", to, what, left,
               s->step - step == 1 ? "" : "s", run_letter(s->run));
}

/* To the cross-hair. */
unsigned action_back_to_cross(struct app *a, int by)
{
    double cross = a->model.ui.cross;
    char left[16] = "", right[16] = "";

    (void)by;
    if (isfinite(cross))
        return ask_back(a, (uint64_t)cross, "");
    key_of("cross-left", a->charset, left, sizeof left);
    key_of("cross-right", a->charset, right, sizeof right);
    app_say(a, 0, "%s %s move the cross-hair to the step to go back to", left, right);
    return REACT_DRAW;
}

/* To the last keyframe from before the loss rose. */
static unsigned back_to_good(struct app *a, int by)
{
    uint64_t good = a->model.snapshot->last_good;

    (void)by;
    if (good)
        return ask_back(a, good, ", before the loss rose");
    app_say(a, 0, "no keyframe from before the loss rose is kept");
    return REACT_DRAW;
}

/* None, or the next of the other runs; the one that it was forked from is the first. */
static unsigned next_minus(struct app *a, int by)
{
    struct ui *ui = &a->model.ui;
    const struct snapshot *s = a->model.snapshot;
    unsigned others = a->model.runs->there & ~(1u << s->run);
    int id = difference_of(&a->model);

    (void)by;
    if (!overlay_is_on(&a->model)) {
        app_say(a, 0, "there is no other run to subtract");
        return REACT_DRAW;
    }
    for (id = id + 1; id < TRAINER_RUNS && !(others >> id & 1);)
        id++;
    ui->minus = id < TRAINER_RUNS ? 1 + id : 0;
    return REACT_DRAW;
}

static unsigned do_asked(struct app *a, int by)
{
    (void)by;
    a->model.ui.mode = MODE_NORMAL;
    a->model.ui.message[0] = '\0';
    if (a->agreed) {
        unsigned (*agreed)(struct app *a) = a->agreed;
        a->agreed = NULL;
        return agreed(a);
    }
    if (a->leaving_for[0] && a->options.next) {
        text_copy(a->options.next, APP_PATH, a->leaving_for);
        return REACT_QUIT;
    }
    if (a->asked.kind == COMMAND_BACK)
        a->model.ui.cross = NAN;
    app_send_command(a, &a->asked);
    return REACT_DRAW;
}

static const struct key_binding experiment_rows[] = {
    {'f', 0, KEY_LATER, "run-fork", "fork", "fork the run: an exact copy of it, to change one thing in; the copy gets the focus", fork_run, 0},
    {'F', 0, KEY_LATER, "run-compare", "fork", "show the comparisons that can be begun beside the run", action_compare_menu, 0},
    {'<', 0, 0, "run-previous", NULL, "focus the previous run: settings, keys and commands apply to it", focus_next, -1},
    {'>', 0, 0, "run-next", NULL, "focus the next run", focus_next, 1},
    {'K', INPUT_DELETE, 0, "run-drop", NULL, "drop the run in focus, unsaved; its curves stay, faint; asks first", drop_run, 0},
    {'m', 0, 0, "run-minus", NULL, "draw loss and accuracy less those of another run, of the next one, or as they are", next_minus, 0},
    {'b', 0, 0, "run-back", NULL, "go back to the last keyframe from before the loss rose; asks first", back_to_good, 0},
};
const struct key_set experiment_keys = KEY_SET("experiments", experiment_rows);

static const struct key_binding ask_rows[] = {
    {'y', INPUT_ENTER, 0, "ask-yes", "yes", "do it", do_asked, 0},
    {'n', INPUT_ESCAPE, 0, "ask-no", "cancel", "do nothing", action_leave, 0},
};
static unsigned do_choose(struct app *a, int choice)
{
    return a->choose(a, choice);
}

static const struct key_binding choose_rows[] = {
    {'1', 0, 0, "choose-1", "choose", "choose the first", do_choose, 1},
    {'2', 0, 0, "choose-2", "choose", "choose the second", do_choose, 2},
    {'3', 0, 0, "choose-3", "choose", "choose the third", do_choose, 3},
    {'4', 0, 0, "choose-4", "choose", "choose the fourth", do_choose, 4},
    {'5', 0, 0, "choose-5", "choose", "choose the fifth", do_choose, 5},
    {'6', 0, 0, "choose-6", "choose", "choose the sixth", do_choose, 6},
    {'.', 0, 0, "choose-skip", "skip", "answer nothing", do_choose, CHOOSE_NOTHING},
    {',', 0, 0, "choose-back", "back", "go back a step of the lesson", do_choose, CHOOSE_BACK},
    {'0', 0, 0, "choose-page", "page", "show the lesson's page, or the view beside it", do_choose, CHOOSE_PAGE},
    {'v', 0, 0, "choose-term", "term", "explain the terms of the lesson's step, one after the other", do_choose, CHOOSE_TERM},
    {'\'', INPUT_PAGE_UP, 0, "choose-up", NULL, "scroll the lesson up", do_choose, CHOOSE_UP},
    {INPUT_ESCAPE, 'q', 0, "choose-leave", "later", "leave the question for later", do_choose, CHOOSE_LATER},
};
const struct key_set choose_keys = KEY_SET("questions", choose_rows);

const struct key_set ask_keys = KEY_SET("questions", ask_rows);

static const struct key_binding compare_rows[] = {
    {INPUT_PRESS, 0, 0, "compare-here", NULL, "select the comparison pointed at, or begin it", action_compare_here, 0},
    {INPUT_WHEEL_UP, 0, 0, "compare-wheel-up", NULL, "select the comparison above", action_compare_select, -1},
    {INPUT_WHEEL_DOWN, 0, 0, "compare-wheel-down", NULL, "select the comparison below", action_compare_select, 1},
    {INPUT_UP, 'k', 0, "compare-up", "select", "select the comparison above", action_compare_select, -1},
    {INPUT_DOWN, 'j', 0, "compare-down", "select", "select the comparison below", action_compare_select, 1},
    {INPUT_ENTER, 0, 0, "compare-begin", "begin", "begin the selected comparison", action_compare, 0},
    {'1', 0, 0, "compare-1", NULL, "begin the first comparison of the list", action_compare, 1},
    {'2', 0, 0, "compare-2", NULL, "begin the second one", action_compare, 2},
    {'3', 0, 0, "compare-3", NULL, "begin the third one", action_compare, 3},
    {'4', 0, 0, "compare-4", NULL, "begin the fourth one", action_compare, 4},
    {'5', 0, 0, "compare-5", NULL, "begin the fifth one", action_compare, 5},
    {'6', 0, 0, "compare-6", NULL, "begin the sixth one", action_compare, 6},
    {'7', 0, 0, "compare-7", NULL, "begin the seventh one", action_compare, 7},
    {'8', 0, 0, "compare-8", NULL, "begin the eighth one", action_compare, 8},
    {'9', 0, 0, "compare-9", NULL, "begin the ninth one", action_compare, 9},
    {INPUT_ESCAPE, 'F', 0, "compare-leave", "cancel", "begin none", action_leave, 0},
    {'q', 0, 0, "compare-close", NULL, "begin none", action_leave, 0},
};
const struct key_set compare_keys = KEY_SET("list of comparisons", compare_rows);
