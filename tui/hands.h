/* What the keys do: the handlers of the key table. Each returns reaction flags. */
#ifndef SADDLE_TUI_HANDS_H
#define SADDLE_TUI_HANDS_H

#include "app.h"

/* ui.input changed while a filter is typed. */
void hands_filter_changed(struct app *a);

typedef unsigned hands_act(struct app *a, int by);

hands_act hands_choose, hands_turn, hands_fine, hands_type, hands_cross, hands_zoom, hands_log_y, hands_scroll_log;
hands_act hands_toggle, hands_step, hands_focus, hands_maximise, hands_command, hands_help, hands_quit, hands_repaint;
hands_act hands_back, hands_accept, hands_run, hands_complete, hands_leave, hands_erase, hands_scroll_help;
hands_act hands_restart, hands_restart_now;
hands_act hands_quit_now, hands_undo, hands_pan, hands_zoom_all, hands_point, hands_filter, hands_filter_end, hands_view;

hands_act hands_probe, hands_escape, hands_escape_by, hands_series;

/* Step along the eigenvector of the lowest eigenvalue by alpha, as COMMAND_ESCAPE has it, or say why not. */
unsigned hands_escape_along(struct app *a, double alpha);
/* Stop a probe that was asked for: 1, or 0 when none runs. */
int hands_probe_cancel(struct app *a);
/* Give a knob the value of this text: at once, or after asking where only a restart can. */
unsigned hands_set(struct app *a, enum knob_id id, const char *text);

#endif
