/* SPDX-License-Identifier: MIT */
/* One job of a sweep: a run from its beginning to its bound, or on from where it was interrupted. */
#ifndef SADDLE_SWEEP_JOB_H
#define SADDLE_SWEEP_JOB_H

#include <stdatomic.h>

#include "core/pool.h"
#include "data/dataset.h"
#include "sweep/result.h"

struct sweep_watch {
    const atomic_int *cancel;                      /* set by a signal's handler or another thread */
    void (*progress)(void *context, double share); /* of the job that is done; may be NULL */
    void *context;
    struct recorder *recorder;                     /* the run goes into the store, at place 0; or NULL */
    const char *state;                             /* a file: where it stands is kept there whenever so many seconds have */
    double state_seconds;                          /* gone by, and when it is cancelled, to go on from; or NULL */
    const char *id;                                /* with it, the name of the plan */
    void (*kept)(void *context);                   /* told whenever it was kept there; may be NULL */
};

/* Do it: 0 with *r filled, also where it diverged or failed; or −ERR_CANCELLED. Divergence ends a job with the figures of
 * its last evaluation. */
int sweep_job_run(const struct sweep_plan *p, const struct sweep_job *j, const struct dataset *d, struct pool *pool,
                  const struct sweep_watch *w, struct sweep_result *r, struct err *e);

/* Whether the data has utterances, or speakers, for every fold of the plan. Errors: ERR_INPUT. */
int sweep_job_check(const struct sweep_plan *p, const struct dataset *d, struct err *e);

#endif
