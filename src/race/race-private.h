/* SPDX-License-Identifier: MIT */
/* Shared by race.c and race-edge.c. */
#ifndef SADDLE_RACE_RACE_PRIVATE_H
#define SADDLE_RACE_RACE_PRIVATE_H

#include "core/rng.h"
#include "race/race.h"

struct race {
    const struct surface *surface;
    double start[SURFACE_MOST], sigma;
    struct rng rng;
    struct optimizer_part part[SURFACE_MATRICES + 1];
    int parts;
    int measured; /* whether steps are */
    int racers;
    struct racer *racer[RACE_RACERS];
};

/* An optimizer's state, and what its steps work on. */
struct racer_memory {
    const struct optimizer *kind;
    struct schedule_state schedule;
    double scalar[OPTIMIZER_SCALARS];
    real slot[OPTIMIZER_SLOTS][SURFACE_MOST];
    struct optimizer_size size;
    struct optimizer_memory whole;
};

#endif
