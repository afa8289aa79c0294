/* SPDX-License-Identifier: MIT */
/* Where a run has been: weight vectors from its beginning to now, as many as fit into so much memory. When it
 * is full every second one goes and from then on half as many are taken, so that what is kept always spans
 * the run, evenly, with between half and all of the room in use. A run of large vectors leaves some of it untouched
 * until it is long. One thread's, as the weights are. */
#ifndef SADDLE_RUN_TRAJECTORY_H
#define SADDLE_RUN_TRAJECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

enum { TRAJECTORY_MOST = 128 }; /* vectors: more than that a plot does not show */
static const size_t TRAJECTORY_BYTES = (size_t)256 << 20;

struct trajectory {
    int64_t n;       /* elements of a vector */
    int most, count; /* vectors it has room for, 2 … TRAJECTORY_MOST, and those it has */
    uint64_t stride; /* steps between two of them, at least */
    uint64_t *step;  /* [count] rising: after so many steps … */
    float **theta;   /* [count] … the weights were these */
    float *memory;
};

/* Room for vectors of n elements in `bytes` (0: TRAJECTORY_BYTES), which are taken up as it fills; where not
 * even two fit it keeps none. Errors: ERR_RUNTIME. Free accepts a zeroed one. */
int trajectory_init(struct trajectory *t, int64_t n, size_t bytes, struct err *e);
void trajectory_free(struct trajectory *t);
void trajectory_clear(struct trajectory *t);
/* After any step, or every one: keeps a copy when it is time for one. A step at or before those that are kept
 * takes these back: the run was undone, and goes on from here. Allocates nothing. */
void trajectory_note(struct trajectory *t, uint64_t step, const float *theta);
/* A copy to be looked at elsewhere, no larger than what is kept. Errors: ERR_RUNTIME. */
int trajectory_copy(const struct trajectory *t, struct trajectory *to, struct err *e);
/* The same of what was before `step`, and then the weights theta of this step: a way that ends here. */
int trajectory_copy_to(const struct trajectory *t, uint64_t step, const float *theta, struct trajectory *to,
                       struct err *e);

#endif
