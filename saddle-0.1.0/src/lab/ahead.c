#include "lab/ahead.h"

struct schedule_args knobs_schedule(const struct knobs *k)
{
    return (struct schedule_args){
        .warmup = k->value[KNOB_WARMUP],
        .step_size = k->value[KNOB_STEP_SIZE],
        .gamma = k->value[KNOB_GAMMA],
        .T_max = k->value[KNOB_T_MAX],
        .eta_min = k->value[KNOB_ETA_MIN],
        .T_0 = k->value[KNOB_T_0],
        .T_mult = k->value[KNOB_T_MULT],
    };
}

double snapshot_rate_at(const struct snapshot *s, double epoch)
{
    const struct knobs *k = &s->knobs;
    struct schedule_args a = knobs_schedule(k);
    int steps = k->value[KNOB_SCHEDULE_UNIT] != 0;
    double t = epoch - s->schedule_start, tick = s->steps_per_epoch > 0 ? 1 / s->steps_per_epoch : 1;

    if (steps) {
        t = (double)s->step + (epoch - s->epoch) * s->steps_per_epoch - s->schedule_start;
        tick = 1;
    }
    return schedule_rate(schedule_at((int)k->value[KNOB_SCHEDULE]), &a, k->value[KNOB_LEARNING_RATE], t < 0 ? 0 : t,
                         tick);
}
