/* SPDX-License-Identifier: MIT */
/* Falls when the evaluations no longer improve: after more than `patience` in a row that do not beat the
 * best by the threshold,
 *   η ← max(f η, η_min),
 * then as many as `cooldown` do not count. What comes is not known: the future is drawn flat. */
#include <math.h>

#include "optim/schedule.h"

static double rate(const struct schedule_args *a, double base, double t)
{
    (void)a;
    (void)t;
    return base;
}

/* NaN is no improvement. */
static int better(const struct schedule_args *a, double metric, const struct schedule_state *s)
{
    int rel = a->threshold_mode == SCHEDULE_REL;

    if (a->plateau_mode == SCHEDULE_MAX)
        return metric > (!s->fed ? -INFINITY : rel ? s->best * (1 + a->threshold) : s->best + a->threshold);
    return metric < (!s->fed ? INFINITY : rel ? s->best * (1 - a->threshold) : s->best - a->threshold);
}

static void feed(const struct schedule_args *a, double base, double metric, struct schedule_state *s)
{
    double old = base * s->factor, fallen = fmax(old * a->factor, a->min_lr);

    s->num_bad_epochs++;
    if (better(a, metric, s)) {
        s->best = metric;
        s->fed = 1;
        s->num_bad_epochs = 0;
    }
    if (s->cooldown_counter > 0) {
        s->cooldown_counter--;
        s->num_bad_epochs = 0;
    }
    if (s->num_bad_epochs <= a->patience)
        return;
    if (old - fallen > a->plateau_eps) {
        s->factor = fallen / base;
        s->reductions++;
    }
    s->cooldown_counter = a->cooldown;
    s->num_bad_epochs = 0;
}

static void defaults(struct schedule_args *a)
{
    a->factor = .1;
    a->patience = 10;
    a->threshold = 1e-4;
    a->plateau_eps = 1e-8;
}

const struct schedule schedule_plateau = {
    .name = "plateau",
    .title = "plateau",
    .rate = rate,
    .reads = "plateau_mode factor patience threshold threshold_mode cooldown min_lr plateau_eps",
    .defaults = defaults,
    .feed = feed,
};
