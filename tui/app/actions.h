/* SPDX-License-Identifier: MIT */
/* Handlers of the app's own keys, for its bindings and for the views. Each returns reaction flags. */
#ifndef SADDLE_TUI_APP_ACTIONS_H
#define SADDLE_TUI_APP_ACTIONS_H

#include "app/app.h"

/* A character for the line that is typed. */
void action_typed(struct app *a, uint32_t ch);
/* ui.input changed while a filter is typed. */
void action_filter_changed(struct app *a);
/* After a line was taken in this mode: back to it when what it said was refused by a warning. Returns `reaction`. */
unsigned action_unless_refused(struct app *a, enum mode mode, unsigned reaction);

typedef unsigned action_act(struct app *a, int by);

action_act action_type, action_cross, action_zoom, action_log_y, action_to_end;
/* Rows; and these, up when negative. */
enum { PAGE_HALF = 1, PAGE_WHOLE, PAGE_ALL };
action_act action_scroll, action_page;
action_act action_toggle, action_step, action_focus, action_maximise, action_command, action_help, action_quit, action_repaint;
action_act action_back, action_accept, action_run, action_recall, action_complete, action_leave;
action_act action_caret, action_erase; /* by: enum prompt_place */
action_act action_restart, action_restart_now;
action_act action_back_to_cross;
action_act action_quit_now, action_undo, action_pan, action_zoom_all, action_point, action_filter, action_filter_end, action_view, action_view_key;

enum { HINT_SIZE = 64 };
/* The end of a message that names an action's key: before, the key, after. Nothing in lines (options.plain), where
 * there are no keys. */
const char *action_hint(const struct app *a, const char *before, const char *action, const char *after,
                        char out[HINT_SIZE]);
/* 1 if a setting is selected; a filter may leave none, which is reported. */
int action_has_setting(struct app *a);
/* Select a setting that the filter shows, if the selected one is hidden. */
void action_show_setting(struct app *a);
/* Give a setting the value of this text: at once, or after asking if that needs a restart. */
unsigned action_set(struct app *a, enum knob_id id, const char *text);
/* Set it: at once where it is live, else asking to restart with it. */
unsigned action_change(struct app *a, enum knob_id id, const struct knob_value *value);
/* Restart with this seed, after asking. */
unsigned action_restart_seeded(struct app *a, const struct knob_value *seed);
/* Restart with a recipe, after asking. */
unsigned action_restart_recipe(struct app *a, const char *name);
/* A value a small amount above or below v, within the setting's bounds. */
double action_fine_value(const struct knob *row, double v, int by);
/* A line after ':' that begins like this. */
unsigned action_command_with(struct app *a, const char *begin);

/* Ask whether to end here and go on from that checkpoint, of a run of this name (app_options.next). */
unsigned action_leave_for(struct app *a, const char *path, const char *name);

#endif
