/* SPDX-License-Identifier: MIT */
/* The store: every run that was trained, in one SQLite database, runs.db below $XDG_DATA_HOME (store_path). Runs are
 * written by a recorder (store/recorder.h) and read, renamed, marked and deleted through this header. The tables are
 * described in store/schema.c; plain sqlite3 reads them too.
 *
 * Several programs may have the store open at once. A struct store belongs to one thread.
 *
 * Losses, accuracies (0…1), rates and norms are as saddle prints them; NaN stands for what is not known (NULL in the
 * tables). Moments are seconds since the epoch, UTC, 0 where there was none. Errors: ERR_INPUT where the file is damaged,
 * of a later version or no store; ERR_RUNTIME where it is locked, cannot be read or written, or memory is short;
 * ERR_USAGE where a name is unknown or taken. All sentences name the file, or the run. */
#ifndef SADDLE_STORE_STORE_H
#define SADDLE_STORE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "run/hyperparameter.h"

enum { STORE_VERSION = 3 }; /* of the tables, as this program writes them */

enum { STORE_NAME = 64, STORE_TEXT = 256, STORE_STATUS = 16 };

struct store;

/* ---- opening -------------------------------------------------------------------------------- */

enum store_access {
    STORE_READ, /* never makes a file; for reading and for the changes below */
    STORE_RECORD /* makes folder and file where they are missing */
};

/* The user's store; malloced, NULL when neither XDG_DATA_HOME nor HOME is set. */
char *store_path(void);
/* Open it and bring its tables up to STORE_VERSION. With STORE_READ a store that is not there yet is opened as an empty
 * one. A damaged file, one of a later version, and one of another program are refused and stay as they are. */
int store_open(struct store **s, const char *path, enum store_access how, struct err *e);
void store_close(struct store *s); /* accepts NULL */
/* "SQLite 3.40.1" */
const char *store_library(void);

/* ---- runs ----------------------------------------------------------------------------------- */

struct store_run {
    int64_t id;
    char name[STORE_NAME];                    /* unique */
    char recipe[STORE_NAME], data[STORE_NAME];
    char fingerprint[20];                     /* of the data, in hex digits; "": not known */
    char network[KNOB_TEXT_SIZE];
    char products[STORE_TEXT];                /* library and kernels */
    char source[STORE_STATUS];                /* the command: "train" or "lab" */
    char status[STORE_STATUS]; /* running, finished, stopped, diverged, failed; interrupted: its program was killed */
    char note[STORE_TEXT];
    int64_t parameters, seed, shards;
    int64_t parent, parent_step;              /* the run it goes on from, 0: none; and after so many steps */
    int64_t first_step, steps;                /* steps it had when it began, and has taken in all */
    double epochs, started, ended;            /* ended 0: it has not */
    double last_loss, last_accuracy;          /* of the last evaluation on validation */
    double best_loss, best_accuracy;          /* the lowest and the highest of all evaluations; best_step: of best_accuracy */
    int64_t best_step;
    double test_loss, test_accuracy;          /* as looked at last */
    int64_t looks;                            /* at the test set */
    int64_t lost;                             /* points that could not be recorded */
    int marked, deleted;
};

enum store_column { STORE_BY_NAME, STORE_BY_DATA, STORE_BY_NETWORK, STORE_BY_STEPS, STORE_BY_BEST, STORE_BY_WHEN, STORE_COLUMNS };
/* "name", "data", "network", "steps", "best", "when"; NULL beyond. */
const char *store_column_name(int column);

struct store_query {
    enum store_column sort; /* names, data and networks from A on; steps and moments from the largest on; the best first */
    int reverse;
    const char *filter;     /* only runs with this in name, recipe, data, network, status or note, in upper or lower case; NULL: all */
    int deleted;            /* the deleted runs instead of the others */
};

/* The runs, malloced, in *list; their number in *count. */
int store_list(struct store *s, const struct store_query *q, struct store_run **list, size_t *count, struct err *e);
/* The run of this name; a deleted one too. Errors: ERR_USAGE, there is none. */
int store_find(struct store *s, const char *name, struct store_run *run, struct err *e);

/* ---- what is known of a run: `each` is called for row after row, in order, until it returns other than 0 ------------ */

struct store_setting {
    const char *name, *value; /* at the run's beginning, as knobs_format has it */
    int set;                  /* 0: the default */
};
struct store_point { /* of a step: the batch's loss and accuracy, before the update */
    int64_t step;
    double loss, accuracy, learning_rate, gradient_norm, time;
};
struct store_evaluation {
    int64_t step;
    double epoch, loss, accuracy;  /* on validation */
    double part_loss, part_accuracy; /* on a fixed part of training */
    double time;
};
struct store_edit {
    int64_t step;
    const char *setting, *before, *after;
    double time;
};
struct store_probe { /* figures that are not known are NaN */
    int64_t step;
    double highest, lowest, trace, sharpness; /* sharpness: η λmax */
    /* Of the step that came next, on its own batch: −gᵀu, ½ uᵀHu, the change of the loss, uᵀHu / |u|². */
    double predicted_gain, curvature_cost, actual, directional_sharpness;
    double batch_sharpness, limit_small, limit_large; /* and where it settles in small and in large batches */
    double time;
};
struct store_event {
    int64_t step;
    const char *text;
    double time;
};
struct store_checkpoint {
    const char *path;
    int64_t step;
    int named; /* by the user; 0: the lab saved it on its own */
    double time;
};
struct store_look {
    const char *split, *source; /* "test"; the command */
    double loss, accuracy, time;
};

typedef int store_each_setting(void *context, const struct store_setting *row);
typedef int store_each_point(void *context, const struct store_point *row);
typedef int store_each_evaluation(void *context, const struct store_evaluation *row);
typedef int store_each_edit(void *context, const struct store_edit *row);
typedef int store_each_probe(void *context, const struct store_probe *row);
typedef int store_each_event(void *context, const struct store_event *row);
typedef int store_each_checkpoint(void *context, const struct store_checkpoint *row);
typedef int store_each_look(void *context, const struct store_look *row);

int store_settings(struct store *s, int64_t run, store_each_setting *each, void *context, struct err *e);
/* Every `every`-th step; 1: all of them. */
int store_points(struct store *s, int64_t run, int64_t every, store_each_point *each, void *context, struct err *e);
int store_evaluations(struct store *s, int64_t run, store_each_evaluation *each, void *context, struct err *e);
int store_edits(struct store *s, int64_t run, store_each_edit *each, void *context, struct err *e);
int store_probes(struct store *s, int64_t run, store_each_probe *each, void *context, struct err *e);
int store_events(struct store *s, int64_t run, store_each_event *each, void *context, struct err *e);
int store_checkpoints(struct store *s, int64_t run, store_each_checkpoint *each, void *context, struct err *e);
int store_looks(struct store *s, int64_t run, store_each_look *each, void *context, struct err *e);

/* Whether all of a run is recorded from its first step on, and its first weights are of its settings alone: it began so, or is
 * a fork of one that did. */
int store_is_whole(struct store *s, int64_t run, int *whole, struct err *e);

/* A setting of a run, as it began and as its edits changed it. A fork has the beginning and the edits of its parent. */
struct store_course {
    char first[KNOB_VALUE_SIZE], last[KNOB_VALUE_SIZE]; /* values as knobs_format has them; "": a version without the setting
                                                           recorded the run */
    int edits;
    int64_t step; /* of the last edit */
    uint64_t way; /* the same where the same edits were made at the same steps */
};
int store_courses(struct store *s, int64_t run, struct store_course all[KNOB_COUNT], struct err *e);
int store_course_same(const struct store_course *a, const struct store_course *b);
/* Whether losses of the two were of the same kind all the time, so that they compare. */
int store_losses_compare(const struct store_course a[KNOB_COUNT], const struct store_course b[KNOB_COUNT]);
enum { STORE_COURSE_TEXT = 2 * KNOB_VALUE_SIZE + 64 };
/* "0.001"; edited, "0.001 → 0.003 (900)" with the step, or "0.001 → … → 0.01 (950)"; "–": not recorded. */
void store_course_text(const struct store_course *c, char text[STORE_COURSE_TEXT]);

/* ---- changes -------------------------------------------------------------------------------- */

/* Errors of all: ERR_USAGE where there is no such run, or (store_rename) the name is taken or no name. */
int store_rename(struct store *s, const char *name, const char *to, struct err *e);
int store_note(struct store *s, const char *name, const char *note, struct err *e);
int store_mark(struct store *s, const char *name, int marked, struct err *e);
/* They are no longer listed, all or none of them; store_restore lists them again, until store_collect. */
int store_delete(struct store *s, const char *const *names, int count, struct err *e);
/* NULL: those that the last store_delete took. Their names, with commas, go into `restored`, of size > 0. */
int store_restore(struct store *s, const char *name, char *restored, size_t size, struct err *e);

struct store_collected {
    int64_t runs, checkpoints; /* so many are gone; … */
    int64_t bytes;             /* … and so many bytes of checkpoints */
};
enum { STORE_CHECKPOINTS_KEPT = 20, STORE_KEEP_ALL = -1 };
/* The rule for checkpoints that nobody named: kept are the newest `most`, those of runs that are marked or that somebody
 * renamed, and those of programs that are running. All others that are in `folder` (NULL: none) are removed; files that the
 * store does not know stay as they are. */
int store_keep_newest(struct store *s, const char *folder, int most, struct store_collected *c, struct err *e);
/* Deleted runs go for good, with the checkpoints that nobody named of them; of the others' the rule keeps `most`. */
int store_collect(struct store *s, const char *folder, int most, struct store_collected *c, struct err *e);

/* Somebody saw a figure of the test set: of the run whose checkpoint this file is, if it is known. Nothing is recorded of a
 * file that no run has written: *counted (may be NULL) is 0. */
int store_look_at(struct store *s, const char *checkpoint, const char *split, double loss, double accuracy, int *counted,
                  struct err *e);

#endif
