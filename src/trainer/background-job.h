/* A thread beside the trainer's, that looks into copies of the run's state while the run goes on: one job at a
 * time, on an entrance of its own to the compute pool, with a share of the time that can be set.
 *
 * The trainer's thread makes a job between two steps, begins it, and sees later that it is over; nobody else
 * calls these but the job itself. Jobs only read what they own. */
#ifndef SADDLE_TRAINER_BACKGROUND_JOB_H
#define SADDLE_TRAINER_BACKGROUND_JOB_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/pool.h"

struct background;

struct background_job { /* the head of what a kind of study carries; the beginner's, also while it runs */
    /* On the study's thread. Ends soon after background_cancelled() is set, with −ERR_CANCELLED. */
    int (*work)(struct background_job *job, struct err *e);
    struct background *study; /* whose thread it is */
    int result;          /* of work, and … */
    struct err error;    /* … its sentence: both to be read when the job is over */
};

struct background_progress {
    char what[48];
    int done, of;
};

/* `bell` is an eventfd, rung when a job is over and now and then while it runs. Errors: ERR_RUNTIME. */
int background_new(struct background **s, struct pool *p, int bell, struct err *e);
/* Calls the job in hand off, waits for its end, and ends the thread. */
void background_free(struct background *s);

/* Begin; the study has to be idle: no job, or the last one collected. */
void background_begin(struct background *s, struct background_job *job);
/* The job that is over, once; else NULL. */
struct background_job *background_collect(struct background *s);
/* Call the job in hand off; it is still to be collected. */
void background_cancel(struct background *s);
/* Share of the processor while training goes on, 0 … 1; the other entrance has the rest. */
void background_set_share(struct background *s, struct pool *other, double share);
struct background_progress background_progress(struct background *s);

/* For jobs: the pool to compute on; whether they are called off; how far they are. */
struct pool *background_pool(struct background *s);
const atomic_int *background_cancelled(const struct background *s);
void background_report(struct background *s, const char *what, int done, int of);

#endif
