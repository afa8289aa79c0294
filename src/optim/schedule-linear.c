/* SPDX-License-Identifier: MIT */
/* A straight line between two shares of the base rate, over T:
 *   η(t) = η₀ (a + (b − a) min(t, T)/T). */
#include <math.h>

#include "optim/schedule.h"

static double rate(const struct schedule_args *a, double base, double t)
{
    double share = a->total_iters > 0 ? fmin(t / a->total_iters, 1) : 1;

    return base * (a->start_factor + (a->end_factor - a->start_factor) * share);
}

static void defaults(struct schedule_args *a)
{
    a->start_factor = 1. / 3;
    a->end_factor = 1;
    a->total_iters = 5;
}

const struct schedule schedule_linear = {
    .name = "linear",
    .title = "linear",
    .rate = rate,
    .reads = "start_factor end_factor total_iters",
    .defaults = defaults,
};
