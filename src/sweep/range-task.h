/* SPDX-License-Identifier: MIT */
/* The learning-rate range test on a copy of a run, as a task beside the training. */
#ifndef SADDLE_SWEEP_RANGE_TASK_H
#define SADDLE_SWEEP_RANGE_TASK_H

#include "sweep/range-test.h"
#include "trainer/task.h"

enum { RANGE_TASK_MOST = 1000 }; /* steps */

struct range_task {
    struct task task;
    struct range_test_options options;
    struct range_test test; /* rates and losses of `points` steps; all of it when the task is done */
    atomic_int points;
};

/* Errors: ERR_USAGE, as of range_test_init and for more than RANGE_TASK_MOST steps; ERR_RUNTIME. */
int range_task_new(struct range_task **t, const struct range_test_options *o, struct err *e);

#endif
