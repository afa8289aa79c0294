/* SPDX-License-Identifier: MIT */
/* Prodigy (Mishchenko and Defazio 2023, arXiv 2306.06101; the authors' implementation, weight decay decoupled):
 * Adam that estimates the distance d from the start to the solution, and with it the learning rate. x₀ is the initial
 * θ; m = v = s = 0, r = 0, d = d̂max = d₀.
 *   η = d lr · √(1 − β₂ᵗ)/(1 − β₁ᵗ) with use_bias_correction, else d lr
 *   m ← β₁ m + (1 − β₁) d g,   v ← β₂ v + (1 − β₂) d² g²
 *   s ← β₃ s + (d/d₀) (d with safeguard_warmup, else η) g
 *   r ← β₃ r + (d/d₀) η g·(x₀ − θ),   d̂ = d_coef r/Σ|s|
 *   d ← min(d̂max, d growth_rate), d at least d̂ where it is still d₀
 *   θ ← θ − λ η θ,   θ ← θ − η m/(√v + d ε)
 * While Σ|s| = 0 nothing but m, v and s moves. Sums are taken in double, block by block. */
#include "optim/blocks.h"
#include "optim/prodigy.h"

#include <string.h>

enum { FIRST, MEAN, SQUARE, SUM, VECTORS }; /* x₀, m, v, s */
enum { ALONG, ABSOLUTE, SUMS };             /* of a block: g·(x₀ − θ), Σ|s| */

struct work {
    const struct optimizer_args *a;
    size_t n;
    real *theta;
    const real *gradient;
    real *vector;
    double d, eta;
    double (*sum)[SUMS];
};

static void defaults(struct optimizer_args *a)
{
    a->lr = 1;
    a->d0 = 1e-6;
    a->d_coef = 1;
}

static struct optimizer_size size(const struct optimizer_args *a, size_t n)
{
    (void)a;
    return (struct optimizer_size){.vectors = VECTORS, .scalars = PRODIGY_SCALARS,
                                   .scratch_scalars = SUMS * blocks_in(n, BLOCK_ELEMENTS)};
}

static double beta3(const struct optimizer_args *a)
{
    return a->beta3 > 0 ? a->beta3 : sqrt(a->beta2);
}

static double corrected(const struct optimizer_args *a, double steps)
{
    return a->use_bias_correction ? sqrt(1 - pow(a->beta2, steps + 1)) / (1 - pow(a->beta1, steps + 1)) : 1;
}

enum { LANES = 8 };

/* The moments, and a block's sums. */
KERNEL static void gather(const struct work *w, struct block b, double sum[SUMS])
{
    const struct optimizer_args *a = w->a;
    const real *x0 = w->vector + FIRST * w->n, *theta = w->theta, *gradient = w->gradient;
    real *m = w->vector + MEAN * w->n, *v = w->vector + SQUARE * w->n, *s = w->vector + SUM * w->n;
    real b1 = (real)a->beta1, b2 = (real)a->beta2, b3 = (real)beta3(a);
    real into_m = (real)((1 - a->beta1) * w->d), into_v = (real)((1 - a->beta2) * w->d * w->d);
    real into_s = (real)(w->d / a->d0 * (a->safeguard_warmup ? w->d : w->eta));
    double along[LANES] = {0}, absolute[LANES] = {0};

    for (size_t i = b.from; i < b.to; i += LANES)
        for (size_t k = 0; k < LANES && i + k < b.to; k++) {
            size_t j = i + k;
            real g = gradient[j];
            along[k] += (double)g * ((double)x0[j] - (double)theta[j]);
            m[j] = b1 * m[j] + into_m * g;
            v[j] = b2 * v[j] + into_v * g * g;
            s[j] = b3 * s[j] + into_s * g;
            absolute[k] += fabs((double)s[j]);
        }
    for (size_t k = 1; k < LANES; k++) {
        along[0] += along[k];
        absolute[0] += absolute[k];
    }
    sum[ALONG] = along[0];
    sum[ABSOLUTE] = absolute[0];
}

static void gather_block(void *context, int task)
{
    const struct work *w = context;

    gather(w, block_at(task, w->n, BLOCK_ELEMENTS), w->sum[task]);
}

/* r and d with what this step adds to r; the new d. */
static double grow(const struct optimizer_args *a, double added, double sum, double *scalar)
{
    double d = scalar[PRODIGY_DISTANCE], estimate;

    scalar[PRODIGY_RATIO] = beta3(a) * scalar[PRODIGY_RATIO] + added;
    estimate = a->d_coef * scalar[PRODIGY_RATIO] / sum;
    if (d == a->d0)
        d = fmax(d, estimate);
    scalar[PRODIGY_LARGEST] = fmax(scalar[PRODIGY_LARGEST], estimate);
    return scalar[PRODIGY_DISTANCE] = a->growth_rate > 0 ? fmin(scalar[PRODIGY_LARGEST], d * a->growth_rate) : scalar[PRODIGY_LARGEST];
}

KERNEL static void move(const struct work *w, struct block b)
{
    const real *m = w->vector + MEAN * w->n, *v = w->vector + SQUARE * w->n;
    real keep = (real)(1 - w->a->weight_decay * w->eta), rate = (real)w->eta, eps = (real)(w->d * w->a->eps);

    for (size_t i = b.from; i < b.to; i++)
        w->theta[i] = keep * w->theta[i] - rate * m[i] / (real_sqrt(v[i]) + eps);
}

static void move_block(void *context, int task)
{
    const struct work *w = context;

    move(w, block_at(task, w->n, BLOCK_ELEMENTS));
}

static int step_vector(const struct optimizer_args *a, const struct optimizer_closure *c, size_t n, real *theta,
                       const real *gradient, const struct optimizer_memory *memory)
{
    struct work w = {.a = a, .n = n, .theta = theta, .gradient = gradient, .vector = memory->vector,
                     .sum = (double(*)[SUMS])memory->scratch_scalar};
    size_t blocks = blocks_in(n, BLOCK_ELEMENTS);
    double *scalar = memory->scalar, along = 0, sum = 0;

    (void)c;
    if (a->t == 1) {
        memcpy(memory->vector + FIRST * n, theta, n * sizeof *theta);
        scalar[PRODIGY_DISTANCE] = scalar[PRODIGY_LARGEST] = a->d0;
    }
    w.d = scalar[PRODIGY_DISTANCE];
    w.eta = w.d * a->lr * corrected(a, scalar[PRODIGY_STEPS]);
    blocks_run(a, gather_block, &w, blocks);
    for (size_t i = 0; i < blocks; i++) {
        along += w.sum[i][ALONG];
        sum += w.sum[i][ABSOLUTE];
    }
    if (sum == 0)
        return 0;
    w.d = grow(a, w.d / a->d0 * w.eta * along, sum, scalar);
    blocks_run(a, move_block, &w, blocks);
    scalar[PRODIGY_STEPS]++;
    return 0;
}

const struct optimizer R(optimizer_prodigy) = {
    .name = "prodigy",
    .title = "Prodigy",
    .use = "When there is no time to look for a learning rate: leave it at 1, and the estimate d grows to it.\n"
           "With a cosine schedule where training is long; d_coef below 1 takes smaller steps.",
    .reads = "beta1 beta2 beta3 eps weight_decay d0 d_coef growth_rate use_bias_correction safeguard_warmup",
    .defaults = defaults,
    .size = size,
    .step_vector = step_vector,
};
