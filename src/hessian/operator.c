/* SPDX-License-Identifier: MIT */
#include "hessian/operator.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

static int whole(const struct curvature *c)
{
    return !c->scale && c->n == c->objective->n;
}

static void close_curvature(struct curvature *c)
{
    free(c->v);
    free(c->out);
    c->v = c->out = NULL;
}

static int open_curvature(struct curvature *c, struct err *e)
{
    size_t bytes = sizeof(real) * (size_t)c->objective->n;

    c->v = c->out = NULL;
    if (c->n == 0)
        c->n = c->objective->n - c->first;
    if (c->first < 0 || c->n < 1 || c->first + c->n > c->objective->n)
        return err_set(e, ERR_INPUT, "parameters %" PRId64 " to %" PRId64 " are not among the %" PRId64,
                       c->first, c->first + c->n - 1, c->objective->n);
    if (c->gauss_newton && !c->objective->gauss_newton_vector)
        return err_set(e, ERR_INPUT, "this function has no Gauss-Newton matrix");
    if (whole(c))
        return 0;
    c->v = memory_zeroed(bytes);
    c->out = memory_zeroed(bytes);
    if (c->v && c->out)
        return 0;
    close_curvature(c);
    return err_memory(e, "a block of the Hessian", 2 * bytes);
}

static int product(const struct curvature *c, const real *v, real *out, struct err *e)
{
    const struct objective *o = c->objective;
    int r = objective_cancelled(o, e);

    if (r)
        return r;
    return (c->gauss_newton ? o->gauss_newton_vector : o->hessian_vector)(o, c->theta, v, out, e);
}

static void scaled(const struct curvature *c, const real *from, real *to)
{
    if (!c->scale)
        memcpy(to, from, sizeof *to * (size_t)c->n);
    else
        for (int64_t i = 0; i < c->n; i++)
            to[i] = c->scale[c->first + i] * from[i];
}

/* Elements of c->v outside the block stay 0. */
static int multiply(const struct curvature *c, const real *v, real *out, struct err *e)
{
    int r;

    if (whole(c))
        return product(c, v, out, e);
    scaled(c, v, c->v + c->first);
    r = product(c, c->v, c->out, e);
    if (r == 0)
        scaled(c, c->out + c->first, out);
    return r;
}

const struct curvature_ops R(curvature) = {
    .open = open_curvature, .close = close_curvature, .multiply = multiply};
