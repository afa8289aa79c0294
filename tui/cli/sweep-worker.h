/* SPDX-License-Identifier: MIT */
/* saddle sweep: a process that does jobs, by itself or as one rank of several. */
#ifndef SADDLE_TUI_CLI_SWEEP_WORKER_H
#define SADDLE_TUI_CLI_SWEEP_WORKER_H

#include <stdatomic.h>

#include "cli/recording.h"
#include "cli/sweep.h"
#include "sweep/directory.h"

struct setup;

/* The signal that asked to stop; 0: none. */
extern atomic_int sweep_stopped_by;

struct worker {
    const struct sweep_plan *plan;
    struct sweep_directory *directory; /* NULL: rank 0 has it */
    struct setup *setup;
    FILE *out;     /* where finished jobs are told */
    int json, bar; /* as JSON; a bar on stderr */
    int job, did;  /* in hand; done by this worker */
    double drawn;
    char *over;    /* [jobs] whose result is known to be there */
    struct recording recording;
    struct office *office; /* of rank 0: hands jobs to other ranks meanwhile; or NULL */
    struct errand *errand; /* of another rank: the job that it does for rank 0; or NULL */
};

/* Where a job keeps its state, to go on from when it is interrupted. */
struct sweep_place {
    char *path;
    const char *id;              /* of the plan */
    void (*kept)(void *context); /* told with the worker whenever it was kept; or NULL */
};

/* ---- sweep-run.c ---- */

int sweep_say_stopped(struct err *e);
void sweep_tell(struct worker *w, const struct sweep_job *j, const struct sweep_result *r);
int sweep_do_job(struct worker *w, int index, const struct sweep_place *place, struct sweep_result *r, struct err *e);
/* Do a job that is claimed, and keep its result. */
int sweep_do_claimed(struct worker *w, int index, struct sweep_result *r, struct err *e);
/* Whether the result of a job is there: 1 or 0. Errors: ERR_INPUT where it saw other data. */
int sweep_is_done(const struct worker *w, int index, struct err *e);

/* ---- sweep-ranks.c ---- */

/* Rank 0: all jobs, with the other ranks. */
int sweep_work_as_first(struct worker *w, struct err *e);
/* Another rank: the jobs that rank 0 hands out. */
int sweep_work_for_first(struct worker *w, struct err *e);
/* Between two pieces of a job: hear what other ranks have to say. */
void sweep_ranks_tick(struct worker *w);

#endif
