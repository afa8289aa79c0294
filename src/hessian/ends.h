/* SPDX-License-Identifier: MIT */
/* From eigenpairs over `real` to those of a report, which own their vectors, in float. For probe.c. */
#ifndef SADDLE_HESSIAN_ENDS_H
#define SADDLE_HESSIAN_ENDS_H

#include "hessian/lanczos.h"
#include "hessian/probe.h"

struct ends_ops { /* errors: ERR_RUNTIME, no memory; free accepts what they left half-done */
    int (*init)(struct probe_ends *ends, int top, int bottom, int vectors, struct err *e);
    void (*free)(struct probe_ends *ends);
    /* One pair of n elements into its place, and whether all have converged. */
    int (*take)(struct probe_ends *ends, struct probe_pair *to, const struct eigenpair *from, int64_t n,
                struct err *e);
    int (*copy)(struct probe_ends *ends, const struct lanczos_result *l, int64_t n, int vectors,
                struct err *e);
};
extern const struct ends_ops R(ends);

#endif
