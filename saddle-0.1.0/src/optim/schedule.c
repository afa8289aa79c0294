/* The registry of schedules, and warm-up, which comes before any. */
#include "optim/schedule.h"

#include <stddef.h>
#include <string.h>

extern const struct schedule schedule_constant, schedule_step, schedule_exponential, schedule_cosine,
    schedule_cosine_warm_restarts;

static const struct schedule *const kinds[] = {
    &schedule_constant, &schedule_step, &schedule_exponential, &schedule_cosine, &schedule_cosine_warm_restarts,
};

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

double schedule_rate(const struct schedule *s, const struct schedule_args *a, double base, double t, double tick)
{
    if (t < a->warmup) {
        double share = (t + tick) / a->warmup;
        return base * (share < 1 ? share : 1);
    }
    return s->rate(a, base, t - a->warmup);
}
