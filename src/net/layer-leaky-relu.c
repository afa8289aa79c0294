/* SPDX-License-Identifier: MIT */
/* Leaky ReLU (Maas, Hannun and Ng 2013): y = x where x > 0, else s x, with a small slope s ≥ 0. The sign
 * of y is that of x. */
#include "net/layer.h"

KERNEL_INLINE real value(const struct layer *l, real x)
{
    return x < 0 ? (real)l->spec.slope * x : x;
}

KERNEL_INLINE real slope(const struct layer *l, real y)
{
    return y > 0 ? 1 : (real)l->spec.slope;
}

KERNEL_INLINE real bend(const struct layer *l, real y)
{
    (void)l;
    (void)y;
    return 0;
}

#include "net/activation.h"

static int setup_slope(struct layer *l, struct err *e)
{
    if (!(l->spec.slope >= 0 && l->spec.slope <= 1))
        return err_set(e, ERR_INPUT, "leaky_relu's slope is %g, it must be from 0 to 1", l->spec.slope);
    return setup(l, e);
}

const struct layer_kind R(layer_leaky_relu) = {
    .name = "leaky_relu",
    .elementwise = 1,
    .needs_output = 1,
    .setup = setup_slope,
    .forward = forward,
    .backward = backward,
    .rforward = rforward,
    .rbackward = rbackward,
};
