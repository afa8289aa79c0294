/* SPDX-License-Identifier: MIT */
/* The loops every activation shares, y = f(x) element by element. The file that includes this page has
 * before it the formula as three functions:
 *     value(l, x) = f;   slope(l, a) = f′;   bend(l, a) = ds/da, the slope's derivative by a,
 * where a is the output y, so that y may stand where x stood, or with ACTIVATION_OF_INPUT the input x.
 *   dx = f′ dy,   R{y} = f′ R{x},   R{dx} = f′ R{dy} + bend R{a} dy. */
#ifndef SADDLE_NET_ACTIVATION_H
#define SADDLE_NET_ACTIVATION_H

#include "net/layer.h"

#ifdef ACTIVATION_OF_INPUT
#define ACTIVATION_ARGUMENT(x, y) (x)
#else
#define ACTIVATION_ARGUMENT(x, y) (y)
#endif

static int setup(struct layer *l, struct err *e)
{
    (void)e;
    l->out = l->in;
    return 0;
}

static size_t elements(const struct layer *l, const struct pass *p)
{
    return (size_t)layer_rows(l, p) * (size_t)l->in_ld;
}

KERNEL static void forward(const struct layer *l, const struct pass *p, const real *x, real *y)
{
    size_t n = elements(l, p);

    for (size_t at = 0; at < n && !layer_cancelled(p); at = layer_piece(at, n)) {
        size_t end = layer_piece(at, n);
        LAYER_LOOP
        for (size_t i = at; i < end; i++)
            y[i] = value(l, x[i]);
    }
}

KERNEL static void backward(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                     real *dx)
{
    const real *a = ACTIVATION_ARGUMENT(x, y);
    size_t n = dx ? elements(l, p) : 0;

    (void)x;
    (void)y;
    for (size_t at = 0; at < n && !layer_cancelled(p); at = layer_piece(at, n)) {
        size_t end = layer_piece(at, n);
        LAYER_LOOP
        for (size_t i = at; i < end; i++)
            dx[i] = dy[i] * slope(l, a[i]);
    }
}

KERNEL static void rforward(const struct layer *l, const struct pass *p, const real *x, const real *rx, const real *y,
                     real *ry)
{
    const real *a = ACTIVATION_ARGUMENT(x, y);
    size_t n = elements(l, p);

    (void)x;
    (void)y;
    for (size_t at = 0; at < n && !layer_cancelled(p); at = layer_piece(at, n)) {
        size_t end = layer_piece(at, n);
        LAYER_LOOP
        for (size_t i = at; i < end; i++)
            ry[i] = rx ? rx[i] * slope(l, a[i]) : 0;
    }
}

KERNEL static void rbackward(const struct layer *l, const struct pass *p, const struct rflow *f)
{
    const real *a = ACTIVATION_ARGUMENT(f->x, f->y), *ra = ACTIVATION_ARGUMENT(f->rx, f->ry);
    const real *dy = f->dy, *rdy = f->rdy;
    real *dx = f->dx, *rdx = f->rdx;
    size_t n = dx ? elements(l, p) : 0;

    for (size_t at = 0; at < n && !layer_cancelled(p); at = layer_piece(at, n)) {
        size_t end = layer_piece(at, n);
        LAYER_LOOP
        for (size_t i = at; i < end; i++) {
            real s = slope(l, a[i]), d = dy[i];
            rdx[i] = s * rdy[i] + (ra ? bend(l, a[i]) * ra[i] * d : 0);
            dx[i] = s * d;
        }
    }
}

#endif
