/* SPDX-License-Identifier: MIT */
/* Commands after ':' that fork runs, drop them, and lead them back. */
#include "app/command-line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/actions.h"
#include "app/compare-menu.h"
#include "core/file.h"
#include "core/text.h"
#include "run/comparison.h"
#include "trainer/session.h"

/* The id of the run that a letter names, in either case; −1: it names none. */
static int run_named(const char *text)
{
    char letter = *text >= 'a' ? (char)(*text - 'a' + 'A') : *text;

    return letter >= 'A' && letter < 'A' + TRAINER_RUNS && !text[1] ? letter - 'A' : -1;
}

unsigned command_fork(struct app *a, const char *rest)
{
    if (*rest)
        app_say(a, 1, "fork: takes no argument; it forks the run in focus");
    else
        app_send(a, COMMAND_FORK, 0);
    return REACT_DRAW;
}

static unsigned to_run(struct app *a, const char *rest, enum command_kind kind, const char *name)
{
    int id = run_named(rest);

    if (id < 0)
        app_say(a, 1, "%s: expected a run from A to %c, such as %s B", name, 'A' + TRAINER_RUNS - 1, name);
    else
        app_send(a, kind, (uint64_t)id);
    return REACT_DRAW;
}

unsigned command_run(struct app *a, const char *rest)
{
    return to_run(a, rest, COMMAND_FOCUS, "run");
}

unsigned command_drop(struct app *a, const char *rest)
{
    if (strcmp(rest, "ghosts") != 0)
        return to_run(a, rest, COMMAND_DROP, "drop");
    run_curves_drop_ghosts(&a->curves);
    return REACT_DRAW;
}

unsigned command_back(struct app *a, const char *rest)
{
    char *end;
    unsigned long long step;

    errno = 0;
    step = strtoull(rest, &end, 10);
    if (!*rest || *end || errno || *rest == '-' || *rest == '+')
        app_say(a, 1, "back: expected a step, such as back 900");
    else
        app_send(a, COMMAND_BACK, step);
    return REACT_DRAW;
}

const char *command_compare_word(const char *rest, int k)
{
    const struct comparison *row = *rest ? NULL : comparison_at(k);

    return row ? row->name : NULL;
}

static void say_comparisons(struct app *a)
{
    const struct comparison *row;
    char names[160] = "";
    size_t used = 0;

    for (int i = 0; (row = comparison_at(i)) && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "", row->name);
    app_say(a, 1, "compare: expected one of %s", names);
}

unsigned command_compare(struct app *a, const char *rest)
{
    if (!*rest && !a->options.plain)
        return action_compare_menu(a, 0);
    if (comparison_find(rest))
        app_send_text(a, COMMAND_COMPARE, rest);
    else
        say_comparisons(a);
    return REACT_DRAW;
}

static const char *const levels[] = {"steps", "examples"};

const char *command_level_word(const char *rest, int k)
{
    return !*rest && k >= 0 && k < 2 ? levels[k] : NULL;
}

unsigned command_level(struct app *a, const char *rest)
{
    for (int i = 0; i < 2; i++)
        if (strcmp(rest, levels[i]) == 0) {
            app_send(a, COMMAND_LEVEL, (uint64_t)i);
            return REACT_DRAW;
        }
    app_say(a, 1, "level: expected steps or examples");
    return REACT_DRAW;
}

static const char *const axes[] = {"progress", "seconds"};

const char *command_axis_word(const char *rest, int k)
{
    return !*rest && k >= 0 && k < 2 ? axes[k] : NULL;
}

unsigned command_axis(struct app *a, const char *rest)
{
    struct ui *ui = &a->model.ui;
    int seconds = strcmp(rest, axes[1]) == 0;

    if (!seconds && strcmp(rest, axes[0]) != 0)
        app_say(a, 1, "axis: expected progress or seconds");
    else if (seconds && !history_has_clock(a->model.history))
        app_say(a, 1, "the times of this run's steps are not known");
    else
        ui->seconds = seconds;
    return REACT_DRAW;
}

static void say_minus(struct app *a)
{
    app_say(a, 1, "minus: expected another run than the one in focus, as minus A, or off");
}

const char *command_minus_word(const char *rest, int k)
{
    static const char *const words[] = {"A", "B", "C", "D", "off"};

    return !*rest && k >= 0 && k < (int)(sizeof words / sizeof *words) ? words[k] : NULL;
}

unsigned command_minus(struct app *a, const char *rest)
{
    int id = run_named(rest);

    if (strcmp(rest, "off") == 0)
        a->model.ui.minus = 0;
    else if (id < 0 || id == a->model.snapshot->run || !(a->model.runs->there >> id & 1))
        say_minus(a);
    else
        a->model.ui.minus = 1 + id;
    return REACT_DRAW;
}

unsigned command_session(struct app *a, const char *rest)
{
    int insists = *rest == '!';
    char file[KNOB_TEXT_SIZE];
    struct file_target target = {.path = file, .kind = "a session", .remedy = "session! replaces it", .force = insists};
    struct err e = {0};

    rest += insists + strspn(rest + insists, " ");
    if (!*rest)
        app_say(a, 1, "session: a file to save it to is expected, as session today.txt");
    else if (file_typed(file, sizeof file, rest, &e) == 0) {
        if (strcmp(file, a->saved_session) == 0) /* another session is work, too */
            target.is_kind = session_is_one;
        if (file_target_check(&target, &e) != -ERR_USAGE && app_send_text(a, COMMAND_SESSION, file)) {
            text_copy(a->saved_session, sizeof a->saved_session, file);
            app_await_saved(a, file);
            e.code = 0;
        }
    }
    if (e.code)
        app_say(a, 1, "%s", e.text);
    return REACT_DRAW;
}
