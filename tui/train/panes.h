/* SPDX-License-Identifier: MIT */
/* The panes of the Train view, in Tab's order. */
#ifndef SADDLE_TUI_TRAIN_PANES_H
#define SADDLE_TUI_TRAIN_PANES_H

#include "app/view.h"

enum {
    TRAIN_SETTINGS,
    TRAIN_LOG,
    TRAIN_LOSS,
    TRAIN_ACCURACY,
    TRAIN_RATE,
    TRAIN_GRADIENT,
    TRAIN_LAYERS,
    TRAIN_LOGIT_GRADIENT
};

extern const struct pane settings_pane, loss_pane, accuracy_pane, rate_pane, gradient_pane, layers_pane;
extern const struct key_set settings_keys;
/* Move the selection in the settings pane by this many rows; returns reaction flags. */
unsigned settings_select(struct app *a, int by);
extern const struct view train_view;

#endif
