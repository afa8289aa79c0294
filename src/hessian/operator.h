/* SPDX-License-Identifier: MIT */
/* The symmetric matrix that a probe looks at, known by its products: the Hessian of an objective at a point
 * or its Gauss–Newton part; whole, or the block of some parameters (a layer's, a tensor's); and
 * preconditioned, S H S with a diagonal S. */
#ifndef SADDLE_HESSIAN_OPERATOR_H
#define SADDLE_HESSIAN_OPERATOR_H

#include "hessian/objective.h"

struct curvature {
    const struct objective *objective; /* borrowed, as the point and the scale are */
    const real *theta;
    int gauss_newton;
    int64_t first, n;  /* the block; n 0: all, made the objective's n by open() */
    const real *scale; /* the diagonal of S, of all parameters; NULL: 1 */
    real *v, *out;     /* of all parameters, made by open() where the products above need them */
};

struct curvature_ops {
    /* Errors: ERR_RUNTIME; ERR_INPUT, a block outside or no Gauss–Newton part. */
    int (*open)(struct curvature *c, struct err *e);
    void (*close)(struct curvature *c);
    /* out[n] = matrix · v[n]; v may not be out. Errors are the objective's. */
    int (*multiply)(const struct curvature *c, const real *v, real *out, struct err *e);
};
extern const struct curvature_ops R(curvature);

#endif
