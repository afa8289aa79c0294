/* SPDX-License-Identifier: MIT */
/* The curves of the run in focus less those of another, at the same steps, or where runs are level after as many examples
 * at the same progress. */
#ifndef SADDLE_TUI_APP_DIFFERENCE_H
#define SADDLE_TUI_APP_DIFFERENCE_H

#include "app/pane.h"

/* The run that is subtracted, −1: none. */
int difference_of(const struct model *m);
/* What a pane shows: differences of these tracks, the clearest first; the smoothed one has its name. */
struct difference {
    const struct pane *pane;
    enum track_id track[2];
    const char *name[2];
    int epochs; /* they are the horizontal axis, whatever is level */
    int share;    /* values are shares */
    int losses;   /* only values of the same loss compare */
    const char *unit;
};
/* Returns 0 when there is nothing to draw. */
int difference_plot(const struct model *m, const struct difference *d, struct pane_plot *p);
/* A difference at the cross-hair's step, or for NaN the last; NaN: none. */
double difference_reading(const struct model *m, const struct difference *d, int i, double cross);
/* "B − A: train +0.012 · validation −0.01", from long to short. */
enum { DIFFERENCE_NOTES = 3, DIFFERENCE_NOTE = 192 };
void difference_notes(const struct model *m, const struct difference *d, char text[DIFFERENCE_NOTES][DIFFERENCE_NOTE]);

#endif
