/* SPDX-License-Identifier: MIT */
/* What a step u from θ was to bring, and what came:
 *
 *     f(θ + u) − f(θ)  =  gᵀu + ½ uᵀHu + O(|u|³):
 *
 * the gain −gᵀu that the gradient predicts, the cost ½ uᵀHu that curvature takes of it, and the change of the loss
 * itself. On a quadratic the change is cost − gain exactly. */
#ifndef SADDLE_HESSIAN_STEP_ANATOMY_H
#define SADDLE_HESSIAN_STEP_ANATOMY_H

#include "hessian/objective.h"
#include "hessian/probe.h"

struct step_anatomy {
    double gain;      /* −gᵀu */
    double cost;      /* ½ uᵀHu */
    double actual;    /* f(θ + u) − f(θ); NaN where the loss there is not finite */
    double sharpness; /* uᵀHu / |u|², the curvature along the step; NaN of a step of length 0 */
    double length;    /* |u| */
};

/* Of a step that is not known. */
#define STEP_ANATOMY_UNKNOWN ((struct step_anatomy){NAN, NAN, NAN, NAN, NAN})

/* At theta; u has o->n elements. Errors: the objective's; ERR_RUNTIME; ERR_DIVERGED, loss or gradient at theta is not
 * finite. */
int R(step_anatomy_of)(const struct objective *o, const real *theta, const real *u, struct step_anatomy *a,
                       struct err *e);

struct step_anatomist {
    /* At the point of the ask, of the step to the weights `after`. Errors: as above; those of a probe. */
    int (*at)(const struct probe_ask *ask, const float *after, struct step_anatomy *a, struct err *e);
};
/* The change of the loss by a small step drowns in the rounding of float: networks of any size are looked at in
 * double. */
extern const struct step_anatomist step_anatomy_f, step_anatomy_d;

#endif
