#include "race/commands.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/actions.h"
#include "optim/optimizer.h"
#include "draw/number.h"

/* Each returns 0 or a negative error. */
static int run_surface(struct race_model *s, const char *rest, struct err *e)
{
    return race_model_surface(s, rest, e);
}

static int run_start(struct race_model *s, const char *rest, struct err *e)
{
    return race_model_start(s, rest, e);
}

static int run_until(struct race_model *s, const char *rest, struct err *e)
{
    return race_model_until(s, rest, e);
}

static int run_noise(struct race_model *s, const char *rest, struct err *e)
{
    return race_model_noise(s, rest, e);
}

static int nobody(const struct race_model *s, struct err *e)
{
    return s->racers > 0 ? 0 : err_set(e, ERR_USAGE, "no racers: add one with racer add sgd:lr=.05");
}

static int run_rate(struct race_model *s, const char *rest, struct err *e)
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

static int run_pace(struct race_model *s, const char *rest, struct err *e)
{
    const char *at = rest;
    double pace;

    if (text_number(&at, &pace) != 0 || *at || !(pace >= 1 && pace <= RACE_FASTEST) || pace != floor(pace))
        return err_set(e, ERR_USAGE, "pace %.40s: expected 1 to %d steps a frame", rest, RACE_FASTEST);
    s->pace = (int)pace;
    return 0;
}

/* add WORDS, drop, schedule WORDS, or WORDS for the chosen one. */
static int run_racer(struct race_model *s, const char *rest, struct err *e)
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
    struct race_model *s = a->race;
    char x[NUMBER_SIZE], y[NUMBER_SIZE], key[16] = "";
    int widened = race_model_show_start(s);

    number_short(x, sizeof x, s->start[0]);
    number_short(y, sizeof y, s->start[1]);
    key_of("map-all", a->charset, key, sizeof key);
    if (widened > 0)
        app_say(a, 0, "start %s, %s: map widened to show it, %s resets the map", x, y, key);
    else if (widened < 0)
        app_say(a, 0, "start %s, %s: far outside the map", x, y);
    else
        app_say(a, 0, "start %s, %s", x, y);
}

static void tell_until(struct app *a)
{
    if (a->race->until[0])
        app_say(a, 0, "racers stop at %s", a->race->until);
    else
        app_say(a, 0, "racers never stop");
}

static void tell_pace(struct app *a)
{
    app_say(a, 0, "%d step%s a frame", a->race->pace, a->race->pace == 1 ? "" : "s");
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

static const struct {
    struct command_text text;
    int (*run)(struct race_model *s, const char *rest, struct err *e);
    const char *(*word)(const char *rest, int k);
    void (*tell)(struct app *a); /* that it is done, where it may not be seen */
} commands[] = {
    {{"surface", " WHAT", "race on surface WHAT, or on a formula in x and y"}, run_surface, surface_word, NULL},
    {{"racer", " WHAT", "change the chosen racer; add WHAT, drop"}, run_racer, racer_word, NULL},
    {{"start", " X,Y", "set the start of all racers"}, run_start, NULL, tell_start},
    {{"until", " loss<X", "stop racers that reach this; never: no limit"}, run_until, NULL, tell_until},
    {{"noise", " X", "standard deviation of noise on the gradients"}, run_noise, NULL, action_race_tell_noise},
    {{"rate", " X", "the chosen racer's learning rate"}, run_rate, NULL, NULL},
    {{"pace", " N", "steps a frame"}, run_pace, NULL, tell_pace},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

const struct command_text *race_command_text(int i)
{
    return i >= 0 && i < COMMANDS ? &commands[i].text : NULL;
}

unsigned race_command_run(struct app *a, int i, const char *rest)
{
    struct err e;

    if (a->model.ui.view != VIEW_RACE)
        action_view(a, VIEW_RACE);
    if (commands[i].run(a->race, rest, &e) < 0)
        app_say(a, 1, "%s", e.text);
    else if (commands[i].tell)
        commands[i].tell(a);
    return REACT_DRAW;
}

const char *race_command_word(int i, const char *rest, int k)
{
    return commands[i].word ? commands[i].word(rest, k) : NULL;
}
