/* η(t) = η₀ γᵗ. */
#include <math.h>

#include "optim/schedule.h"

static double rate(const struct schedule_args *a, double base, double t)
{
    return base * pow(a->gamma, t);
}

const struct schedule schedule_exponential = {
    .name = "exponential",
    .title = "exponential",
    .rate = rate,
    .reads = "gamma",
};
