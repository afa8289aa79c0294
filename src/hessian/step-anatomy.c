/* SPDX-License-Identifier: MIT */
#include "hessian/step-anatomy.h"

#include <stdlib.h>

#include "hessian/probe-point.h"

static double dot(int64_t n, const real *x, const real *y)
{
    double sum = 0;

    for (int64_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)y[i];
    return sum;
}

/* f(θ + u) − f(θ), both by the loss of one kind of pass: that of a gradient may differ in its last digits. */
static int change(const struct objective *o, const real *theta, const real *u, real *there, double *by, struct err *e)
{
    double before, after;
    int r = o->f(o, theta, &before, e);

    for (int64_t i = 0; i < o->n; i++)
        there[i] = theta[i] + u[i];
    if (r == 0)
        r = o->f(o, there, &after, e);
    if (r == 0)
        *by = isfinite(after) ? after - before : NAN;
    return r;
}

int R(step_anatomy_of)(const struct objective *o, const real *theta, const real *u, struct step_anatomy *a,
                       struct err *e)
{
    real *v = malloc(sizeof *v * (size_t)o->n + 1);
    double square = dot(o->n, u, u), along, f;
    int r;

    *a = STEP_ANATOMY_UNKNOWN;
    if (!v)
        return err_memory(e, "the anatomy of a step", sizeof *v * (unsigned long long)o->n);
    r = o->gradient(o, theta, &f, v, e);
    a->gain = r ? NAN : -dot(o->n, v, u);
    if (r == 0 && (!isfinite(f) || !isfinite(a->gain)))
        r = err_set(e, ERR_DIVERGED, "loss or gradient at this point is not finite");
    if (r == 0)
        r = o->hessian_vector(o, theta, u, v, e);
    if (r == 0) {
        along = dot(o->n, u, v);
        a->cost = .5 * along;
        a->length = sqrt(square);
        a->sharpness = square > 0 ? along / square : NAN;
        r = change(o, theta, u, v, &a->actual, e);
    }
    free(v);
    if (r)
        *a = STEP_ANATOMY_UNKNOWN;
    return r;
}

static int at(const struct probe_ask *ask, const float *after, struct step_anatomy *a, struct err *e)
{
    struct probe_point point;
    real *u = NULL;
    int r = R(probe_point).open(&point, ask, e);

    *a = STEP_ANATOMY_UNKNOWN;
    if (r == 0 && !(u = R(probe_point).converted(after, point.objective.n)))
        r = err_memory(e, "a step", sizeof *u * (unsigned long long)point.objective.n);
    for (int64_t i = 0; r == 0 && i < point.objective.n; i++)
        u[i] -= point.theta[i];
    if (r == 0)
        r = R(step_anatomy_of)(&point.objective, point.theta, u, a, e);
    R(probe_point).close(&point);
    free(u);
    return r;
}

const struct step_anatomist R(step_anatomy) = {.at = at};
