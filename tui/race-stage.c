#include "race-stage.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/text.h"
#include "racer-options.h"

enum { SLICE = 8 }; /* steps between two looks at the clock */

static const double HEIGHT_DECADES = 5, MOST_ZOOM = 1e-9;
static const double LOG_WORTH = 20; /* heights that differ less are on even levels */

/* What a formula is raced on and by, as nobody said it. */
static const char *const typed_racers[] = {"sgd:lr=.01", "sgd:lr=.01,momentum=.9", "adam:lr=.05", "rmsprop:lr=.02"};
static const double typed_starts[][2] = {{-1.5, 1}, {1, 1}, {1, -1}}; /* the first where it is finite */

/* ---- what is seen ------------------------------------------------------------------------------- */

void race_fit_heights(const float z[RACE_ROWS * RACE_COLUMNS], int linear, struct axis *height)
{
    double lo = INFINITY, hi = -INFINITY;

    for (int i = 0; i < RACE_ROWS * RACE_COLUMNS; i++)
        if (isfinite(z[i])) {
            lo = fmin(lo, z[i]);
            hi = fmax(hi, z[i]);
        }
    height->log = !linear && lo >= 0 && hi > 0 && hi > lo * LOG_WORTH;
    if (height->log)
        lo = fmax(lo, hi * pow(10, -HEIGHT_DECADES));
    axis_fit(height, lo, hi);
}

void race_heights(const struct surface *s, const double *start, const struct axis *x, const struct axis *y,
                  float z[RACE_ROWS * RACE_COLUMNS])
{
    double at[SURFACE_MOST];

    memcpy(at, start, (size_t)s->n * sizeof *at);
    for (int row = 0; row < RACE_ROWS; row++)
        for (int column = 0; column < RACE_COLUMNS; column++) {
            double height;
            at[0] = x->lo + (x->hi - x->lo) * column / (RACE_COLUMNS - 1);
            at[1] = y->lo + (y->hi - y->lo) * row / (RACE_ROWS - 1);
            height = s->f(s, at, NULL, NULL);
            z[row * RACE_COLUMNS + column] = fabs(height) < 3e38 ? (float)height : NAN;
        }
}

static void look_around(struct race_stage *s)
{
    race_heights(s->surface, s->start, &s->x, &s->y, s->z);
    race_fit_heights(s->z, s->linear, &s->height);
}

struct axis race_window(const struct surface *s, int coordinate)
{
    return (struct axis){
        .lo = s->window[coordinate].low, .hi = s->window[coordinate].high, .unit = s->axis[coordinate]};
}

void race_stage_whole(struct race_stage *s)
{
    s->x = race_window(s->surface, 0);
    s->y = race_window(s->surface, 1);
    look_around(s);
}

static void widen(struct axis *a, double factor)
{
    double middle = (a->lo + a->hi) / 2, half = (a->hi - a->lo) / 2 * factor;

    if (half > MOST_ZOOM * fmax(1, fabs(middle)) && half < 1e12) {
        a->lo = middle - half;
        a->hi = middle + half;
    }
}

void race_stage_zoom(struct race_stage *s, int by)
{
    widen(&s->x, ldexp(1, -by));
    widen(&s->y, ldexp(1, -by));
    look_around(s);
}

static void shift(struct axis *a, int quarters)
{
    double by = (a->hi - a->lo) / 4 * quarters;

    a->lo += by;
    a->hi += by;
}

void race_stage_pan(struct race_stage *s, int right, int up)
{
    shift(&s->x, right);
    shift(&s->y, up);
    look_around(s);
}

void race_stage_levels(struct race_stage *s)
{
    s->linear ^= 1;
    race_fit_heights(s->z, s->linear, &s->height);
}

/* ---- what came of it ------------------------------------------------------------------------------ */

static void put_point(struct race_curve *c, uint64_t step, double loss, const double *x)
{
    c->step[c->count] = (double)step;
    c->loss[c->count] = (float)loss;
    c->x[c->count] = x[0];
    c->y[c->count++] = x[1];
}

static void follow(struct race_stage *s, int i)
{
    const struct racer *r = race_racer(s->race, i);
    struct race_curve *c = &s->curve[i];

    c->count = 0;
    for (int k = 0; k < r->points; k++)
        put_point(c, r->trail[k].step, r->trail[k].loss, r->trail[k].x);
    if (r->points == 0 || r->trail[r->points - 1].step != r->steps)
        put_point(c, r->steps, r->loss, r->x);
}

static void look_at_leader(struct race_stage *s)
{
    const struct racer *r = race_racer(s->race, s->leader);
    double hessian[SURFACE_MOST * SURFACE_MOST], along = 0, square = 0;
    int n = s->surface->n;

    s->looked = r && surface_look(s->surface, r->x, &s->point, NULL) == 0 && race_edge(s->race, s->leader, &s->edge, NULL) == 0;
    if (!s->looked)
        return;
    s->surface->f(s->surface, r->x, NULL, hessian);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            along += r->gradient[i] * hessian[i * n + j] * r->gradient[j];
    square = r->gradient_norm * r->gradient_norm;
    s->verdict = verdict_of(&(struct verdict_facts){.gradient_norm = r->gradient_norm, .gradient_curvature = square > 0 ? along / square : NAN,
                                                    .n = n, .values = n, .value = s->point.eigenvalue},
                            VERDICT_TOLERANCE);
}

static void refresh(struct race_stage *s)
{
    for (int i = 0; i < s->racers; i++)
        follow(s, i);
    s->leader = race_leader(s->race);
    look_at_leader(s);
}

const char *race_stage_state(const struct race_stage *s, int i)
{
    static const char *const words[] = {[RACER_RACING] = "racing", [RACER_STOPPED] = "arrived", [RACER_DIVERGED] = "diverged"};

    return words[race_racer(s->race, i)->state];
}

int race_stage_count(const struct race_stage *s, enum racer_state state)
{
    int n = 0;

    for (int i = 0; i < s->racers; i++)
        n += race_racer(s->race, i)->state == state;
    return n;
}

/* ---- steps ------------------------------------------------------------------------------------- */

/* Who is there stops; how many are not. */
static int judge(struct race_stage *s)
{
    int racing = 0;

    for (int i = 0; i < s->racers; i++) {
        if (s->until[0] && race_goal_reached(&s->goal, race_racer(s->race, i)))
            race_stop(s->race, i);
        racing += race_racer(s->race, i)->state == RACER_RACING;
    }
    return racing;
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

uint64_t race_stage_step(struct race_stage *s, uint64_t steps, int ms)
{
    double end = ms ? now_ms() + ms : 0;
    uint64_t made = 0;
    int racing = judge(s);

    while (racing && made < steps) {
        race_step(s->race);
        made++;
        racing = judge(s);
        if (ms && made % SLICE == 0 && now_ms() >= end)
            break;
    }
    s->steps += made;
    s->running &= racing > 0;
    if (made)
        refresh(s);
    return made;
}

void race_stage_restart(struct race_stage *s)
{
    race_restart(s->race, NULL, NULL);
    s->steps = 0;
    judge(s);
    refresh(s);
}

void race_stage_rate(struct race_stage *s, int i, double lr)
{
    s->setup[i].args.lr = lr;
    race_rate(s->race, i, lr);
    refresh(s);
}

void race_stage_turn_noise(struct race_stage *s, int by)
{
    static const double scale[] = {0, .01, .03, .1, .3, 1, 3, 10, 30, 100};
    int count = sizeof scale / sizeof *scale, at = 0;

    if (by > 0)
        while (at < count - 1 && scale[at] <= s->noise)
            at++;
    else
        for (int i = 0; i < count; i++)
            at = scale[i] < s->noise ? i : at;
    s->noise = scale[at];
    race_noise(s->race, s->noise, s->seed);
}

/* ---- racers and surfaces come and go ----------------------------------------------------------- */

static void name_racer(struct race_stage *s, int i)
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

static void take_race(struct race_stage *s, struct race *race)
{
    race_free(s->race);
    s->race = race;
    race_noise(race, s->noise, s->seed);
    for (int i = 0; i < s->racers; i++)
        name_racer(s, i);
    s->chosen = s->chosen < s->racers ? s->chosen : s->racers > 0 ? s->racers - 1 : 0;
    s->steps = 0;
    judge(s);
    refresh(s);
}

/* The same with other racers. */
static int line_up(struct race_stage *s, const struct racer_setup *setup, int racers, struct err *e)
{
    struct race *race = assemble(s->surface, s->start, setup, racers, e);

    if (!race)
        return -e->code;
    memmove(s->setup, setup, (size_t)racers * sizeof *setup);
    s->racers = racers;
    take_race(s, race);
    return 0;
}

static int replace(struct race_stage *s, int i, const struct racer_setup *with, struct err *e)
{
    struct racer_setup setup[RACE_RACERS];
    int racers = i < s->racers ? s->racers : i + 1;

    if (racers > RACE_RACERS)
        return err_set(e, ERR_USAGE, "there is room for %d racers", RACE_RACERS);
    memcpy(setup, s->setup, sizeof setup);
    setup[i] = *with;
    return line_up(s, setup, racers, e);
}

int race_stage_add(struct race_stage *s, const char *text, struct err *e)
{
    struct racer_setup setup;
    int r = racer_options_optimizer(&setup, text, e);

    return r ? r : replace(s, s->racers, &setup, e);
}

int race_stage_change(struct race_stage *s, int i, const char *text, struct err *e)
{
    struct racer_setup setup;
    int r = racer_options_optimizer(&setup, text, e);

    if (r)
        return r;
    setup.schedule = s->setup[i].schedule;
    setup.schedule_args = s->setup[i].schedule_args;
    return replace(s, i, &setup, e);
}

int race_stage_schedule(struct race_stage *s, int i, const char *text, struct err *e)
{
    struct racer_setup setup = s->setup[i];
    int r = racer_options_schedule(&setup, text, e);

    return r ? r : replace(s, i, &setup, e);
}

int race_stage_next(struct race_stage *s, int i, int by, struct err *e)
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

void race_stage_remove(struct race_stage *s, int i)
{
    race_remove(s->race, i);
    s->racers--;
    memmove(&s->setup[i], &s->setup[i + 1], (size_t)(s->racers - i) * sizeof s->setup[0]);
    memmove(s->name[i], s->name[i + 1], (size_t)(s->racers - i) * sizeof s->name[0]);
    for (int k = 0; k < s->racers; k++)
        name_racer(s, k);
    s->chosen = s->chosen < s->racers ? s->chosen : s->racers > 0 ? s->racers - 1 : 0;
    refresh(s);
}

int race_stage_start(struct race_stage *s, const char *text, struct err *e)
{
    double start[SURFACE_MOST];
    const char *at = text;
    int n = 0;

    memcpy(start, s->start, sizeof start);
    do {
        if (n == s->surface->n || text_number(&at, &start[n]) != 0 || (*at && *at != ','))
            return err_set(e, ERR_USAGE, "start %.40s: expected up to %d numbers, as .5,-1", text, s->surface->n);
        n++;
    } while (*at++ == ',');
    if (race_restart(s->race, start, e) != 0)
        return -e->code;
    memcpy(s->start, start, sizeof start);
    race_stage_restart(s);
    if (s->surface->n > 2)
        look_around(s);
    return 0;
}

int race_stage_start_at(struct race_stage *s, double x, double y, struct err *e)
{
    double start[SURFACE_MOST];

    memcpy(start, s->start, sizeof start);
    start[0] = x;
    start[1] = y;
    if (race_restart(s->race, start, e) != 0)
        return -e->code;
    memcpy(s->start, start, sizeof start);
    race_stage_restart(s);
    return 0;
}

int race_stage_until(struct race_stage *s, const char *text, struct err *e)
{
    struct race_goal goal = {0};
    int none = !*text || strcmp(text, "never") == 0;

    if (!none && race_goal_parse(&goal, text, s->surface, e) != 0)
        return -e->code;
    s->goal = goal;
    text_copy(s->until, sizeof s->until, none ? "" : text);
    race_stage_restart(s);
    return 0;
}

int race_stage_noise(struct race_stage *s, const char *text, struct err *e)
{
    const char *at = text;
    double sigma;

    if (text_number(&at, &sigma) != 0 || *at || sigma < 0)
        return err_set(e, ERR_USAGE, "noise %.40s: expected a standard deviation, 0 or more", text);
    s->noise = sigma;
    race_noise(s->race, sigma, s->seed);
    race_stage_restart(s);
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
    char all[400] = "";

    for (int i = 0; surface_at(i); i++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", surface_at(i)->name);
    }
    return err_set(e, ERR_USAGE, "there is no surface \"%.40s\"; choose from %s, or type a formula in x and y", text, all);
}

static int line_up_suggested(struct racer_setup setup[RACE_RACERS], const struct surface *surface, struct err *e)
{
    int n = 0;

    for (; n < SURFACE_RACERS; n++) {
        const char *words = surface->race.racer[0] ? surface->race.racer[n] : typed_racers[n];
        if (!words)
            break;
        if (racer_options_optimizer(&setup[n], words, e) != 0)
            return -e->code;
    }
    return n;
}

static int change_surface(struct race_stage *s, const struct surface *surface, const double *start, struct err *e)
{
    struct racer_setup setup[RACE_RACERS];
    int n = line_up_suggested(setup, surface, e);
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
    race_stage_whole(s);
    return 0;
}

/* It is tried on a copy: the old formula may be what is raced on. */
static int type_surface(struct race_stage *s, const char *text, struct err *e)
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

int race_stage_surface(struct race_stage *s, const char *text, struct err *e)
{
    const struct surface *named = surface_find(text);
    char formula[FORMULA_TEXT];

    if (named)
        return change_surface(s, named, named->start, e);
    if (!*text || is_word(text))
        return unknown(text, e);
    unquote(formula, text);
    return type_surface(s, formula, e);
}

struct race_stage *race_stage_new(struct err *e)
{
    struct race_stage *s = calloc(1, sizeof *s);

    if (!s) {
        err_memory(e, "the race", sizeof *s);
        return NULL;
    }
    s->seed = 1;
    if (race_stage_surface(s, "chain", e) == 0)
        return s;
    race_stage_free(s);
    return NULL;
}

void race_stage_free(struct race_stage *s)
{
    if (s)
        race_free(s->race);
    free(s);
}
