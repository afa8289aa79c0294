/* SPDX-License-Identifier: MIT */
/* The logistic sigmoid: y = 1 / (1 + e⁻ˣ), slope y (1 − y). */
#include "net/layer.h"

KERNEL_INLINE real value(const struct layer *l, real x)
{
    (void)l;
    return real_sigmoid(x);
}

KERNEL_INLINE real slope(const struct layer *l, real y)
{
    (void)l;
    return y * (1 - y);
}

KERNEL_INLINE real bend(const struct layer *l, real y)
{
    (void)l;
    return 1 - 2 * y;
}

#include "net/activation.h"

const struct layer_kind R(layer_sigmoid) = {
    .name = "sigmoid",
    .elementwise = 1,
    .needs_output = 1,
    .setup = setup,
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};
