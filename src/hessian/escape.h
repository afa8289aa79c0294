/* SPDX-License-Identifier: MIT */
/* The way out of a saddle: a step d = α v along an eigenvector v of a negative eigenvalue of the Hessian, on the
 * side where the gradient falls. There the loss is, to second order,
 *
 *     f(θ + d) − f(θ) = gᵀd + ½ dᵀHd,
 *
 * which is negative even where g = 0. How far that holds is seen by comparing it with the change that comes. */
#ifndef SADDLE_HESSIAN_ESCAPE_H
#define SADDLE_HESSIAN_ESCAPE_H

#include "hessian/probe.h"

struct escape_ask {
    struct probe_ask point; /* what names the point, its batch and its loss, and cancel; the rest is not looked at */
    const float *v;         /* [parameters], of length 1 */
    double alpha;           /* length of the step, < 0: against the side where the gradient falls; 0: found by
                               line search over the loss itself, where the quadratic is of use: at least a
                               quarter of the predicted fall came */
};

struct escape_report {
    double by;                /* the step is by · v: alpha with the side's sign */
    double alpha;
    double slope, curvature;  /* gᵀd, dᵀHd */
    double predicted, came;   /* gᵀd + ½ dᵀHd, f(θ + d) − f(θ) */
    double loss;              /* f(θ + d) */
    int evaluations;          /* of the loss */
};

/* θ + by · v as it is stored, in float: the rounding that both the trial and the step itself make. */
static inline float escape_element(float theta, double by, float v)
{
    return (float)((double)theta + by * (double)v);
}

struct escape {
    /* Errors: ERR_INPUT, no shorter step lowers the loss as predicted; ERR_DIVERGED, the loss there or here is not
     * finite; those of a probe. */
    int (*run)(const struct escape_ask *a, struct escape_report *r, struct err *e);
};
extern const struct escape escape_f, escape_d;

/* In double where a probe is. */
int escape_run(const struct escape_ask *a, struct escape_report *r, struct err *e);

#endif
