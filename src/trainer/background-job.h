/* A thread beside the trainer's, that looks into copies of the run's state while the run goes on: one job at a
 * time, on an entrance of its own to the compute pool, with a share of the time that can be set.
 *
 * The trainer's thread makes a job between two steps, begins it, and sees later that it is over; nobody else
 * calls these but the job itself. Jobs only read what they own. */
#ifndef SADDLE_LAB_STUDY_H
#define SADDLE_LAB_STUDY_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/pool.h"

struct study;

struct study_job { /* the head of what a kind of study carries; the beginner's, also while it runs */
    /* On the study's thread. Ends soon after study_cancelled() is set, with −ERR_CANCELLED. */
    int (*work)(struct study_job *job, struct err *e);
    struct study *study; /* whose thread it is */
    int result;          /* of work, and … */
    struct err error;    /* … its sentence: both to be read when the job is over */
};

struct study_progress {
    char what[48];
    int done, of;
};

/* `bell` is an eventfd, rung when a job is over and now and then while it runs. Errors: ERR_RUNTIME. */
int study_new(struct study **s, struct pool *p, int bell, struct err *e);
/* Calls the job in hand off, waits for its end, and ends the thread. */
void study_free(struct study *s);

/* Begin; the study has to be idle: no job, or the last one collected. */
void study_begin(struct study *s, struct study_job *job);
/* The job that is over, once; else NULL. */
struct study_job *study_collect(struct study *s);
/* Call the job in hand off; it is still to be collected. */
void study_cancel(struct study *s);
/* Share of the processor while training goes on, 0 … 1; the other entrance has the rest. */
void study_set_share(struct study *s, struct pool *other, double share);
struct study_progress study_progress(struct study *s);

/* For jobs: the pool to compute on; whether they are called off; how far they are. */
struct pool *study_pool(struct study *s);
const atomic_int *study_cancelled(const struct study *s);
void study_tell(struct study *s, const char *what, int done, int of);

#endif
