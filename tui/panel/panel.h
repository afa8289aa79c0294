/* Panels: one file each, ending in its const descriptor, listed in panel.c. */
#ifndef SADDLE_PANEL_PANEL_H
#define SADDLE_PANEL_PANEL_H

#include "keys.h"
#include "model.h"
#include "view/canvas.h"
#include "view/plot.h"

struct panel {
    const char *name; /* "learning rate" */
    unsigned keys;    /* WHERE_… of the key table that act while it is focused */
    /* On a canvas that is the pane's rectangle, frame included. Pure. */
    void (*draw)(const struct model *m, struct canvas *c);
};

const struct panel *panel_at(enum pane pane);

/* Over everything else, while ui.mode is MODE_HELP. */
void help_draw(const struct model *m, struct canvas *c);

/* ---- what the panels share ---- */

/* The frame of a pane with its name; of the notes the first that fits (a NULL ends them). */
struct canvas panel_frame(const struct model *m, struct canvas *c, enum pane pane, const char *const *notes);
/* One quiet line in the middle: which key fills this view. */
void panel_hint(struct canvas *inside, const char *text);

enum { PLOT_MARKS = HISTORY_MARKS };
/* What a plot over the run's steps or epochs has in common; marks must outlive the plot. */
void panel_plot_init(const struct model *m, struct plot *p, int by_epoch, struct plot_mark marks[PLOT_MARKS]);
/* A series over a track, its styles left to the caller. */
struct series panel_series(const struct track *t, int by_epoch);
/* The value of a track where the cross-hair is, or its last. */
double panel_reading(const struct model *m, const struct track *t);
/* The legend of a framed plot in its bottom line: curves, marks, and last what is faint. */
void panel_legend(struct canvas *c, const struct plot *p);

extern const struct panel loss_panel, accuracy_panel, rate_panel, gradient_panel, knobs_panel, log_panel,
    status_panel, footer_panel;

#endif
