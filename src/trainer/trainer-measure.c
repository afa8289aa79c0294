/* SPDX-License-Identifier: MIT */
/* The figures of the diagnosis as a kind of background job: losses of whole sets in evaluation mode and the layers' health,
 * on copies of the run and of the smaller network beside it. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "trainer/trainer-private.h"

static const double BEHIND = .9; /* of the examples: whoever has seen fewer is behind */

struct measure_job {
    struct background_job job;
    struct run *run, *against; /* copies; against may be NULL */
    int against_behind;
    struct measured found;     /* when it is over, without an error */
};

/* ---- the job -------------------------------------------------------------------------------- */

static int is_cancelled(void *context)
{
    struct measure_job *m = context;

    return atomic_load(background_cancelled(m->job.background));
}

static void tell(void *context, const char *what, int done, int of)
{
    struct measure_job *m = context;

    background_report(m->job.background, what, done, of);
}

static int measure_run(struct measure_job *m, struct err *e)
{
    const struct tree_watch watch = {is_cancelled, tell, m, m->found.frames};
    int r = tree_measure_watched(&m->found.figures, m->run, &watch, e), layers;

    if (r == 0 && m->against) {
        run_watch(m->against, background_cancelled(m->job.background), NULL);
        r = tree_measure_against(&m->found.figures, m->against, &watch, e);
        m->found.figures.against_behind = m->against_behind;
    }
    if (r)
        return r;
    layers = layer_health_look(m->run, m->found.layer, e);
    m->found.layers = layers < 0 ? 0 : layers;
    return layers < 0 ? layers : 0;
}

static int work(struct background_job *job, struct err *e)
{
    struct measure_job *m = (struct measure_job *)job;

    run_use_pool(m->run, background_pool(job->background));
    run_watch(m->run, background_cancelled(job->background), NULL);
    if (m->against)
        run_use_pool(m->against, background_pool(job->background));
    return measure_run(m, e);
}

static void free_job(struct background_job *job)
{
    struct measure_job *m = (struct measure_job *)job;

    if (!m)
        return;
    run_free(m->run);
    run_free(m->against);
    free(m);
}

/* ---- the trainer's side --------------------------------------------------------------------- */

/* The other run whose network is smaller, of several the one with the lowest training loss. */
static struct runner *smaller_run(const struct runner *runner)
{
    struct runner *best = NULL;

    for (int i = 0; i < TRAINER_RUNS; i++) {
        struct runner *other = &runner->trainer->runner[i];
        if (!other->run || other == runner || run_counters(other->run)->step == 0 || !tree_is_smaller(runner->run, other->run))
            continue;
        if (!best || run_counters(other->run)->part_loss < run_counters(best->run)->part_loss)
            best = other;
    }
    return best;
}

static void copy_against(struct measure_job *m, struct runner *runner, struct err *e)
{
    struct runner *other = smaller_run(runner);

    if (!other || run_copy_apart(&m->against, other->run, e) != 0)
        return;
    m->found.against = 1 + run_id(other->run);
    m->found.against_step = run_counters(other->run)->step;
}

static struct background_job *make(struct runner *runner, int again, struct err *e)
{
    struct measure_job *m = calloc(1, sizeof *m);

    (void)again;
    if (!m) {
        err_memory(e, "a measurement", sizeof *m);
        return NULL;
    }
    m->job.work = work;
    m->found.step = run_counters(runner->run)->step;
    m->found.epoch = run_epoch(runner->run);
    m->found.frames = (int64_t)run_knobs(runner->run)->value[KNOB_DIAGNOSIS_FRAMES];
    if (run_copy_apart(&m->run, runner->run, e) == 0)
        copy_against(m, runner, e);
    if (e->code) {
        free_job(&m->job);
        return NULL;
    }
    m->against_behind = m->against && run_epoch(m->against) < BEHIND * run_epoch(runner->run);
    return &m->job;
}

static void show(struct runner *runner, enum job_state state, const char *text, int done, int of)
{
    struct measured *s = &runner->now.measured;

    s->status = (enum measured_status)state;
    s->done = done;
    s->of = of;
    if (text)
        text_copy(s->text, sizeof s->text, text);
}

static void failed(struct runner *runner, const char *why)
{
    show(runner, JOB_FAILED, why, 0, 0);
    trainer_log(runner, LOG_NOTE, why);
}

static void succeeded(struct runner *runner, struct background_job *job)
{
    const struct measure_job *m = (const struct measure_job *)job;
    const struct tree_figures *f = &m->found.figures;
    char line[SNAPSHOT_TEXT], unheard[32] = "", part[48] = "";

    runner->now.measured = m->found;
    runner->now.measured.known = 1;
    show(runner, JOB_DONE, "", TREE_SETS, TREE_SETS);
    if (isfinite(f->unheard.loss))
        snprintf(unheard, sizeof unheard, ", unheard voices %.3g", f->unheard.loss);
    if (m->found.frames > 0)
        snprintf(part, sizeof part, " on %" PRId64 " frames of each", m->found.frames);
    snprintf(line, sizeof line, "measured%s: training %.3g, validation %.3g%s", part, f->train.loss, f->validation.loss, unheard);
    trainer_log(runner, LOG_NOTE, line);
    if (isfinite(f->unheard.loss))
        trainer_observe_look(runner, f->unheard.loss, f->unheard.accuracy);
}

const struct job_kind job_measure = {
    .first = "training loss",
    .waiting = "waiting for the previous measurement to end",
    .make = make,
    .free = free_job,
    .show = show,
    .succeeded = succeeded,
    .failed = failed,
};

/* ---- what the snapshot says ----------------------------------------------------------------- */

void trainer_measure_reset(struct runner *runner)
{
    trainer_job_forget(runner, JOB_MEASURE);
    runner->now.measured = (struct measured){0};
    runner->scale_known = 0;
}

static int is_scaled(const struct runner *runner)
{
    static const enum knob_id read[] = {KNOB_LOSS, KNOB_LABEL_SMOOTHING, KNOB_CLASS_WEIGHTS};

    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (!knobs_same(&runner->scaled, run_knobs(runner->run), read[i]))
            return 0;
    return runner->scale_known;
}

void trainer_measure_refresh(struct runner *runner)
{
    const struct runner *smaller = smaller_run(runner);

    runner->now.smaller = smaller ? 1 + run_id(smaller->run) : 0;
    if (is_scaled(runner))
        return;
    tree_scale(&runner->now.scale, runner->run);
    runner->scaled = *run_knobs(runner->run);
    runner->scale_known = 1;
}
