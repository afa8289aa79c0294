/* SPDX-License-Identifier: MIT */
/* The times of updates by batch size with the settings of a run, and its gradient noise scale: a task beside the training,
 * which had better be paused meanwhile. */
#ifndef SADDLE_LECTURE_BATCH_TASK_H
#define SADDLE_LECTURE_BATCH_TASK_H

#include "lecture/batch-time.h"
#include "run/noise-scale.h"
#include "trainer/task.h"

enum { BATCH_TASK_SIZES = 9 };

struct batch_task {
    struct task task;
    double limit; /* seconds for a size */
    struct batch_time row[BATCH_TASK_SIZES];
    struct noise_scale noise;
    char no_noise[120];          /* why it is not known; "": it is, or is not yet */
    atomic_int noise_known;      /* 1: noise is to be read, and … */
    atomic_int rows;             /* … so many sizes */
};

/* The i-th size, 0 beyond the last. */
int batch_task_size(int i);
/* Errors: ERR_RUNTIME. */
int batch_task_new(struct batch_task **t, double limit, struct err *e);

#endif
