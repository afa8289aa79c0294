/* The options that make a run, shared by `saddle train` and `saddle lab`: data, recipe, knobs, seed,
 * threads, checkpoint; and the run itself. */
#ifndef SADDLE_TUI_RUN_OPTIONS_H
#define SADDLE_TUI_RUN_OPTIONS_H

#include "run/checkpoint.h"
#include "run/run.h"
#include "cli/options.h"

enum { RUN_SETS = 64 };

struct run_options {
    const char *data;       /* NULL: the checkpoint's, or the sample */
    const char *recipe;     /* NULL: "quick" */
    const char *set[RUN_SETS]; /* "name=value" */
    int sets;
    const char *seed;       /* NULL: the recipe's */
    int threads;            /* 0: one for each core */
    const char *checkpoint; /* where to save, or NULL */
    const char *from;       /* a checkpoint to go on from, or NULL */
    int logged;             /* remarks go to the lane, for the log; else to stderr */
};

/* The text of --help for these options. */
extern const char run_options_help[];

/* Take argv[*i] (and its value, moving *i) if it is one of these options: 1; 0 when it is not; a
 * negative error when its value is missing or wrong. Both --name value and --name=value are taken. */
int run_options_take(struct run_options *o, int argc, char **argv, int *i, struct err *e);

/* A run made from options: data open, pool running, lane ready. */
struct run {
    struct dataset data;
    struct pool *pool;
    struct lane *lane;
    char recipe[64];  /* for the screen */
};

/* Open the data and start the pool, no lane yet. Progress of a first conversion and notes go to stderr. */
int run_open_data(struct run *r, const char *name, int threads, struct err *e);
/* A lane for a checkpoint's weights, to look at them only: where its library of products is not there, another serves. */
int run_look_at(struct run *r, const struct checkpoint *from, struct err *e);
/* The whole run. */
int run_open(struct run *r, const struct run_options *o, struct err *e);
void run_close(struct run *r);

#endif
