/* SPDX-License-Identifier: MIT */
#include "store/lab-recording.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "run/run.h"
#include "store/store.h"

static void begin(struct lab_recording *l, const struct observation *o, int parent, int alike)
{
    int first = o->kind == OBSERVED_BEGIN;
    const struct recorder_run begun = {.run = o->run,
                                       .recipe = o->recipe,
                                       .parent = parent,
                                       .alike = alike + 1,
                                       .from = first ? l->from : NULL,
                                       .resume = first ? l->resume : NULL};

    recorder_begin(l->recorder, run_id(o->run), &begun);
}

static void step(struct lab_recording *l, const struct observation *o)
{
    const struct sample *s = o->sample;
    const struct run_report report = {.loss = s->at_step.loss,
                                      .accuracy = s->at_step.accuracy,
                                      .learning_rate = s->at_step.learning_rate,
                                      .gradient_norm = s->at_step.gradient_norm};

    recorder_step(l->recorder, run_id(o->run), o->run, &report);
}

static void evaluation(struct lab_recording *l, const struct observation *o)
{
    const struct sample *s = o->sample;
    const struct run_report report = {.validation_loss = s->evaluation.loss,
                                      .validation_accuracy = s->evaluation.accuracy,
                                      .part_loss = s->evaluation.part_loss,
                                      .part_accuracy = s->evaluation.part_accuracy};

    recorder_evaluation(l->recorder, run_id(o->run), o->run, &report);
}

static void probe(struct lab_recording *l, int place, const struct sample *s)
{
    struct store_probe p = {(int64_t)s->step, s->probe.highest, s->probe.lowest, s->probe.trace, s->probe.sharpness,
                            NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};

    if (s->probe.ahead) {
        p.predicted_gain = s->probe.gain;
        p.curvature_cost = s->probe.cost;
        p.actual = s->probe.actual;
        p.directional_sharpness = s->probe.along;
        p.batch_sharpness = s->probe.batch_sharpness;
        p.limit_small = s->probe.small;
        p.limit_large = s->probe.large;
    }
    recorder_probe(l->recorder, place, &p);
}

static void sample(struct lab_recording *l, const struct observation *o)
{
    const struct sample *s = o->sample;
    int place = run_id(o->run);

    switch (s->kind) {
    case SAMPLE_STEP:
        step(l, o);
        break;
    case SAMPLE_EVALUATION:
        evaluation(l, o);
        break;
    case SAMPLE_EDIT:
        recorder_edits(l->recorder, place, o->run);
        break;
    case SAMPLE_RESTART:
        begin(l, o, -1, s->fork.parent);
        break;
    case SAMPLE_FORK:
        begin(l, o, s->fork.parent, -1);
        break;
    case SAMPLE_BACK:
        recorder_back(l->recorder, place, o->run);
        break;
    case SAMPLE_PROBE:
        probe(l, place, s);
        break;
    case SAMPLE_DROP:
        recorder_end(l->recorder, place, "stopped");
        break;
    case SAMPLE_EVENT: /* the log has it in words */
    case SAMPLE_ESCAPE:
        break;
    }
}

static void status(struct lab_recording *l, const struct observation *o)
{
    const char *word = o->status == RUN_FINISHED   ? "finished"
                       : o->status == RUN_DIVERGED ? "diverged"
                       : o->status == RUN_FAILED   ? "failed"
                                                   : NULL;

    if (word)
        recorder_status(l->recorder, run_id(o->run), word);
}

static void observe(void *context, const struct observation *o)
{
    struct lab_recording *l = context;
    int place = run_id(o->run);

    switch (o->kind) {
    case OBSERVED_BEGIN:
        begin(l, o, -1, -1);
        break;
    case OBSERVED_SAMPLE:
        sample(l, o);
        break;
    case OBSERVED_LOG:
        recorder_event(l->recorder, place, o->run, o->text);
        break;
    case OBSERVED_SAVED:
        recorder_checkpoint(l->recorder, place, o->run, o->text, !l->unnamed || strcmp(o->text, l->unnamed) != 0);
        break;
    case OBSERVED_KEPT:
        recorder_session(l->recorder, place, o->run, o->text);
        break;
    case OBSERVED_LOOK:
        recorder_look(l->recorder, place, "test", o->loss, o->accuracy);
        break;
    case OBSERVED_STATUS:
        status(l, o);
        break;
    case OBSERVED_END:
        recorder_end(l->recorder, place, "stopped");
        break;
    }
}

struct trainer_observer lab_recording_observer(struct lab_recording *l)
{
    return (struct trainer_observer){observe, l};
}
