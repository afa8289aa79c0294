/* SPDX-License-Identifier: MIT */
#include "trainer/rate-preview.h"

#include "run/hyperparameter.h"

double rate_preview(const struct snapshot *s, double epoch)
{
    const struct knobs *k = &s->knobs;
    const struct schedule *kind = knobs_schedule_kind(k);
    struct schedule_args a = knobs_schedule(k);
    int steps = k->value[KNOB_SCHEDULE_UNIT] != 0;
    double t = epoch - s->schedule_start, tick = s->steps_per_epoch > 0 ? 1 / s->steps_per_epoch : 1;

    if (steps) {
        t = (double)s->step + (epoch - s->epoch) * s->steps_per_epoch - s->schedule_start;
        tick = 1;
    }
    if (!kind)
        return k->value[KNOB_LEARNING_RATE];
    return schedule_rate(kind, &a,
                         k->value[KNOB_LEARNING_RATE] * s->schedule_factor, t < 0 ? 0 : t, tick);
}
