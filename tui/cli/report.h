/* SPDX-License-Identifier: MIT */
/* What the files of `saddle report` share: report.c reads the command line, report-data.c the store, the others write. */
#ifndef SADDLE_TUI_CLI_REPORT_H
#define SADDLE_TUI_CLI_REPORT_H

#include "draw/svg-page.h"
#include "store/store.h"

enum { REPORT_RUNS = 8, REPORT_POINTS = 1200, REPORT_TRACKS = 4 };

/* A curve over the steps; values that are not known are NaN. */
struct report_curve {
    int count, room;
    double *step;
    float *value;
};

enum report_track { TRACK_TRAIN_LOSS, TRACK_TRAIN_ACCURACY, TRACK_LEARNING_RATE, TRACK_GRADIENT_NORM };
enum report_measure { MEASURE_LOSS, MEASURE_ACCURACY, REPORT_MEASURES };

/* Rows of a table, cell by cell. */
struct report_table {
    int columns, rows;
    char **cell; /* [rows × columns] */
    int failed;
};

struct report_run {
    struct store_run run;
    int64_t steps_a_point;                          /* a point of a track is the mean over so many steps */
    struct report_curve track[REPORT_TRACKS];
    struct report_curve validation[REPORT_MEASURES];
    struct report_table settings, edits, probes, events, looks;
    struct store_course *course;                    /* [KNOB_COUNT] */
    char *journal;      /* of its last checkpoint; NULL: there is none */
    char *session;      /* text for saddle replay, NULL where it could not be made, and … */
    char why[200];      /* … why not */
    char checksum[65];  /* of the weights in that checkpoint; "" */
    char checkpoint[STORE_TEXT];
};

struct report {
    int runs;
    struct report_run run[REPORT_RUNS];
    const char *title;
};

/* Read a run with its curves. The run is to be freed after an error too. */
int report_read(struct report_run *r, struct store *s, const char *name, struct err *e);
/* Journal, session and checksum, from the run's newest checkpoint that is still there. */
void report_read_checkpoint(struct report_run *r, struct store *s);
void report_run_free(struct report_run *r);
/* Columns of the table that compares the runs, from 0 on: a heading and a run's value; NULL beyond. */
const char *report_fact(const struct report_run *r, int i, char *value, size_t size);

/* The k-th of the settings in which the runs differ, from their beginning or by edits, from 0 on: its name, and each run's value
 * (store_course_text) in value[runs]; NULL beyond. */
const char *report_difference(const struct report *r, int k, char value[REPORT_RUNS][STORE_COURSE_TEXT]);

/* That their losses do not compare, or one of its own from some step on: a sentence, or NULL. */
const char *report_of_losses(const struct report *r);

/* The document, malloced; NULL: no memory. */
char *report_html(const struct report *r);
char *report_markdown(const struct report *r);
/* All plots as SVG elements, and their data for the page's script. */
void report_plots(struct svg_page *o, const struct report *r);

/* The page's own style and script. */
extern const char report_style[], report_script[];

#endif
