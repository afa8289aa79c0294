/* SPDX-License-Identifier: MIT */
/* Where a job of a sweep that is not over stands: a checkpoint of its run, with what the job has noted so far in the
 * metadata. A job that goes on from it ends with the same result, to the bit; where that is not certain it begins anew. */
#ifndef SADDLE_SWEEP_JOB_STATE_H
#define SADDLE_SWEEP_JOB_STATE_H

#include "run/run.h"
#include "sweep/result.h"

struct job_state {
    struct sweep_result *result; /* its best step and metrics so far */
    uint64_t evaluated;          /* step of the last evaluation; 0: none */
    double seconds;              /* that the job has taken */
};

/* `id` names the plan. Errors: ERR_RUNTIME. */
int job_state_write(const char *path, const char *id, const struct run *run, const struct job_state *s, struct err *e);
/* Take it over into a run that was just made with the job's settings on its data. 1: done; 0: there is no such file, or it
 * was written by another version, plan, job, data set or kernels, and nothing was changed; or a negative error, after
 * which the run is of no use. */
int job_state_take(const char *path, const char *id, struct run *run, struct job_state *s, struct err *e);

#endif
