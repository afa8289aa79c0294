/* SPDX-License-Identifier: MIT */
/* η(t) = η₀. */
#include "optim/schedule.h"

static double rate(const struct schedule_args *a, double base, double t)
{
    (void)a;
    (void)t;
    return base;
}

const struct schedule schedule_constant = {
    .name = "constant", .title = "constant", .rate = rate, .reads = ""};
