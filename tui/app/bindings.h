/* SPDX-License-Identifier: MIT */
/* The app's own sets of key bindings. */
#ifndef SADDLE_TUI_APP_BINDINGS_H
#define SADDLE_TUI_APP_BINDINGS_H

#include "app/keymap.h"
#include "app/model.h"

/* Pausing the training run, its other keys, and the keys of every view. */
extern const struct key_set pause_keys, run_keys, everywhere_keys;
/* Runs side by side; a question; the list of comparisons. */
extern const struct key_set experiment_keys, ask_keys, choose_keys, compare_keys;
/* For panes: plots over the run, going back to the cross-hair, a logarithmic axis, the wheel in a list, pages and filter of a list. */
extern const struct key_set plot_keys, back_keys, log_axis_keys, scroll_keys, list_keys;
/* All of the app's own but pause_keys, NULL at the end. */
extern const struct key_set *const app_key_sets[];
/* Those that act in a mode other than MODE_NORMAL, NULL at the end. */
const struct key_set *const *mode_key_sets(enum mode mode);

#endif
