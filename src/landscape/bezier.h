/* SPDX-License-Identifier: MIT */
/* A curve of low loss between two points (T. Garipov, P. Izmailov, D. Podoprikhin, D. Vetrov and A. G. Wilson 2018, "Loss
 * surfaces, mode connectivity, and fast ensembling of DNNs"): the quadratic Bézier curve
 *
 *     φ(t) = (1 − t)² w₀ + 2t (1 − t) θ + t² w₁,
 *
 * whose control point θ is trained for a small mean loss along it, E_t loss(φ(t)), t uniform in 0 … 1: Adam with the
 * gradient 2t (1 − t) ∇loss(φ(t)) of a mini-batch, one t a step, from the middle of the line on, at a rate that falls
 * linearly to 0. t is a number of (seed, step), so the curve does not depend on the number of workers. */
#ifndef SADDLE_LANDSCAPE_BEZIER_H
#define SADDLE_LANDSCAPE_BEZIER_H

#include "core/pool.h"
#include "hessian/objective.h"

enum { BEZIER_STEPS = 400, BEZIER_BATCH = 256, BEZIER_FRAMES = 16384 }; /* frames that mini-batches are cut from */
#define BEZIER_RATE 2e-3

struct bezier {
    const struct objective *objective; /* all borrowed; vectors have its n elements */
    const real *from, *to;
    real *control;
    struct pool *pool; /* NULL: the calling thread alone */
    int steps;
    double rate;
    uint64_t seed;
    /* Before every step: the objective becomes the loss of its mini-batch; NULL: it stays. */
    void (*next)(void *context, int step);
    /* After every step; not 0 ends it with ERR_CANCELLED. */
    int (*progress)(void *context, int done, int of);
    void *context;
};

struct bezier_ops {
    /* φ(t) into out[n]: at 0 and 1 the ends to the bit. */
    void (*point)(const struct bezier *b, double t, real *out);
    /* The control point, from the middle of the ends on. Errors: the objective's, ERR_RUNTIME, ERR_CANCELLED;
     * ERR_DIVERGED, a gradient that is not finite. */
    int (*train)(const struct bezier *b, struct err *e);
};
extern const struct bezier_ops R(bezier);

#endif
