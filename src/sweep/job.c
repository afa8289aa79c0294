/* SPDX-License-Identifier: MIT */
#include "sweep/job.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/text.h"
#include "data/folds.h"
#include "math/products.h"
#include "run/run.h"
#include "store/recorder.h"

struct doing {
    const struct sweep_plan *plan;
    const struct sweep_watch *watch;
    struct run *run;
    struct sweep_result *result;
    uint64_t evaluated;   /* the step of the last evaluation; 0: none */
    int stopped_early;
};

static double share_done(const struct doing *d)
{
    const struct sweep_plan *p = d->plan;
    double steps = (double)run_counters(d->run)->step, epochs = run_epoch(d->run);
    double goal = p->steps >= 0 ? (double)p->steps
                  : p->epochs >= 0 ? (double)p->epochs
                                   : run_knobs(d->run)->value[KNOB_EPOCHS];

    return p->steps >= 0 ? steps / goal : epochs / goal;
}

static int is_over(const struct doing *d)
{
    return d->stopped_early || (!run_counters(d->run)->evaluation_due && share_done(d) >= 1);
}

static int is_cancelled(void *context)
{
    const struct doing *d = context;

    return d->watch->cancel && atomic_load(d->watch->cancel);
}

/* A validation: the last so far, and perhaps the best. */
static void note(struct doing *d, double loss, double accuracy)
{
    double *m = d->result->metric;

    d->evaluated = run_counters(d->run)->step;
    m[SWEEP_VAL_LOSS] = loss;
    m[SWEEP_VAL_ACCURACY] = accuracy;
    if (!(m[SWEEP_BEST_VAL_LOSS] <= loss))
        m[SWEEP_BEST_VAL_LOSS] = loss;
    if (m[SWEEP_BEST_VAL_ACCURACY] >= accuracy)
        return;
    m[SWEEP_BEST_VAL_ACCURACY] = accuracy;
    d->result->best_step = d->evaluated;
}

static int train(struct doing *d, struct err *e)
{
    struct run_report r;

    while (!is_over(d)) {
        int result = run_advance(d->run, &r, e);
        if (result)
            return result;
        if (r.did == RUN_STEP)
            recorder_step(d->watch->recorder, 0, d->run, &r);
        if (r.did == RUN_EVALUATED)
            recorder_evaluation(d->watch->recorder, 0, d->run, &r);
        if (r.did == RUN_EVALUATED)
            note(d, r.validation_loss, r.validation_accuracy);
        d->stopped_early = r.did == RUN_EVALUATED && r.stopped_early;
        if (d->watch->progress)
            d->watch->progress(d->watch->context, share_done(d));
        if (is_cancelled(d))
            return -ERR_CANCELLED;
    }
    return 0;
}

static int evaluate(struct doing *d, enum run_set_id set, double *loss, double *accuracy, struct err *e)
{
    const struct source *source = run_source(d->run, set);
    int r;

    *loss = *accuracy = NAN;
    if (source->frames->frames == 0)
        return 0;
    r = run_evaluate(d->run, source, is_cancelled, d, loss, accuracy);
    return r == -ERR_INPUT ? dataset_check(run_data(d->run), e) : r;
}

/* After the last step: validation, unless its evaluation was the last thing done, and test. After early stopping the
 * best weights are back in force, with the figures they had. */
static int measure(struct doing *d, struct err *e)
{
    const struct counters *c = run_counters(d->run);
    double *m = d->result->metric, loss, accuracy;
    int r = 0;

    if (d->stopped_early) {
        m[SWEEP_VAL_LOSS] = c->validation_loss;
        m[SWEEP_VAL_ACCURACY] = c->validation_accuracy;
    } else if (d->evaluated != c->step) {
        r = evaluate(d, RUN_VALIDATION, &loss, &accuracy, e);
        if (r == 0) {
            const struct run_report last = {.did = RUN_EVALUATED, .validation_loss = loss, .validation_accuracy = accuracy,
                                            .part_loss = NAN, .part_accuracy = NAN};
            recorder_evaluation(d->watch->recorder, 0, d->run, &last);
            note(d, loss, accuracy);
        }
    }
    if (r == 0)
        r = evaluate(d, RUN_TEST, &m[SWEEP_TEST_LOSS], &m[SWEEP_TEST_ACCURACY], e);
    if (r == 0 && !isnan(m[SWEEP_TEST_ACCURACY]))
        recorder_look(d->watch->recorder, 0, "test", m[SWEEP_TEST_LOSS], m[SWEEP_TEST_ACCURACY]);
    return r;
}

static void note_training(struct doing *d)
{
    const struct counters *c = run_counters(d->run);
    double *m = d->result->metric;

    m[SWEEP_TRAIN_LOSS] = c->last_epoch_loss;
    m[SWEEP_TRAIN_ACCURACY] = c->last_epoch_accuracy;
    if (isnan(c->last_epoch_loss) && c->epoch == 0 && c->epoch_frames > 0) {
        m[SWEEP_TRAIN_LOSS] = c->epoch_loss / c->epoch_weight;
        m[SWEEP_TRAIN_ACCURACY] = (double)c->epoch_correct / (double)c->epoch_frames;
    }
    d->result->steps = c->step;
    d->result->epochs = run_epoch(d->run);
    d->result->parameters = run_network(d->run)->parameters;
}

static void begin_result(struct sweep_result *r, const struct sweep_job *j, const struct dataset *d)
{
    *r = (struct sweep_result){.job = j->index, .fingerprint = d->fingerprint};
    for (int i = 0; i < SWEEP_METRICS; i++)
        r->metric[i] = NAN;
    products_describe((enum products_source)j->knobs.value[KNOB_PRODUCTS], r->products, sizeof r->products);
}

static void begin_record(const struct doing *d, const struct sweep_job *j)
{
    const struct recorder_run begun = {.run = d->run, .recipe = d->plan->recipe[j->recipe].name, .parent = -1};
    char text[80];

    recorder_begin(d->watch->recorder, 0, &begun);
    snprintf(text, sizeof text, "job %d of a sweep of %d", j->index, sweep_plan_jobs(d->plan));
    recorder_event(d->watch->recorder, 0, d->run, text);
}

static void end_record(const struct doing *d, int result, const struct err *why)
{
    if (result == -ERR_DIVERGED)
        recorder_event(d->watch->recorder, 0, d->run, why->text);
    recorder_end(d->watch->recorder, 0,
                 result == 0                ? "finished"
                 : result == -ERR_CANCELLED ? "stopped"
                 : result == -ERR_DIVERGED  ? "diverged"
                                            : "failed");
}

int sweep_job_run(const struct sweep_plan *p, const struct sweep_job *j, const struct dataset *d, struct pool *pool,
                  const struct sweep_watch *w, struct sweep_result *r, struct err *e)
{
    struct doing doing = {.plan = p, .watch = w, .result = r};
    double begun = clock_seconds();
    struct err why = {0};
    int result;

    begin_result(r, j, d);
    result = run_new(&doing.run, d, &j->knobs, pool, &why);
    if (result == 0 && run_source(doing.run, RUN_TRAIN)->frames->frames == 0)
        result = err_set(&why, ERR_INPUT, "%s: no utterances to train on", d->path);
    if (result == 0) {
        run_watch(doing.run, w->cancel, NULL);
        begin_record(&doing, j);
        result = train(&doing, &why);
    }
    if (result == 0)
        result = measure(&doing, &why);
    end_record(&doing, result, &why);
    if (doing.run)
        note_training(&doing);
    run_free(doing.run);
    if (result == -ERR_CANCELLED)
        return err_set(e, ERR_CANCELLED, "cancelled");
    r->status = result == 0 ? SWEEP_DONE : result == -ERR_DIVERGED ? SWEEP_DIVERGED : SWEEP_FAILED;
    text_copy(r->why, sizeof r->why, why.text);
    r->seconds = clock_seconds() - begun;
    return 0;
}

int sweep_job_check(const struct sweep_plan *p, const struct dataset *d, struct err *e)
{
    const struct fold_plan f = {.folds = p->folds, .by_speaker = p->by_speaker};
    int32_t *fold = calloc((size_t)d->utterances + 1, sizeof *fold);
    int r = fold ? 0 : err_memory(e, "folds", sizeof *fold * (unsigned long long)d->utterances);

    if (r == 0 && p->folds > 1)
        r = folds_assign(d, &f, fold, e);
    free(fold);
    return r;
}
