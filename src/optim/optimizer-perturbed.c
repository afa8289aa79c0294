/* SPDX-License-Identifier: MIT */
/* Perturbed gradient descent (Jin, Ge, Netrapalli, Kakade and Jordan 2017, arXiv 1703.00887, algorithm 2): where the
 * gradient is small and the last kick is more than kick_interval steps ago, a draw from the uniform distribution over a
 * ball moves θ, and gradient descent goes on from there.
 *   g ← g + λ θ
 *   |g| ≤ threshold_grad and no recent kick:  θ ← θ + ξ,  ξ uniform in the ball of radius r
 *   else:  θ ← θ − η g
 * A kick is a step of its own, so that every step takes one gradient. ξ is a function of (seed, t, element). */
#include "optim/optimizer.h"

#include "core/rng.h"

enum { LAST_KICK, SCALARS }; /* the step that was one, 0 before the first */

static void defaults(struct optimizer_args *a)
{
    a->lr = 1e-2;
    a->threshold_grad = 1e-2;
    a->radius = 1e-2;
    a->kick_interval = 50;
}

static struct optimizer_size size(const struct optimizer_args *a, size_t n)
{
    (void)a;
    (void)n;
    return (struct optimizer_size){.scalars = SCALARS, .scratch = 1};
}

static double norm(size_t n, const real *v)
{
    double square = 0;

    for (size_t i = 0; i < n; i++)
        square += (double)v[i] * (double)v[i];
    return sqrt(square);
}

/* A normal direction, whose length is the n-th root of a uniform number. */
static void kick(const struct optimizer_args *a, size_t n, real *theta, real *direction)
{
    struct rng r = {.seed = a->seed, .purpose = RNG_KICK};
    double length = a->radius * pow(rng_uniform(&r, a->t, 2 * (uint64_t)n), 1 / (double)n), by;

    for (size_t i = 0; i < n; i++)
        direction[i] = (real)rng_normal(&r, a->t, i);
    by = norm(n, direction);
    for (size_t i = 0; i < n && by > 0; i++)
        theta[i] += (real)(length / by) * direction[i];
}

static int step_vector(const struct optimizer_args *a, const struct optimizer_closure *c, size_t n, real *theta,
                       const real *gradient, const struct optimizer_memory *m)
{
    double last = m->scalar[LAST_KICK];
    real lr = (real)a->lr, decay = (real)a->weight_decay, *g = m->scratch;

    (void)c;
    for (size_t i = 0; i < n; i++)
        g[i] = gradient[i] + decay * theta[i];
    if (norm(n, g) <= a->threshold_grad && (last == 0 || (double)a->t - last > a->kick_interval)) {
        kick(a, n, theta, g);
        m->scalar[LAST_KICK] = (double)a->t;
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        theta[i] -= lr * g[i];
    return 0;
}

const struct optimizer R(optimizer_perturbed) = {
    .name = "perturbed",
    .title = "perturbed GD",
    .use = "To see gradient descent leave a saddle, even one where the gradient is exactly 0: it is kicked off.\n"
           "Full batches or large ones, so that a small gradient means a critical point.",
    .reads = "threshold_grad radius kick_interval weight_decay",
    .defaults = defaults,
    .size = size,
    .step_vector = step_vector,
};
