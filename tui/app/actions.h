/* What the keys do: the handlers of the key table. Each returns reaction flags. */
#ifndef SADDLE_TUI_HANDS_H
#define SADDLE_TUI_HANDS_H

#include "app/app.h"

/* A character for the line that is typed. */
void hands_typed(struct app *a, uint32_t ch);
/* ui.input changed while a filter is typed. */
void hands_filter_changed(struct app *a);
/* After a line was taken in this mode: back to it when what it said was refused by a warning. Returns `reaction`. */
unsigned hands_unless_refused(struct app *a, enum mode mode, unsigned reaction);

typedef unsigned hands_act(struct app *a, int by);

hands_act hands_choose, hands_all_knobs, hands_turn, hands_fine, hands_wheel, hands_type, hands_cross, hands_zoom, hands_log_y;
/* Rows; and these, up when negative. */
enum { PAGE_HALF = 1, PAGE_WHOLE, PAGE_ALL };
hands_act hands_scroll, hands_page;
hands_act hands_toggle, hands_step, hands_focus, hands_maximise, hands_command, hands_help, hands_quit, hands_repaint;
hands_act hands_back, hands_accept, hands_run, hands_recall, hands_complete, hands_leave;
hands_act hands_caret, hands_erase; /* by: enum prompt_place */
hands_act hands_restart, hands_restart_now;
hands_act hands_race_up, hands_race_right, hands_race_type_start, hands_race_point, hands_race_run, hands_race_step;
hands_act hands_race_restart, hands_race_pace, hands_race_noise, hands_race_surface, hands_race_zoom, hands_race_zoom_here,
    hands_race_pan, hands_race_pan_up;
hands_act hands_race_whole, hands_race_centre, hands_race_levels, hands_racer_choose, hands_racer_turn, hands_racer_fine, hands_racer_type;
hands_act hands_racer_optimizer, hands_racer_add, hands_racer_remove;
hands_act hands_race_undo;
void hands_race_tell_noise(struct app *a);
hands_act hands_quit_now, hands_undo, hands_pan, hands_zoom_all, hands_point, hands_filter, hands_filter_end, hands_view;

hands_act hands_probe, hands_escape, hands_escape_by, hands_series;

/* Step along the eigenvector of the lowest eigenvalue by alpha, as COMMAND_ESCAPE has it, or say why not. */
unsigned hands_escape_along(struct app *a, double alpha);
/* Stop a probe that was asked for: 1, or 0 when none runs. */
int hands_probe_cancel(struct app *a);
hands_act hands_landscape, hands_landscape_directions, hands_landscape_axes, hands_landscape_zoom, hands_landscape_whole;
hands_act hands_landscape_seed, hands_landscape_follow, hands_landscape_log, hands_landscape_cross, hands_landscape_point;
hands_act hands_slice_choose, hands_slice_turn;

/* Stop drawing, and following: 1, or 0 when there is nothing to stop. */
int hands_landscape_cancel(struct app *a);
/* Whether there is a chosen knob to act on: a filter may leave none, which is said. */
int hands_has_knob(struct app *a);
/* Give a knob the value of this text: at once, or after asking where only a restart can. */
unsigned hands_set(struct app *a, enum knob_id id, const char *text);
/* The same by a key's turn: turns that follow each other are undone together. */
unsigned hands_turn_to(struct app *a, enum knob_id id, const char *text);
/* A little off a knob's grid, up or down. */
double hands_fine_value(const struct knob *row, double v, int by);
/* A line after ':' that begins like this. */
unsigned hands_command_with(struct app *a, const char *begin);

#endif
