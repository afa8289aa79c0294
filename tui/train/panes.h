/* SPDX-License-Identifier: MIT */
/* The panes of the Train view, in Tab's order. */
#ifndef SADDLE_TUI_TRAIN_PANES_H
#define SADDLE_TUI_TRAIN_PANES_H

#include "app/view.h"
#include "sweep/range-task.h"

enum {
    TRAIN_SETTINGS,
    TRAIN_LOG,
    TRAIN_LOSS,
    TRAIN_ACCURACY,
    TRAIN_RATE,
    TRAIN_GRADIENT,
    TRAIN_LAYERS,
    TRAIN_LOGIT_GRADIENT,
    TRAIN_RANGE
};

struct train_ui { /* the view's own state */
    struct range_test_options range; /* of the next range test */
    struct task *told;               /* by the text mode: its range test; a share of it */
};

extern const struct pane settings_pane, loss_pane, accuracy_pane, rate_pane, gradient_pane, layers_pane, range_pane;
extern const struct key_set settings_keys, range_keys;
extern const struct command_row train_commands[];
/* Move the selection in the settings pane by this many rows; returns reaction flags. */
unsigned settings_select(struct app *a, int by);
extern const struct view train_view;

struct train_ui *train_ui(const struct model *m);
/* The range test shown; NULL: none yet. */
const struct range_task *range_shown(const struct model *m);
/* The learning rate that it suggests as it is written, to two digits; 0: none, or it is not over. */
double range_suggestion(const struct model *m);
/* The range test as lines for the text mode; returns how many. */
enum { RANGE_LINES = 16, RANGE_LINE = 320 };
int range_text(const struct range_task *t, char line[RANGE_LINES][RANGE_LINE]);
/* Begin a range test of the run in focus; make its suggestion the learning rate. */
unsigned action_range_test(struct app *a, int by);
unsigned action_range_adopt(struct app *a, int by);

#endif
