/* A run's knobs, turned between two steps. */
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

static int set_knob(struct run *l, enum knob_id id, const struct knobs *tried, struct err *e)
{
    char value[KNOB_VALUE_SIZE];
    int r = prepare(l, id, tried, e);

    if (r)
        return r;
    if (id == KNOB_SCHEDULE || id == KNOB_SCHEDULE_UNIT)
        start_schedule(l);
    if (id == KNOB_EARLY_STOPPING && knob(l, id) == 0) { /* the best weights so far were not kept: look anew */
        l->state->counters.best_accuracy = NAN;
        l->state->counters.stale = 0;
    }
    l->state->knobs = *tried;
    knobs_format(tried, id, value, sizeof value);
    return journal_add(l, knob_row(id)->name, value, e);
}

int run_set(struct run *l, enum knob_id id, double value, struct err *e)
{
    struct knobs tried = l->state->knobs;
    char text[KNOB_VALUE_SIZE];
    int r;

    if (knob_row(id)->type == KNOB_TEXT)
        return err_set(e, ERR_USAGE, "%s is a text", knob_row(id)->title);
    if (knob_row(id)->type == KNOB_CHOICE && (!(value >= 0 && value < 1000) || !knob_choice(id, (int)value)))
        return err_set(e, ERR_USAGE, "%s: there is no such choice", knob_row(id)->title);
    tried.value[id] = value;
    knobs_format(&tried, id, text, sizeof text);
    r = knobs_parse(&tried, id, text, e); /* the table's bounds */
    if (r == 0 && tried.value[id] != value)
        r = err_set(e, ERR_USAGE, "%s: %g is not a whole number", knob_row(id)->title, value);
    return r ? r : run_set_text(l, id, text, e);
}

int run_set_text(struct run *l, enum knob_id id, const char *text, struct err *e)
{
    struct knobs tried = l->state->knobs;
    int r;

    if (!knob_row(id)->live)
        return err_set(e, ERR_USAGE, "%s cannot change while the run goes on", knob_row(id)->title);
    r = knobs_parse(&tried, id, text, e);
    return r ? r : set_knob(l, id, &tried, e);
}
