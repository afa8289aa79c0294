/* SPDX-License-Identifier: MIT */
/* A sweep's plan: recipes, settings with the values they take, seeds and folds; and the jobs it makes, one run each.
 *
 * Jobs are numbered from 0: for each recipe, for each combination of values (the last setting varies fastest) or each
 * draw, for each seed, for each fold. A combination of recipe and values is a cell; its jobs differ in seed and fold.
 *
 * A random draw takes one value of each setting: of a list any with equal probability, of a range low..high uniformly, on
 * a logarithmic scale where a step of the setting multiplies it, rounded to four digits and to what the setting allows.
 * Number `rng_uniform(seed, RNG_SWEEP, draw, i)` decides for the i-th setting of the plan. Every recipe gets the same
 * draws.
 *
 * A plan is a function of its text: sweep_plan_text writes out every default, and reading that gives the same plan. */
#ifndef SADDLE_SWEEP_PLAN_H
#define SADDLE_SWEEP_PLAN_H

#include <stdint.h>

#include "run/hyperparameter.h"

enum { SWEEP_RECIPES = 16, SWEEP_AXES = 16, SWEEP_VALUES = 200, SWEEP_JOBS = 10000, SWEEP_NAME = 512 };

struct sweep_axis { /* a setting and what it takes */
    enum knob_id id;
    int count;                /* of its values; a range has none */
    struct knob_value *value;
    double low, high;         /* of a range */
};

struct sweep_recipe {
    char name[SWEEP_NAME]; /* as the user named it */
    struct knobs knobs;
};

struct sweep_plan {
    char data[SWEEP_NAME];
    int recipes, axes;
    struct sweep_recipe *recipe; /* [SWEEP_RECIPES] */
    struct sweep_axis axis[SWEEP_AXES];
    long long seed;       /* of the draws, and the first of the runs' seeds */
    int seeds;            /* that many from there on, or … */
    double *listed;       /* … these; or NULL */
    int folds, by_speaker; /* 1: the split of each recipe */
    int draws;            /* 0: every combination */
    long long epochs, steps; /* bounds of a job; −1: the recipe's epochs */
};

struct sweep_job {
    int index, cell;
    int recipe, point;    /* of the cell: the combination or draw */
    int seed_index, fold; /* fold from 1 on; 0: none */
    double seed;
    struct knobs knobs;   /* of the run */
};

/* A plan of nothing: the recipe quick, one seed. Errors: ERR_RUNTIME. */
int sweep_plan_init(struct sweep_plan *p, struct err *e);
void sweep_plan_free(struct sweep_plan *p);

/* What the command line and plan files say, one by one; a later word replaces an earlier one. Errors: ERR_USAGE, or
 * those of recipe_load. */
int sweep_plan_recipes(struct sweep_plan *p, const char *list, struct err *e);
int sweep_plan_set(struct sweep_plan *p, const char *name, const char *list, struct err *e);
int sweep_plan_seeds(struct sweep_plan *p, const char *text, struct err *e); /* a count, or a list */
int sweep_plan_fold_by(struct sweep_plan *p, const char *text, struct err *e);
/* Numbers by the name they have in a plan: seed, folds, draws, epochs, steps. Returns 1, or 0 where it is none of them. */
int sweep_plan_number(struct sweep_plan *p, const char *name, const char *text, struct err *e);
/* Recipes that leave the number of shards open take it from the other plan: one that began on another machine. */
void sweep_plan_adopt_shards(struct sweep_plan *p, const struct sweep_plan *other);
/* When all is said: whether it fits together. Settings that depend on the machine (the shards) get their value. */
int sweep_plan_finish(struct sweep_plan *p, struct err *e);

/* plan-file.c: an INI file with [sweep], [set] and, as it is written, [recipe N]. Errors: ERR_INPUT with file and line. */
int sweep_plan_read(struct sweep_plan *p, const char *path, struct err *e);
/* The plan in full, malloced. Errors: ERR_USAGE (a value that no line of the file can hold), ERR_RUNTIME. */
int sweep_plan_text(const struct sweep_plan *p, char **text, struct err *e);

int sweep_plan_cells(const struct sweep_plan *p);
int sweep_plan_jobs(const struct sweep_plan *p);
/* Job number `index` of a finished plan. Errors: ERR_USAGE, values that do not go together. */
int sweep_plan_job(const struct sweep_plan *p, int index, struct sweep_job *j, struct err *e);
/* Whether the setting has more than one value in it. */
int sweep_axis_varies(const struct sweep_plan *p, const struct sweep_axis *a);
/* The value that a cell gives the i-th setting, as text and as a number (NaN where it is none). */
void sweep_cell_value(const struct sweep_plan *p, int cell, int i, char *text, size_t size, double *number);

#endif
