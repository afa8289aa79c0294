/* SPDX-License-Identifier: MIT */
/* Shared by the panes of the Runs view. */
#ifndef SADDLE_TUI_RUNS_PANES_H
#define SADDLE_TUI_RUNS_PANES_H

#include "runs/recorded.h"

enum { RUNS_LIST, RUNS_LOSS, RUNS_VALIDATION }; /* panes, in Tab's order */

extern const struct pane runs_list_pane, runs_loss_pane, runs_validation_pane;
extern const struct view runs_view;
extern const struct key_set runs_keys, runs_list_keys;
extern const struct command_row runs_commands[];

/* Of the list: select another run, so many rows down. */
unsigned runs_select(struct app *a, int by);
/* List again what was deleted last (1). */
unsigned action_runs_undo(struct app *a, int by);
/* Draw the marked runs, or the selected one, beside the live ones. */
unsigned action_runs_overlay(struct app *a, int by);
/* Give the selected run another name, or a note. */
unsigned runs_rename_to(struct app *a, const char *name);
unsigned runs_note_to(struct app *a, const char *note);

enum { RUNS_LINE = 240 };
/* "quick-3 *  5,820 steps  best .672  2026-11-27 21:59  finished" */
void runs_words(const struct store_run *run, char out[RUNS_LINE]);
/* "2026-11-27 21:59", local time. */
void runs_moment(double when, char out[32]);

#endif
