/* SPDX-License-Identifier: MIT */
/* The compute pool: one per process, shared by training and probes (each with an entrance of its own). Work is handed
 * out as numbered tasks; who computes which does not matter, since tasks never share sums. Barriers block, they do not
 * spin: a student's machine has other things to do. */
#ifndef SADDLE_CORE_POOL_H
#define SADDLE_CORE_POOL_H

#include "core/err.h"

struct pool;

typedef void pool_task(void *context, int task);

/* A pool in which `workers` threads compute, the calling one among them: workers − 1 are started,
 * with all signals blocked. */
int pool_new(struct pool **p, int workers, struct err *e);
/* Another entrance to the same workers, for one thread more: they share them while both compute (core/fair-share.h). To be freed before the pool is. Errors: ERR_RUNTIME. */
int pool_enter(struct pool **entrance, struct pool *p, struct err *e);
/* The share of an entrance, the pool itself being the first; 1 to begin with. */
void pool_set_share(struct pool *p, double share);
void pool_free(struct pool *p);
int pool_workers(const struct pool *p);

/* Run task(context, 0 … tasks−1) and return when all are done. One thread for each entrance. Which jobs of others
 * come between does not change what it computes. */
void pool_run(struct pool *p, pool_task *task, void *context, int tasks);

/* The number of cores this process may use. */
int pool_cores(void);

#endif
