/* SPDX-License-Identifier: MIT */
/* The Losses view: both losses over two logits, descents from a movable point, and the live run's logit gradients. */
#ifndef SADDLE_TUI_LOSSES_PANES_H
#define SADDLE_TUI_LOSSES_PANES_H

#include "app/view.h"
#include "draw/field.h"
#include "lecture/loss-descent.h"

enum { LOSSES_MSE, LOSSES_CROSS_ENTROPY, LOSSES_FIGURES, LOSSES_LIVE, LOSSES_LOG }; /* panes, in Tab's order */

enum { LOSSES_GRID = 61, LOSSES_TEXT = 640 };

/* Steps of a descent that are made at once, some milliseconds; the rest follows between two frames. */
enum { LOSSES_AT_ONCE = 100000 };

struct losses_ui {
    float z[PLANE_LOSSES][LOSSES_GRID * LOSSES_GRID];
    double y[2], rate, goal;
    struct plane_point at[PLANE_LOSSES];
    struct loss_descent descent[PLANE_LOSSES];
    char told[LOSSES_TEXT]; /* the last line of the text mode */
};

struct losses_ui *losses_ui(const struct model *m);
/* The view's own state, at the lecture's first point. */
struct losses_ui *losses_new(struct err *e);
/* At that point again. */
void losses_at_first(struct losses_ui *ui);
/* Move the point, or change the rate: the descents begin again. */
void losses_begin(struct losses_ui *ui, double y1, double y2, double rate);
/* Go on with the descents for a few milliseconds; 1 when they moved. */
int losses_go_on(struct losses_ui *ui, int ms);
/* Whether a descent is neither over nor given up. */
int losses_is_busy(const struct losses_ui *ui);

/* "40,720 steps", "more than 2,400,000 steps" */
enum { LOSSES_STEPS = 64 };
void losses_steps(const struct loss_descent *d, char out[LOSSES_STEPS]);
/* Why the two differ here, in a sentence. */
void losses_sentence(const struct losses_ui *ui, char out[LOSSES_TEXT]);
/* The figures in one line. */
void losses_line(const struct losses_ui *ui, char out[LOSSES_TEXT]);

extern const struct pane losses_mse_pane, losses_cross_entropy_pane, losses_figures_pane;
extern const struct view losses_view;
extern const struct key_set losses_keys, losses_map_keys;
extern const struct command_row losses_commands[];

#endif
