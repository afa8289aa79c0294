/* SPDX-License-Identifier: MIT */
/* The trace by random vectors (M. F. Hutchinson 1990): E[zᵀ A z] = tr A for z of independent ±1. */
#ifndef SADDLE_HESSIAN_TRACE_H
#define SADDLE_HESSIAN_TRACE_H

#include "core/pool.h"
#include "hessian/spectrum.h"

struct trace_estimate {
    double mean, error; /* standard error of the mean, NaN of fewer than two samples */
    int samples;
};

/* `samples` products. Errors: ERR_RUNTIME, ERR_CANCELLED. */
struct trace_ops {
    int (*estimate)(const struct curvature *c, int samples, uint64_t seed, struct pool *p,
                    struct trace_estimate *t, probe_progress *progress, void *context, struct err *e);
    /* z[n], each element −1 or 1: a function of seed, sample and place. */
    void (*signs)(int64_t n, uint64_t seed, int sample, real *z);
};
extern const struct trace_ops R(trace);

#endif
