/* SPDX-License-Identifier: MIT */
/* A run's settings, changed between two steps. */
#include <math.h>

#include "run/journal.h"
#include "run/run-private.h"
#include "run/update.h"

static double knob(const struct run *l, enum knob_id id)
{
    return l->state->knobs.value[id];
}

/* What has to be ready before a knob can take its value. */
static int prepare(struct run *l, enum knob_id id, const struct knobs *tried, struct err *e)
{
    if (id == KNOB_BATCH_SIZE && (int)tried->value[id] > network_f.capacity(l->workspace))
        return run_make_workspace(l, (int)tried->value[id], e);
    return update_fit(l, tried, id == KNOB_OPTIMIZER && tried->value[id] != knob(l, id), e);
}

/* Another schedule starts now. */
static void start_schedule(struct run *l)
{
    l->state->counters.schedule_step = l->state->counters.step;
    l->state->counters.schedule_epoch = run_epoch(l);
    l->state->schedule = schedule_begin();
}

int run_set(struct run *l, enum knob_id id, const struct knob_value *value, struct err *e)
{
    struct knobs tried = l->state->knobs;
    char text[KNOB_VALUE_SIZE];
    int r;

    if (!knob_row(id)->live)
        return err_set(e, ERR_USAGE, "%s cannot change while the run goes on", knob_row(id)->title);
    r = knobs_set(&tried, id, value, e);
    if (r == 0)
        r = prepare(l, id, &tried, e);
    if (r)
        return r;
    if (id == KNOB_SCHEDULE || id == KNOB_SCHEDULE_UNIT)
        start_schedule(l);
    if (id == KNOB_EARLY_STOPPING && knob(l, id) == 0) { /* the best weights so far were not kept: look anew */
        l->state->counters.best_accuracy = NAN;
        l->state->counters.stale = 0;
    }
    l->state->knobs = tried;
    knob_format(id, value, text, sizeof text);
    return journal_add(l, knob_row(id)->name, text, e);
}
