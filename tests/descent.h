/* SPDX-License-Identifier: MIT */
/* An optimizer going down known ground, step by step, without a network. Compiled with each program, for `real`. */
#ifndef SADDLE_TESTS_DESCENT_H
#define SADDLE_TESTS_DESCENT_H

#include "optim/optimizer.h"

enum { SIDE = 10, MOST = 128 };

/* f and its gradient at x; n elements. */
struct ground {
    size_t n;
    double start[SIDE];
    double (*f)(const double *x, double *gradient);
};

/* A quadratic of SIDE elements, 27.5 at its start; and Rosenbrock's valley, 24.2 at its start. Both are 0 where all
 * elements are 1. */
extern const struct ground grounds[2];

struct asked {
    const struct ground *on;
    int times, nan_at; /* give up at this evaluation; 0: never */
};

/* An optimizer with its state; plain, so that a run is copied by copying it. */
struct descent {
    const struct optimizer *kind;
    struct optimizer_args a;
    size_t n, used; /* used: bits of the slots */
    real theta[MOST], slot[OPTIMIZER_SLOTS][MOST];
    double scalar[OPTIMIZER_SCALARS];
    struct optimizer_size size;
    real vector[40 * SIDE];
    double scalars[40];
};

/* At step 0, θ zero or at the ground's start. */
void descent_start(struct descent *r, const struct optimizer *kind, const struct optimizer_args *a, size_t n);
void descent_to_start(struct descent *r, const struct ground *g);

/* The element-wise step in parts that end where `cut` says. */
void descent_parts(struct descent *r, const real *gradient, const size_t *cut, size_t cuts);
/* The step of an optimizer that asks for itself; returns f before it, NaN where it was given up. */
double descent_whole(struct descent *r, struct asked *q);
/* One step of either kind; returns f before it. */
double descent_step(struct descent *r, struct asked *q);

#endif
