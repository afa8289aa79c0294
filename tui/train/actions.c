/* SPDX-License-Identifier: MIT */
/* Keys of the settings pane and their handlers. */
#include "app/actions.h"

#include "train/panes.h"

/* Move the selection by this many of the settings shown, up to the first or last. */
unsigned settings_select(struct app *a, int by)
{
    int step = by < 0 ? -1 : 1, *chosen = &a->model.ui.chosen;

    for (int i = *chosen + step; i >= 0 && i < KNOB_COUNT && by; i += step)
        if (model_shows_knob(&a->model, (enum knob_id)i)) {
            *chosen = i;
            by -= step;
        }
    return REACT_DRAW;
}

static unsigned show_all(struct app *a, int by)
{
    (void)by;
    a->model.ui.all_knobs ^= 1;
    action_show_setting(a);
    return REACT_DRAW;
}

/* 1 if the selected setting has steps; a text has none. */
static int has_steps(struct app *a, enum knob_id id)
{
    if (!action_has_setting(a))
        return 0;
    if (knob_row(id)->type != KNOB_TEXT)
        return 1;
    app_say(a, 0, "%s cannot be changed in steps; type a value", knob_row(id)->title);
    return 0;
}

/* A live setting changes at once, as part of the turns before it; one that needs a restart asks. */
static unsigned step_to(struct app *a, enum knob_id id, double value)
{
    struct knob_value v = knob_number(value);
    struct command c = {.kind = COMMAND_SET, .knob = id, .setting = v, .count = 1};

    if (value == a->model.knobs.value[id]) {
        app_say(a, 0, "%s is at its limit", knob_row(id)->title);
        return REACT_DRAW;
    }
    if (!knob_row(id)->live)
        return action_change(a, id, &v);
    app_set(a, &c);
    return REACT_DRAW;
}

static unsigned step(struct app *a, int by)
{
    enum knob_id id = (enum knob_id)a->model.ui.chosen;

    if (has_steps(a, id))
        return step_to(a, id, knob_turned(id, a->model.knobs.value[id], by));
    return REACT_DRAW;
}

static unsigned fine(struct app *a, int by)
{
    enum knob_id id = (enum knob_id)a->model.ui.chosen;
    const struct knob *row = knob_row(id);

    if (row->type != KNOB_REAL && row->type != KNOB_INTEGER)
        return step(a, by);
    if (has_steps(a, id))
        return step_to(a, id, action_fine_value(row, a->model.knobs.value[id], by));
    return REACT_DRAW;
}

/* Scrolling must not edit the run: only a setting that was clicked changes. */
static unsigned wheel(struct app *a, int by)
{
    return a->gripped ? fine(a, by) : settings_select(a, -by);
}

static const struct key_binding settings_rows[] = {
    {INPUT_UP, 'k', 0, "setting-previous", "select", "select the setting above", settings_select, -1},
    {INPUT_DOWN, 'j', 0, "setting-next", "select", "select the setting below", settings_select, 1},
    {INPUT_LEFT, 'h', 0, "setting-down", "edit", "decrease the setting by one step", step, -1},
    {INPUT_RIGHT, 'l', 0, "setting-up", "edit", "increase the setting by one step", step, 1},
    {INPUT_ENTER, '=', 0, "setting-type", "type", "type a value for the setting", action_type, 0},
    {'+', 0, 0, "setting-fine-up", NULL, "increase the setting by a small amount", fine, 1},
    {'-', 0, 0, "setting-fine-down", NULL, "decrease the setting by a small amount", fine, -1},
    {'a', 0, 0, "setting-all", NULL, "show or hide settings the current optimizer and schedule ignore", show_all, 0},
    {INPUT_PRESS, 0, 0, "setting-here", NULL, "select the setting under the pointer", action_point, 0},
    {INPUT_WHEEL_UP, 0, 0, "setting-wheel-up", NULL, "select the setting above; after a click, increase the value",
     wheel, 1},
    {INPUT_WHEEL_DOWN, 0, 0, "setting-wheel-down", NULL, "select the setting below; after a click, decrease the value",
     wheel, -1},
};
const struct key_set settings_keys = KEY_SET("settings", settings_rows);
