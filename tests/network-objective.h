/* SPDX-License-Identifier: MIT */
/* A small network of each kind with a batch, as an objective of the probes. Compiled with each program, for `real`. */
#ifndef SADDLE_TESTS_PROBED_H
#define SADDLE_TESTS_PROBED_H

#include "hessian/objective-network.h"
#include "hessian/spectrum.h"

enum { EXAMPLES = 60, ENDS = 5, KINDS = 5 }; /* ENDS: eigenvalues asked for at each end */

struct example {
    const char *text;
    int steps, width;
};
extern const struct example kinds[KINDS];

struct probed {
    struct network_spec spec;
    struct network net;
    struct probe_batch batch;
    float *theta, *statistics;
    real *point, *still; /* the same, as `real` */
    struct objective_network source;
    struct objective f;
};

/* Cross-entropy on the pool of tests/workers.h, the batch in slices of that many examples (0: as keeps the products
 * busy). */
void probed_open(struct probed *p, const struct example *x, int slice, int batch_statistics);
void probed_close(struct probed *p);

/* The Hessian or the Gauss–Newton matrix at its point; and all of a matrix's eigenvalues. */
struct curvature hessian_of(const struct probed *p, int gauss_newton);
struct spectrum spectrum_of(const struct curvature *c);

/* Normal numbers by place: what batches and points are made of. */
double made(uint64_t stream, uint64_t i);

#endif
