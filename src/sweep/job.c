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
#include "sweep/job-state.h"

struct doing {
    const struct sweep_plan *plan;
    const struct sweep_watch *watch;
    struct run *run;
    struct sweep_result *result;
    uint64_t evaluated;   /* the step of the last evaluation; 0: none */
    int stopped_early;
    double begun, kept;   /* when it began, had it not been interrupted, and when its state was kept last, seconds */
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

/* Keep where it stands, or leave what was kept before: where that cannot be written, the job is done from further back.
 * After early stopping the weights are those of another step, and the run would go on from them. */
static void keep_state(struct doing *d)
{
    const struct job_state s = {.result = d->result, .evaluated = d->evaluated, .seconds = clock_seconds() - d->begun};
    struct err e;

    if (d->watch->state && d->run && !d->stopped_early && run_counters(d->run)->step > 0 &&
        job_state_write(d->watch->state, d->watch->id, d->run, &s, &e) == 0 && d->watch->kept)
        d->watch->kept(d->watch->context);
    d->kept = clock_seconds();
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
        if (d->watch->state && clock_seconds() - d->kept >= d->watch->state_seconds)
            keep_state(d);
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
    char text[120];

    uint64_t step = run_counters(d->run)->step;
    size_t used;

    recorder_begin(d->watch->recorder, 0, &begun);
    used = (size_t)snprintf(text, sizeof text, "job %d of a sweep of %d", j->index, sweep_plan_jobs(d->plan));
    if (step > 0)
        snprintf(text + used, sizeof text - used, ", which was interrupted, from step %llu on", (unsigned long long)step);
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

/* As it was interrupted, if that is known; else from its beginning. */
static int begin(struct doing *d, const struct sweep_job *j, const struct dataset *data, struct pool *pool, struct err *e)
{
    struct job_state s = {.result = d->result};
    int r = run_new(&d->run, data, &j->knobs, pool, e), taken = 0;

    if (r == 0 && run_source(d->run, RUN_TRAIN)->frames->frames == 0)
        r = err_set(e, ERR_INPUT, "%s: no utterances to train on", data->path);
    if (r == 0 && d->watch->state)
        taken = job_state_take(d->watch->state, d->watch->id, d->run, &s, e);
    if (taken < 0) { /* half of it may have been read */
        begin_result(d->result, j, data);
        s = (struct job_state){.result = d->result};
        run_free(d->run);
        d->run = NULL;
        r = run_new(&d->run, data, &j->knobs, pool, e);
    }
    d->evaluated = s.evaluated;
    d->kept = clock_seconds();
    d->begun = d->kept - s.seconds;
    return r;
}

int sweep_job_run(const struct sweep_plan *p, const struct sweep_job *j, const struct dataset *d, struct pool *pool,
                  const struct sweep_watch *w, struct sweep_result *r, struct err *e)
{
    struct doing doing = {.plan = p, .watch = w, .result = r};
    struct err why = {0};
    int result;

    begin_result(r, j, d);
    result = begin(&doing, j, d, pool, &why);
    if (result == 0) {
        run_watch(doing.run, w->cancel, NULL);
        begin_record(&doing, j);
        result = train(&doing, &why);
    }
    if (result == 0)
        result = measure(&doing, &why);
    end_record(&doing, result, &why);
    if (result == -ERR_CANCELLED)
        keep_state(&doing);
    if (doing.run)
        note_training(&doing);
    run_free(doing.run);
    if (result == -ERR_CANCELLED)
        return err_set(e, ERR_CANCELLED, "cancelled");
    r->status = result == 0 ? SWEEP_DONE : result == -ERR_DIVERGED ? SWEEP_DIVERGED : SWEEP_FAILED;
    text_copy(r->why, sizeof r->why, result ? why.text : "");
    r->seconds = clock_seconds() - doing.begun;
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
