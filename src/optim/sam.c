/* SPDX-License-Identifier: MIT */
#include "optim/sam.h"

/* T of the elements of one part. */
static double scale_of(const struct optimizer_args *a, int scaled, real theta)
{
    return a->sam == OPTIMIZER_ASAM && scaled ? fabs((double)theta) + a->sam_eta : 1;
}

static double square_sum(const struct optimizer_args *a, const struct optimizer_part *p, const real *theta,
                         const real *gradient)
{
    double sum = 0;

    for (size_t i = p->offset; i < p->offset + p->count; i++) {
        double t = scale_of(a, p->scaled, theta[i]) * (double)gradient[i];
        sum += t * t;
    }
    return sum;
}

static void move(const struct optimizer_args *a, const struct optimizer_part *p, double by, const real *theta,
                 const real *gradient, real *point)
{
    for (size_t i = p->offset; i < p->offset + p->count; i++) {
        double t = scale_of(a, p->scaled, theta[i]);
        point[i] = (real)((double)theta[i] + by * t * t * (double)gradient[i]);
    }
}

static void point(const struct optimizer_args *a, size_t n, const real *theta, const real *gradient, real *point)
{
    const struct optimizer_part whole = {.count = n, .scaled = 1}, *part = a->part ? a->part : &whole;
    int parts = a->part ? a->parts : 1;
    double sum = 0, by;

    for (int i = 0; i < parts; i++)
        sum += square_sum(a, &part[i], theta, gradient);
    by = a->sam_rho / (sqrt(sum) + (a->sam == OPTIMIZER_ASAM ? 1e-16 : 1e-12));
    for (int i = 0; i < parts; i++)
        move(a, &part[i], by, theta, gradient, point);
}

static double f_and_gradient(void *context, const real *theta, real *gradient)
{
    struct sam_closure *s = context;
    double f = s->inner.f_and_gradient(s->inner.context, theta, gradient);

    if (!isfinite(f))
        return f;
    point(s->a, s->n, theta, gradient, s->point);
    return s->inner.f_and_gradient(s->inner.context, s->point, gradient);
}

static int hessian_vector(void *context, const real *theta, const real *v, real *out)
{
    struct sam_closure *s = context;

    return s->inner.hessian_vector(s->inner.context, theta, v, out);
}

static struct optimizer_closure closure(struct sam_closure *s)
{
    return (struct optimizer_closure){f_and_gradient, hessian_vector, s};
}

const struct sam_ops R(sam) = {.point = point, .closure = closure};
