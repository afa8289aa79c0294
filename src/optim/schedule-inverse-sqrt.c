/* SPDX-License-Identifier: MIT */
/* The Transformer's decay (Vaswani et al. 2017), scaled so that warm-up over W ends at the base rate:
 *   η = η₀ √(W/n), n the steps made since the start, warm-up and the present one included;
 * without warm-up η = η₀/√(1 + t). */
#include <math.h>

#include "optim/schedule.h"

static double rate(const struct schedule_args *a, double base, double t)
{
    return a->warmup > 0 ? base * sqrt(a->warmup / (a->warmup + t + a->tick)) : base / sqrt(1 + t);
}

const struct schedule schedule_inverse_sqrt = {
    .name = "inverse_sqrt",
    .title = "inverse square root",
    .rate = rate,
    .reads = "warmup",
};
