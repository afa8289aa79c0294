/* SPDX-License-Identifier: MIT */
/* Linear: y = x Wᵀ + b, W[out][in].
 *   dW = dyᵀ x,  db = Σ_rows dy,  dx = dy W.
 * With the direction (V, c) in (W, b):
 *   R{y} = R{x} Wᵀ + x Vᵀ + c,  R{dW} = R{dy}ᵀ x + dyᵀ R{x},  R{db} = Σ_rows R{dy},  R{dx} = R{dy} W + dy V. */
#include <stdio.h>

#include "net/product.h"
#include "net/layer.h"

static int setup(struct layer *l, struct err *e)
{
    if (l->spec.width < 1 || l->spec.width > SPEC_MOST_WIDTH)
        return err_set(e, ERR_INPUT, "linear needs a width from 1 to %d", SPEC_MOST_WIDTH);
    l->out = (struct shape){l->in.steps, l->spec.width};
    l->parameter[0] = (struct place){.name = "weight", .dims = 2, .shape = {l->out.width, l->in.width}};
    l->parameter[1] = (struct place){.name = "bias", .dims = 1, .shape = {l->out.width}};
    l->parameters = l->spec.bias ? 2 : 1;
    return 0;
}

/* PyTorch's default: uniform in ±1/√in, weight and bias. */
static void init(const struct layer *l, real *theta, real *statistics, const struct rng *r)
{
    double bound = 1 / sqrt(l->in.width);

    (void)statistics;
    for (int k = 0; k < l->parameters; k++)
        for (int64_t i = 0; i < l->parameter[k].count; i++)
            theta[l->parameter[k].offset + i] =
                (real)(bound * (2 * rng_uniform(r, (uint64_t)(l->index * LAYER_TENSORS + k), (uint64_t)i) - 1));
}

/* Every row of y = b; nothing when the layer has none. */
static void fill_bias(const struct layer *l, const struct pass *p, const real *theta, real *y)
{
    const real *b = theta + (l->spec.bias ? l->parameter[1].offset : 0);
    int rows = l->spec.bias ? layer_rows(l, p) : 0;

    for (int i = 0; i < rows && !layer_cancelled(p); i++)
        memcpy(y + (size_t)i * (size_t)l->out_ld, b, sizeof *y * (size_t)l->out.width);
}

KERNEL static void bias_gradient(const struct layer *l, const struct pass *p, const real *dy)
{
    real *db = p->gradient + (l->spec.bias ? l->parameter[1].offset : 0);
    int rows = layer_rows(l, p), out = l->out.width;

    if (!l->spec.bias)
        return;
    for (int j = 0; j < out; j++)
        db[j] = 0;
    for (int i = 0; i < rows && !layer_cancelled(p); i++) {
        const real *row = dy + (size_t)i * l->out_ld;
        LAYER_LOOP
        for (int j = 0; j < out; j++)
            db[j] += row[j];
    }
}

static void forward(const struct layer *l, const struct pass *p, const real *x, real *y)
{
    const real *w = p->theta + l->parameter[0].offset;
    int rows = layer_rows(l, p), in = l->in.width, out = l->out.width;

    fill_bias(l, p, p->theta, y);
    R(products).nt(p, rows, out, in, x, l->in_ld, w, in, l->spec.bias, y, l->out_ld);
}

static void backward(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                     real *dx)
{
    const real *w = p->theta + l->parameter[0].offset;
    real *dw = p->gradient + l->parameter[0].offset;
    int rows = layer_rows(l, p), in = l->in.width, out = l->out.width;

    (void)y;
    R(products).tn(p, out, in, rows, dy, l->out_ld, x, l->in_ld, 0, dw, in);
    bias_gradient(l, p, dy);
    if (dx)
        R(products).nn(p, rows, in, out, dy, l->out_ld, w, in, 0, dx, l->in_ld);
}

static void rforward(const struct layer *l, const struct pass *p, const real *x, const real *rx, const real *y,
                     real *ry)
{
    const real *w = p->theta + l->parameter[0].offset, *v = p->v + l->parameter[0].offset;
    int rows = layer_rows(l, p), in = l->in.width, out = l->out.width;

    (void)y;
    fill_bias(l, p, p->v, ry);
    R(products).nt(p, rows, out, in, x, l->in_ld, v, in, l->spec.bias, ry, l->out_ld);
    if (rx)
        R(products).nt(p, rows, out, in, rx, l->in_ld, w, in, 1, ry, l->out_ld);
}

static void rbackward(const struct layer *l, const struct pass *p, const struct rflow *f)
{
    const real *w = p->theta + l->parameter[0].offset, *v = p->v + l->parameter[0].offset;
    real *dw = p->gradient + l->parameter[0].offset;
    int rows = layer_rows(l, p), in = l->in.width, out = l->out.width;

    R(products).tn(p, out, in, rows, f->rdy, l->out_ld, f->x, l->in_ld, 0, dw, in);
    if (f->rx)
        R(products).tn(p, out, in, rows, f->dy, l->out_ld, f->rx, l->in_ld, 1, dw, in);
    bias_gradient(l, p, f->rdy);
    if (!f->dx)
        return;
    R(products).nn(p, rows, in, out, f->dy, l->out_ld, w, in, 0, f->dx, l->in_ld);
    R(products).nn(p, rows, in, out, f->rdy, l->out_ld, w, in, 0, f->rdx, l->in_ld);
    R(products).nn(p, rows, in, out, f->dy, l->out_ld, v, in, 1, f->rdx, l->in_ld);
}

const struct layer_kind R(layer_linear) = {
    .name = "linear",
    .setup = setup,
    .init = init,
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};
