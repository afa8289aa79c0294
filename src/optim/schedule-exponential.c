/* SPDX-License-Identifier: MIT */
/* η(t) = η₀ γᵗ. */
#include <math.h>

#include "optim/schedule.h"

static double rate(const struct schedule_args *a, double base, double t)
{
    return base * pow(a->gamma, t);
}

/* PyTorch asks for γ. */
static void defaults(struct schedule_args *a)
{
    a->gamma = .9;
}

const struct schedule schedule_exponential = {
    .name = "exponential",
    .title = "exponential",
    .rate = rate,
    .reads = "gamma",
    .defaults = defaults,
};
