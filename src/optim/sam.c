/* SPDX-License-Identifier: MIT */
#include "optim/sam.h"

enum { LANES = 8 };

/* Σ (T g)², T = |θ| + η where it is scaled. */
KERNEL static double square_sum(size_t n, const real *theta, const real *gradient, int scaled, double eta)
{
    double run[LANES] = {0}, sum = 0;
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++) {
            double g = (double)gradient[i + k], t = scaled ? (fabs((double)theta[i + k]) + eta) * g : g;
            run[k] += t * t;
        }
    for (; i < n; i++) {
        double g = (double)gradient[i], t = scaled ? (fabs((double)theta[i]) + eta) * g : g;
        sum += t * t;
    }
    for (size_t k = 0; k < LANES; k++)
        sum += run[k];
    return sum;
}

/* θ + by T² g */
KERNEL static void move(size_t n, const real *theta, const real *gradient, int scaled, double eta, double by, real *point)
{
    for (size_t i = 0; scaled && i < n; i++) {
        double t = fabs((double)theta[i]) + eta;
        point[i] = (real)((double)theta[i] + by * t * t * (double)gradient[i]);
    }
    for (size_t i = 0; !scaled && i < n; i++)
        point[i] = (real)((double)theta[i] + by * (double)gradient[i]);
}

static void point(const struct optimizer_args *a, size_t n, const real *theta, const real *gradient, real *point)
{
    const struct optimizer_part whole = {.count = n, .scaled = 1}, *part = a->part ? a->part : &whole;
    int parts = a->part ? a->parts : 1;
    double sum = 0, by;

    for (int i = 0; i < parts; i++)
        sum += square_sum(part[i].count, theta + part[i].offset, gradient + part[i].offset,
                          a->sam == OPTIMIZER_ASAM && part[i].scaled, a->sam_eta);
    by = a->sam_rho / (sqrt(sum) + (a->sam == OPTIMIZER_ASAM ? 1e-16 : 1e-12));
    for (int i = 0; i < parts; i++)
        move(part[i].count, theta + part[i].offset, gradient + part[i].offset,
             a->sam == OPTIMIZER_ASAM && part[i].scaled, a->sam_eta, by, point + part[i].offset);
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
