/* SPDX-License-Identifier: MIT */
/* All a pane may look at. Panels draw it and change nothing. */
#ifndef SADDLE_TUI_APP_MODEL_H
#define SADDLE_TUI_APP_MODEL_H

#include "app/past.h"
#include "app/runs.h"
#include "trainer/published.h"
#include "trainer/snapshot.h"
#include "trainer/task.h"
#include "trainer/trainer.h"
#include "app/layout.h"
#include "draw/field.h"

enum mode {
    MODE_NORMAL,
    MODE_TYPING,  /* a value for the chosen knob */
    MODE_COMMAND, /* a line after ':' */
    MODE_FILTER,  /* what a long list is narrowed to */
    MODE_HELP,
    MODE_RESTART, /* asked whether to begin again: with what, stands in `message` */
    MODE_ASK,     /* asked a question, which stands in `message` */
    MODE_CHOOSE,  /* asked to choose by a digit */
    MODE_COMPARE, /* a list of comparisons */
    MODE_TESTCARD,
    MODE_QUIT,    /* asked whether to leave */
    MODE_COUNT
};

enum filter { FILTER_KNOBS, FILTER_LOG, FILTER_HELP, FILTER_RUNS, FILTER_COUNT, FILTER_SIZE = 48 };

enum { MODEL_VIEWS = 12 };

enum { UI_INPUT = KNOB_TEXT_SIZE, UI_MESSAGE = 512 };

struct comparison;

enum { COMPARE_MOST = 12, COMPARE_TEXT = 240 };

/* A comparison in the list of them. */
struct compare_row {
    const struct comparison *of;
    int runs;         /* that it would begin; 0: it cannot */
    int from_scratch; /* some of them at step 0 */
    char text[COMPARE_TEXT]; /* what they are called, or why it cannot */
};

struct ui {
    enum mode mode;
    int view;                  /* the one shown, of views[] */
    int focus;                 /* its focused pane, in Tab's order … */
    int focus_of[MODEL_VIEWS]; /* … and those of the views that are not shown */
    int maximised;
    int log_y[MODEL_VIEWS][LAYOUT_PANES]; /* an axis is logarithmic */
    int to_end[MODEL_VIEWS][LAYOUT_PANES]; /* a plot shows the run to its end */
    enum colormap colormap; /* of maps */
    enum mosaic mosaic;     /* that maps and lines are drawn with, where the charset has it */
    int relief[MODEL_VIEWS]; /* maps are shown as surfaces, … */
    struct eye eye[MODEL_VIEWS]; /* … seen from there */
    int chosen;       /* enum knob_id */
    int all_knobs;    /* the list shows those that nothing chosen reads as well */
    int zoom;         /* plots show the last 1/2^zoom of the run */
    int pan;          /* quarters of what is shown, back from the newest */
    double range_from, range_to; /* steps shown instead, while to > from */
    int seconds;      /* plots over steps or epochs are over the seconds that runs were computed for */
    double cross;     /* step of the cross-hair, NaN: none */
    int minus;        /* 1 + the run whose curves are taken off those of the run in focus; 0: none */
    int log_top, help_top; /* lines scrolled away */
    char filter[FILTER_COUNT][FILTER_SIZE]; /* lists show only what holds it; "": all */
    enum filter filtering;                  /* in MODE_FILTER: which one is typed */
    char input[UI_INPUT];  /* the line that is typed: tui/prompt.h */
    size_t caret;          /* the cursor stands before this byte of it */
    int offered;           /* it is the value as it was: what is typed takes its place */
    struct compare_row compare[COMPARE_MOST]; /* in MODE_COMPARE; … */
    int choices;              /* in MODE_CHOOSE: how many */
    int compare_count, compare_chosen;        /* … and which is selected; … */
    int compare_cures;                        /* … they are those of the diagnosis */
    char message[UI_MESSAGE]; /* in the footer until the next key, a question until it is answered */
    int warning;              /* it is one */
    int wrapped;              /* it is shown whole, on as many lines as it takes */
};

/* The tasks of a slot, each with one share of its own. */
struct model_task {
    struct task *asked; /* the newest, while it waits or works and what it failed by; NULL: none, or it is `shown` */
    struct task *shown; /* the newest that is done, or shows results while it works; NULL: none */
    unsigned changes;   /* of the newest, as they were when last looked at */
};

struct model {
    const struct snapshots *runs;    /* of all runs; … */
    const struct snapshot *snapshot; /* … and of the one in focus */
    const struct run_curves *curves; /* of all runs, and ghosts; … */
    struct step_progress computing; /* the step in hand, once it takes long enough to be shown; else 0 seconds */
    const struct curvature_view *curvature;
    const struct past_curvature *past_curvature; /* … and earlier ones */
    const struct landscape_view *landscape;
    struct model_task task[TASK_SLOTS];
    const struct history *history;   /* … and those of the run in focus */
    void *view_state[MODEL_VIEWS]; /* each view's own: view_state() */
    struct knobs knobs;     /* as the user set them: the snapshot's, and edits not yet in force */
    const char *checkpoint; /* where the run is saved, or NULL */
    struct ui ui;
};

/* Whether a list with this filter shows a row that says `text`; upper and lower case are one. */
int model_shows(const struct model *m, enum filter f, const char *text);
/* The same of knobs; without a filter those that are read and the chosen one, unless ui.all_knobs. */
int model_shows_knob(const struct model *m, enum knob_id id);

#endif
