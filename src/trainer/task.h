/* SPDX-License-Identifier: MIT */
/* Work beside the training whose sense the trainer does not know: what a view of the lecture measures, predicts or draws
 * from the run in focus. The front end makes a task and sends it with COMMAND_TASK; the trainer's thread gives it a copy of
 * where the run stands, and a background thread does it while training goes on.
 *
 * A task has two owners: who asked for it, and the trainer until it is over. While it works it may show results as far as
 * they are: what its kind lets others read then is published by task_changed. Everything else is to be read when
 * task_status says that it is over. */
#ifndef SADDLE_TRAINER_TASK_H
#define SADDLE_TRAINER_TASK_H

#include <stdatomic.h>

#include "trainer/background-job.h"
#include "run/hyperparameter.h"

/* Tasks of different slots work beside each other; in one slot a new task takes the place of the one in hand. */
enum task_slot { TASK_DATA, TASK_THEORY, TASK_BATCH, TASK_RANGE, TASK_SLOTS };

enum task_status { TASK_WAITING, TASK_RUNNING, TASK_DONE, TASK_CANCELLED, TASK_FAILED };

struct dataset;
struct run;
struct task;

struct task_kind {
    enum task_slot slot;
    int copies; /* it works on a copy of the run; else on its settings and data alone */
    /* On the background thread. Ends soon after *task_cancel() is set, with −ERR_CANCELLED. */
    int (*work)(struct task *t, struct err *e);
    int (*shows)(const struct task *t); /* whether there are results to show while it works; NULL: only when it is done */
    void (*free)(struct task *t); /* of what the kind has beyond the task, and the task */
};

struct task { /* the first member of each kind's own */
    const struct task_kind *kind;
    atomic_int owners, state;
    atomic_int done, of;          /* progress */
    atomic_uint changes;          /* counts what is new to see */
    struct err error;             /* of a task that failed */

    /* Given by the trainer before it works, and readable from then on. */
    int run;                      /* the id of the run, … */
    uint64_t step;                /* … and where it stood */
    double epoch;
    const struct dataset *data;   /* outlives the trainer */
    struct knobs knobs;

    /* Set by work(): it looked at the labels of the test set, which is counted. */
    int looked;
    double test_loss, test_accuracy;

    /* For work() alone. */
    struct run *copy;
    struct background *background;
};

/* A new task, of which the caller is the one owner. */
void task_init(struct task *t, const struct task_kind *kind);
/* Give one owner's share away; the last frees it. Accepts NULL. */
void task_release(struct task *t);
/* One more owner. */
void task_share(struct task *t);

enum task_status task_status(const struct task *t);
/* Whether it is waiting or at work. */
int task_is_busy(const struct task *t);

/* For work(): that there is something new to see, and how far it is. */
void task_changed(struct task *t, int done, int of);
struct pool *task_pool(struct task *t);
const atomic_int *task_cancel(const struct task *t);

#endif
