/* SPDX-License-Identifier: MIT */
/* Falls by γ every s: η(t) = η₀ γ^⌊t/s⌋. */
#include <math.h>

#include "optim/schedule.h"

static double rate(const struct schedule_args *a, double base, double t)
{
    return a->step_size > 0 ? base * pow(a->gamma, floor(t / a->step_size)) : base;
}

const struct schedule schedule_step = {
    .name = "step",
    .title = "step",
    .rate = rate,
    .reads = "step_size gamma",
};
