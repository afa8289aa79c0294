/* SPDX-License-Identifier: MIT */
/* Dropout (Srivastava et al. 2014), inverted: in training y = x m / (1 − p), m = 0 with probability p;
 * in evaluation y = x. The mask is a function of (seed, step, layer, example, feature): it is the same
 * whoever computes it; forward draws it and keeps it, a byte an element. Held, it is a linear map and its
 * own derivative: R{y} = R{x} m / (1 − p).
 *
 * p is rounded to 1/65536: 16 random bits an element. */
#include "net/layer.h"

enum { CHUNK = 2048, LAYER_BITS = 48, LEVEL_BITS = 44 }; /* where layer and level stand in a mask's index */

static int setup(struct layer *l, struct err *e)
{
    if (l->spec.rate < 0 || l->spec.rate >= 1)
        return err_set(e, ERR_INPUT, "dropout's rate is %g, it must be at least 0 and below 1", l->spec.rate);
    l->out = l->in;
    return 0;
}

double R(dropout_rate)(const struct layer *l, const struct pass *p)
{
    if (!p->masks)
        return 0;
    return isnan(l->spec.rate) ? p->dropout : l->spec.rate;
}

static size_t saved(const struct layer *l, int examples)
{
    return (size_t)l->in.steps * (size_t)examples * (size_t)real_padded(l->in.width);
}

/* p in 1/65536. */
static uint16_t threshold(double rate)
{
    return (uint16_t)(rate * 65536);
}

KERNEL static void compare(size_t n, const uint16_t *random, uint16_t below, uint8_t *mask)
{
    for (size_t i = 0; i < n; i++)
        mask[i] = random[i] >= below;
}

/* Numbers in a row of the widest padding, that of float: an element's random bits are the same over any `real`. */
static size_t row_of_float(int ld)
{
    enum { PAD = 64 / sizeof(float) };
    return ((size_t)ld + PAD - 1) / PAD * PAD;
}

/* n elements, whose random bits stand from `at` on. */
static void draw(const struct pass *p, uint64_t at, size_t n, double rate, uint8_t *mask)
{
    uint16_t random[CHUNK];

    for (size_t done = 0; done < n && !layer_cancelled(p); done += CHUNK) {
        size_t count = n - done < CHUNK ? n - done : CHUNK;
        rng_halves(&p->random, p->step, at + done, count, random);
        compare(count, random, threshold(rate), mask + done);
    }
}

void R(dropout_draw)(const struct layer *l, const struct pass *p, int level, int steps, int ld, double rate,
                     uint8_t *mask)
{
    uint64_t stream = (uint64_t)l->index << LAYER_BITS | (uint64_t)level << LEVEL_BITS;
    size_t row = (size_t)ld, apart = row_of_float(ld), rows = (size_t)p->examples;
    size_t at_once = row == apart ? rows : 1; /* rows that stand one behind the other */

    for (int t = 0; t < steps; t++)
        for (size_t i = 0; i < rows; i += at_once) {
            uint64_t number = (uint64_t)t * (uint64_t)p->batch + (uint64_t)p->first + i;
            draw(p, stream + number * apart, at_once * row, rate, mask + ((size_t)t * rows + i) * row);
        }
}

KERNEL static void apply(size_t n, real scale, const uint8_t *mask, const real *x, real *y)
{
    LAYER_LOOP
    for (size_t i = 0; i < n; i++)
        y[i] = mask[i] ? x[i] * scale : 0;
}

void R(dropout_apply)(const struct pass *p, size_t n, double rate, const uint8_t *mask, const real *x, real *y)
{
    real scale = (real)(1 / (1 - threshold(rate) / 65536.0));

    for (size_t at = 0; at < n && !layer_cancelled(p); at = layer_piece(at, n))
        apply(layer_piece(at, n) - at, scale, mask + at, x + at, y + at);
}

/* y = x by the mask that forward drew. */
static void masked(const struct layer *l, const struct pass *p, const real *x, real *y)
{
    size_t n = (size_t)layer_rows(l, p) * (size_t)l->in_ld;
    double rate = R(dropout_rate)(l, p);

    if (rate > 0)
        R(dropout_apply)(p, n, rate, p->saved, x, y);
    else if (x != y)
        layer_copy(p, n, x, y);
}

static void forward(const struct layer *l, const struct pass *p, const real *x, real *y)
{
    double rate = R(dropout_rate)(l, p);

    if (rate > 0)
        R(dropout_draw)(l, p, 0, l->in.steps, l->in_ld, rate, p->saved);
    masked(l, p, x, y);
}

static void backward(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                     real *dx)
{
    (void)x;
    (void)y;
    if (dx)
        masked(l, p, dy, dx);
}

static void rforward(const struct layer *l, const struct pass *p, const real *x, const real *rx, const real *y,
                     real *ry)
{
    size_t n = (size_t)layer_rows(l, p) * (size_t)l->in_ld;

    (void)x;
    (void)y;
    if (rx)
        masked(l, p, rx, ry);
    else
        layer_zero(p, n, ry);
}

static void rbackward(const struct layer *l, const struct pass *p, const struct rflow *f)
{
    if (!f->dx)
        return;
    masked(l, p, f->dy, f->dx);
    masked(l, p, f->rdy, f->rdx);
}

const struct layer_kind R(layer_dropout) = {
    .name = "dropout",
    .elementwise = 1,
    .setup = setup,
    .saved = saved,
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};
