/* The state of a lane: one block of plain data that is checkpoint, fork and (later) keyframe. Copying
 * the block copies the run. */
#ifndef SADDLE_LAB_STATE_H
#define SADDLE_LAB_STATE_H

#include <stdint.h>

#include "lab/knob.h"
#include "optim/optimizer.h"

/* Numbers that a run counts; all 8 bytes wide, so that a checkpoint can hold them as hex. */
struct counters {
    uint64_t step;              /* steps applied */
    uint64_t epoch, position;   /* whole epochs, and examples taken of the present one */
    uint64_t optimizer_steps;   /* since the optimizer was chosen */
    uint64_t schedule_step;     /* where the schedule was chosen, in steps … */
    double schedule_epoch;      /* … and in epochs */
    uint64_t evaluation_due;    /* the step just done asks for one */
    double epoch_loss;          /* sums over the examples of the present epoch */
    uint64_t epoch_correct;
    double last_epoch_loss, last_epoch_accuracy; /* means of the epoch before; NaN in the first */
    double validation_loss, validation_accuracy; /* of the last evaluation; NaN before */
    double best_accuracy;       /* highest validation accuracy; NaN before */
    uint64_t best_step;
};

struct state {
    size_t bytes;               /* of the whole block */
    struct knobs knobs;
    struct counters counters;
    int64_t parameters, statistics;
    int slots;                  /* vectors of the optimizer */
    size_t theta_at, statistics_at, slots_at; /* offsets from the block's start */
};

/* A zeroed block (free() releases it); NULL: no memory. Vectors start on 64 bytes. */
struct state *state_new(int64_t parameters, int64_t statistics, int slots);
/* The same state with another number of zeroed optimizer vectors. */
struct state *state_with_slots(const struct state *s, int slots);
struct state *state_copy(const struct state *s);

float *state_theta(const struct state *s);
float *state_statistics(const struct state *s);
float *state_slot(const struct state *s, int slot);

/* The counters by name, for checkpoints: bits of number i, or NULL beyond the last. */
const char *counters_name(int i);
uint64_t counters_bits(const struct counters *c, int i);
void counters_set_bits(struct counters *c, int i, uint64_t bits);

#endif
