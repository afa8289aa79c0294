/* SPDX-License-Identifier: MIT */
/* How long an update takes for batches of different sizes, on this machine. A larger batch takes no longer until the
 * processor is busy with it: then an epoch of small batches is slow, and from some size on all epochs take the same time. */
#ifndef SADDLE_LECTURE_BATCH_TIME_H
#define SADDLE_LECTURE_BATCH_TIME_H

#include "run/run.h"

enum { BATCH_TIME_UPDATES = 15, BATCH_TIME_BUSY = 64 };

struct batch_time {
    int size;            /* examples */
    int updates;         /* timed, at most BATCH_TIME_UPDATES; 0: skipped */
    double update, epoch; /* seconds: median of the updates, and that times the updates of an epoch (fractional) */
    char skipped[480];   /* why, as a sentence; "": it was not */
};

struct batch_timing {
    const struct dataset *data;
    const struct knobs *knobs; /* of the run, whose batch size does not matter */
    struct pool *pool;
    double limit;              /* seconds for a size */
    const atomic_int *stop;    /* set by somebody else, it ends the work; or NULL */
};

/* Train a run from the start with this batch size: one update to warm up, then a few that are timed. `before` is what was
 * measured of a smaller size, or NULL. Skipped, without an error: a size for which there is no memory, as a run would
 * find; larger than an epoch; for which two updates are estimated to exceed the limit, before they are begun, or
 * exceed it while they go on; whose steps are not finite. Errors: as of run_new, and ERR_CANCELLED by `stop`. */
int batch_time(struct batch_time *t, const struct batch_timing *how, int size, const struct batch_time *before,
               struct err *e);

/* Seconds of an update of `size` examples at most, by what one of fewer takes; 0 where that has less than BATCH_TIME_BUSY
 * examples, which leave the processor idle most of the time. */
double batch_time_estimate(const struct batch_time *before, int size);

#endif
