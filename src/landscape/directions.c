/* SPDX-License-Identifier: MIT */
#include "landscape/directions.h"

#include <math.h>
#include <string.h>

#include "core/kernel.h"
#include "core/rng.h"

/* Streams of RNG_PROBE, beyond those of Lanczos and of the trace. */
enum { U_STREAM = 0x40000000, V_STREAM, ACROSS_STREAM };
enum { LANES = 16 };
static const double LEAST_TURN = 1e-4;

/* In runs, so that the compiler may make vectors of a sum whose order is fixed. */
KERNEL static double dot(int64_t n, const real *x, const real *y)
{
    double run[LANES] = {0}, sum = 0;
    int64_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < LANES; k++)
            run[k] += (double)x[i + k] * (double)y[i + k];
    for (; i < n; i++)
        sum += (double)x[i] * (double)y[i];
    for (int k = 0; k < LANES; k++)
        sum += run[k];
    return sum;
}

static void scale(int64_t n, real *x, double by)
{
    for (int64_t i = 0; i < n; i++)
        x[i] = (real)((double)x[i] * by);
}

/* y −= by x */
static void subtract(int64_t n, double by, const real *x, real *y)
{
    for (int64_t i = 0; i < n; i++)
        y[i] = (real)((double)y[i] - by * (double)x[i]);
}

static void draw(int64_t n, uint64_t seed, uint64_t stream, uint64_t first, real *x)
{
    struct rng r = {.seed = seed, .purpose = RNG_PROBE};

    for (int64_t i = 0; i < n; i++)
        x[i] = (real)rng_normal(&r, stream, first + (uint64_t)i);
}

/* Twice over: once leaves what rounding brought in. */
static void orthogonalise(int64_t n, const real *u, real *x)
{
    double square = dot(n, u, u);

    for (int k = 0; k < 2 && square > 0; k++)
        subtract(n, dot(n, u, x) / square, u, x);
}

static void set_length(int64_t n, real *x, double length)
{
    double own = sqrt(dot(n, x, x));
    scale(n, x, own > 0 ? length / own : 0);
}

/* ---- random --------------------------------------------------------------------------------- */

static void filter(int64_t n, const real *w, real *u, real *v)
{
    double length = sqrt(dot(n, w, w));

    set_length(n, u, length);
    if (n == 1)
        v[0] = 0;
    orthogonalise(n, u, v);
    set_length(n, v, length);
}

static void random_pair(int places, const struct place *place, const real *theta, uint64_t seed, real *u,
                        real *v)
{
    for (int i = 0; i < places; i++) {
        const struct place *p = &place[i];
        int64_t columns = p->dims == 2 ? p->shape[1] : 0;
        if (p->dims != 2) {
            memset(u + p->offset, 0, sizeof *u * (size_t)p->count);
            memset(v + p->offset, 0, sizeof *v * (size_t)p->count);
            continue;
        }
        draw(p->count, seed, U_STREAM, (uint64_t)p->offset, u + p->offset);
        draw(p->count, seed, V_STREAM, (uint64_t)p->offset, v + p->offset);
        for (int64_t at = p->offset; at < p->offset + p->count; at += columns)
            filter(columns, theta + at, u + at, v + at);
    }
}

static void across(int64_t n, const real *u, uint64_t seed, real *v)
{
    draw(n, seed, ACROSS_STREAM, 0, v);
    orthogonalise(n, u, v);
    set_length(n, v, 1);
    orthogonalise(n, u, v);
}

/* ---- the gradient --------------------------------------------------------------------------- */

static int gradient(const struct objective *o, const real *theta, uint64_t seed, real *u, real *v, int *turns,
                    struct err *e)
{
    double f, length, curve;
    int r = o->gradient(o, theta, &f, u, e);

    if (r)
        return r;
    length = sqrt(dot(o->n, u, u));
    if (!isfinite(f) || !isfinite(length))
        return err_set(e, ERR_DIVERGED, "loss or gradient at this point is not finite");
    if (length == 0)
        return err_set(e, ERR_INPUT, "the gradient is 0 at this point and has no direction");
    scale(o->n, u, 1 / length);
    r = o->hessian_vector(o, theta, u, v, e);
    if (r)
        return r;
    curve = sqrt(dot(o->n, v, v));
    orthogonalise(o->n, u, v);
    *turns = sqrt(dot(o->n, v, v)) > LEAST_TURN * curve;
    if (!*turns) {
        across(o->n, u, seed, v);
        return 0;
    }
    set_length(o->n, v, 1);
    orthogonalise(o->n, u, v);
    return 0;
}

const struct directions_ops R(directions) = {
    .random = random_pair,
    .gradient = gradient,
    .across = across,
    .orthogonalise = orthogonalise,
    .dot = dot,
    .scale = scale,
};
