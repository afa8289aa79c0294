/* SPDX-License-Identifier: MIT */
/* ELU (Clevert, Unterthiner and Hochreiter 2016), α = 1: y = x where x > 0, else eˣ − 1, whose slope is
 * eˣ = y + 1. */
#include "net/layer.h"

KERNEL_INLINE real value(const struct layer *l, real x)
{
    (void)l;
    real below = real_expm1(x < 0 ? x : 0);
    return x < 0 ? below : x;
}

KERNEL_INLINE real slope(const struct layer *l, real y)
{
    (void)l;
    return y > 0 ? 1 : y + 1;
}

KERNEL_INLINE real bend(const struct layer *l, real y)
{
    (void)l;
    return y > 0 ? 0 : 1;
}

#include "net/activation.h"

const struct layer_kind R(layer_elu) = {
    .name = "elu",
    .elementwise = 1,
    .needs_output = 1,
    .setup = setup,
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};
