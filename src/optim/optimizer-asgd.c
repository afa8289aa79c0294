/* SPDX-License-Identifier: MIT */
/* Averaged stochastic gradient descent (Polyak and Juditsky 1992; Bottou's rates): the walk is plain, the
 * result is the mean of where it went, kept in `ax` beside θ.
 *   η_t = η/(1 + λ' η (t − 1))^α,   μ_t = 1/max(1, t − 1 − t₀)
 *   g ← g + λ θ
 *   θ ← (1 − λ' η_t) θ − η_t g,   a ← a + μ_t (θ − a).
 * As PyTorch's, η_t is worked out at the end of the step before: a new η counts one step late. */
#include "optim/optimizer.h"

enum { ETA };             /* scalars: of the step to come */
enum { ETA_NOW, MU_NOW }; /* a->now */

static void defaults(struct optimizer_args *a)
{
    a->lr = 1e-2;
    a->lambd = 1e-4;
    a->alpha = .75;
    a->t0 = 1e6;
}

static void begin(struct optimizer_args *a, double scalar[OPTIMIZER_SCALARS])
{
    double t = (double)a->t;

    a->now[ETA_NOW] = a->t == 1 ? a->lr : scalar[ETA];
    a->now[MU_NOW] = 1 / fmax(1, t - 1 - a->t0);
    scalar[ETA] = a->lr / pow(1 + a->lambd * a->lr * t, a->alpha);
}

KERNEL static void step(const struct optimizer_args *a, size_t n, real *theta, const real *gradient,
                 real *const *slot)
{
    real eta = (real)a->now[ETA_NOW], mu = (real)a->now[MU_NOW], decay = (real)a->weight_decay;
    real shrink = (real)(1 - a->lambd * a->now[ETA_NOW]);
    real kept = mu == 1 ? 0 : 1; /* the mean of one is itself, to the bit */
    real *mean = slot[0];

    for (size_t i = 0; i < n; i++) {
        real g = gradient[i] + decay * theta[i], old = kept * mean[i];
        theta[i] = shrink * theta[i] - eta * g;
        mean[i] = old + mu * (theta[i] - old);
    }
}

const struct optimizer R(optimizer_asgd) = {
    .name = "asgd",
    .title = "ASGD",
    .reads = "lambd alpha t0 weight_decay",
    .slot = {"ax"},
    .defaults = defaults,
    .begin = begin,
    .step = step,
};
