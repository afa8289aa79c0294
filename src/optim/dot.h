/* SPDX-License-Identifier: MIT */
/* aᵀ b in double, in a fixed order of sums that the compiler may keep in vectors. */
#ifndef SADDLE_OPTIM_DOT_H
#define SADDLE_OPTIM_DOT_H

#include <stddef.h>

#include "core/kernel.h"
#include "optim/optimizer.h"

KERNEL_INLINE double vector_dot(size_t n, const real *a, const real *b)
{
    enum { LANES = 8 };
    double run[LANES] = {0}, sum = 0;
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            run[k] += (double)a[i + k] * (double)b[i + k];
    for (; i < n; i++)
        sum += (double)a[i] * (double)b[i];
    for (size_t k = 0; k < LANES; k++)
        sum += run[k];
    return sum;
}

#endif
