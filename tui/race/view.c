/* SPDX-License-Identifier: MIT */
/* The Race view: the map large, the losses beneath it; who races and what the leader stands on beside. */
#include "lesson/quantity.h"
#include "race/panes.h"

#include <stdio.h>

#include "draw/number.h"
#include "core/number.h"
#include "run/racer-options.h"

/* Too narrow for two columns: the focused pane, and with room a second one below it. */
static void stack(struct layout *l, int w, int h, int focus)
{
    int body = h - 2, both = body >= 16, top = both ? body * 3 / 5 : body;
    int first = both && focus == RACE_RACERS_LIST ? RACE_MAP : focus;

    l->pane[first] = (struct rect){0, 1, w, top};
    if (both)
        l->pane[first == RACE_MAP ? RACE_RACERS_LIST : RACE_MAP] = (struct rect){0, 1 + top, w, body - top};
}

static void arrange(struct layout *l, int w, int h, int focus)
{
    int body = h - 2, right = clamp(w * 3 / 8, 30, 64), left = w - right;
    int map = body * 2 / 3, racers = clamp(body * 11 / 20, 8, 30);

    if (w < 72) {
        stack(l, w, h, focus);
        return;
    }
    if (body < 18) { /* one pane a column: the left one shows the map or the losses */
        int low = focus == RACE_LEADER ? RACE_LEADER : RACE_RACERS_LIST;
        l->pane[focus == RACE_LOSS ? RACE_LOSS : RACE_MAP] = (struct rect){0, 1, left, body};
        l->pane[low] = (struct rect){left, 1, right, body};
        return;
    }
    l->pane[RACE_MAP] = (struct rect){0, 1, left, map};
    l->pane[RACE_LOSS] = (struct rect){0, 1 + map, left, body - map};
    l->pane[RACE_RACERS_LIST] = (struct rect){left, 1, right, racers};
    l->pane[RACE_LEADER] = (struct rect){left, 1 + racers, right, body - racers};
}

static const struct pane *const panes[] = {[RACE_MAP] = &race_map_pane, [RACE_RACERS_LIST] = &racers_pane,
                                           [RACE_LEADER] = &leader_pane, [RACE_LOSS] = &race_loss_pane, NULL};

static void *open_state(struct err *e)
{
    return race_model_new(&racer_options_words, e);
}

static void close_state(void *state)
{
    race_model_free(state);
}

struct race_model *race_of(const struct model *m)
{
    return view_state(m, &race_view);
}

/* The progress of the race, and last the state of training. */
static void status(const struct model *m, struct status *s)
{
    const struct race_model *r = race_of(m);
    int arrived = race_model_count(r, RACER_STOPPED), diverged = race_model_count(r, RACER_DIVERGED);
    struct status_part *part = s->part;
    char number[NUMBER_SIZE];

    snprintf(s->subject, sizeof s->subject, "%s", r->surface->name);
    s->glyph = r->running ? 0x25b6 : 0x2016;
    s->style = r->running ? STYLE_FOCUS : STYLE_STRONG;
    snprintf(s->state, sizeof s->state, "%s", r->running ? "racing" : "paused");
    number_count(number, sizeof number, r->steps);
    part->style = STYLE_STRONG;
    snprintf(part++->text, sizeof part->text, "step %s", number);
    if (r->until[0])
        snprintf(part++->text, sizeof part->text, "%d of %d arrived", arrived, r->racers);
    if (diverged)
        snprintf(part++->text, sizeof part->text, "%d diverged", diverged);
    snprintf(part->text, sizeof part->text, "training %s", status_of_training(m));
}

enum { TICK_MS = 5 }; /* of a frame, at most: keys are answered in between */

static int has_ticks(const struct model *m)
{
    return race_of(m)->running;
}

static int tick(struct app *a)
{
    struct race_model *r = race_of(&a->model);

    return race_model_step(r, (uint64_t)r->pace, TICK_MS) > 0;
}

static void wait_steps(struct app *a, uint64_t steps)
{
    race_model_step(race_of(&a->model), steps, 0);
}

/* The surface and racers of the beginning; undo brings back what was there. */
static void as_at_first(struct app *a)
{
    struct race_model *r = race_of(&a->model);
    struct err e;

    r->running = 0;
    if (race_model_surface(r, RACE_FIRST_SURFACE, &e) != 0 || (r->noise > 0 && race_model_noise(r, "0", &e) != 0))
        app_say(a, 1, "%s", e.text);
}

static void measured(const struct model *m, struct quantity_world *w)
{
    w->race = race_of(m);
}

const struct view race_view = {
    .name = "race", .key = '4', .help = "race: optimizers on surfaces with few parameters",
    .panes = panes, .bindings = &race_keys, .commands = race_commands, .standalone = 1,
    .arrange = arrange,
    .open = open_state, .close = close_state,
    .status = status,
    .has_ticks = has_ticks, .tick = tick, .wait = wait_steps,
    .as_at_first = as_at_first, .measured = measured, .undo = action_race_undo,
};
