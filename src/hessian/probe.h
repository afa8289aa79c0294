/* SPDX-License-Identifier: MIT */
/* The curvature at a point of a network, in one call and without `real`. probe_run chooses: up to SPECTRUM_MOST
 * parameters the whole spectrum, in double; beyond that both its ends, in float. */
#ifndef SADDLE_HESSIAN_PROBE_H
#define SADDLE_HESSIAN_PROBE_H

#include <stdatomic.h>

#include "core/pool.h"
#include "math/products.h"
#include "net/spec.h"
#include "hessian/density.h"
#include "hessian/probe-batch.h"
#include "hessian/trace.h"
#include "hessian/verdict.h"

enum { PROBE_TRACE_SAMPLES = 16 };

/* Of a density. Steps are what narrows its shares; starts differ the less the more parameters there are (share.h), so that
 * of many one is enough. */
enum { PROBE_DENSITY_STARTS = 2, PROBE_DENSITY_STEPS = 160, PROBE_DENSITY_MANY = 1000000 };
int probe_density_starts(int64_t parameters);
/* Products with the Hessian that the density takes; 0: none, the whole spectrum has it. */
int probe_density_products(int64_t parameters);

struct probe_report;

struct probe_ask {
    /* The point. */
    const struct network_spec *spec;
    const float *theta, *statistics;
    const struct probe_batch *batch; /* its steps and width are the network's input */
    const char *loss;                /* by name */
    double label_smoothing;
    const double *class_weight; /* NULL: all 1 */
    int batch_statistics;       /* batch norm by the whole batch; else by running statistics */
    const struct probe_masks *masks; /* dropout held as it falls on this batch in a step; NULL: off */
    int slice;                  /* examples at once; 0: chosen */
    /* Parts to compute: */
    int top, bottom;                            /* eigenpairs at each end */
    int vectors;                                /* eigenvectors of so many pairs at each end, outermost first */
    int density, gauss_newton, blocks;          /* 1: these too */
    int most_products;  /* for each set of ends; 0: lanczos.h's */
    int ends_only;      /* both ends alone, however small the network is */
    struct verdict_tolerance tolerance;
    int trace_samples;  /* 0: PROBE_TRACE_SAMPLES; the trace of a whole spectrum is exact */
    const float *scale; /* not NULL: λmax of S H S too (stability.h) */
    uint64_t seed;
    int shards;
    enum products_source products;
    struct pool *pool;
    const atomic_int *cancel; /* may be NULL */
    /* Now and then, with the current task and its progress; may be NULL. Non-zero cancels the probe. */
    int (*progress)(void *context, const char *what, int done, int of);
    /* Once the Hessian's eigenpairs and the verdict are there, with the report as it is; what is still to be computed
     * is NaN, or a count of 0. From the same thread as progress; may be NULL. */
    void (*found)(void *context, const struct probe_report *so_far);
    void *context;
};

struct probe_pair {
    double value, residual;
    int converged;
    float *vector; /* [parameters], of length 1, signed as it came; NULL unless asked for */
};

struct probe_ends { /* of a spectrum */
    int top, bottom;
    struct probe_pair *at_top, *at_bottom; /* outermost first */
    int vectors;                           /* of so many pairs at each end they are there */
    int converged, products;
    int may_miss;                          /* inner pairs may be missing (lanczos.h) */
};

struct probe_block { /* of one layer */
    int layer;
    int64_t first, parameters;
    double highest, residual; /* its largest eigenvalue, and whether … */
    int converged;
    double trace, trace_error;
};

struct probe_report {
    int64_t parameters;
    int whole;                                      /* the whole spectrum is there, in double */
    double loss, gradient_norm, gradient_curvature; /* gᵀHg / |g|²; NaN where g = 0 */
    int values;
    double *value;                           /* [values] ascending: all of them, or those of both ends */
    struct probe_ends hessian, gauss_newton; /* Gauss–Newton: the top only, the rest is ≥ 0 */
    double trace, trace_error;               /* standard error; 0 of a whole spectrum */
    /* Of a whole spectrum the eigenvalues themselves, and exact shares even where no density was asked for. Of the
     * Gauss–Newton matrix where both were, and up to SPECTRUM_MOST parameters without nodes: its shares are exact. */
    struct density density, gauss_newton_density;
    double preconditioned;                   /* λmax of S H S; NaN where not asked for */
    int blocks;
    struct probe_block *block;
    struct verdict_report verdict;
};

struct probe {
    /* Errors: ERR_INPUT, ERR_RUNTIME, ERR_DIVERGED, ERR_CANCELLED. */
    int (*run)(const struct probe_ask *a, struct probe_report *r, struct err *e);
    void (*free)(struct probe_report *r);
};
extern const struct probe probe_f, probe_d;

int probe_run(const struct probe_ask *a, struct probe_report *r, struct err *e);
void probe_free(struct probe_report *r);
/* A copy of what `found` is given: gradient, eigenpairs with their vectors, verdict. Freed as any report. Errors:
 * ERR_RUNTIME. */
int probe_copy_pairs(const struct probe_report *r, struct probe_report *copy, struct err *e);

#endif
