/* SPDX-License-Identifier: MIT */
/* GRU (Cho et al. 2014), as PyTorch writes it, with two biases; gates in the order r, z, n, the step
 * before marked ′:
 *   r, z = σ(W_ih x + b_ih + W_hh h′ + b_hh),  u = W_hn h′ + b_hn,  n = tanh(W_in x + b_in + r u),
 *   h = (1 − z) n + z h′.
 * Back:
 *   dn = dh (1 − z) (1 − n²),  dz = dh (h′ − n) z (1 − z),  dr = dn u r (1 − r),  du = dn r,  dh′ = dh z + …
 * A row of gates holds r, z, u, n: u meets the recurrent weights' third block, n the input weights'. */
#include "net/recurrent.h"

KERNEL static void forward(const struct cell_step *s)
{
    int width = s->hidden;

    for (int row = 0; row < s->rows; row++) {
        real *r = s->gates + (size_t)row * (size_t)s->gates_ld, *z = r + width, *u = z + width, *n = u + width;
        const real *before = s->h_before + (size_t)row * (size_t)s->h_ld;
        real *h = s->h + (size_t)row * (size_t)s->h_ld;
        LAYER_LOOP
        for (int j = 0; j < width; j++) {
            r[j] = real_sigmoid(r[j]);
            z[j] = real_sigmoid(z[j]);
            n[j] = real_tanh(n[j] + r[j] * u[j]);
            h[j] = (1 - z[j]) * n[j] + z[j] * before[j];
        }
    }
}

KERNEL static void backward(const struct cell_step *s)
{
    int width = s->hidden;

    for (int row = 0; row < s->rows; row++) {
        real *r = s->gates + (size_t)row * (size_t)s->gates_ld, *z = r + width, *u = z + width, *n = u + width;
        const real *before = s->h_before + (size_t)row * (size_t)s->h_ld;
        real *dh = s->dh + (size_t)row * (size_t)s->c_ld;
        LAYER_LOOP
        for (int j = 0; j < width; j++) {
            real reset = r[j], update = z[j], cand = n[j], d = dh[j];
            real dn = d * (1 - update) * (1 - cand * cand);
            r[j] = dn * u[j] * reset * (1 - reset);
            z[j] = d * (before[j] - cand) * update * (1 - update);
            u[j] = dn * reset;
            n[j] = dn;
            dh[j] = d * update;
        }
    }
}

KERNEL static void rforward(const struct cell_step *s, const struct cell_step *rs)
{
    int width = s->hidden;

    for (int row = 0; row < s->rows; row++) {
        size_t gates = (size_t)row * (size_t)s->gates_ld, at = (size_t)row * (size_t)s->h_ld;
        const real *r = s->gates + gates, *z = r + width, *u = z + width, *n = u + width;
        real *rr = rs->gates + gates, *rz = rr + width, *ru = rz + width, *rn = ru + width;
        const real *before = s->h_before + at, *rbefore = rs->h_before + at;
        real *rh = rs->h + at;
        LAYER_LOOP
        for (int j = 0; j < width; j++) {
            rr[j] *= r[j] * (1 - r[j]);
            rz[j] *= z[j] * (1 - z[j]);
            rn[j] = (1 - n[j] * n[j]) * (rn[j] + rr[j] * u[j] + r[j] * ru[j]);
            rh[j] = rz[j] * (before[j] - n[j]) + (1 - z[j]) * rn[j] + z[j] * rbefore[j];
        }
    }
}

KERNEL static void rbackward(const struct cell_step *s, const struct cell_step *rs)
{
    int width = s->hidden;

    for (int row = 0; row < s->rows; row++) {
        size_t gates = (size_t)row * (size_t)s->gates_ld, at = (size_t)row * (size_t)s->h_ld;
        real *r = s->gates + gates, *z = r + width, *u = z + width, *n = u + width;
        real *rr = rs->gates + gates, *rz = rr + width, *ru = rz + width, *rn = ru + width;
        const real *before = s->h_before + at, *rbefore = rs->h_before + at;
        real *dh = s->dh + (size_t)row * (size_t)s->c_ld, *rdh = rs->dh + (size_t)row * (size_t)s->c_ld;
        LAYER_LOOP
        for (int j = 0; j < width; j++) {
            real reset = r[j], rreset = rr[j], update = z[j], rupdate = rz[j], cand = n[j], rcand = rn[j];
            real d = dh[j], rd = rdh[j], flat = 1 - cand * cand, apart = before[j] - cand;
            real dn = d * (1 - update) * flat;
            real rdn = (rd * (1 - update) - d * rupdate) * flat - 2 * d * (1 - update) * cand * rcand;
            real dr = dn * u[j], rdr = rdn * u[j] + dn * ru[j];
            real dz = d * apart, rdz = rd * apart + d * (rbefore[j] - rcand);
            r[j] = dr * reset * (1 - reset);
            rr[j] = rdr * reset * (1 - reset) + dr * (1 - 2 * reset) * rreset;
            z[j] = dz * update * (1 - update);
            rz[j] = rdz * update * (1 - update) + dz * (1 - 2 * update) * rupdate;
            u[j] = dn * reset;
            ru[j] = rdn * reset + dn * rreset;
            n[j] = dn;
            rn[j] = rdn;
            dh[j] = d * update;
            rdh[j] = rd * update + d * rupdate;
        }
    }
}

static const struct cell cell = {
    .gates = 3,
    .blocks = 4,
    .carries = 1,
    .pieces = 2,
    .piece = {{0, 2, 0}, {2, 1, 3}},
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};

const struct layer_kind R(layer_gru) = RECURRENT_LAYER("gru", cell);
