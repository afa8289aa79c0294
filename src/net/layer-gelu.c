/* SPDX-License-Identifier: MIT */
/* GELU (Hendrycks and Gimpel 2016), the exact form: y = x Φ(x), Φ and φ the standard normal's
 * distribution ½ (1 + erf(x/√2)) and density.
 *   y′ = Φ + x φ,   y″ = φ (2 − x²). */
#define ACTIVATION_OF_INPUT
#include "net/layer.h"

KERNEL_INLINE real density(real x)
{
    return (real)(M_SQRT1_2 * M_2_SQRTPI / 2) * real_exp(x * x * (real)-.5);
}

KERNEL_INLINE real value(const struct layer *l, real x)
{
    (void)l;
    return x * (real).5 * (1 + real_erf(x * (real)M_SQRT1_2));
}

KERNEL_INLINE real slope(const struct layer *l, real x)
{
    (void)l;
    return (real).5 * (1 + real_erf(x * (real)M_SQRT1_2)) + x * density(x);
}

KERNEL_INLINE real bend(const struct layer *l, real x)
{
    (void)l;
    return density(x) * (2 - x * x);
}

#include "net/activation.h"

const struct layer_kind R(layer_gelu) = {
    .name = "gelu",
    .elementwise = 1,
    .needs_input = 1,
    .setup = setup,
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};
