/* SPDX-License-Identifier: MIT */
#include "trainer/rate-preview.h"

#include "run/hyperparameter.h"

double rate_preview(const struct snapshot *s, double epoch)
{
    const struct knobs *k = &s->knobs;
    struct schedule_args a = knobs_schedule(k);
    int steps = k->value[KNOB_SCHEDULE_UNIT] != 0;
    double t = epoch - s->schedule_start, tick = s->steps_per_epoch > 0 ? 1 / s->steps_per_epoch : 1;

    if (steps) {
        t = (double)s->step + (epoch - s->epoch) * s->steps_per_epoch - s->schedule_start;
        tick = 1;
    }
    return schedule_rate(schedule_at((int)k->value[KNOB_SCHEDULE]), &a,
                         k->value[KNOB_LEARNING_RATE] * s->schedule_factor, t < 0 ? 0 : t, tick);
}
