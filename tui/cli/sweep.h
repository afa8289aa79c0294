/* SPDX-License-Identifier: MIT */
/* saddle sweep: what its verbs share. */
#ifndef SADDLE_TUI_CLI_SWEEP_H
#define SADDLE_TUI_CLI_SWEEP_H

#include <stdio.h>

#include "cli/options.h"
#include "sweep/table.h"

struct sweeping {
    struct sweep_plan plan;
    const char *plan_file, *directory, *picture, *metric_name;
    int planned;             /* an option or a file says something of the plan */
    int json, csv, force, dry_run, no_record;
    int metric;
    long long index;         /* of `run`; −1: not given */
    long long jobs, threads; /* processes, and threads in all; 0: one for each core */
    const char *numbers[5];  /* values of --seed, --folds, --draws, --epochs, --steps */
    const char *recipes, *seeds, *fold_by, *data;
    const char *set[64];
    int sets;
};

/* ---- sweep-run.c ---- */

/* Do every job that has no result, in `jobs` processes; ends the process by the signal that asked to stop. */
int sweep_do_all(struct sweeping *s, struct sweep_directory *d, struct err *e);
/* The same at any rank but 0, which has the directory and says which jobs to do. */
int sweep_do_for_first(struct sweeping *s, struct err *e);
/* Do job number `index`, unless it is done. */
int sweep_do_one(struct sweeping *s, struct sweep_directory *d, int index, struct err *e);

/* ---- sweep-table.c, sweep-json.c, sweep-picture.c ---- */

/* "learning_rate=1e-3 optimizer=sgd", what sets the cell apart; in full also settings that have one value only. */
void sweep_cell_label(const struct sweep_plan *p, int cell, char *text, size_t size);
void sweep_print_text(const struct sweep_table *t);
void sweep_print_csv(const struct sweep_table *t);
void sweep_print_json(const struct sweep_table *t);
void sweep_list(const struct sweep_plan *p, int json);
/* The metric over the numeric setting that varies first. Errors: ERR_USAGE, no such setting. */
int sweep_picture_check(const struct sweep_plan *p, struct err *e);
char *sweep_picture(const struct sweep_table *t);

#endif
