/* SPDX-License-Identifier: MIT */
/* Shared by the panes of the Data view: its state, and what is known of the frames. */
#ifndef SADDLE_TUI_DATA_PANES_H
#define SADDLE_TUI_DATA_PANES_H

#include "app/view.h"
#include "lecture/baselines.h"
#include "lecture/data-task.h"

enum { /* in Tab's order */
    DATA_UTTERANCE,
    DATA_PAIRS,
    DATA_MATRIX,
    DATA_CLASSES,
    DATA_POSITION,
    DATA_CALIBRATION,
    DATA_LADDER,
    DATA_LOG
};

extern const struct pane utterance_pane, pairs_pane, matrix_pane, classes_pane, position_pane, calibration_pane, ladder_pane;
extern const struct view data_view;
extern const struct key_set data_keys, utterance_keys, pairs_keys, matrix_keys, classes_keys;
extern const struct command_row data_commands[];

enum { DATA_PAIRS_MOST = 400 };

/* The view's own state. */
struct data_ui {
    enum run_set_id set;     /* predicted next */
    const struct task *of;   /* the result that all below is about: another one begins anew */
    int64_t utterance;       /* of the result, and … */
    int64_t frame;           /* … the cursor in it */
    int pair;                /* the row chosen among the confusions, … */
    int class;               /* … and among the classes */
    int row, column;         /* of the matrix */
    const struct task *told; /* by the text mode */
};

struct data_ui *data_ui(const struct model *m);
/* The result shown; NULL: none yet. */
const struct data_task *data_shown(const struct model *m);
/* The state as it is for this result: places that lie outside it are the first. */
struct data_ui data_places(const struct model *m);

const char *data_set_name(enum run_set_id set);
/* The classes' names of the result. */
const char *data_class(const struct data_task *t, int class);
/* Confusions, most frequent first. */
int data_pairs(const struct data_task *t, struct confusion_pair pair[DATA_PAIRS_MOST]);
/* The first row of a list that is shown so that the chosen one is, in a pane of h rows. */
int data_top(int chosen, int rows, int h);
/* One quiet line: which key fills this pane, or why it is empty. */
void data_hint(const struct model *m, struct canvas *inside);

/* Begin predictions of the set that is chosen, or of a recording. */
unsigned data_predict(struct app *a, const char *recording);

/* What is compared with the homework's baselines: an accuracy, and of what. NaN: nothing is known. */
double data_scored(const struct data_task *t, const char **of);
/* The baselines in a sentence: how far the next one is, or that they do not compare. */
void data_ladder_words(const struct data_task *t, char *out, size_t size);

#endif
