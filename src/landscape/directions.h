/* SPDX-License-Identifier: MIT */
/* Directions in weight space that a landscape is cut along. */
#ifndef SADDLE_LANDSCAPE_DIRECTIONS_H
#define SADDLE_LANDSCAPE_DIRECTIONS_H

#include "net/layer.h"
#include "hessian/objective.h"

struct directions_ops {
    /* Two random filter-normalised directions (H. Li, Z. Xu, G. Taylor, C. Studer and T. Goldstein 2018,
     * "Visualizing the loss landscape of neural nets", section 4): normal numbers, then every filter (a row
     * of a matrix: the weights into one unit, or into one gate of it) scaled to the length of the same filter
     * of θ. As in the authors' program (ignore = 'biasbn') tensors of one dimension, biases and the
     * parameters of normalisation, are left where they are: their elements are 0.
     *
     * Ours: a filter of v is made orthogonal to that of u before it is scaled, so that u and v are exactly
     * orthogonal and the plane has no shear; where a filter has one weight, that is 0 in v. Coordinate 1 is
     * as far as θ's filters are long. */
    void (*random)(int places, const struct place *place, const real *theta, uint64_t seed, real *u, real *v);
    /* u = g / |g|, and v the unit part of H g orthogonal to g: where the gradient turns to as one goes along
     * it. Where H g is parallel to g (less than 10⁻⁴ of it is left), v is a random direction orthogonal to u,
     * and *turns 0. Errors: the objective's; ERR_INPUT, g = 0; ERR_DIVERGED. */
    int (*gradient)(const struct objective *o, const real *theta, uint64_t seed, real *u, real *v, int *turns,
                    struct err *e);
    /* A random direction of length 1 orthogonal to u (of length 1). */
    void (*across)(int64_t n, const real *u, uint64_t seed, real *v);
    /* Takes out of x what points along u. */
    void (*orthogonalise)(int64_t n, const real *u, real *x);
    double (*dot)(int64_t n, const real *x, const real *y);
    /* x *= by */
    void (*scale)(int64_t n, real *x, double by);
};
extern const struct directions_ops R(directions);

#endif
