/* SPDX-License-Identifier: MIT */
#include "numbers.h"

#include <math.h>

#include "core/rng.h"
#include "test.h"

void near(double got, double want, double within, const char *what)
{
    if (!(fabs(got - want) <= within))
        fail_msg("%s: %.12g, expected %.12g within %.2g", what, got, want, within);
}

void close_to(double got, double want, double within)
{
    if (!(fabs(got - want) <= within))
        fail_msg("%.12g, expected %.12g within %.2g", got, want, within);
}

void must(int result, const struct err *e)
{
    if (result != 0)
        fail_msg("%s", e->text);
}

double noise_of(uint64_t seed, uint64_t stream, uint64_t i)
{
    struct rng r = {.seed = seed, .purpose = RNG_PROBE};

    return rng_normal(&r, stream, i);
}

double noise(uint64_t stream, uint64_t i)
{
    return noise_of(5, stream, i);
}
