/* SPDX-License-Identifier: MIT */
/* The app's own key bindings, and which of them act together. Those of plots, panes and views stand beside their
 * handlers. */
#include "app/bindings.h"

#include "app/actions.h"
#include "app/prompt.h"

static const struct key_binding pause_rows[] = {
    {' ', 0, 0, "pause", "pause", "pause, or go on", action_toggle, 0},
};
const struct key_set pause_keys = KEY_SET("everywhere", pause_rows);

static const struct key_binding run_rows[] = {
    {'n', 0, 0, "step", "step", "one step, then pause", action_step, 1},
    {'N', 0, 0, "steps", NULL, "100 steps, then pause", action_step, 100},
    {'r', 0, 0, "restart", NULL, "begin again with the same seed; asks", action_restart, 0},
    {'R', 0, 0, "restart-next", NULL, "begin again with the next seed; asks", action_restart, 1},
};
const struct key_set run_keys = KEY_SET("everywhere", run_rows);

static const struct key_binding everywhere_rows[] = {
    {INPUT_TAB, 0, 0, "pane-next", "pane", "focus the next pane", action_focus, 1},
    {INPUT_BACK_TAB, 0, 0, "pane-previous", NULL, "focus the previous pane", action_focus, -1},
    {'u', 0, KEY_LATER, "undo", "undo", "take the last edit back", action_undo, 1},
    {'U', 'R' - '@', 0, "redo", NULL, "make it again", action_undo, -1},
    {':', 0, KEY_ALWAYS, "command", "command", "type a command, or a knob and its value", action_command, 0},
    {'?', INPUT_F1, KEY_ALWAYS, "help", "help", "every key and command", action_help, 0},
    {'q', 0, KEY_ALWAYS, "quit", "quit", "leave; asks while something runs", action_quit, 0},
    {'z', 0, KEY_LATER, "maximise", "large", "the focused pane on the whole screen, or back", action_maximise, 0},
    {INPUT_REPAINT, 0, 0, "repaint", NULL, "draw the whole screen afresh", action_repaint, 0},
    {INPUT_ESCAPE, 0, 0, "back", NULL, "back: filter, cross-hair, large pane, zoom, pane, view", action_back, 0},
};
const struct key_set everywhere_keys = KEY_SET("everywhere", everywhere_rows);

static const struct key_binding scroll_rows[] = {
    {INPUT_WHEEL_UP, 0, 0, "list-wheel-up", NULL, "three rows up", action_scroll, -3},
    {INPUT_WHEEL_DOWN, 0, 0, "list-wheel-down", NULL, "three rows down", action_scroll, 3},
};
const struct key_set scroll_keys = KEY_SET("lists, and this page", scroll_rows);

static const struct key_binding list_rows[] = {
    {'/', 0, KEY_LATER, "filter", "filter", "show only what holds a word", action_filter, 0},
    {INPUT_PAGE_DOWN, 0, 0, "page-down", "page", "a page down", action_page, PAGE_WHOLE},
    {INPUT_PAGE_UP, 0, 0, "page-up", NULL, "a page up", action_page, -PAGE_WHOLE},
    {'D' - '@', 0, 0, "half-page-down", NULL, "half a page down", action_page, PAGE_HALF},
    {'U' - '@', 0, 0, "half-page-up", NULL, "half a page up", action_page, -PAGE_HALF},
    {INPUT_HOME, 'g', 0, "list-first", NULL, "to the beginning", action_page, -PAGE_ALL},
    {INPUT_END, 'G', 0, "list-last", NULL, "to the end", action_page, PAGE_ALL},
};
const struct key_set list_keys = KEY_SET("lists, and this page", list_rows);

static const struct key_binding line_rows[] = {
    {INPUT_LEFT, 0, KEY_IN_TEXT, "input-left", NULL, "the cursor a character left", action_caret, PROMPT_LEFT},
    {INPUT_RIGHT, 0, KEY_IN_TEXT, "input-right", NULL, "the cursor a character right", action_caret, PROMPT_RIGHT},
    {INPUT_HOME, 'A' - '@', KEY_IN_TEXT, "input-begin", NULL, "the cursor to the beginning of the line",
     action_caret, PROMPT_BEGIN},
    {INPUT_END, 'E' - '@', KEY_IN_TEXT, "input-end", NULL, "the cursor to its end", action_caret, PROMPT_END},
    {INPUT_BACKSPACE, 0, KEY_IN_TEXT, "input-erase", NULL, "erase the character before the cursor",
     action_erase, PROMPT_LEFT},
    {INPUT_DELETE, 'D' - '@', KEY_IN_TEXT, "input-delete", NULL, "erase the character under it",
     action_erase, PROMPT_RIGHT},
    {'W' - '@', 0, KEY_IN_TEXT, "input-word", NULL, "erase the word before it", action_erase, PROMPT_WORD},
    {'U' - '@', 0, KEY_IN_TEXT, "input-clear", NULL, "erase all before it", action_erase, PROMPT_BEGIN},
    {'K' - '@', 0, KEY_IN_TEXT, "input-cut", NULL, "erase all from it on", action_erase, PROMPT_END},
};
static const struct key_set line_keys = KEY_SET("typing", line_rows);

static const struct key_binding leave_rows[] = {
    {INPUT_ESCAPE, 0, KEY_IN_TEXT, "input-leave", "back", "leave it as it was", action_leave, 0},
};
static const struct key_set leave_keys = KEY_SET("typing", leave_rows);

static const struct key_binding typing_rows[] = {
    {INPUT_ENTER, 0, KEY_IN_TEXT, "value-set", "set", "take the value", action_accept, 0},
    {INPUT_TAB, 0, KEY_IN_TEXT, "value-complete", NULL, "complete the word", action_complete, 0},
};
static const struct key_set typing_keys = KEY_SET("typing", typing_rows);

static const struct key_binding command_rows[] = {
    {INPUT_ENTER, 0, KEY_IN_TEXT, "command-run", "run", "do it", action_run, 0},
    {INPUT_TAB, 0, KEY_IN_TEXT, "command-complete", "complete", "complete the word", action_complete, 0},
    {INPUT_UP, 0, KEY_IN_TEXT, "command-earlier", NULL, "the line before, again", action_recall, 1},
    {INPUT_DOWN, 0, KEY_IN_TEXT, "command-later", NULL, "the line after it", action_recall, -1},
};
static const struct key_set command_keys = KEY_SET("typing", command_rows);

static const struct key_binding filter_rows[] = {
    {INPUT_ENTER, 0, KEY_IN_TEXT, "filter-keep", "keep", "keep the list narrowed", action_filter_end, 1},
    {INPUT_ESCAPE, 0, KEY_IN_TEXT, "filter-leave", "all", "show all again", action_filter_end, 0},
};
static const struct key_set filter_keys = KEY_SET("typing", filter_rows);

static const struct key_binding help_rows[] = {
    {INPUT_ESCAPE, '?', 0, "help-leave", "back", "close the help", action_leave, 0},
    {'q', INPUT_F1, 0, "help-close", NULL, "close the help", action_leave, 0},
    {INPUT_UP, 'k', 0, "help-up", "scroll", "scroll up", action_scroll, -1},
    {INPUT_DOWN, 'j', 0, "help-down", "scroll", "scroll down", action_scroll, 1},
};
static const struct key_set help_keys = KEY_SET("help", help_rows);

static const struct key_binding restart_rows[] = {
    {'y', 0, 0, "restart-yes", "restart", "begin again", action_restart_now, 0},
    {'n', INPUT_ESCAPE, 0, "restart-no", "go on", "keep this run", action_leave, 0},
};
static const struct key_set restart_keys = KEY_SET("questions", restart_rows);

static const struct key_binding quit_rows[] = {
    {'y', 0, 0, "quit-yes", "leave", "leave", action_quit_now, 0},
    {'n', INPUT_ESCAPE, 0, "quit-no", "stay", "stay", action_leave, 0},
};
static const struct key_set quit_keys = KEY_SET("questions", quit_rows);

const struct key_set *const app_key_sets[] = {&run_keys,    &everywhere_keys, &plot_keys,  &log_axis_keys, &scroll_keys,
                                              &list_keys,   &line_keys,       &leave_keys, &typing_keys,   &command_keys,
                                              &filter_keys, &help_keys,       &restart_keys, &quit_keys,   NULL};

const struct key_set *const *mode_key_sets(enum mode mode)
{
    static const struct key_set *const sets[MODE_COUNT][5] = {
        [MODE_TYPING] = {&typing_keys, &leave_keys, &line_keys},
        [MODE_COMMAND] = {&command_keys, &leave_keys, &line_keys},
        [MODE_FILTER] = {&filter_keys, &line_keys},
        [MODE_HELP] = {&help_keys, &scroll_keys, &list_keys},
        [MODE_RESTART] = {&restart_keys},
        [MODE_QUIT] = {&quit_keys},
    };
    return sets[mode];
}
