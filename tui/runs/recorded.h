/* SPDX-License-Identifier: MIT */
/* The view's own state: the recorded runs as the store had them when it was read last, and the curves of the marked ones and
 * of the selected one. It is read when the view is shown, every few seconds then, and after each change. */
#ifndef SADDLE_TUI_RUNS_RECORDED_H
#define SADDLE_TUI_RUNS_RECORDED_H

#include "app/view.h"
#include "store/recorder.h"

enum { RECORDED_CURVES = 6, RECORDED_POINTS = 512, RECORDED_DIFFERS = 512, RECORDED_SETTING = 48 };

struct recorded_line {
    int count;
    double x[RECORDED_POINTS];
    float y[RECORDED_POINTS];
};

struct recorded_curve {
    int64_t run, steps, every; /* steps: as they were read; every: so many of them make a point */
    char name[STORE_NAME];
    struct recorded_line loss, validation; /* loss of the batches, as means; and on validation */
};

struct recorded {
    struct store_run *run; /* all that are not deleted, sorted */
    size_t runs;
    enum store_column sort;
    int reverse;
    int64_t chosen;        /* id of the selected one; 0: there is none */
    struct recorded_curve curve[RECORDED_CURVES]; /* the selected one last */
    int curves;
    char differs[RECORDED_DIFFERS]; /* "learning rate 1e-3, 3e-3 · batch size 512, 64": settings in which these runs differ, in
                                       the order of the legend, the selected one first; "" */
    int64_t live[RECORDER_PLACES]; /* ids of the lab's own runs, by their letters; 0: none */
    const struct recorder *recorder;
    struct err problem;    /* why there are none */
    double read;           /* clock */
    int unread;            /* by the text mode */
};

struct recorded *recorded_of(const struct model *m);
/* Read the store again; what is wrong goes to r->problem. */
void recorded_read(struct recorded *r);
/* Only the curves. */
void recorded_read_curves(struct recorded *r);
/* The selected run, or NULL. */
const struct store_run *recorded_chosen(const struct recorded *r);
/* Whether the filter lets it through; how many there are; and the number of the selected one among them, −1: none. */
int recorded_shows(const struct model *m, const struct store_run *run);
int recorded_shown(const struct model *m);
int recorded_place(const struct model *m);
/* Of the store, opened for one change: 0, or a negative error that is reported. */
int recorded_change(struct app *a, int (*change)(struct store *s, void *context, struct err *e), void *context);
/* Of a curve in both plots and in the list; NULL: it has none. A live run has the colour of its letter, as everywhere; the others
 * keep theirs while the selection moves. */
const struct recorded_curve *recorded_curve(const struct recorded *r, int64_t run);
enum style recorded_style(const struct recorded *r, const struct recorded_curve *c);

#endif
