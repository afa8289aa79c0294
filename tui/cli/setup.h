/* SPDX-License-Identifier: MIT */
/* The options that make a run, shared by `saddle train` and `saddle lab`: data, recipe, settings, seed,
 * threads, checkpoint; and the run itself. */
#ifndef SADDLE_TUI_CLI_SETUP_H
#define SADDLE_TUI_CLI_SETUP_H

#include "run/checkpoint.h"
#include "run/run.h"
#include "trainer/session-state.h"
#include "cli/options.h"

enum { SETUP_SETS = 64 };

struct setup_options {
    const char *data;       /* NULL: the checkpoint's, or the sample */
    const char *recipe;     /* NULL: "quick" */
    const char *set[SETUP_SETS]; /* "name=value" */
    int sets;
    const char *seed;       /* NULL: the recipe's */
    int threads;            /* 0: one for each core */
    const char *checkpoint; /* where to save, or NULL */
    int force;              /* … whatever that file holds */
    const char *from;       /* a checkpoint to go on from, or NULL */
    int no_record;          /* the run does not go into the store */
    int shared;             /* all ranks train it together: as many shards as they have cores, unless that is set */
    int logged;             /* remarks go to the run, for the log; else to stderr */
};

/* The text of --help for these options. */
extern const char setup_options_help[];

/* Take argv[*i] (and its value, moving *i) if it is one of these options: 1; 0 when it is not; a
 * negative error when its value is missing or wrong. Both --name value and --name=value are taken. */
int setup_options_take(struct setup_options *o, int argc, char **argv, int *i, struct err *e);

/* A run made from options: data open, pool running, run ready. */
struct setup {
    struct dataset data;
    struct pool *pool;
    struct run *run;
    char recipe[64];  /* for the screen */
};

/* Open the data and start the pool, no run yet. Progress of a first conversion and notes go to stderr. */
int setup_open_data(struct setup *r, const char *name, int threads, struct err *e);
/* The same, the test utterances to be predicted: their labels may be unknown (dataset_open_test). */
int setup_open_test_data(struct setup *r, const char *name, int threads, struct err *e);
/* The same, a recording of the user's own (data/recording.h). */
int setup_open_recording(struct setup *r, const char *path, const char *classes, int threads, struct err *e);
/* A run for a checkpoint's weights, to look at them only: where its library of products is not there, another serves. */
int setup_look_at(struct setup *r, const struct checkpoint *from, struct err *e);
/* A checkpoint's weights in such a run, on its data (or `data`, where that is not NULL). Settings that this program does not
 * have are reported. */
int setup_open_checkpoint(struct setup *r, const char *path, const char *data, struct err *e);
/* The whole run. */
int setup_open(struct setup *r, const struct setup_options *o, struct err *e);
/* The run that a session began with, on its data (or `data`, where that is not NULL), which must be the same. */
int setup_open_session(struct setup *r, const struct session *s, const char *data, int threads, struct err *e);
/* The run in focus of a session that is resumed. */
int setup_open_state(struct setup *r, const struct session_state *s, int threads, struct err *e);
/* Say which of a checkpoint's settings this program does not have. */
void setup_report_unknown(const struct checkpoint *c);
void setup_close(struct setup *r);

#endif
