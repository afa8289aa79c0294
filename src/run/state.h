/* SPDX-License-Identifier: MIT */
/* The state of a run: one block of plain data that is checkpoint, fork and (later) keyframe. Copying
 * the block copies the run. */
#ifndef SADDLE_RUN_STATE_H
#define SADDLE_RUN_STATE_H

#include <stdint.h>

#include "run/hyperparameter.h"
#include "optim/schedule.h"

/* Numbers that a run counts; all 8 bytes wide, so that a checkpoint can hold them as hex. */
struct counters {
    uint64_t step;              /* steps applied */
    uint64_t epoch, position;   /* whole epochs, and examples taken of the present one */
    uint64_t optimizer_steps;   /* since the optimizer was chosen */
    uint64_t fresh_slots;       /* of its slots, bit by bit: zeroed, and not in use before the next step */
    uint64_t schedule_step;     /* where the schedule was chosen, in steps … */
    double schedule_epoch;      /* … and in epochs */
    uint64_t evaluation_due;    /* the step just done asks for one */
    double epoch_loss;          /* sums over the examples of the current epoch: weighted losses, … */
    double epoch_weight;        /* … weights (examples, where the loss is not weighted), … */
    uint64_t epoch_correct, epoch_frames;
    double last_epoch_loss, last_epoch_accuracy; /* means of the epoch before; NaN in the first */
    double validation_loss, validation_accuracy; /* of the last evaluation; NaN before */
    double part_loss, part_accuracy; /* of a fixed random part of training, in evaluation mode; NaN before */
    double best_accuracy;       /* highest validation accuracy; NaN before */
    uint64_t best_step;
    double best_loss, best_part_loss, best_part_accuracy; /* of the same evaluation; NaN: not known */
    uint64_t stale;             /* evaluations since the best one */
};

/* Lengths of a state's vectors, in elements. */
struct state_shape {
    int64_t parameters, statistics; /* θ and the running statistics */
    int64_t vectors, scalars;       /* of the optimizer: vectors as long as θ, one after the other; doubles */
    int64_t ema, best;              /* 1: the state keeps an average of θ; the best θ and statistics so far */
};

struct state {
    size_t bytes;               /* of the whole block */
    struct knobs knobs;
    struct counters counters;
    struct schedule_state schedule;
    struct state_shape shape;
    size_t theta_at, statistics_at, scalars_at, vectors_at, ema_at, best_at; /* offsets from the block's start */
};

/* A zeroed block (free() releases it); NULL: no memory, or sizes that no memory holds. */
struct state *state_new(const struct state_shape *shape);
/* The same state in another shape of the same network: optimizer vector number i is the old one from[i], or
 * zero where that is −1 (from NULL: all zero); scalars are kept when their number is, else zero; an average or
 * best weights that are new begin at θ. */
struct state *state_reshaped(const struct state *s, const struct state_shape *shape, const int *from);
struct state *state_copy(const struct state *s);

float *state_theta(const struct state *s);
float *state_statistics(const struct state *s);
double *state_scalars(const struct state *s);
float *state_vector(const struct state *s, int64_t vector);
float *state_ema(const struct state *s);  /* [parameters] */
float *state_best(const struct state *s); /* [parameters + statistics] */

/* The counters by name, for checkpoints: bits of number i, or NULL beyond the last. */
const char *counters_name(int i);
/* Whether a checkpoint may lack it: it was added later, and is NaN there. */
int counters_optional(int i);
uint64_t counters_bits(const struct counters *c, int i);
void counters_set_bits(struct counters *c, int i, uint64_t bits);

/* The schedule's state by name, in the same way: checkpoints hold each field as 8 bytes, a double's bits or a
 * number. */
const char *schedule_state_name(int i);
uint64_t schedule_state_bits(const struct schedule_state *s, int i);
/* −1: no such number fits the field. */
int schedule_state_set_bits(struct schedule_state *s, int i, uint64_t bits);

#endif
