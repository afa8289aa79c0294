/* SPDX-License-Identifier: MIT */
/* The registry of schedules, new ones at the end (knobs count places), and warm-up, which comes before any.
 */
#include "optim/schedule.h"

#include <float.h>
#include <stddef.h>
#include <string.h>

#define SCHEDULES(X)                                                                                         \
    X(constant)                                                                                              \
    X(step)                                                                                                  \
    X(exponential)                                                                                           \
    X(cosine)                                                                                                \
    X(cosine_warm_restarts)                                                                                  \
    X(multistep)                                                                                             \
    X(linear)                                                                                                \
    X(polynomial)                                                                                            \
    X(onecycle)                                                                                              \
    X(cyclic)                                                                                                \
    X(plateau)                                                                                               \
    X(inverse_sqrt)

#define DECLARED(name) extern const struct schedule schedule_##name;
#define LISTED(name)   &schedule_##name,

SCHEDULES(DECLARED)

static const struct schedule *const kinds[] = {SCHEDULES(LISTED)};

const struct schedule *schedule_at(int i)
{
    return i >= 0 && i < (int)(sizeof kinds / sizeof *kinds) ? kinds[i] : NULL;
}

int schedule_find(const char *name)
{
    for (int i = 0; schedule_at(i); i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return i;
    return -1;
}

struct schedule_args schedule_defaults(const struct schedule *s)
{
    struct schedule_args a = {.step_size = 1, .gamma = .1, .T_max = 10, .T_0 = 10, .T_mult = 1, .tick = 1};

    if (s->defaults)
        s->defaults(&a);
    return a;
}

struct schedule_state schedule_begin(void)
{
    return (struct schedule_state){.factor = 1};
}

/* NaN is 0. */
static double bounded(double rate)
{
    return !(rate > 0) ? 0 : rate < DBL_MAX ? rate : DBL_MAX;
}

double schedule_rate(const struct schedule *s, const struct schedule_args *a, double base, double t,
                     double tick)
{
    struct schedule_args now = *a;

    if (t < a->warmup) {
        double share = (t + tick) / a->warmup;
        return bounded(base * (share < 1 ? share : 1));
    }
    now.tick = tick;
    return bounded(s->rate(&now, base, a->warmup > 0 ? t - a->warmup : t));
}
