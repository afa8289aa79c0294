/* SPDX-License-Identifier: MIT */
/* A thread beside the trainer's that works on copies of the run's state while the run goes on: one job at a time, on
 * an entrance of its own to the compute pool, with a share of the time that can be set.
 *
 * The trainer's thread makes a job between two steps, begins it, and sees later that it is over; only the job itself
 * calls these too. Jobs read only what they own. */
#ifndef SADDLE_TRAINER_BACKGROUND_JOB_H
#define SADDLE_TRAINER_BACKGROUND_JOB_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/pool.h"

struct background;

struct background_job { /* the first member of each kind of job; owned by the caller, also while it runs */
    /* On the background thread. Ends soon after background_cancelled() is set, with −ERR_CANCELLED. */
    int (*work)(struct background_job *job, struct err *e);
    struct background *background; /* whose thread it is */
    int result;          /* of work, and … */
    struct err error;    /* … its sentence: both to be read when the job is over */
};

struct background_progress {
    char what[48];
    int done, of;
};

/* `bell` is an eventfd, rung when a job is over and now and then while it runs. Errors: ERR_RUNTIME. */
int background_new(struct background **s, struct pool *p, int bell, struct err *e);
/* Cancels the job in hand, waits for its end, and ends the thread. */
void background_free(struct background *s);

/* Begin; the thread has to be idle: no job, or the last one collected. */
void background_begin(struct background *s, struct background_job *job);
/* The job that is over, once; else NULL. */
struct background_job *background_collect(struct background *s);
/* Cancel the job in hand; it is still to be collected. */
void background_cancel(struct background *s);
/* Share of the processor while training goes on, 0 … 1; the other entrance has the rest. */
void background_set_share(struct background *s, struct pool *other, double share);
struct background_progress background_progress(struct background *s);

/* For jobs: the pool to compute on; whether they are cancelled; how far they are. */
struct pool *background_pool(struct background *s);
const atomic_int *background_cancelled(const struct background *s);
void background_report(struct background *s, const char *what, int done, int of);

#endif
