/* SPDX-License-Identifier: MIT */
/* The keys of the Race view. */
#include "app/actions.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "race/panes.h"
#include "draw/number.h"

enum { STEPS_ACROSS = 40 };         /* of the start, from edge to edge */
static const double ROUNDING = 1e-9; /* of what is seen */

static unsigned say_if(struct app *a, int result, const struct err *e)
{
    if (result < 0)
        app_say(a, 1, "%s", e->text);
    return REACT_DRAW;
}

/* ---- the start and the map ---------------------------------------------------------------------- */

/* Onto a grid, so that going back comes back: so many fortieths of what is seen. */
static double moved(const struct race_range *a, double v, int by)
{
    double step = (a->hi - a->lo) / STEPS_ACROSS;

    return by ? (round(v / step) + by) * step : v;
}

static unsigned move_start(struct app *a, int right, int up)
{
    struct race_model *s = race_of(&a->model);
    struct err e;

    return say_if(a, race_model_start_at(s, moved(&s->x, s->start[0], right), moved(&s->y, s->start[1], up), &e), &e);
}

static unsigned action_race_up(struct app *a, int by)
{
    return move_start(a, 0, by);
}

static unsigned action_race_right(struct app *a, int by)
{
    return move_start(a, by, 0);
}

static unsigned action_race_type_start(struct app *a, int by)
{
    (void)by;
    return action_command_with(a, "start ");
}

/* The focused pane's inside, and where in it the mouse points; 0: beside it. */
static int pointed(const struct app *a, struct canvas *inside, int *column, int *row)
{
    struct rect r = app_layout(a, a->w, a->h).pane[a->model.ui.focus];

    *inside = (struct canvas){.w = r.w - 2, .h = r.h - 2, .charset = a->charset};
    *column = a->mouse_x - r.x - 1;
    *row = a->mouse_y - r.y - 1;
    return *column >= 0 && *row >= 0 && *column < inside->w && *row < inside->h;
}

/* … on the map, as a point of the surface. */
static int pointed_on_map(const struct app *a, double *x, double *y)
{
    struct canvas inside;
    struct race_map map;
    int column, row;

    if (!pointed(a, &inside, &column, &row))
        return 0;
    race_map(race_of(&a->model), &map);
    return field_point_at(&map.field, &inside, column, row, x, y);
}

static void choose_pointed(struct app *a)
{
    struct canvas inside;
    int column, row, racer;

    if (!pointed(a, &inside, &column, &row))
        return;
    racer = racers_row(race_of(&a->model), inside.w, inside.h, row);
    race_of(&a->model)->chosen = racer >= 0 ? racer : race_of(&a->model)->chosen;
}

/* A click: the start, or the choice of a racer. */
static unsigned action_race_point(struct app *a, int by)
{
    struct err e;
    double x, y;

    (void)by;
    if (pane_has_focus(&a->model, &racers_pane))
        choose_pointed(a);
    else if (pointed_on_map(a, &x, &y))
        return say_if(a, race_model_start_at(race_of(&a->model), x, y, &e), &e);
    return REACT_DRAW;
}

/* The wheel: what is pointed at stays under the mouse, also where the axis has got longer numbers and the map moves
 * aside for them. Beside the surface, as a key does it. */
static unsigned action_race_zoom_here(struct app *a, int by)
{
    struct race_model *s = race_of(&a->model);
    double x, y, now_x, now_y;

    if (!pointed_on_map(a, &x, &y)) {
        race_model_zoom(s, by);
        return REACT_DRAW;
    }
    race_model_zoom_at(s, by, x, y);
    if (pointed_on_map(a, &now_x, &now_y) &&
        (fabs(now_x - x) > ROUNDING * (s->x.hi - s->x.lo) || fabs(now_y - y) > ROUNDING * (s->y.hi - s->y.lo)))
        race_model_move(s, x - now_x, y - now_y);
    return REACT_DRAW;
}

static unsigned action_race_zoom(struct app *a, int by)
{
    race_model_zoom(race_of(&a->model), by);
    return REACT_DRAW;
}

static unsigned action_race_pan(struct app *a, int by)
{
    race_model_pan(race_of(&a->model), by, 0);
    return REACT_DRAW;
}

static unsigned action_race_pan_up(struct app *a, int by)
{
    race_model_pan(race_of(&a->model), 0, by);
    return REACT_DRAW;
}

static unsigned action_race_whole(struct app *a, int by)
{
    (void)by;
    race_model_whole(race_of(&a->model));
    return REACT_DRAW;
}

static unsigned action_race_centre(struct app *a, int by)
{
    (void)by;
    race_model_centre(race_of(&a->model));
    return REACT_DRAW;
}

static unsigned action_race_levels(struct app *a, int by)
{
    (void)by;
    race_model_levels(race_of(&a->model));
    if (!race_of(&a->model)->linear && !race_height_axis(race_of(&a->model)->z, 0).log)
        app_say(a, 0, "levels stay linear: not all heights are positive, or they differ too little");
    return REACT_DRAW;
}

/* ---- the race ---------------------------------------------------------------------------------- */

/* After the end space begins again. */
static unsigned action_race_run(struct app *a, int by)
{
    struct race_model *s = race_of(&a->model);

    (void)by;
    if (race_model_count(s, RACER_RACING) == 0 && s->steps > 0)
        race_model_restart(s);
    s->running = s->racers > 0 && !s->running;
    return REACT_DRAW;
}

static unsigned action_race_step(struct app *a, int by)
{
    race_of(&a->model)->running = 0;
    if (race_model_step(race_of(&a->model), (uint64_t)by, 0) == 0)
        app_say(a, 0, race_of(&a->model)->racers ? "no racer is still moving" : "no racers");
    return REACT_DRAW;
}

static unsigned action_race_restart(struct app *a, int by)
{
    (void)by;
    race_model_restart(race_of(&a->model));
    return REACT_DRAW;
}

static unsigned action_race_pace(struct app *a, int by)
{
    int pace = by > 0 ? race_of(&a->model)->pace * 2 : race_of(&a->model)->pace / 2;

    race_of(&a->model)->pace = pace < 1 ? 1 : pace > RACE_FASTEST ? RACE_FASTEST : pace;
    return REACT_DRAW;
}

void race_report_noise(struct app *a)
{
    char sigma[NUMBER_SIZE];

    number_short(sigma, sizeof sigma, race_of(&a->model)->noise);
    app_say(a, 0, "gradient noise %s", sigma);
}

static unsigned action_race_noise(struct app *a, int by)
{
    race_model_turn_noise(race_of(&a->model), by);
    race_report_noise(a);
    return REACT_DRAW;
}

unsigned action_race_undo(struct app *a, int by)
{
    const char *what;
    struct err e;

    if (race_model_undo(race_of(&a->model), by, &what, &e) < 0)
        app_say(a, 1, "%s", e.text);
    else if (what)
        app_say(a, 0, by > 0 ? "undone: %s" : "redone: %s", what);
    else
        app_say(a, 0, by > 0 ? "nothing to undo in the race" : "nothing to redo in the race");
    return REACT_DRAW;
}

static int place_of(const struct surface *s)
{
    for (int i = 0; surface_at(i); i++)
        if (surface_at(i) == s)
            return i;
    return -1;
}

static unsigned action_race_surface(struct app *a, int by)
{
    int i = place_of(race_of(&a->model)->surface) + by, last = 0;
    struct err e;

    while (surface_at(last + 1))
        last++;
    i = i < 0 ? last : i > last ? 0 : i;
    return say_if(a, race_model_surface(race_of(&a->model), surface_at(i)->name, &e), &e);
}

static unsigned action_race_saddle(struct app *a, int by)
{
    struct err e;
    char hint[HINT_SIZE];

    (void)by;
    if (race_model_saddle(race_of(&a->model), &e) < 0)
        return say_if(a, -1, &e);
    app_say(a, 0, "five optimizers beside the chain's saddle%s", action_hint(a, "; ", "race-run", " races them", hint));
    return REACT_DRAW;
}

/* ---- racers ---------------------------------------------------------------------------------- */

/* Whether there is one to act on. */
static int has_chosen(struct app *a)
{
    if (race_of(&a->model)->racers > 0)
        return 1;
    app_say(a, 0, "no racers");
    return 0;
}

static unsigned action_racer_choose(struct app *a, int by)
{
    int i = race_of(&a->model)->chosen + by;

    if (i >= 0 && i < race_of(&a->model)->racers)
        race_of(&a->model)->chosen = i;
    return REACT_DRAW;
}

static unsigned action_racer_turn(struct app *a, int by)
{
    struct race_model *s = race_of(&a->model);

    if (has_chosen(a))
        race_model_rate(s, s->chosen, knob_turned(KNOB_LEARNING_RATE, s->setup[s->chosen].args.lr, by));
    return REACT_DRAW;
}

static unsigned action_racer_fine(struct app *a, int by)
{
    struct race_model *s = race_of(&a->model);

    if (has_chosen(a))
        race_model_rate(s, s->chosen, action_fine_value(knob_row(KNOB_LEARNING_RATE), s->setup[s->chosen].args.lr, by));
    return REACT_DRAW;
}

static unsigned action_racer_type(struct app *a, int by)
{
    (void)by;
    return has_chosen(a) ? action_command_with(a, "rate ") : REACT_DRAW;
}

/* When to use it, for those that say so: the first of two lines. */
static unsigned action_racer_optimizer(struct app *a, int by)
{
    struct race_model *s = race_of(&a->model);
    const struct optimizer *o;
    struct err e;

    if (!has_chosen(a))
        return REACT_DRAW;
    if (race_model_next(s, s->chosen, by, &e) < 0)
        return say_if(a, -1, &e);
    o = R(optimizers).find(s->setup[s->chosen].optimizer);
    if (o && o->use)
        app_say(a, 0, "%s: %.*s", o->title, (int)strcspn(o->use, "\n"), o->use);
    return REACT_DRAW;
}

static unsigned action_racer_add(struct app *a, int by)
{
    (void)by;
    return action_command_with(a, "racer add ");
}

static unsigned action_racer_remove(struct app *a, int by)
{
    (void)by;
    if (has_chosen(a))
        race_model_remove(race_of(&a->model), race_of(&a->model)->chosen);
    return REACT_DRAW;
}

static const struct key_binding race_rows[] = {
    {' ', 0, 0, "race-run", "race", "start or pause the race", action_race_run, 0},
    {'n', 0, 0, "race-step", "step", "run one step of every racer, then pause", action_race_step, 1},
    {'N', 0, 0, "race-steps", NULL, "run 100 steps of every racer, then pause", action_race_step, 100},
    {'r', 0, KEY_LATER, "race-restart", "restart", "move all racers back to the start", action_race_restart, 0},
    {'>', 0, 0, "race-faster", NULL, "double the steps per frame", action_race_pace, 1},
    {'<', 0, 0, "race-slower", NULL, "halve the steps per frame", action_race_pace, -1},
    {'g', 0, 0, "race-noise", NULL, "increase the gradient noise of all racers", action_race_noise, 1},
    {'G', 0, 0, "race-less-noise", NULL, "decrease the gradient noise", action_race_noise, -1},
    {'s', 0, KEY_LATER, "race-surface", "surface", "next surface", action_race_surface, 1},
    {'x', 0, 0, "race-saddle", NULL,
     "race SGD, momentum, Adam, perturbed GD and saddle-free Newton from beside the chain's saddle", action_race_saddle, 0},
    {'S', 0, 0, "race-surface-back", NULL, "previous surface", action_race_surface, -1},
};
const struct key_set race_keys = KEY_SET("race", race_rows);

static const struct key_binding race_map_rows[] = {
    {INPUT_UP, 'k', 0, "start-up", "start", "move the start up, and all racers back to it", action_race_up, 1},
    {INPUT_DOWN, 'j', 0, "start-down", "start", "move the start down", action_race_up, -1},
    {INPUT_LEFT, 'h', 0, "start-left", "start", "move the start left", action_race_right, -1},
    {INPUT_RIGHT, 'l', 0, "start-right", "start", "move the start right", action_race_right, 1},
    {INPUT_ENTER, 0, KEY_LATER, "start-type", "type", "type the coordinates of the start", action_race_type_start, 0},
    {INPUT_PRESS, 0, 0, "start-here", NULL, "move the start to the pointer", action_race_point, 0},
    {'+', 0, KEY_LATER, "map-in", "zoom", "zoom in", action_race_zoom, 1},
    {'-', 0, KEY_LATER, "map-out", "zoom", "zoom out", action_race_zoom, -1},
    {INPUT_WHEEL_UP, 0, 0, "map-wheel-in", NULL, "zoom in around the pointer",
     action_race_zoom_here, 1},
    {INPUT_WHEEL_DOWN, 0, 0, "map-wheel-out", NULL, "zoom out around the pointer", action_race_zoom_here, -1},
    {'[', INPUT_SHIFT_LEFT, 0, "map-left", NULL, "pan left", action_race_pan, -1},
    {']', INPUT_SHIFT_RIGHT, 0, "map-right", NULL, "pan right", action_race_pan, 1},
    {'{', 0, 0, "map-down", NULL, "pan down", action_race_pan_up, -1},
    {'}', 0, 0, "map-up", NULL, "pan up", action_race_pan_up, 1},
    {'a', 0, 0, "map-all", NULL, "show the whole surface", action_race_whole, 0},
    {'c', 0, 0, "map-centre", NULL, "centre on the racer that arrived first, or is lowest", action_race_centre, 0},
    {'L', 0, 0, "map-levels", NULL, "switch between logarithmic and even contour levels", action_race_levels, 0},
};
const struct key_set race_map_keys = KEY_SET("race: map", race_map_rows);

static const struct key_binding racers_rows[] = {
    {INPUT_UP, 'k', 0, "racer-previous", "select", "select the racer above", action_racer_choose, -1},
    {INPUT_DOWN, 'j', 0, "racer-next", "select", "select the racer below", action_racer_choose, 1},
    {INPUT_LEFT, 'h', 0, "racer-slower", "edit", "decrease the racer's learning rate", action_racer_turn, -1},
    {INPUT_RIGHT, 'l', 0, "racer-faster", "edit", "increase the racer's learning rate", action_racer_turn, 1},
    {INPUT_ENTER, '=', 0, "racer-type", "type", "type a learning rate for the racer", action_racer_type, 0},
    {'+', INPUT_WHEEL_UP, 0, "racer-fine-up", NULL, "increase it by a small amount", action_racer_fine, 1},
    {'-', INPUT_WHEEL_DOWN, 0, "racer-fine-down", NULL, "decrease it by a small amount", action_racer_fine, -1},
    {INPUT_PRESS, 0, 0, "racer-here", NULL, "select the racer under the pointer", action_race_point, 0},
    {'o', 0, KEY_LATER, "racer-optimizer", "optimizer", "next optimizer for the racer", action_racer_optimizer, 1},
    {'O', 0, 0, "racer-optimizer-back", NULL, "previous optimizer for the racer", action_racer_optimizer, -1},
    {'i', 0, KEY_LATER, "racer-add", "add", "add a racer: type its optimizer", action_racer_add, 0},
    {'d', INPUT_DELETE, KEY_LATER, "racer-remove", "remove", "remove the racer", action_racer_remove, 0},
};
const struct key_set racers_keys = KEY_SET("race: racers", racers_rows);
