/* SPDX-License-Identifier: MIT */
/* LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000), as
 * PyTorch writes it; gates in the order i, f, g, o, the step before marked ′:
 *   i, f, o = σ(W_ih x + b_ih + W_hh h′ + b_hh),  g = tanh(…),
 *   c = f c′ + i g,  h = o tanh c.
 * Back, with k = tanh c:
 *   do = dh k,  dc += dh o (1 − k²),  di = dc g,  dg = dc i,  df = dc c′,  dc′ = dc f,
 * each gate's times its slope: σ (1 − σ), or 1 − g². The R-versions are these lines by the product rule. */
#include "net/recurrent.h"

KERNEL static void forward(const struct cell_step *s)
{
    int n = s->hidden;

    for (int row = 0; row < s->rows; row++) {
        size_t at = (size_t)row * (size_t)s->c_ld;
        real *i = s->gates + (size_t)row * (size_t)s->gates_ld, *f = i + n, *g = f + n, *o = g + n;
        real *c = s->c + at, *k = s->tanh_c + at, *h = s->h + (size_t)row * (size_t)s->h_ld;
        const real *before = s->c_before + at;
        LAYER_LOOP
        for (int j = 0; j < n; j++) {
            i[j] = real_sigmoid(i[j]);
            f[j] = real_sigmoid(f[j]);
            g[j] = real_tanh(g[j]);
            o[j] = real_sigmoid(o[j]);
            c[j] = f[j] * before[j] + i[j] * g[j];
            k[j] = real_tanh(c[j]);
            h[j] = o[j] * k[j];
        }
    }
}

KERNEL static void backward(const struct cell_step *s)
{
    int n = s->hidden;

    for (int row = 0; row < s->rows; row++) {
        size_t at = (size_t)row * (size_t)s->c_ld;
        real *i = s->gates + (size_t)row * (size_t)s->gates_ld, *f = i + n, *g = f + n, *o = g + n;
        real *dc = s->dc + at;
        const real *k = s->tanh_c + at, *before = s->c_before + at, *dh = s->dh + at;
        LAYER_LOOP
        for (int j = 0; j < n; j++) {
            real in = i[j], forget = f[j], cand = g[j], out = o[j];
            real d = dc[j] + dh[j] * out * (1 - k[j] * k[j]);
            o[j] = dh[j] * k[j] * out * (1 - out);
            i[j] = d * cand * in * (1 - in);
            g[j] = d * in * (1 - cand * cand);
            f[j] = d * before[j] * forget * (1 - forget);
            dc[j] = d * forget;
        }
    }
}

KERNEL static void rforward(const struct cell_step *s, const struct cell_step *r)
{
    int n = s->hidden;

    for (int row = 0; row < s->rows; row++) {
        size_t at = (size_t)row * (size_t)s->c_ld, gates = (size_t)row * (size_t)s->gates_ld;
        const real *i = s->gates + gates, *f = i + n, *g = f + n, *o = g + n;
        real *ri = r->gates + gates, *rf = ri + n, *rg = rf + n, *ro = rg + n;
        const real *before = s->c_before + at, *rbefore = r->c_before + at, *k = s->tanh_c + at;
        real *rc = r->c + at, *rk = r->tanh_c + at, *rh = r->h + (size_t)row * (size_t)s->h_ld;
        LAYER_LOOP
        for (int j = 0; j < n; j++) {
            ri[j] *= i[j] * (1 - i[j]);
            rf[j] *= f[j] * (1 - f[j]);
            rg[j] *= 1 - g[j] * g[j];
            ro[j] *= o[j] * (1 - o[j]);
            rc[j] = rf[j] * before[j] + f[j] * rbefore[j] + ri[j] * g[j] + i[j] * rg[j];
            rk[j] = (1 - k[j] * k[j]) * rc[j];
            rh[j] = ro[j] * k[j] + o[j] * rk[j];
        }
    }
}

/* A gate's gradient d with its slope σ (1 − σ) of the activation a; *rd becomes R{} of it. */
KERNEL_INLINE real through_sigmoid(real d, real *rd, real a, real ra)
{
    *rd = *rd * a * (1 - a) + d * (1 - 2 * a) * ra;
    return d * a * (1 - a);
}

KERNEL static void rbackward(const struct cell_step *s, const struct cell_step *r)
{
    int n = s->hidden;

    for (int row = 0; row < s->rows; row++) {
        size_t at = (size_t)row * (size_t)s->c_ld, gates = (size_t)row * (size_t)s->gates_ld;
        real *i = s->gates + gates, *f = i + n, *g = f + n, *o = g + n;
        real *ri = r->gates + gates, *rf = ri + n, *rg = rf + n, *ro = rg + n;
        const real *before = s->c_before + at, *rbefore = r->c_before + at;
        const real *k = s->tanh_c + at, *rk = r->tanh_c + at, *dh = s->dh + at, *rdh = r->dh + at;
        real *dc = s->dc + at, *rdc = r->dc + at;
        LAYER_LOOP
        for (int j = 0; j < n; j++) {
            real in = i[j], rin = ri[j], forget = f[j], rforget = rf[j], cand = g[j], rcand = rg[j];
            real out = o[j], rout = ro[j], flat = 1 - k[j] * k[j];
            real d = dc[j] + dh[j] * out * flat;
            real rd = rdc[j] + (rdh[j] * out + dh[j] * rout) * flat - 2 * dh[j] * out * k[j] * rk[j];
            real rdo = rdh[j] * k[j] + dh[j] * rk[j], rdi = rd * cand + d * rcand, rdg = rd * in + d * rin;
            real rdf = rd * before[j] + d * rbefore[j];
            o[j] = through_sigmoid(dh[j] * k[j], &rdo, out, rout);
            i[j] = through_sigmoid(d * cand, &rdi, in, rin);
            f[j] = through_sigmoid(d * before[j], &rdf, forget, rforget);
            g[j] = d * in * (1 - cand * cand);
            rg[j] = rdg * (1 - cand * cand) - 2 * d * in * cand * rcand;
            ro[j] = rdo;
            ri[j] = rdi;
            rf[j] = rdf;
            dc[j] = d * forget;
            rdc[j] = rd * forget + d * rforget;
        }
    }
}

static const struct cell cell = {
    .gates = 4,
    .blocks = 4,
    .memory = 1,
    .pieces = 1,
    .piece = {{0, 4, 0}},
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};

const struct layer_kind R(layer_lstm) = RECURRENT_LAYER("lstm", cell);
