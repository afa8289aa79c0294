/* SPDX-License-Identifier: MIT */
/* tanh: y = tanh x, slope 1 − y². */
#include "net/layer.h"

KERNEL_INLINE real value(const struct layer *l, real x)
{
    (void)l;
    return real_tanh(x);
}

KERNEL_INLINE real slope(const struct layer *l, real y)
{
    (void)l;
    return 1 - y * y;
}

KERNEL_INLINE real bend(const struct layer *l, real y)
{
    (void)l;
    return -2 * y;
}

#include "net/activation.h"

const struct layer_kind R(layer_tanh) = {
    .name = "tanh",
    .elementwise = 1,
    .needs_output = 1,
    .setup = setup,
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};
