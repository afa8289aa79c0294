/* SPDX-License-Identifier: MIT */
/* Stores in a folder of the test's own, and runs that are recorded into them. */
#ifndef SADDLE_TESTS_STORED_RUNS_H
#define SADDLE_TESTS_STORED_RUNS_H

#include "test.h"

#include "learnable-data.h"
#include "store/recorder.h"
#include "store/store-private.h"

extern struct toy stored_toy;
extern char stored_dir[];

/* Group fixtures: the folder and the data. */
int stored_set_up(void **state);
int stored_tear_down(void **state);

char *stored_path(void);
struct store *stored_open(const char *path, enum store_access how);
void stored_refused(const char *path, enum store_access how, const char *sentence);
int64_t stored_number(struct store *s, const char *sql);
void stored_script(struct store *s, const char *sql);
struct recorder *stored_recorder(const char *path);
void stored_stop(struct recorder *r);
void stored_begin(struct recorder *r, int place, const struct run *run, const char *recipe, int parent);
void stored_points(struct recorder *r, int place, struct run *run, int from, int to);
void stored_evaluation(struct recorder *r, int place, struct run *run, double loss, double accuracy);
struct store_run stored_found(struct store *s, const char *name);
void stored_make(const char *path, const int *steps, int count);

#endif
