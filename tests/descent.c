/* SPDX-License-Identifier: MIT */
#include "descent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

static double quadratic(const double *x, double *gradient)
{
    double f = 0;

    for (int i = 0; i < SIDE; i++) {
        gradient[i] = (1 + i) * (x[i] - 1);
        f += gradient[i] * (x[i] - 1) / 2;
    }
    return f;
}

static double rosenbrock(const double *x, double *gradient)
{
    double a = 1 - x[0], b = x[1] - x[0] * x[0];

    gradient[0] = -2 * a - 400 * x[0] * b;
    gradient[1] = 200 * b;
    return a * a + 100 * b * b;
}

const struct ground grounds[2] = {{SIDE, {0}, quadratic}, {2, {-1.2, 1}, rosenbrock}};

static double ask(void *context, const real *theta, real *gradient)
{
    struct asked *q = context;
    double x[SIDE], g[SIDE], f;

    for (size_t i = 0; i < q->on->n; i++)
        x[i] = (double)theta[i];
    f = q->on->f(x, g);
    for (size_t i = 0; i < q->on->n; i++)
        gradient[i] = (real)g[i];
    return ++q->times == q->nan_at ? NAN : f;
}

void descent_start(struct descent *r, const struct optimizer *kind, const struct optimizer_args *a, size_t n)
{
    memset(r, 0, sizeof *r);
    r->kind = kind;
    r->a = *a;
    r->a.t = 0;
    r->a.history_size = 5;
    r->n = n;
    r->used = R(optimizers).slots_used(kind, a);
    if (kind->size)
        r->size = kind->size(&r->a, n);
    assert_true(r->size.vectors <= 40 && r->size.scalars <= 40);
    if (kind->start) {
        real *const slot[] = {r->slot[0], r->slot[1], r->slot[2]};
        kind->start(a, n, slot);
    }
}

void descent_parts(struct descent *r, const real *gradient, const size_t *cut, size_t cuts)
{
    size_t from = 0;

    r->a.t++;
    if (r->kind->begin)
        r->kind->begin(&r->a, r->scalar);
    for (size_t k = 0; k < cuts; from = cut[k++]) {
        real *slot[OPTIMIZER_SLOTS];
        for (int i = 0; i < OPTIMIZER_SLOTS; i++)
            slot[i] = r->used >> i & 1 ? r->slot[i] + from : NULL;
        r->kind->step(&r->a, cut[k] - from, r->theta + from, gradient + from, slot);
    }
}

/* The change of the gradient along v. */
static int hessian_vector(void *context, const real *theta, const real *v, real *out)
{
    const struct asked *q = context;
    const double by = 1e-5;
    double x[SIDE], ahead[SIDE], behind[SIDE];

    for (size_t i = 0; i < q->on->n; i++)
        x[i] = (double)theta[i] + by * (double)v[i];
    q->on->f(x, ahead);
    for (size_t i = 0; i < q->on->n; i++)
        x[i] = (double)theta[i] - by * (double)v[i];
    q->on->f(x, behind);
    for (size_t i = 0; i < q->on->n; i++)
        out[i] = (real)((ahead[i] - behind[i]) / (2 * by));
    return 0;
}

/* A step on the whole vector: with this gradient, or NULL, where the optimizer asks for it itself. */
static double whole(struct descent *r, struct asked *q, const real *gradient)
{
    struct optimizer_closure c = {ask, hessian_vector, q};
    struct optimizer_memory m = {r->vector, r->scalars, malloc(r->size.scratch * r->n * sizeof(real) + 1),
                                 malloc(r->size.scratch_scalars * sizeof(double) + 1)};
    double f = 0;

    memset(m.scratch, 0xff, r->size.scratch * r->n * sizeof(real)); /* NaN: nothing may be read from it */
    memset(m.scratch_scalar, 0xff, r->size.scratch_scalars * sizeof(double));
    r->a.t++;
    if (gradient)
        assert_int_equal(r->kind->step_vector(&r->a, &c, r->n, r->theta, gradient, &m), 0);
    else
        f = r->kind->step_whole(&r->a, &c, r->n, r->theta, &m);
    free(m.scratch);
    free(m.scratch_scalar);
    return f;
}

double descent_whole(struct descent *r, struct asked *q)
{
    return whole(r, q, NULL);
}

double descent_step(struct descent *r, struct asked *q)
{
    real gradient[SIDE];
    double f;

    if (r->kind->step_whole)
        return descent_whole(r, q);
    f = ask(q, r->theta, gradient);
    if (r->kind->step_vector)
        whole(r, q, gradient);
    else
        descent_parts(r, gradient, &r->n, 1);
    return f;
}

void descent_to_start(struct descent *r, const struct ground *g)
{
    for (size_t i = 0; i < g->n; i++)
        r->theta[i] = (real)g->start[i];
}
