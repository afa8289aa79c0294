/* SPDX-License-Identifier: MIT */
/* The app's own key bindings, and which of them act together. Those of plots, panes and views stand beside their
 * handlers. */
#include "app/bindings.h"

#include "app/actions.h"
#include "app/testcard.h"
#include "app/prompt.h"

static const struct key_binding pause_rows[] = {
    {' ', 0, 0, "pause", "pause", "pause or resume training", action_toggle, 0},
};
const struct key_set pause_keys = KEY_SET("everywhere", pause_rows);

static const struct key_binding run_rows[] = {
    {'n', 0, 0, "step", "step", "run one step, then pause", action_step, 1},
    {'N', 0, 0, "steps", NULL, "run 100 steps, then pause", action_step, 100},
    {'r', 0, 0, "restart", NULL, "restart with the same seed; asks first", action_restart, 0},
    {'R', 0, 0, "restart-next", NULL, "restart with the next seed; asks first", action_restart, 1},
};
const struct key_set run_keys = KEY_SET("everywhere", run_rows);

static const struct key_binding everywhere_rows[] = {
    {INPUT_TAB, 0, 0, "pane-next", "pane", "focus the next pane", action_focus, 1},
    {INPUT_BACK_TAB, 0, 0, "pane-previous", NULL, "focus the previous pane", action_focus, -1},
    {'u', 0, KEY_LATER, "undo", "undo", "undo the last edit", action_undo, 1},
    {'U', 'R' - '@', 0, "redo", NULL, "redo the last edit that was undone", action_undo, -1},
    {':', 0, KEY_ALWAYS, "command", "command", "type a command, or a setting and its value", action_command, 0},
    {'?', INPUT_F1, KEY_ALWAYS, "help", "help", "show every key and command", action_help, 0},
    {'q', 0, KEY_ALWAYS, "quit", "quit", "quit; asks first if a run would be interrupted or lost", action_quit, 0},
    {'z', 0, KEY_LATER, "maximise", "enlarge", "show the focused pane on the whole screen, or restore it", action_maximise, 0},
    {INPUT_REPAINT, 0, 0, "repaint", NULL, "redraw the whole screen", action_repaint, 0},
    {INPUT_ESCAPE, 0, 0, "back", NULL, "go back: clear the filter, cross-hair, enlarged pane or zoom, or leave the pane or view", action_back, 0},
};
const struct key_set everywhere_keys = KEY_SET("everywhere", everywhere_rows);

static const struct key_binding scroll_rows[] = {
    {INPUT_WHEEL_UP, 0, 0, "list-wheel-up", NULL, "scroll up by three rows", action_scroll, -3},
    {INPUT_WHEEL_DOWN, 0, 0, "list-wheel-down", NULL, "scroll down by three rows", action_scroll, 3},
};
const struct key_set scroll_keys = KEY_SET("lists and this page", scroll_rows);

static const struct key_binding list_rows[] = {
    {'/', 0, KEY_LATER, "filter", "filter", "show only rows that contain a word", action_filter, 0},
    {INPUT_PAGE_DOWN, 0, 0, "page-down", "page", "scroll down by one page", action_page, PAGE_WHOLE},
    {INPUT_PAGE_UP, 0, 0, "page-up", NULL, "scroll up by one page", action_page, -PAGE_WHOLE},
    {'D' - '@', 0, 0, "half-page-down", NULL, "scroll down by half a page", action_page, PAGE_HALF},
    {'U' - '@', 0, 0, "half-page-up", NULL, "scroll up by half a page", action_page, -PAGE_HALF},
    {INPUT_HOME, 'g', 0, "list-first", NULL, "scroll to the beginning", action_page, -PAGE_ALL},
    {INPUT_END, 'G', 0, "list-last", NULL, "scroll to the end", action_page, PAGE_ALL},
};
const struct key_set list_keys = KEY_SET("lists and this page", list_rows);

static const struct key_binding line_rows[] = {
    {INPUT_LEFT, 0, KEY_IN_TEXT, "input-left", NULL, "move the cursor one character left", action_caret, PROMPT_LEFT},
    {INPUT_RIGHT, 0, KEY_IN_TEXT, "input-right", NULL, "move the cursor one character right", action_caret, PROMPT_RIGHT},
    {INPUT_HOME, 'A' - '@', KEY_IN_TEXT, "input-begin", NULL, "move the cursor to the beginning of the line",
     action_caret, PROMPT_BEGIN},
    {INPUT_END, 'E' - '@', KEY_IN_TEXT, "input-end", NULL, "move the cursor to the end of the line", action_caret, PROMPT_END},
    {INPUT_BACKSPACE, 0, KEY_IN_TEXT, "input-erase", NULL, "delete the character before the cursor",
     action_erase, PROMPT_LEFT},
    {INPUT_DELETE, 'D' - '@', KEY_IN_TEXT, "input-delete", NULL, "delete the character under the cursor",
     action_erase, PROMPT_RIGHT},
    {'W' - '@', 0, KEY_IN_TEXT, "input-word", NULL, "delete the word before the cursor", action_erase, PROMPT_WORD},
    {'U' - '@', 0, KEY_IN_TEXT, "input-clear", NULL, "delete everything before the cursor", action_erase, PROMPT_BEGIN},
    {'K' - '@', 0, KEY_IN_TEXT, "input-cut", NULL, "delete everything from the cursor on", action_erase, PROMPT_END},
};
static const struct key_set line_keys = KEY_SET("text input", line_rows);

static const struct key_binding leave_rows[] = {
    {INPUT_ESCAPE, 0, KEY_IN_TEXT, "input-leave", "cancel", "cancel the input", action_leave, 0},
};
static const struct key_set leave_keys = KEY_SET("text input", leave_rows);

static const struct key_binding typing_rows[] = {
    {INPUT_ENTER, 0, KEY_IN_TEXT, "value-set", "set", "set the value", action_accept, 0},
    {INPUT_TAB, 0, KEY_IN_TEXT, "value-complete", NULL, "complete the word", action_complete, 0},
};
static const struct key_set typing_keys = KEY_SET("text input", typing_rows);

static const struct key_binding command_rows[] = {
    {INPUT_ENTER, 0, KEY_IN_TEXT, "command-run", "run", "run the command", action_run, 0},
    {INPUT_TAB, 0, KEY_IN_TEXT, "command-complete", "complete", "complete the word", action_complete, 0},
    {INPUT_UP, 0, KEY_IN_TEXT, "command-earlier", NULL, "recall the previous line", action_recall, 1},
    {INPUT_DOWN, 0, KEY_IN_TEXT, "command-later", NULL, "recall the next line", action_recall, -1},
};
static const struct key_set command_keys = KEY_SET("text input", command_rows);

static const struct key_binding filter_rows[] = {
    {INPUT_ENTER, 0, KEY_IN_TEXT, "filter-keep", "keep", "keep the filter", action_filter_end, 1},
    {INPUT_ESCAPE, 0, KEY_IN_TEXT, "filter-leave", "all", "clear the filter", action_filter_end, 0},
};
static const struct key_set filter_keys = KEY_SET("text input", filter_rows);

static const struct key_binding help_rows[] = {
    {INPUT_ESCAPE, '?', 0, "help-leave", "back", "close the help", action_leave, 0},
    {'q', INPUT_F1, 0, "help-close", NULL, "close the help", action_leave, 0},
    {INPUT_UP, 'k', 0, "help-up", "scroll", "scroll up", action_scroll, -1},
    {INPUT_DOWN, 'j', 0, "help-down", "scroll", "scroll down", action_scroll, 1},
};
static const struct key_set help_keys = KEY_SET("help", help_rows);

static const struct key_binding card_rows[] = {
    {'1', 0, 0, "cells-braille", "choose", "draw with braille and half blocks", action_cells, MOSAIC_NONE},
    {'2', 0, 0, "cells-sextants", "choose", "draw with sextants", action_cells, MOSAIC_SEXTANTS},
    {'3', 0, 0, "cells-octants", "choose", "draw with octants", action_cells, MOSAIC_OCTANTS},
    {INPUT_ESCAPE, 'q', 0, "card-leave", "back", "close the test card", action_leave, 0},
};
static const struct key_set card_keys = KEY_SET("test card", card_rows);

static const struct key_binding restart_rows[] = {
    {'y', 0, 0, "restart-yes", "restart", "restart the run", action_restart_now, 0},
    {'n', INPUT_ESCAPE, 0, "restart-no", "cancel", "keep the current run", action_leave, 0},
};
static const struct key_set restart_keys = KEY_SET("questions", restart_rows);

static const struct key_binding quit_rows[] = {
    {'y', 0, 0, "quit-yes", "quit", "quit the program", action_quit_now, 0},
    {'n', INPUT_ESCAPE, 0, "quit-no", "cancel", "do not quit", action_leave, 0},
};
static const struct key_set quit_keys = KEY_SET("questions", quit_rows);

const struct key_set *const app_key_sets[] = {&run_keys, &experiment_keys, &everywhere_keys, &plot_keys, &back_keys,  &log_axis_keys, &scroll_keys,
                                              &list_keys,   &line_keys,       &leave_keys, &typing_keys,   &command_keys,
                                              &filter_keys, &help_keys,       &restart_keys, &ask_keys, &choose_keys, &compare_keys, &card_keys, &quit_keys, NULL};

const struct key_set *const *mode_key_sets(enum mode mode)
{
    static const struct key_set *const sets[MODE_COUNT][5] = {
        [MODE_TYPING] = {&typing_keys, &leave_keys, &line_keys},
        [MODE_COMMAND] = {&command_keys, &leave_keys, &line_keys},
        [MODE_FILTER] = {&filter_keys, &line_keys},
        [MODE_HELP] = {&help_keys, &scroll_keys, &list_keys},
        [MODE_RESTART] = {&restart_keys},
        [MODE_ASK] = {&ask_keys},
        [MODE_CHOOSE] = {&choose_keys},
        [MODE_COMPARE] = {&compare_keys},
        [MODE_TESTCARD] = {&card_keys},
        [MODE_QUIT] = {&quit_keys},
    };
    return sets[mode];
}
