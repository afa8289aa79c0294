/* A probe of the curvature as a study: a point of the run, what is to be worked out there, and what came of it. */
#ifndef SADDLE_LAB_PROBE_STUDY_H
#define SADDLE_LAB_PROBE_STUDY_H

#include "trainer/published-curvature.h"
#include "run/saddle-escape.h"
#include "run/probe-copy.h"
#include "trainer/background-job.h"

/* In a series: samples of the trace; products for the two eigenvalues, of which the outermost converge first. */
enum { PROBE_SERIES_SAMPLES = 4, PROBE_SERIES_PRODUCTS = 50 };

struct probe_study {
    struct study_job job;
    struct lane_point *point;
    struct probe_report report; /* when it is over, without an error */
    int series;                 /* small: one pair at each end, few samples of the trace */
    int number;                 /* in the journal */
    unsigned with;              /* bits of enum curvature_with */
    double seconds;
    uint64_t mark, marks;       /* the lane's, where it looks */
};

/* Of the lane as it stands, noted in its journal. Errors: ERR_RUNTIME, ERR_INPUT. */
int probe_study_new(struct probe_study **p, struct lane *l, int series, unsigned with, struct err *e);
void probe_study_free(struct probe_study *p);

/* The same without a study, on the calling thread: for a replay. */
int probe_study_run(struct probe_study *p, struct pool *pool, struct err *e);

/* η λmax at the point, of the preconditioned Hessian where the optimizer is; NaN: not known. */
double probe_study_sharpness(const struct probe_study *p);
/* The eigenvector to escape along; NULL: no negative eigenvalue is known (or no memory). */
struct escape_direction *probe_study_direction(const struct probe_study *p);

/* The figures, when it is over without an error: of a probe by hand all of them, of a series the latest point. */
void probe_study_show(const struct probe_study *p, struct curvature_view *v);

#endif
