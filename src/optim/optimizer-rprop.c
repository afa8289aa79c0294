/* SPDX-License-Identifier: MIT */
/* Rprop (Riedmiller and Braun 1993): only the gradient's sign counts; every weight has a step of its own,
 * η at first, which grows while the sign stays and shrinks when it turns. For whole batches.
 *   g · g' > 0: Δ ← min(η⁺ Δ, Δmax);   g · g' < 0: Δ ← max(η⁻ Δ, Δmin), g ← 0
 *   θ ← θ − sign(g) Δ,   g' ← g. */
#include "optim/optimizer.h"

static void defaults(struct optimizer_args *a)
{
    a->lr = 1e-2;
    a->etaminus = .5;
    a->etaplus = 1.2;
    a->step_size_min = 1e-6;
    a->step_size_max = 50;
}

KERNEL_INLINE real sign(real x)
{
    return (real)(x > 0) - (real)(x < 0);
}

/* The first step's Δ is η, as the schedule has it there. */
static void fill(real *size, size_t n, real value)
{
    for (size_t i = 0; i < n; i++)
        size[i] = value;
}

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot)
{
    real minus = (real)a->etaminus, plus = (real)a->etaplus;
    real least = (real)a->step_size_min, most = (real)a->step_size_max;
    real *previous = slot[0], *size = slot[1];

    if (a->t == 1)
        fill(size, n, (real)a->lr);
    for (size_t i = 0; i < n; i++) {
        real s = sign(gradient[i]), same = s * sign(previous[i]);
        real grown = size[i] * (same > 0 ? plus : same < 0 ? minus : 1);
        grown = grown < least ? least : grown;
        size[i] = grown > most ? most : grown;
        previous[i] = same < 0 ? 0 : gradient[i];
        theta[i] -= same < 0 ? 0 : s * size[i];
    }
}

const struct optimizer R(optimizer_rprop) = {
    .name = "rprop",
    .title = "Rprop",
    .reads = "etaminus etaplus step_size_min step_size_max",
    .ignores = "clip_norm clip_value", /* they keep the signs */
    .slot = {"prev", "step_size"},
    .defaults = defaults,
    .step = step,
};
