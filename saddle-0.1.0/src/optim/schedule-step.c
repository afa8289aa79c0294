/* Falls by γ every s: η(t) = η₀ γ^⌊t/s⌋. */
#include <math.h>

#include "optim/schedule.h"

static double rate(const struct schedule_args *a, double base, double t)
{
    return base * pow(a->gamma, floor(t / a->step_size));
}

const struct schedule schedule_step = {
    .name = "step",
    .title = "step",
    .rate = rate,
    .reads = "step_size gamma",
};
