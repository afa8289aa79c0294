/* SPDX-License-Identifier: MIT */
/* Several runs in one plot: the curves of the other runs, and of those that are gone, behind the curves of the run in
 * focus. A run has its colour and its letter wherever it is drawn. */
#ifndef SADDLE_TUI_APP_OVERLAY_H
#define SADDLE_TUI_APP_OVERLAY_H

#include "app/pane.h"

/* What is drawn behind the run in focus: another run, or a ghost. */
struct overlay {
    const struct history *history;
    enum style style;
    char letter;   /* of a run, at its newest point; 0: a ghost */
    double from;   /* only steps after this one */
    int loss;      /* choice of the setting, of its newest steps */
    int place;     /* in the list */
    char name[SNAPSHOT_LABEL + 24]; /* "B, batch 64", "A before going back" */
};

/* The faintest first; returns how many there are. */
int overlay_list(const struct model *m, struct overlay out[OVERLAY_MOST]);
/* Whether there is more than one run. */
int overlay_is_on(const struct model *m);
enum style overlay_style(int run);
static inline char run_letter(int run)
{
    return (char)('A' + run);
}
/* The largest x that any of these curves has, over what they are drawn over, and the least, where a run was taken up. */
double overlay_last(const struct model *m, enum over over);
double overlay_first(const struct model *m, enum over over);

/* Put these tracks of all others behind the series that the plot has; those get the colour of the run in focus where
 * there are several, and the one at `lead` its letter. */
void overlay_add(const struct model *m, struct pane_plot *p, int lead, const enum track_id *tracks, int count);
/* The same with series that the caller made of some of them. */
void overlay_put(const struct model *m, struct pane_plot *p, int lead, const struct series *s, int count);
/* A series over a track of one of them, with its looks; `second`: of a second track, which is dashed and unnamed. */
struct series overlay_series(const struct overlay *o, struct pane_plot *p, enum track_id track, int second);
/* plot_extent of a plot with others in it, which count only as far as a tenth of the least value of the run in focus, or
 * ten times the largest: one that diverged would press everything flat. */
int overlay_extent(const struct pane_plot *p, int bands, double *lo, double *hi);
/* Long names in a legend of so many columns, if they fit. */
void overlay_names(struct pane_plot *p, const struct canvas *c);

#endif
