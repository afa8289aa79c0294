/* SPDX-License-Identifier: MIT */
/* A sweep's directory: plan.ini; job-0007.json for each job that is done; job-0007.safetensors of one that
 * was interrupted, or is being done, to go on from; and `claims`, whose bytes are locked by whoever
 * does a job (fcntl's locks of an open file: byte 0 for the plan, byte 1 + n for job n). The system gives up the locks of
 * a process that ends, however it does, so that no claim is stale. On a network file system they hold between hosts where
 * it supports locks, as NFS does; where it does not, two hosts may do the same job, and either file that results is
 * whole and says the same. */
#ifndef SADDLE_SWEEP_DIRECTORY_H
#define SADDLE_SWEEP_DIRECTORY_H

#include "core/sha256.h"
#include "sweep/plan.h"
#include "sweep/result.h"

struct sweep_directory {
    char *path;
    char id[SHA256_TEXT]; /* of the plan: of its file */
    int claims;           /* descriptor; −1: not open */
};

/* Whether there is a plan in it. */
int sweep_directory_is_one(const char *path);
/* Read the plan of a directory and finish it. Errors: ERR_INPUT. */
int sweep_directory_plan(const char *path, struct sweep_plan *p, struct err *e);
/* Where a sweep of this plan goes by default: below $XDG_STATE_HOME, named after the plan. malloced; NULL: no place. */
char *sweep_directory_default(const struct sweep_plan *p, struct err *e);

/* Open it to do jobs: make it with its plan, or see that it holds this one. Errors: ERR_USAGE where it holds another, or
 * files that are no sweep's; then nothing was changed. */
int sweep_directory_open(struct sweep_directory *d, const char *path, const struct sweep_plan *p, struct err *e);
/* Open it to look at results only. */
int sweep_directory_look(struct sweep_directory *d, const char *path, struct err *e);
/* The same directory with claims of its own, for a process that was forked. */
int sweep_directory_reopen(struct sweep_directory *d, struct err *e);
void sweep_directory_close(struct sweep_directory *d);

/* Before jobs are done: remove results that failed, states of jobs that are done, and files that are no results, which are
 * handed to `complain`, unless somebody has the job. Errors: ERR_RUNTIME. */
int sweep_directory_tidy(struct sweep_directory *d, int jobs, void (*complain)(void *context, const char *sentence),
                         void *context, struct err *e);

/* Claim a job: 1, or 0 while another process has it. Errors: ERR_RUNTIME. */
int sweep_directory_claim(struct sweep_directory *d, int job, struct err *e);
void sweep_directory_release(struct sweep_directory *d, int job);

/* The result of a job: 1; 0 where there is none; or ERR_INPUT, a file that is not its result. */
int sweep_directory_result(const struct sweep_directory *d, int job, struct sweep_result *r, struct err *e);
/* Where a job's state is kept until its result is; malloced, NULL: no memory. */
char *sweep_directory_state(const struct sweep_directory *d, int job);
/* Keep a result; the state of the job goes. */
int sweep_directory_keep(const struct sweep_directory *d, const struct sweep_plan *p, const struct sweep_job *j,
                         const struct sweep_result *r, struct err *e);

#endif
