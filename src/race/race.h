/* SPDX-License-Identifier: MIT */
/* The race: optimizers of the registry, in double, on one surface from one start, a step at a time. Each
 * has numbers, a learning rate and a schedule of its own (a schedule's unit is steps; one that looks at
 * evaluations is fed the loss after every step).
 *
 * Gradient noise adds σ ξ to the gradient, ξ standard normal: a function of (seed, step, coordinate), so that
 * all racers get the same noise. For an optimizer that asks for f too, the step's surface is tilted
 * by σ ξ·x; the losses reported are without noise.
 *
 * A step after which the loss or its gradient is not finite is not applied: that racer stops with an error
 * message; the others go on. */
#ifndef SADDLE_RACE_RACE_H
#define SADDLE_RACE_RACE_H

#include <stdint.h>

#include "optim/optimizer.h"
#include "optim/schedule.h"
#include "race/surface.h"

enum { RACE_RACERS = 24, RACE_TRAIL = 1024, RACE_SEEN = 2, RACE_LABEL = 32 };

struct racer_setup {
    const char *optimizer;           /* a name of the registry */
    struct optimizer_args args;      /* lr: the base rate */
    const struct schedule *schedule; /* NULL: constant */
    struct schedule_args schedule_args;
};

enum racer_state {
    RACER_RACING,
    RACER_STOPPED, /* by race_stop */
    RACER_DIVERGED /* the step after `steps` was not applied: see why */
};

struct racer_point {
    uint64_t step;
    double loss, x[RACE_SEEN]; /* the coordinates that are plotted */
};

struct racer {
    struct racer_setup setup;
    char label[RACE_LABEL]; /* "adam"; the second of the name "adam 2" */
    enum racer_state state;
    char why[128]; /* a sentence, of one that diverged */
    uint64_t steps;
    double x[SURFACE_MOST], loss, gradient[SURFACE_MOST], gradient_norm; /* without noise */
    double at[SURFACE_MOST], slope[SURFACE_MOST]; /* where steps go on, and the gradient there: x is the average of an
                                                   * optimizer that averages, else the same */
    double rate;                                                         /* of the next step */
    /* Every stride-th point from the start on; stride doubles whenever the trail is full. x and loss are the
     * end of the way, whether the trail holds them or not. */
    struct racer_point trail[RACE_TRAIL];
    int points;
    uint64_t stride;
    double seconds; /* that the measured steps took (race_measure), and … */
    uint64_t measured; /* … how many they are */
    struct racer_memory *memory; /* race.c's */
};

struct race;

/* A race without racers from start[n]; the surface is not copied. Errors: ERR_USAGE, the loss is not finite
 * at the start; ERR_RUNTIME, no memory. Free accepts NULL. */
int race_new(struct race **r, const struct surface *s, const double *start, struct err *e);
void race_free(struct race *r);

/* One more racer, at the start. Returns its number (0, 1, …) or a negative error: ERR_USAGE, no such
 * optimizer or too many racers. */
int race_add(struct race *r, const struct racer_setup *setup, struct err *e);

/* Everyone to start[n] (NULL: the same start), with fresh state; in error all is as before. */
int race_restart(struct race *r, const double *start, struct err *e);

/* From the next step on: the standard deviation σ ≥ 0, and the seed. */
void race_noise(struct race *r, double sigma, uint64_t seed);
/* From the next step on: a racer's base rate. */
void race_rate(struct race *r, int i, double lr);

/* From the next step on: whether the time of steps is measured. What is measured differs from race to race. */
void race_measure(struct race *r, int on);
/* Mean seconds of a racer's measured steps, update and gradient; NaN: none was. */
double racer_seconds(const struct racer *c);

/* One racer less; those behind it move up. */
void race_remove(struct race *r, int i);

/* One step of everyone in the race; returns how many still are in it after it. */
int race_step(struct race *r);
/* Take one out of the race where it is. */
void race_stop(struct race *r, int i);

/* The i-th racer, valid until race_free, or NULL beyond the last. */
const struct racer *race_racer(const struct race *r, int i);
/* The racer that stopped in the fewest steps; if none has, the one with the lowest loss; −1 without racers. */
int race_leader(const struct race *r);
const struct surface *race_surface(const struct race *r);

/* A racer and the edge of stability (stability.h) of its own optimizer. */
struct race_edge {
    double reached;     /* rate of the next step · λmax there, of S H S where the limit is; ≤ 0: nothing curves up */
    double limit;       /* of that product; NaN: none known */
    double rate;        /* the learning rate at which the limit is reached; INFINITY: nothing curves up; NaN: not known */
    int preconditioned;
};
/* Errors: ERR_DIVERGED, a curvature that is not finite. */
int race_edge(const struct race *r, int i, struct race_edge *edge, struct err *e);

#endif
