/* SPDX-License-Identifier: MIT */
/* RNN (Elman 1990), as PyTorch writes it:
 *   h = tanh(W_ih x + b_ih + W_hh h′ + b_hh),  h′ of the step before.
 *   da = dh (1 − h²);   R{h} = (1 − h²) R{a},  R{da} = R{dh} (1 − h²) − 2 dh h R{h}. */
#include "net/recurrent.h"

KERNEL static void forward(const struct cell_step *s)
{
    for (int i = 0; i < s->rows; i++) {
        const real *a = s->gates + (size_t)i * (size_t)s->gates_ld;
        real *h = s->h + (size_t)i * (size_t)s->h_ld;
        LAYER_LOOP
        for (int j = 0; j < s->hidden; j++)
            h[j] = real_tanh(a[j]);
    }
}

KERNEL static void backward(const struct cell_step *s)
{
    for (int i = 0; i < s->rows; i++) {
        real *a = s->gates + (size_t)i * (size_t)s->gates_ld;
        const real *h = s->h + (size_t)i * (size_t)s->h_ld, *dh = s->dh + (size_t)i * (size_t)s->c_ld;
        LAYER_LOOP
        for (int j = 0; j < s->hidden; j++)
            a[j] = dh[j] * (1 - h[j] * h[j]);
    }
}

KERNEL static void rforward(const struct cell_step *s, const struct cell_step *r)
{
    for (int i = 0; i < s->rows; i++) {
        const real *h = s->h + (size_t)i * (size_t)s->h_ld, *ra = r->gates + (size_t)i * (size_t)s->gates_ld;
        real *rh = r->h + (size_t)i * (size_t)s->h_ld;
        LAYER_LOOP
        for (int j = 0; j < s->hidden; j++)
            rh[j] = (1 - h[j] * h[j]) * ra[j];
    }
}

KERNEL static void rbackward(const struct cell_step *s, const struct cell_step *r)
{
    for (int i = 0; i < s->rows; i++) {
        size_t gates = (size_t)i * (size_t)s->gates_ld, at = (size_t)i * (size_t)s->h_ld;
        const real *h = s->h + at, *rh = r->h + at;
        const real *dh = s->dh + (size_t)i * (size_t)s->c_ld, *rdh = r->dh + (size_t)i * (size_t)s->c_ld;
        real *a = s->gates + gates, *ra = r->gates + gates;
        LAYER_LOOP
        for (int j = 0; j < s->hidden; j++) {
            a[j] = dh[j] * (1 - h[j] * h[j]);
            ra[j] = rdh[j] * (1 - h[j] * h[j]) - 2 * dh[j] * h[j] * rh[j];
        }
    }
}

static const struct cell cell = {
    .gates = 1,
    .blocks = 1,
    .pieces = 1,
    .piece = {{0, 1, 0}},
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};

const struct layer_kind R(layer_rnn) = RECURRENT_LAYER("rnn", cell);
