/* SPDX-License-Identifier: MIT */
/* Shared by the panes of the Batch view. */
#ifndef SADDLE_TUI_BATCH_PANES_H
#define SADDLE_TUI_BATCH_PANES_H

#include "app/view.h"
#include "lecture/batch-task.h"

enum { BATCH_UPDATE, BATCH_SIZES, BATCH_EPOCH, BATCH_ENDS, BATCH_ACCURACY, BATCH_LOG }; /* in Tab's order */

extern const struct pane update_pane, sizes_pane, epoch_pane, ends_pane, batch_accuracy_pane;
extern const struct view batch_view;
extern const struct key_set batch_keys;
extern const struct command_row batch_commands[];

struct batch_ui { /* the view's own state */
    const struct task *told; /* by the text mode: its times, … */
    uint64_t told_line;      /* … and so many landscapes */
};

struct batch_ui *batch_ui(const struct model *m);
/* The times shown; NULL: none yet. */
const struct batch_task *batch_shown(const struct model *m);
/* How many sizes of it are known. */
int batch_rows(const struct batch_task *t);
/* One quiet line: how far the timing is, why there are no times, or which key measures them. */
void batch_hint(const struct model *m, struct canvas *inside);

/* The lecture's V100, read off a chart: seconds at `size`, of an update or an epoch; NaN: the chart has no such point. */
struct chart_point {
    int size;
    double update, epoch;
};
const struct chart_point *batch_chart(int i);
/* The gradient noise scale in a sentence. */
void batch_noise_words(const struct batch_task *t, char *out, size_t size);

/* Among the runs side by side, the one with the smallest and the one with the largest batches; 0: there are no two sizes. */
int batch_pair(const struct model *m, int *small, int *large);

/* The line that is drawn between two runs: their ids, from its beginning to its end; 0: it is none, or runs of one batch size. */
int batch_line(const struct model *m, int *here, int *there);
/* What λmax and sharpness at its ends say beside the accuracy on validation, in a sentence; "" before they are known. */
void batch_trap_words(const struct model *m, char *out, size_t size);

/* The runs' accuracies and as much of the lecture's as there is room for, from row y on; returns the row after them. */
int batch_accuracy(const struct model *m, struct canvas *c, int y);

/* Measure times; begin small and large batches side by side; draw the line between them. */
unsigned action_batch_time(struct app *a, int by);
unsigned action_batch_fork(struct app *a, int by);
unsigned action_batch_line(struct app *a, int by);

enum { BATCH_LINES = BATCH_TASK_SIZES + 2, BATCH_LINE = 240 };
/* The times in lines; returns how many. */
int batch_text(const struct batch_task *t, char line[BATCH_LINES][BATCH_LINE]);

#endif
