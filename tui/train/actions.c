/* SPDX-License-Identifier: MIT */
/* Keys of the settings. */
#include "app/actions.h"

#include "train/panes.h"

static const struct key_binding settings_rows[] = {
    {INPUT_UP, 'k', 0, "knob-previous", "choose", "choose the knob above", action_choose, -1},
    {INPUT_DOWN, 'j', 0, "knob-next", "choose", "choose the knob below", action_choose, 1},
    {INPUT_LEFT, 'h', 0, "knob-down", "turn", "turn the knob one step down", action_turn, -1},
    {INPUT_RIGHT, 'l', 0, "knob-up", "turn", "turn the knob one step up", action_turn, 1},
    {INPUT_ENTER, '=', 0, "knob-type", "type", "type a value for the knob", action_type, 0},
    {'+', 0, 0, "knob-fine-up", NULL, "turn the knob a little up", action_fine, 1},
    {'-', 0, 0, "knob-fine-down", NULL, "turn the knob a little down", action_fine, -1},
    {'a', 0, 0, "knob-all", NULL, "show also the knobs nothing chosen reads, or hide them", action_all_knobs, 0},
    {INPUT_PRESS, 0, 0, "knob-here", NULL, "choose the knob of this row", action_point, 0},
    {INPUT_WHEEL_UP, 0, 0, "knob-wheel-up", NULL, "the knob above; after a click on one turns that up",
     action_wheel, 1},
    {INPUT_WHEEL_DOWN, 0, 0, "knob-wheel-down", NULL, "the knob below; after a click turns that down",
     action_wheel, -1},
};
const struct key_set settings_keys = KEY_SET("knobs", settings_rows);
