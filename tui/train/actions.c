/* SPDX-License-Identifier: MIT */
/* Keys of the settings. */
#include "app/actions.h"

#include "train/panes.h"

static const struct key_binding settings_rows[] = {
    {INPUT_UP, 'k', 0, "setting-previous", "select", "select the setting above", action_choose, -1},
    {INPUT_DOWN, 'j', 0, "setting-next", "select", "select the setting below", action_choose, 1},
    {INPUT_LEFT, 'h', 0, "setting-down", "edit", "decrease the setting by one step", action_turn, -1},
    {INPUT_RIGHT, 'l', 0, "setting-up", "edit", "increase the setting by one step", action_turn, 1},
    {INPUT_ENTER, '=', 0, "setting-type", "type", "type a value for the setting", action_type, 0},
    {'+', 0, 0, "setting-fine-up", NULL, "increase the setting by a small amount", action_fine, 1},
    {'-', 0, 0, "setting-fine-down", NULL, "decrease the setting by a small amount", action_fine, -1},
    {'a', 0, 0, "setting-all", NULL, "show or hide settings the current optimizer and schedule ignore", action_all_knobs, 0},
    {INPUT_PRESS, 0, 0, "setting-here", NULL, "select the setting under the pointer", action_point, 0},
    {INPUT_WHEEL_UP, 0, 0, "setting-wheel-up", NULL, "select the setting above; after a click, increase the value",
     action_wheel, 1},
    {INPUT_WHEEL_DOWN, 0, 0, "setting-wheel-down", NULL, "select the setting below; after a click, decrease the value",
     action_wheel, -1},
};
const struct key_set settings_keys = KEY_SET("settings", settings_rows);
