/* SPDX-License-Identifier: MIT */
/* Shared by RNN, LSTM and GRU: levels, directions, the order of steps and every matrix product. A cell (layer-rnn.c,
 * layer-lstm.c, layer-gru.c) has only the elementwise operations of one step.
 *
 * Rows are time-major, so the input's share of all steps is one product before the loop over steps, and
 * so are the weights' gradients after it; within the loop one product a step remains, with W_hh. A row of
 * `gates` has `blocks` × hidden numbers: pre-activations, then activations, in backward their gradients,
 * each where the one before stood. The first `gates` blocks are those h W_hhᵀ is added to. */
#ifndef SADDLE_NET_RECURRENT_H
#define SADDLE_NET_RECURRENT_H

#include "core/memory.h"
#include "net/layer.h"

/* One step of one direction: pointers to the first of the shard's rows in it. */
struct cell_step {
    int rows, hidden;
    int gates_ld, h_ld, c_ld; /* between rows of gates; of h and h_before; of all others */
    real *gates, *h, *c, *tanh_c;        /* c: cells with a memory of their own only */
    const real *h_before, *c_before;
    real *dh; /* backward: gradient of h; a cell that `carries` leaves h_before's share of it here */
    real *dc; /* in: gradient of c from the step after; out: of c_before */
};

/* Rows of W_ih [gates·hidden][in] go to blocks of `gates`: from block `from` on, `count` of them, to `to`. */
struct cell_piece {
    int from, count, to;
};

struct cell {
    int gates;   /* blocks of rows in the weights, PyTorch's order */
    int blocks;  /* numbers kept of each step and hidden unit */
    int memory;  /* has c beside h */
    int carries; /* part of dh goes to h_before directly */
    int pieces;
    struct cell_piece piece[2];
    /* gates hold the pre-activations; makes h (and c). */
    void (*forward)(const struct cell_step *s);
    /* dh, dc and what forward kept; turns gates into their gradients. */
    void (*backward)(const struct cell_step *s);
    /* The R-versions: r holds R{…} of all that s holds. rbackward does backward's work too. */
    void (*rforward)(const struct cell_step *s, const struct cell_step *r);
    void (*rbackward)(const struct cell_step *s, const struct cell_step *r);
};

/* One direction of one level. */
struct track {
    int direction;         /* 0 forward, 1 reverse */
    int begin, step, count; /* steps in their order: begin, begin + step, … */
    int lowest;            /* the smallest of them */
    int in;                /* width of the level's input */
    int64_t w_ih, w_hh, b_ih, b_hh; /* offsets; biases −1 when there are none */
};

/* The pieces of `saved`; `rsaved` has the same. */
struct recurrent_memory {
    struct {
        real *gates, *c, *tanh_c;
    } of[SPEC_MOST_LEVELS][2];
    real *output[SPEC_MOST_LEVELS]; /* of each level but the last */
    real *masked[SPEC_MOST_LEVELS]; /* the same after dropout: the next level's input */
    uint8_t *mask[SPEC_MOST_LEVELS];
    real *delta;                    /* gradient of a level's output */
    real *dh, *dc, *zero, *row;     /* one step's; rows of zeros; one row of gates */
};

struct recurrent_parts {
    struct track (*track)(const struct layer *l, int level, int direction);
    void (*lay_out)(const struct layer *l, struct arena *a, int examples, struct recurrent_memory *m);
    /* Step number k of a track of this level, whose h stand in `output`. */
    struct cell_step (*step)(const struct layer *l, const struct pass *p, const struct recurrent_memory *m,
                             int level, const struct track *t, int k, real *output);
    /* The track's rows of gates = the biases; += x W_ihᵀ. */
    void (*bias)(const struct layer *l, const struct pass *p, const struct recurrent_memory *m,
                 const struct track *t, const real *theta, real *gates);
    void (*project)(const struct layer *l, const struct pass *p, const struct track *t, const real *theta,
                    const real *x, int x_ld, real *gates);
    /* From the gates' gradients d over the track's rows: the weights' = dᵀ x and dᵀ h_before (beta 1: +=;
     * x NULL: only the latter); the biases' = Σ d; dx += d W_ih. */
    void (*weights)(const struct layer *l, const struct pass *p, const struct track *t, const real *d,
                    const real *x, int x_ld, const real *output, real beta);
    void (*biases)(const struct layer *l, const struct pass *p, const struct recurrent_memory *m,
                   const struct track *t, const real *d);
    void (*input)(const struct layer *l, const struct pass *p, const struct track *t, const real *theta,
                  const real *d, real *dx, int dx_ld);
    /* Padding has no state and hands none on: zeros into the rows of step k whose example has ended, after the
     * cell went forward, or back. */
    void (*end)(const struct layer *l, const struct pass *p, const struct track *t, int k,
                const struct cell_step *s, int back);
    /* Zeros into the last level's rows that the track leaves out. */
    void (*clear)(const struct layer *l, const struct pass *p, const struct track *t, real *output);
};
extern const struct recurrent_parts R(recurrent);

int R(recurrent_tensors)(const struct layer_spec *s);
int R(recurrent_setup)(struct layer *l, struct err *e);
void R(recurrent_init)(const struct layer *l, real *theta, real *statistics, const struct rng *r);
void R(recurrent_reach)(const struct layer *l, int *first, int *last);
size_t R(recurrent_saved)(const struct layer *l, int examples);
void R(recurrent_forward)(const struct layer *l, const struct pass *p, const real *x, real *y);
void R(recurrent_backward)(const struct layer *l, const struct pass *p, const real *x, const real *y, const real *dy,
                           real *dx);
void R(recurrent_rforward)(const struct layer *l, const struct pass *p, const real *x, const real *rx, const real *y,
                           real *ry);
void R(recurrent_rbackward)(const struct layer *l, const struct pass *p, const struct rflow *f);

/* Distance between rows of gates, and of all that is `hidden` wide; output rows have the layer's out_ld. */
static inline int recurrent_gates_ld(const struct layer *l)
{
    return real_padded(l->kind->cell->blocks * l->spec.width);
}

static inline int recurrent_c_ld(const struct layer *l)
{
    return real_padded(l->spec.width);
}

static inline int recurrent_directions(const struct layer *l)
{
    return l->spec.bidirectional ? 2 : 1;
}

/* The descriptor of a layer made of this cell. */
#define RECURRENT_LAYER(NAME, CELL)              \
    {                                            \
        .name = NAME,                            \
        .needs_output = 1,                       \
        .cell = &CELL,                           \
        .tensors = R(recurrent_tensors),         \
        .setup = R(recurrent_setup),             \
        .init = R(recurrent_init),               \
        .reach = R(recurrent_reach),             \
        .saved = R(recurrent_saved),             \
        .forward = R(recurrent_forward),         \
        .backward = R(recurrent_backward),       \
        .rforward = R(recurrent_rforward),       \
        .rbackward = R(recurrent_rbackward),     \
    }

#endif
