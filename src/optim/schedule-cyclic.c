/* SPDX-License-Identifier: MIT */
/* Cyclical rates (Smith 2017): from foot to peak in u, back in d, again and again; in cycle k = 1, 2, …
 *   η(t) = η_foot + (η_max − η_foot) h c,   h from 0 up to 1 and back,
 *   c = 1 (triangular), 1/2^(k−1) (triangular2), γᵗ (exp_range). */
#include <math.h>

#include "optim/schedule.h"

static double scale(const struct schedule_args *a, double cycles, double t)
{
    switch (a->cyclic_mode) {
    case SCHEDULE_TRIANGULAR2:
        return exp2(-cycles);
    case SCHEDULE_EXP_RANGE:
        return pow(a->gamma, t);
    default:
        return 1;
    }
}

static double rate(const struct schedule_args *a, double base, double t)
{
    double up = a->step_size_up > 0 ? a->step_size_up : 0,
           down = a->step_size_down > 0 ? a->step_size_down : up;
    double into = fmod(t, up + down), cycles = floor(t / (up + down));
    double height = into < up ? into / up : (up + down - into) / down;
    double most = a->max_lr > 0 ? a->max_lr : base;

    if (!(up + down > 0))
        return a->base_lr;
    return a->base_lr + (most - a->base_lr) * height * scale(a, cycles, t);
}

static void defaults(struct schedule_args *a)
{
    a->step_size_up = 2000;
    a->gamma = 1;
}

const struct schedule schedule_cyclic = {
    .name = "cyclic",
    .title = "cyclic",
    .rate = rate,
    .reads = "base_lr max_lr step_size_up step_size_down cyclic_mode gamma",
    .defaults = defaults,
};
