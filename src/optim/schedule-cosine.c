/* SPDX-License-Identifier: MIT */
/* Cosine annealing (Loshchilov and Hutter 2017, without the restarts):
 *   η(t) = η_min + (η₀ − η_min)(1 + cos(π t/T))/2,
 * which climbs again after T. */
#include <math.h>

#include "optim/schedule.h"

static double rate(const struct schedule_args *a, double base, double t)
{
    double phase = a->T_max > 0 ? fmod(t, 2 * a->T_max) / a->T_max : 1;

    return a->eta_min + (base - a->eta_min) * (1 + cos(M_PI * phase)) / 2;
}

const struct schedule schedule_cosine = {
    .name = "cosine",
    .title = "cosine",
    .rate = rate,
    .reads = "T_max eta_min",
};
