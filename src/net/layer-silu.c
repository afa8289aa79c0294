/* SPDX-License-Identifier: MIT */
/* SiLU, or swish (Elfwing, Uchibe and Doya 2018): y = x σ(x).
 *   y′ = σ + x σ (1 − σ),   y″ = σ (1 − σ) (2 + x (1 − 2σ)). */
#define ACTIVATION_OF_INPUT
#include "net/layer.h"

KERNEL_INLINE real value(const struct layer *l, real x)
{
    (void)l;
    return x * real_sigmoid(x);
}

KERNEL_INLINE real slope(const struct layer *l, real x)
{
    (void)l;
    real s = real_sigmoid(x);
    return s + x * s * (1 - s);
}

KERNEL_INLINE real bend(const struct layer *l, real x)
{
    (void)l;
    real s = real_sigmoid(x);
    return s * (1 - s) * (2 + x * (1 - 2 * s));
}

#include "net/activation.h"

const struct layer_kind R(layer_silu) = {
    .name = "silu",
    .elementwise = 1,
    .needs_input = 1,
    .setup = setup,
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};
