/* SPDX-License-Identifier: MIT */
/* What Schedule-Free AdamW and SGD share:
 *   γ = η min(1, t/warmup_steps)
 *   γmax ← max(γmax, γ),   w = t^r γmax^p,   W ← W + w,   c = w/W    (W = 0: c = 0)
 * with r = average_power and p = weight_lr_power. */
#ifndef SADDLE_OPTIM_SCHEDULE_FREE_H
#define SADDLE_OPTIM_SCHEDULE_FREE_H

#include "optim/optimizer.h"

enum { SCHEDULE_FREE_LARGEST, SCHEDULE_FREE_WEIGHTS }; /* scalars: γmax, W */
enum { SCHEDULE_FREE_GAMMA, SCHEDULE_FREE_C };         /* a->now */

struct schedule_free_step {
    real gamma, decay, c, rest_c, beta, rest_beta;
    int first; /* z and x begin at θ */
};

static inline void schedule_free_begin(struct optimizer_args *a, double scalar[OPTIMIZER_SCALARS])
{
    double t = (double)a->t, gamma = a->lr * (a->warmup_steps > 0 ? fmin(1, t / a->warmup_steps) : 1), w;

    scalar[SCHEDULE_FREE_LARGEST] = fmax(scalar[SCHEDULE_FREE_LARGEST], gamma);
    w = pow(t, a->average_power) * pow(scalar[SCHEDULE_FREE_LARGEST], a->weight_lr_power);
    scalar[SCHEDULE_FREE_WEIGHTS] += w;
    a->now[SCHEDULE_FREE_GAMMA] = gamma;
    a->now[SCHEDULE_FREE_C] = scalar[SCHEDULE_FREE_WEIGHTS] > 0 ? w / scalar[SCHEDULE_FREE_WEIGHTS] : 0;
}

KERNEL_INLINE struct schedule_free_step schedule_free_step(const struct optimizer_args *a, double beta)
{
    double gamma = a->now[SCHEDULE_FREE_GAMMA], c = a->now[SCHEDULE_FREE_C];

    return (struct schedule_free_step){.gamma = (real)gamma,
                                       .decay = (real)(gamma * a->weight_decay),
                                       .c = (real)c,
                                       .rest_c = (real)(1 - c),
                                       .beta = (real)beta,
                                       .rest_beta = (real)(1 - beta),
                                       .first = a->t == 1};
}

/* One element's step along u. */
KERNEL_INLINE void schedule_free_move(const struct schedule_free_step *s, real u, real *y, real *z, real *x)
{
    real from = s->first ? *y : *z, average = s->first ? *y : *x;

    *z = from - s->gamma * u - s->decay * *y;
    *x = s->rest_c * average + s->c * *z;
    *y = s->beta * *x + s->rest_beta * *z;
}

#endif
