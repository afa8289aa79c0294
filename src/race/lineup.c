/* SPDX-License-Identifier: MIT */
/* Edits of racers, start, surface and end: those that set everyone back to the start. */
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "core/nearest.h"
#include "race/model-private.h"

/* Defaults for a typed formula. */
static const char *const typed_racers[] = {"sgd:lr=.01", "sgd:lr=.01,momentum=.9", "adam:lr=.05", "rmsprop:lr=.02"};
static const double typed_starts[][2] = {{-1.5, 1}, {1, 1}, {1, -1}}; /* the first where it is finite */

/* ---- racers come and go ----------------------------------------------------------- */

static void name_racer(struct race_model *s, int i)
{
    const struct optimizer_args *a = &s->setup[i].args;
    const char *name = s->setup[i].optimizer;
    size_t n;
    int same = 1;

    if (strcmp(name, "sgd") == 0 && a->momentum > 0)
        name = a->nesterov ? "nesterov" : "momentum";
    n = strlen(name);
    for (int k = 0; k < i; k++)
        same += strncmp(s->name[k], name, n) == 0 && (!s->name[k][n] || s->name[k][n] == ' ');
    if (same == 1)
        snprintf(s->name[i], sizeof s->name[i], "%s", name);
    else
        snprintf(s->name[i], sizeof s->name[i], "%.24s %d", name, same % 100);
}

/* A race of all of them from `start`; NULL in error, which says why. */
static struct race *assemble(const struct surface *surface, const double *start, const struct racer_setup *setup, int racers,
                             struct err *e)
{
    struct race *race;

    if (race_new(&race, surface, start, e) != 0)
        return NULL;
    for (int i = 0; i < racers; i++)
        if (race_add(race, &setup[i], e) < 0) {
            race_free(race);
            return NULL;
        }
    return race;
}

static void take_race(struct race_model *s, struct race *race)
{
    race_free(s->race);
    s->race = race;
    race_noise(race, s->noise, s->seed);
    for (int i = 0; i < s->racers; i++)
        name_racer(s, i);
    s->chosen = s->chosen < s->racers ? s->chosen : s->racers > 0 ? s->racers - 1 : 0;
    s->steps = 0;
    s->edits = 0;
    race_model_judge(s);
    race_model_refresh(s);
}

int race_model_set_up(struct race_model *s, const struct surface *surface, const double *start, const struct racer_setup *setup,
                      int racers, double noise, struct err *e)
{
    struct race *race = assemble(surface, start, setup, racers, e);

    if (!race)
        return -e->code;
    s->surface = surface;
    memmove(s->start, start, (size_t)surface->n * sizeof *start);
    memmove(s->setup, setup, (size_t)racers * sizeof *setup);
    s->racers = racers;
    s->noise = noise;
    take_race(s, race);
    return 0;
}

/* The same with other racers. */
static int line_up(struct race_model *s, const struct racer_setup *setup, int racers, struct err *e)
{
    int r;

    race_model_before_edit(s);
    r = race_model_set_up(s, s->surface, s->start, setup, racers, s->noise, e);
    if (r == 0)
        race_model_edited(s, "the racers", 0);
    return r;
}

static int replace(struct race_model *s, int i, const struct racer_setup *with, struct err *e)
{
    struct racer_setup setup[RACE_RACERS];
    int racers = i < s->racers ? s->racers : i + 1;

    if (racers > RACE_RACERS)
        return err_set(e, ERR_USAGE, "a race has at most %d racers", RACE_RACERS);
    memcpy(setup, s->setup, sizeof setup);
    setup[i] = *with;
    return line_up(s, setup, racers, e);
}

int race_model_add(struct race_model *s, const char *text, struct err *e)
{
    struct racer_setup setup;
    int r = s->words->optimizer(&setup, text, e);

    return r ? r : replace(s, s->racers, &setup, e);
}

int race_model_change(struct race_model *s, int i, const char *text, struct err *e)
{
    struct racer_setup setup;
    int r = s->words->optimizer(&setup, text, e);

    if (r)
        return r;
    setup.schedule = s->setup[i].schedule;
    setup.schedule_args = s->setup[i].schedule_args;
    return replace(s, i, &setup, e);
}

int race_model_schedule(struct race_model *s, int i, const char *text, struct err *e)
{
    struct racer_setup setup = s->setup[i];
    int r = s->words->schedule(&setup, text, e);

    return r ? r : replace(s, i, &setup, e);
}

int race_model_next(struct race_model *s, int i, int by, struct err *e)
{
    struct racer_setup setup = s->setup[i];
    const struct optimizer *o;
    int count = 0, at = 0;

    for (; (o = R(optimizers).at(count)); count++)
        if (strcmp(o->name, setup.optimizer) == 0)
            at = count;
    o = R(optimizers).at((at + by + count) % count);
    setup.optimizer = o->name;
    setup.args = R(optimizers).defaults(o);
    setup.args.lr = s->setup[i].args.lr;
    return replace(s, i, &setup, e);
}

void race_model_remove(struct race_model *s, int i)
{
    race_model_before_edit(s);
    race_remove(s->race, i);
    s->racers--;
    memmove(&s->setup[i], &s->setup[i + 1], (size_t)(s->racers - i) * sizeof s->setup[0]);
    memmove(s->name[i], s->name[i + 1], (size_t)(s->racers - i) * sizeof s->name[0]);
    for (int k = 0; k < s->racers; k++)
        name_racer(s, k);
    s->chosen = s->chosen < s->racers ? s->chosen : s->racers > 0 ? s->racers - 1 : 0;
    race_model_refresh(s);
    race_model_edited(s, "the racers", 0);
}

/* Everyone back to a new start. */
static int move_start(struct race_model *s, const double *start, struct err *e)
{
    race_model_before_edit(s);
    if (race_restart(s->race, start, e) != 0)
        return -e->code;
    memcpy(s->start, start, sizeof s->start);
    race_model_restart(s);
    race_model_edited(s, "the start", 0);
    return 0;
}

static int not_a_start(const struct race_model *s, const char *text, struct err *e)
{
    if (s->surface->n == 2)
        return err_set(e, ERR_USAGE, "start %.40s: expected 2 numbers, such as .5,-1", text);
    return err_set(e, ERR_USAGE, "start %.40s: expected 2 to %d numbers, such as .5,-1", text, s->surface->n);
}

int race_model_start(struct race_model *s, const char *text, struct err *e)
{
    double start[SURFACE_MOST];
    const char *at = text;
    int n = 0, least = s->surface->n < 2 ? s->surface->n : 2;

    memcpy(start, s->start, sizeof start);
    do {
        if (n == s->surface->n || text_number(&at, &start[n]) != 0 || (*at && *at != ','))
            return not_a_start(s, text, e);
        n++;
    } while (*at++ == ',');
    if (n < least)
        return not_a_start(s, text, e);
    if (move_start(s, start, e) != 0)
        return -e->code;
    if (s->surface->n > 2)
        race_model_look_around(s);
    return 0;
}

int race_model_start_at(struct race_model *s, double x, double y, struct err *e)
{
    double start[SURFACE_MOST];

    memcpy(start, s->start, sizeof start);
    start[0] = x;
    start[1] = y;
    return move_start(s, start, e);
}

int race_model_until(struct race_model *s, const char *text, struct err *e)
{
    struct race_goal goal = {0};
    int none = !*text || strcmp(text, "never") == 0;

    if (!none && race_goal_parse(&goal, text, s->surface, e) != 0)
        return -e->code;
    race_model_before_edit(s);
    s->goal = goal;
    text_copy(s->until, sizeof s->until, none ? "" : text);
    race_model_restart(s);
    race_model_edited(s, "the goal", 0);
    return 0;
}

int race_model_noise(struct race_model *s, const char *text, struct err *e)
{
    const char *at = text;
    double sigma;

    if (text_number(&at, &sigma) != 0 || *at || sigma < 0)
        return err_set(e, ERR_USAGE, "noise %.40s: expected a standard deviation, 0 or more", text);
    race_model_before_edit(s);
    s->noise = sigma;
    race_noise(s->race, sigma, s->seed);
    race_model_restart(s);
    race_model_edited(s, "the noise", 0);
    return 0;
}

/* ---- another surface ------------------------------------------------------------------------------- */

/* Quotes around a formula are taken off. */
static void unquote(char out[FORMULA_TEXT], const char *text)
{
    size_t n;

    text_copy(out, FORMULA_TEXT, text + (*text == '\'' || *text == '"'));
    n = strlen(out);
    if (n && (out[n - 1] == '\'' || out[n - 1] == '"'))
        out[n - 1] = '\0';
}

/* A word that starts like a name and is none is a misspelt name, not a bad formula. */
static int is_word(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz_0123456789");

    return !text[n] && n > 1;
}

static int unknown(const char *text, struct err *e)
{
    struct nearest n = nearest_to(text);
    char all[400] = "", meant[NEAREST_WORDS];

    for (int i = 0; surface_at(i); i++) {
        nearest_offer(&n, surface_at(i)->name);
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", surface_at(i)->name);
    }
    return err_set(e, ERR_USAGE, "unknown surface \"%.40s\"; choose from %s, or type a formula in x and y%s", text, all,
                   nearest_words(&n, meant, sizeof meant));
}

static int line_up_suggested(const struct racer_words *words, struct racer_setup setup[RACE_RACERS],
                             const struct surface *surface, struct err *e)
{
    int n = 0;

    for (; n < SURFACE_RACERS; n++) {
        const char *text = surface->race.racer[0] ? surface->race.racer[n] : typed_racers[n];
        if (!text)
            break;
        if (words->optimizer(&setup[n], text, e) != 0)
            return -e->code;
    }
    return n;
}

static int change_surface(struct race_model *s, const struct surface *surface, const double *start, struct err *e)
{
    struct racer_setup setup[RACE_RACERS];
    int n = line_up_suggested(s->words, setup, surface, e);
    struct race *race = n < 0 ? NULL : assemble(surface, start, setup, n, e);

    if (!race)
        return -e->code;
    s->surface = surface;
    memcpy(s->setup, setup, (size_t)n * sizeof *setup);
    memset(s->start, 0, sizeof s->start);
    memcpy(s->start, start, (size_t)surface->n * sizeof *start);
    s->racers = n;
    s->pace = surface->race.pace ? surface->race.pace : 1;
    s->running = s->chosen = s->linear = 0;
    s->until[0] = '\0';
    if (surface->race.until && race_goal_parse(&s->goal, surface->race.until, surface, NULL) == 0)
        text_copy(s->until, sizeof s->until, surface->race.until);
    take_race(s, race);
    race_model_whole(s);
    return 0;
}

/* It is tried on a copy: the old formula may be what is raced on. */
static int type_surface(struct race_model *s, const char *text, struct err *e)
{
    struct formula formula, old = s->formula;
    struct surface typed, before = s->typed;
    int r = formula_parse(&formula, text, e);

    if (r)
        return r;
    s->formula = formula;
    typed = formula_surface(&s->formula);
    s->typed = typed;
    r = -1;
    for (size_t i = 0; r && i < sizeof typed_starts / sizeof *typed_starts; i++)
        r = change_surface(s, &s->typed, typed_starts[i], e);
    if (r) {
        s->formula = old;
        s->typed = before;
    }
    return r;
}

int race_model_surface(struct race_model *s, const char *text, struct err *e)
{
    const struct surface *named = surface_find(text);
    char formula[FORMULA_TEXT];
    int r;

    if (!named && (!*text || is_word(text)))
        return unknown(text, e);
    unquote(formula, text);
    race_model_before_edit(s);
    r = named ? change_surface(s, named, named->start, e) : type_surface(s, formula, e);
    if (r == 0)
        race_model_edited(s, "the surface", 0);
    return r;
}

int race_model_saddle(struct race_model *s, struct err *e)
{
    static const char *const racers[] = {"sgd:lr=.05", "sgd:lr=.05,momentum=.9", "adam:lr=.05", "perturbed:lr=.05",
                                         "saddle-free:damping=.01"};
    static const double beside[] = {1e-9, 1e-9};
    enum { RACERS = sizeof racers / sizeof *racers };
    struct racer_setup setup[RACERS];
    int r = 0;

    for (int i = 0; r == 0 && i < RACERS; i++)
        r = s->words->optimizer(&setup[i], racers[i], e);
    race_model_before_edit(s);
    if (r == 0)
        r = change_surface(s, surface_find("chain"), beside, e);
    if (r == 0)
        r = race_model_set_up(s, s->surface, beside, setup, RACERS, s->noise, e);
    if (r == 0)
        race_model_edited(s, "the surface", 0);
    return r;
}
