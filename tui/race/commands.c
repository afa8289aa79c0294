/* SPDX-License-Identifier: MIT */
#include "race/panes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/actions.h"
#include "optim/optimizer.h"
#include "draw/number.h"

static int nobody(const struct race_model *s, struct err *e)
{
    return s->racers > 0 ? 0 : err_set(e, ERR_USAGE, "no racers; add one with racer add sgd:lr=.05");
}

static int change_rate(struct race_model *s, const char *rest, struct err *e)
{
    const char *at = rest;
    double rate;

    if (nobody(s, e))
        return -ERR_USAGE;
    if (text_number(&at, &rate) != 0 || *at || !(rate >= 0))
        return err_set(e, ERR_USAGE, "rate %.40s: expected a learning rate, 0 or more", rest);
    race_model_rate(s, s->chosen, rate);
    return 0;
}

static int change_pace(struct race_model *s, const char *rest, struct err *e)
{
    const char *at = rest;
    double pace;

    if (text_number(&at, &pace) != 0 || *at || !(pace >= 1 && pace <= RACE_FASTEST) || pace != floor(pace))
        return err_set(e, ERR_USAGE, "pace %.40s: expected 1 to %d steps per frame", rest, RACE_FASTEST);
    s->pace = (int)pace;
    return 0;
}

/* add WORDS, drop, schedule WORDS, or WORDS for the chosen one. */
static int change_racer(struct race_model *s, const char *rest, struct err *e)
{
    if (strncmp(rest, "add ", 4) == 0) {
        int r = race_model_add(s, rest + 4, e);
        s->chosen = r ? s->chosen : s->racers - 1;
        return r;
    }
    if (nobody(s, e))
        return -ERR_USAGE;
    if (strncmp(rest, "schedule ", 9) == 0)
        return race_model_schedule(s, s->chosen, rest + 9, e);
    if (strcmp(rest, "drop") != 0)
        return race_model_change(s, s->chosen, rest, e);
    race_model_remove(s, s->chosen);
    return 0;
}

/* ---- answers: in a narrow view the numbers themselves have no room ---------------------------------- */

static void tell_start(struct app *a)
{
    struct race_model *s = race_of(&a->model);
    char x[NUMBER_SIZE], y[NUMBER_SIZE], hint[HINT_SIZE];
    int widened = race_model_show_start(s);

    number_short(x, sizeof x, s->start[0]);
    number_short(y, sizeof y, s->start[1]);
    if (widened > 0)
        app_say(a, 0, "start %s, %s: map widened to show it%s", x, y,
                action_hint(a, "; ", "map-all", " resets the map", hint));
    else if (widened < 0)
        app_say(a, 0, "start %s, %s: far outside the map", x, y);
    else
        app_say(a, 0, "start %s, %s", x, y);
}

static void tell_until(struct app *a)
{
    if (race_of(&a->model)->until[0])
        app_say(a, 0, "racers stop at %s", race_of(&a->model)->until);
    else
        app_say(a, 0, "racers never stop");
}

static void tell_pace(struct app *a)
{
    app_say(a, 0, "%d step%s per frame", race_of(&a->model)->pace, race_of(&a->model)->pace == 1 ? "" : "s");
}

static const char *surface_word(const char *rest, int k)
{
    return !*rest && surface_at(k) ? surface_at(k)->name : NULL;
}

static const char *racer_word(const char *rest, int k)
{
    static const char *const verbs[] = {"add", "drop", "schedule"};
    int own = !*rest ? 3 : 0; /* before the optimizers */
    const struct schedule *s = schedule_at(k);
    const struct optimizer *o;

    if (strcmp(rest, "schedule ") == 0)
        return s ? s->name : NULL;
    if (*rest && strcmp(rest, "add ") != 0)
        return NULL;
    if (k < own)
        return verbs[k];
    o = R(optimizers).at(k - own);
    return o ? o->name : NULL;
}

/* Do it to the race, which is shown, and report it where it may not be seen. */
static unsigned change(struct app *a, const char *rest, int (*run)(struct race_model *s, const char *rest, struct err *e),
                       void (*report)(struct app *a))
{
    struct err e;

    if (view_shown(&a->model) != &race_view)
        action_view(a, view_index(&race_view));
    if (run(race_of(&a->model), rest, &e) < 0)
        app_say(a, 1, "%s", e.text);
    else if (report)
        report(a);
    return REACT_DRAW;
}

static unsigned run_surface(struct app *a, const char *rest)
{
    return change(a, rest, race_model_surface, NULL);
}

static unsigned run_racer(struct app *a, const char *rest)
{
    return change(a, rest, change_racer, NULL);
}

static unsigned run_start(struct app *a, const char *rest)
{
    return change(a, rest, race_model_start, tell_start);
}

static unsigned run_until(struct app *a, const char *rest)
{
    return change(a, rest, race_model_until, tell_until);
}

static unsigned run_noise(struct app *a, const char *rest)
{
    return change(a, rest, race_model_noise, race_report_noise);
}

static unsigned run_rate(struct app *a, const char *rest)
{
    return change(a, rest, change_rate, NULL);
}

static unsigned run_pace(struct app *a, const char *rest)
{
    return change(a, rest, change_pace, tell_pace);
}

const struct command_row race_commands[] = {
    {"surface", " WHAT", "race on surface WHAT, or on a formula in x and y", run_surface, surface_word},
    {"racer", " WHAT", "change the selected racer; or add WHAT, drop, schedule WHAT", run_racer, racer_word},
    {"start", " X,Y", "set the start of all racers", run_start, NULL},
    {"until", " loss<X", "stop racers that meet this condition, or never", run_until, NULL},
    {"noise", " X", "set the standard deviation of the gradient noise", run_noise, NULL},
    {"rate", " X", "set the learning rate of the selected racer", run_rate, NULL},
    {"pace", " N", "set the steps per frame", run_pace, NULL},
    {0},
};
