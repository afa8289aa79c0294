/* SPDX-License-Identifier: MIT */
/* A probe of the curvature as a background job: a point of the run, what to compute there, and the results. */
#ifndef SADDLE_TRAINER_PROBE_JOB_H
#define SADDLE_TRAINER_PROBE_JOB_H

#include "trainer/published.h"
#include "run/saddle-escape.h"
#include "run/probe-copy.h"
#include "run/step-ahead.h"
#include "trainer/background-job.h"

/* In a series: samples of the trace; products for the two eigenvalues, of which the outermost converge first. */
enum { PROBE_SERIES_SAMPLES = 4, PROBE_SERIES_PRODUCTS = 50 };

struct probe_job {
    struct background_job job;
    struct probe_copy *point;
    struct probe_report report; /* when it is over, without an error */
    struct probe_report early;  /* its eigenpairs as soon as they are found: once `found` is set … */
    atomic_int found;           /* … by the job's thread, which leaves them alone from then on */
    int series;                 /* small: one pair at each end, few samples of the trace */
    int number;                 /* in the journal */
    unsigned with;              /* bits of enum curvature_with */
    int found_shown;            /* the trainer's: what was found early is published */
    struct run *copy;           /* that makes the next step; NULL: nobody looks at it */
    struct step_ahead ahead;    /* when the probe is over; unknown where nobody looked */
    int batch_norm;             /* the network couples the examples of a batch */
    double started, seconds;
    double product_seconds;     /* once eigenpairs are found: the time that a product took, about */
    uint64_t mark, marks;       /* the run's, where it looks */
};

/* Of the run as it stands, noted in its journal. Errors: ERR_RUNTIME, ERR_INPUT. */
int probe_job_new(struct probe_job **p, struct run *l, int series, unsigned with, struct err *e);
void probe_job_free(struct probe_job *p);
/* Look at the step that the run makes next as well. Where there is no memory for it, it stays unknown. */
void probe_job_look_ahead(struct probe_job *p, const struct run *l);

/* The same without a background thread, on the calling thread: for a replay. */
int probe_job_run(struct probe_job *p, struct pool *pool, struct err *e);

/* η λmax at the point, of the preconditioned Hessian where the optimizer is; NaN: not known. */
double probe_job_sharpness(const struct probe_job *p);
/* The eigenvector to escape along; NULL: no negative eigenvalue is known (or no memory). */
struct escape_direction *probe_job_direction(const struct probe_job *p);

/* The figures, when it is over without an error: of a probe by hand all of them, of a series the latest point. */
void probe_job_show(const struct probe_job *p, struct curvature_view *v);

/* Before that, of a probe by hand: whether its eigenpairs are found; then the figures known so far, the others NaN or
 * a count of 0, and the direction to escape along, as above. */
int probe_job_found(const struct probe_job *p);
void probe_job_show_found(const struct probe_job *p, struct curvature_view *v);
struct escape_direction *probe_job_found_direction(const struct probe_job *p);

#endif
