/* SPDX-License-Identifier: MIT */
/* One cycle (Smith and Topin 2018): up to a high peak, then down to almost nothing, once.
 *   from η_max/d up to η_max until p T − 1, then down to η_max/(d d') until T − 1;
 *   in three phases: down to η_max/d until 2 p T − 2, and to η_max/(d d') until T − 1,
 * each part along a half cosine or a line, where 1 is one step. */
#include <math.h>

#include "optim/schedule.h"

struct phase {
    double end, rate; /* where it ends, and at which rate */
};

static double between(const struct schedule_args *a, double from, double to, double share)
{
    if (a->anneal_strategy == SCHEDULE_ANNEAL_LINEAR)
        return from + (to - from) * share;
    return to + (from - to) / 2 * (cos(M_PI * share) + 1);
}

static double rate(const struct schedule_args *a, double base, double t)
{
    double most = a->max_lr > 0 ? a->max_lr : base, first = a->div_factor > 0 ? most / a->div_factor : most;
    double last = a->final_div_factor > 0 ? first / a->final_div_factor : first;
    double up = a->pct_start * a->total_steps - a->tick, end = a->total_steps - a->tick;
    const struct phase phases[] = {
        {up, most}, {a->three_phase ? 2 * up : end, a->three_phase ? first : last}, {end, last}};
    struct phase before = {0, first};
    int i = 0;

    while (i < 2 && t > phases[i].end)
        before = phases[i++];
    if (phases[i].end <= before.end)
        return phases[i].rate;
    return between(a, before.rate, phases[i].rate, fmin((t - before.end) / (phases[i].end - before.end), 1));
}

static void defaults(struct schedule_args *a)
{
    a->total_steps = 10;
    a->pct_start = .3;
    a->div_factor = 25;
    a->final_div_factor = 1e4;
}

const struct schedule schedule_onecycle = {
    .name = "onecycle",
    .title = "one cycle",
    .rate = rate,
    .reads = "max_lr total_steps pct_start div_factor final_div_factor three_phase anneal_strategy",
    .defaults = defaults,
};
