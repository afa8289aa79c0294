/* SPDX-License-Identifier: MIT */
/* Small functions of numbers that several rooms need. */
#ifndef SADDLE_CORE_NUMBER_H
#define SADDLE_CORE_NUMBER_H

#include <math.h>
#include <stdint.h>

/* v, but at least lo and at most hi. */
static inline int clamp(int v, int lo, int hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

static inline int all_finite(const double *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return 0;
    return 1;
}

#endif
