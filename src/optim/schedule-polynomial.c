/* SPDX-License-Identifier: MIT */
/* Down to 0 over T, as a power: η(t) = η₀ (1 − min(t, T)/T)^p. */
#include <math.h>

#include "optim/schedule.h"

static double rate(const struct schedule_args *a, double base, double t)
{
    double share = a->total_iters > 0 ? fmin(t / a->total_iters, 1) : 1;

    return base * pow(1 - share, a->power);
}

static void defaults(struct schedule_args *a)
{
    a->total_iters = 5;
    a->power = 1;
}

const struct schedule schedule_polynomial = {
    .name = "polynomial",
    .title = "polynomial",
    .rate = rate,
    .reads = "total_iters power",
    .defaults = defaults,
};
