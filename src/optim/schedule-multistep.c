/* SPDX-License-Identifier: MIT */
/* Falls by γ at each milestone: η(t) = η₀ γ^(number of milestones ≤ t). */
#include <math.h>

#include "optim/schedule.h"

static double rate(const struct schedule_args *a, double base, double t)
{
    int passed = 0;

    for (int i = 0; i < a->milestone_count && i < SCHEDULE_MILESTONES; i++)
        passed += a->milestones[i] <= t;
    return base * pow(a->gamma, passed);
}

const struct schedule schedule_multistep = {
    .name = "multistep",
    .title = "milestones",
    .rate = rate,
    .reads = "milestones gamma",
};
