/* SPDX-License-Identifier: MIT */
/* The results of a sweep: one row per cell, mean and standard deviation over its seeds and folds. A job that diverged or
 * failed has no part in a mean; its cell says so. */
#ifndef SADDLE_SWEEP_TABLE_H
#define SADDLE_SWEEP_TABLE_H

#include "sweep/directory.h"

struct sweep_moments { /* of the values that are known */
    int count;
    double mean;      /* NaN: no value */
    double deviation; /* standard deviation, n − 1 in its denominator; NaN: fewer than two values */
};

struct sweep_cell {
    int done, diverged, failed, missing; /* jobs; together they are all of the cell's */
    struct sweep_moments whole;
};

struct sweep_table {
    const struct sweep_plan *plan;
    int metric;                   /* enum sweep_metric */
    int cells, jobs, of_cell;     /* of_cell: jobs of a cell */
    struct sweep_result *result;  /* [jobs] */
    char *have;                   /* [jobs] whether there is a result */
    struct sweep_cell *cell;      /* [cells] */
    struct sweep_moments *fold;   /* [cells][folds], over the seeds; NULL without folds */
    int done, diverged, failed, missing;
    int best;                     /* the cell with the best mean among those whose every job is done, the first of equal
                                     ones; −1: there is none */
    int kernels_differ;           /* results were computed by different libraries or kernels: last digits may differ */
};

/* The moments of n values; those that are NaN do not count. */
struct sweep_moments sweep_moments(const double *v, int n);

/* Read every job's result. A file that is not one is handed to `complain` (may be NULL), and its job counts as missing.
 * Errors: ERR_INPUT where the jobs saw different data; ERR_RUNTIME. */
int sweep_table_read(struct sweep_table *t, const struct sweep_plan *p, const struct sweep_directory *d,
                     void (*complain)(void *context, const char *sentence), void *context, struct err *e);
/* Fill the cells for a metric. */
void sweep_table_count(struct sweep_table *t, int metric);
void sweep_table_free(struct sweep_table *t);

#endif
