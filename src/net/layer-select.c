/* SPDX-License-Identifier: MIT */
/* Select: of a sequence's frames the last, the centre one (steps / 2), or all of them, each of which then
 * is an example. What the choice leaves out needs no computing: `reach` tells the layers below. */
#include "net/layer.h"

static int chosen(const struct layer *l)
{
    return l->spec.select == SELECT_CENTER ? l->in.steps / 2 : l->in.steps - 1;
}

static int setup(struct layer *l, struct err *e)
{
    (void)e;
    l->out = l->in;
    if (l->spec.select != SELECT_ALL)
        l->out.steps = 1;
    return 0;
}

static void reach(const struct layer *l, int *first, int *last)
{
    if (l->spec.select != SELECT_ALL)
        *first = *last = chosen(l);
}

/* The chosen frames of a batch: where they begin, how many elements. */
static size_t begin_of(const struct layer *l, const struct pass *p)
{
    return l->spec.select == SELECT_ALL ? 0 : (size_t)chosen(l) * (size_t)p->examples * (size_t)l->in_ld;
}

static size_t size_of(const struct layer *l, const struct pass *p)
{
    return (size_t)l->out.steps * (size_t)p->examples * (size_t)l->in_ld;
}

static void forward(const struct layer *l, const struct pass *p, const real *x, real *y)
{
    layer_copy(p, size_of(l, p), x + begin_of(l, p), y);
}

static void backward(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                     real *dx)
{
    (void)x;
    (void)y;
    if (!dx)
        return;
    layer_zero(p, (size_t)layer_rows(l, p) * (size_t)l->in_ld, dx);
    layer_copy(p, size_of(l, p), dy, dx + begin_of(l, p));
}

static void rforward(const struct layer *l, const struct pass *p, const real *x, const real *rx, const real *y,
                     real *ry)
{
    (void)x;
    (void)y;
    if (rx)
        forward(l, p, rx, ry);
    else
        layer_zero(p, size_of(l, p), ry);
}

static void rbackward(const struct layer *l, const struct pass *p, const struct rflow *f)
{
    backward(l, p, f->x, f->y, f->dy, f->dx);
    backward(l, p, f->x, f->y, f->rdy, f->rdx);
}

const struct layer_kind R(layer_select) = {
    .name = "select",
    .setup = setup,
    .reach = reach,
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};
