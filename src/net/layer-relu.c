/* SPDX-License-Identifier: MIT */
/* ReLU: y = max(x, 0), slope 1 where y > 0, else 0 (Nair and Hinton 2010). NaN goes through: it must be
 * seen. */
#include "net/layer.h"

KERNEL_INLINE real value(const struct layer *l, real x)
{
    (void)l;
    return x < 0 ? 0 : x;
}

KERNEL_INLINE real slope(const struct layer *l, real y)
{
    (void)l;
    return y > 0 ? 1 : 0;
}

KERNEL_INLINE real bend(const struct layer *l, real y)
{
    (void)l;
    (void)y;
    return 0;
}

#include "net/activation.h"

const struct layer_kind R(layer_relu) = {
    .name = "relu",
    .elementwise = 1,
    .needs_output = 1,
    .setup = setup,
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};
