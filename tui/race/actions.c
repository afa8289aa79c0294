/* What the keys of the race do. */
#include "app/actions.h"

#include <math.h>
#include <stdio.h>

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
static double moved(const struct axis *a, double v, int by)
{
    double step = (a->hi - a->lo) / STEPS_ACROSS;

    return by ? (round(v / step) + by) * step : v;
}

static unsigned move_start(struct app *a, int right, int up)
{
    struct race_model *s = a->race;
    struct err e;

    return say_if(a, race_model_start_at(s, moved(&s->x, s->start[0], right), moved(&s->y, s->start[1], up), &e), &e);
}

unsigned action_race_up(struct app *a, int by)
{
    return move_start(a, 0, by);
}

unsigned action_race_right(struct app *a, int by)
{
    return move_start(a, by, 0);
}

unsigned action_race_type_start(struct app *a, int by)
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
    race_map(a->race, &map);
    return field_point_at(&map.field, &inside, column, row, x, y);
}

static void choose_pointed(struct app *a)
{
    struct canvas inside;
    int column, row, racer;

    if (!pointed(a, &inside, &column, &row))
        return;
    racer = racers_row(a->race, inside.w, inside.h, row);
    a->race->chosen = racer >= 0 ? racer : a->race->chosen;
}

/* A click: the start, or the choice of a racer. */
unsigned action_race_point(struct app *a, int by)
{
    struct err e;
    double x, y;

    (void)by;
    if (a->model.ui.focus == PANE_RACERS)
        choose_pointed(a);
    else if (pointed_on_map(a, &x, &y))
        return say_if(a, race_model_start_at(a->race, x, y, &e), &e);
    return REACT_DRAW;
}

/* The wheel: what is pointed at stays under the mouse, also where the axis has got longer numbers and the map moves
 * aside for them. Beside the surface, as a key does it. */
unsigned action_race_zoom_here(struct app *a, int by)
{
    struct race_model *s = a->race;
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

unsigned action_race_zoom(struct app *a, int by)
{
    race_model_zoom(a->race, by);
    return REACT_DRAW;
}

unsigned action_race_pan(struct app *a, int by)
{
    race_model_pan(a->race, by, 0);
    return REACT_DRAW;
}

unsigned action_race_pan_up(struct app *a, int by)
{
    race_model_pan(a->race, 0, by);
    return REACT_DRAW;
}

unsigned action_race_whole(struct app *a, int by)
{
    (void)by;
    race_model_whole(a->race);
    return REACT_DRAW;
}

unsigned action_race_centre(struct app *a, int by)
{
    (void)by;
    race_model_centre(a->race);
    return REACT_DRAW;
}

unsigned action_race_levels(struct app *a, int by)
{
    (void)by;
    race_model_levels(a->race);
    if (!a->race->linear && !a->race->height.log)
        app_say(a, 0, "levels stay linear: not all heights are positive, or they differ too little");
    return REACT_DRAW;
}

/* ---- the race ---------------------------------------------------------------------------------- */

/* After the end space begins again. */
unsigned action_race_run(struct app *a, int by)
{
    struct race_model *s = a->race;

    (void)by;
    if (race_model_count(s, RACER_RACING) == 0 && s->steps > 0)
        race_model_restart(s);
    s->running = s->racers > 0 && !s->running;
    return REACT_DRAW;
}

unsigned action_race_step(struct app *a, int by)
{
    a->race->running = 0;
    if (race_model_step(a->race, (uint64_t)by, 0) == 0)
        app_say(a, 0, a->race->racers ? "no racer is still moving" : "no racers");
    return REACT_DRAW;
}

unsigned action_race_restart(struct app *a, int by)
{
    (void)by;
    race_model_restart(a->race);
    return REACT_DRAW;
}

unsigned action_race_pace(struct app *a, int by)
{
    int pace = by > 0 ? a->race->pace * 2 : a->race->pace / 2;

    a->race->pace = pace < 1 ? 1 : pace > RACE_FASTEST ? RACE_FASTEST : pace;
    return REACT_DRAW;
}

void action_race_tell_noise(struct app *a)
{
    char sigma[NUMBER_SIZE];

    number_short(sigma, sizeof sigma, a->race->noise);
    app_say(a, 0, "gradient noise %s", sigma);
}

unsigned action_race_noise(struct app *a, int by)
{
    race_model_turn_noise(a->race, by);
    action_race_tell_noise(a);
    return REACT_DRAW;
}

unsigned action_race_undo(struct app *a, int by)
{
    const char *what;
    struct err e;

    if (race_model_undo(a->race, by, &what, &e) < 0)
        app_say(a, 1, "%s", e.text);
    else if (what)
        app_say(a, 0, by > 0 ? "undone: %s" : "redone: %s", what);
    else
        app_say(a, 0, by > 0 ? "no edit of the race to undo" : "no edit of the race to redo");
    return REACT_DRAW;
}

static int place_of(const struct surface *s)
{
    for (int i = 0; surface_at(i); i++)
        if (surface_at(i) == s)
            return i;
    return -1;
}

unsigned action_race_surface(struct app *a, int by)
{
    int i = place_of(a->race->surface) + by, last = 0;
    struct err e;

    while (surface_at(last + 1))
        last++;
    i = i < 0 ? last : i > last ? 0 : i;
    return say_if(a, race_model_surface(a->race, surface_at(i)->name, &e), &e);
}

/* ---- racers ---------------------------------------------------------------------------------- */

/* Whether there is one to act on. */
static int has_chosen(struct app *a)
{
    if (a->race->racers > 0)
        return 1;
    app_say(a, 0, "no racers");
    return 0;
}

unsigned action_racer_choose(struct app *a, int by)
{
    int i = a->race->chosen + by;

    if (i >= 0 && i < a->race->racers)
        a->race->chosen = i;
    return REACT_DRAW;
}

unsigned action_racer_turn(struct app *a, int by)
{
    struct race_model *s = a->race;

    if (has_chosen(a))
        race_model_rate(s, s->chosen, knob_turned(KNOB_LEARNING_RATE, s->setup[s->chosen].args.lr, by));
    return REACT_DRAW;
}

unsigned action_racer_fine(struct app *a, int by)
{
    struct race_model *s = a->race;

    if (has_chosen(a))
        race_model_rate(s, s->chosen, action_fine_value(knob_row(KNOB_LEARNING_RATE), s->setup[s->chosen].args.lr, by));
    return REACT_DRAW;
}

unsigned action_racer_type(struct app *a, int by)
{
    (void)by;
    return has_chosen(a) ? action_command_with(a, "rate ") : REACT_DRAW;
}

unsigned action_racer_optimizer(struct app *a, int by)
{
    struct err e;

    return has_chosen(a) ? say_if(a, race_model_next(a->race, a->race->chosen, by, &e), &e) : REACT_DRAW;
}

unsigned action_racer_add(struct app *a, int by)
{
    (void)by;
    return action_command_with(a, "racer add ");
}

unsigned action_racer_remove(struct app *a, int by)
{
    (void)by;
    if (has_chosen(a))
        race_model_remove(a->race, a->race->chosen);
    return REACT_DRAW;
}
