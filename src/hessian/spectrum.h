/* SPDX-License-Identifier: MIT */
/* The whole spectrum of a small matrix. */
#ifndef SADDLE_HESSIAN_SPECTRUM_H
#define SADDLE_HESSIAN_SPECTRUM_H

#include "hessian/operator.h"

enum { SPECTRUM_MOST = 2000 }; /* rows: 32 MB and some seconds */

/* Called after every product, and in between when they are all made; not 0 ends the work with ERR_CANCELLED. */
typedef int probe_progress(void *context, int done, int of);

struct spectrum {
    int n;
    double *value;    /* [n] ascending */
    double *vector;   /* [n][n], row k belongs to value[k] */
    double trace;     /* the sum of the diagonal */
    double asymmetry; /* largest |H_ij − H_ji|, a measure of the products' rounding */
};

struct spectrum_ops {
    /* By n products. Errors: ERR_INPUT above SPECTRUM_MOST rows, ERR_RUNTIME, ERR_DIVERGED, ERR_CANCELLED. */
    int (*whole)(const struct curvature *c, struct spectrum *s, probe_progress *progress, void *context,
                 struct err *e);
    void (*free)(struct spectrum *s);
};
extern const struct spectrum_ops R(spectrum);

#endif
