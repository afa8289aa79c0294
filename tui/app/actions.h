/* What the keys do: the handlers of the key table. Each returns reaction flags. */
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

action_act action_choose, action_all_knobs, action_turn, action_fine, action_wheel, action_type, action_cross, action_zoom, action_log_y;
/* Rows; and these, up when negative. */
enum { PAGE_HALF = 1, PAGE_WHOLE, PAGE_ALL };
action_act action_scroll, action_page;
action_act action_toggle, action_step, action_focus, action_maximise, action_command, action_help, action_quit, action_repaint;
action_act action_back, action_accept, action_run, action_recall, action_complete, action_leave;
action_act action_caret, action_erase; /* by: enum prompt_place */
action_act action_restart, action_restart_now;
action_act action_race_up, action_race_right, action_race_type_start, action_race_point, action_race_run, action_race_step;
action_act action_race_restart, action_race_pace, action_race_noise, action_race_surface, action_race_zoom, action_race_zoom_here,
    action_race_pan, action_race_pan_up;
action_act action_race_whole, action_race_centre, action_race_levels, action_racer_choose, action_racer_turn, action_racer_fine, action_racer_type;
action_act action_racer_optimizer, action_racer_add, action_racer_remove;
action_act action_race_undo;
void action_race_tell_noise(struct app *a);
action_act action_quit_now, action_undo, action_pan, action_zoom_all, action_point, action_filter, action_filter_end, action_view;

action_act action_probe, action_escape, action_escape_by, action_series;

/* Step along the eigenvector of the lowest eigenvalue by alpha, as COMMAND_ESCAPE has it, or say why not. */
unsigned action_escape_along(struct app *a, double alpha);
/* Stop a probe that was asked for: 1, or 0 when none runs. */
int action_probe_cancel(struct app *a);
action_act action_landscape, action_landscape_directions, action_landscape_axes, action_landscape_zoom, action_landscape_whole;
action_act action_landscape_seed, action_landscape_follow, action_landscape_log, action_landscape_cross, action_landscape_point;
action_act action_slice_choose, action_slice_turn;

/* Stop drawing, and following: 1, or 0 when there is nothing to stop. */
int action_landscape_cancel(struct app *a);
/* Whether there is a chosen knob to act on: a filter may leave none, which is said. */
int action_has_knob(struct app *a);
/* Give a knob the value of this text: at once, or after asking where only a restart can. */
unsigned action_set(struct app *a, enum knob_id id, const char *text);
/* The same by a key's turn: turns that follow each other are undone together. */
unsigned action_restart_seeded(struct app *a, const struct knob_value *seed);
unsigned action_turn_to(struct app *a, enum knob_id id, const struct knob_value *value);
/* A little off a knob's grid, up or down. */
double action_fine_value(const struct knob *row, double v, int by);
/* A line after ':' that begins like this. */
unsigned action_command_with(struct app *a, const char *begin);

#endif
