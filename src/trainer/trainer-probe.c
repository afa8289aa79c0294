/* SPDX-License-Identifier: MIT */
/* The curvature probe as a kind of background job, asked for or every so many steps; escapes along what it found; and
 * the diagnosis of training. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/text.h"
#include "run/journal.h"
#include "trainer/probe-job.h"
#include "trainer/trainer-private.h"
#include "hessian/escape.h"

enum { RECENT_STEPS = 1000 }; /* a probe older than that says nothing of the run as it is */

static double knob(const struct runner *runner, enum knob_id id)
{
    return run_knobs(runner->run)->value[id];
}

/* ---- the view ------------------------------------------------------------------------------- */

static void cannot_escape(struct runner *runner, const char *why)
{
    escape_direction_drop(runner->probe.direction);
    runner->probe.direction = NULL;
    runner->curvature.escape.possible = 0;
    text_copy(runner->curvature.escape.why_not, sizeof runner->curvature.escape.why_not, why);
}

/* Whether the weights are still where they were looked at, but for the steps of training. */
static void note_marks(struct runner *runner)
{
    runner->curvature.moved = run_mark(runner->run) == runner->probe.shown     ? CURVATURE_MOVED_NOT
                         : run_mark(runner->run) == runner->probe.stopped ? CURVATURE_MOVED_BY_STOPPING
                                                      : CURVATURE_MOVED_BY_ESCAPE;
    runner->curvature.escape.moved = run_mark(runner->run) != runner->probe.probed;
}

void trainer_back_at_best(struct runner *runner)
{
    runner->probe.stopped = run_mark(runner->run);
    note_marks(runner);
    runner->curvature_new = 1;
    trainer_landscape_note(runner);
}

void trainer_probe_reset(struct runner *runner)
{
    trainer_job_forget(runner, JOB_PROBE);
    runner->probe.passed_over = 0;
    runner->curvature = (struct curvature_view){.version = runner->curvature.version};
    runner->curvature.latest = (struct curvature_point){0, NAN, NAN, NAN, NAN, NAN};
    runner->curvature.sharpness = runner->curvature.stability_limit = NAN;
    runner->curvature.escape.predicted = runner->curvature.escape.came = NAN;
    cannot_escape(runner, "probe the curvature first");
    runner->stuck = (struct diagnosis_history){0};
    runner->curvature_new = 1;
}

static void show(struct runner *runner, enum job_state state, const char *text, int done, int of)
{
    runner->curvature.status = (enum curvature_status)state;
    runner->curvature.done = done;
    runner->curvature.of = of;
    if (runner->trainer->job[JOB_PROBE].wanted)
        runner->curvature.series = 0; /* the one asked for is waited for */
    text_copy(runner->curvature.text, sizeof runner->curvature.text, text);
    runner->curvature_new = 1;
}

static void failed(struct runner *runner, const char *why)
{
    show(runner, JOB_FAILED, why, 0, 0);
    trainer_log(runner, LOG_NOTE, why);
}

/* ---- the job -------------------------------------------------------------------------------- */

static struct background_job *make(struct runner *runner, int again, struct err *e)
{
    struct probe_job *job;

    if (probe_job_new(&job, runner->run, again, again ? 0 : runner->probe.with, e) != 0)
        return NULL;
    probe_job_look_ahead(job, runner->run);
    runner->curvature.series = again;
    return &job->job;
}

static void free_job(struct background_job *job)
{
    probe_job_free((struct probe_job *)job);
}

/* The figures of the next step, for the curves. */
static void push_step(const struct curvature_step *next, struct sample *s)
{
    const struct step_ahead *f = &next->figures;

    s->probe.ahead = next->known;
    s->probe.gain = f->own.gain;
    s->probe.cost = f->own.cost;
    s->probe.actual = f->own.actual;
    s->probe.along = f->own.sharpness;
    s->probe.batch_sharpness = f->batch.mean;
    s->probe.small = next->stability.small / next->learning_rate;
    s->probe.large = next->stability.large / next->learning_rate;
}

static void push_point(struct runner *runner, const struct probe_job *p)
{
    struct sample s = {.kind = SAMPLE_PROBE, .run = run_id(runner->run), .step = p->point->step, .epoch = p->point->epoch};

    s.probe.highest = runner->curvature.latest.highest;
    s.probe.lowest = runner->curvature.latest.lowest;
    s.probe.trace = runner->curvature.latest.trace;
    s.probe.sharpness = runner->curvature.latest.sharpness;
    push_step(&runner->curvature.next, &s);
    runner_push(runner, &s);
}

static void take_direction(struct runner *runner, const struct probe_job *p, struct escape_direction *d, double lowest)
{
    cannot_escape(runner, "the last probe found no eigenvalue below zero");
    runner->probe.direction = d;
    runner->curvature.escape.possible = d != NULL;
    runner->curvature.escape.probed = p->point->step;
    runner->curvature.escape.lowest = lowest;
    if (d)
        *runner->curvature.escape.why_not = '\0';
}

/* Where the figures shown were taken. */
static void note_shown(struct runner *runner, const struct probe_job *p)
{
    runner->probe.probed = p->mark;
    if (!p->series) {
        runner->probe.shown = p->mark;
        runner->curvature.escape.over = p->marks >= runner->probe.escaped;
    }
    note_marks(runner);
}

/* The direction, unless it is of weights that the run has left long since. */
static void offer_direction(struct runner *runner, const struct probe_job *p, struct escape_direction *d, double lowest)
{
    if (!runner->trainer->job[JOB_PROBE].past) {
        take_direction(runner, p, d, lowest);
        return;
    }
    escape_direction_drop(d);
    cannot_escape(runner, "the last probe is of an earlier step; probe the run as it is first");
}

/* Eigenpairs are shown, and escaped along, while the rest is still being computed. */
static int look(struct runner *runner, struct background_job *job)
{
    struct probe_job *p = (struct probe_job *)job;

    if (p->found_shown || runner->trainer->job[JOB_PROBE].wanted || !probe_job_found(p))
        return 0;
    p->found_shown = 1;
    probe_job_show_found(p, &runner->curvature);
    note_shown(runner, p);
    offer_direction(runner, p, probe_job_found_direction(p), p->early.verdict.lowest);
    runner->curvature_new = 1;
    return 1;
}

static void succeeded(struct runner *runner, struct background_job *job)
{
    const struct probe_job *p = (const struct probe_job *)job;
    const struct curvature_point before = runner->curvature.latest; /* later than this one, where that is of the past */
    const struct curvature_step next = runner->curvature.next;
    char step[TEXT_COUNT], line[SNAPSHOT_TEXT * 2];

    probe_job_show(p, &runner->curvature);
    note_shown(runner, p);
    runner->probe.stability_limit = p->point->stability.limit;
    push_point(runner, p);
    offer_direction(runner, p, probe_job_direction(p), p->report.verdict.lowest);
    if (before.step > p->point->step)
        runner->curvature.latest = before, runner->curvature.next = next;
    show(runner, JOB_DONE, "", runner->curvature.done, runner->curvature.of);
    if (p->series)
        return;
    text_count(step, sizeof step, p->point->step);
    snprintf(line, sizeof line, "curvature at step %s: %s, λmax %.3g, λmin %.3g", step, runner->curvature.words,
             p->report.verdict.highest, p->report.verdict.lowest);
    trainer_log(runner, LOG_NOTE, line);
}

const struct job_kind job_probe = {
    .first = "gradient",
    .waiting = "waiting for the previous probe to end",
    .make = make,
    .free = free_job,
    .show = show,
    .look = look,
    .succeeded = succeeded,
    .failed = failed,
};

void trainer_probe_show(struct runner *runner, struct background_job *job)
{
    runner->curvature.series = ((const struct probe_job *)job)->series;
    succeeded(runner, job);
}

void trainer_probe_series(struct runner *runner)
{
    uint64_t every = (uint64_t)knob(runner, KNOB_PROBE_EVERY);

    if (every == 0)
        runner->probe.passed_over = 0;
    if (every == 0 || run_counters(runner->run)->step % every != 0 || runner->trainer->player)
        return; /* a replay has its probes in its lines */
    if (trainer_job_busy(runner->trainer, JOB_PROBE)) {
        runner->probe.passed_over++;
        return;
    }
    runner->curvature.passed_over = runner->probe.passed_over;
    runner->probe.passed_over = 0;
    trainer_job_again(runner, JOB_PROBE);
}

void trainer_probe_end(struct runner *runner)
{
    escape_direction_drop(runner->probe.direction);
    runner->probe.direction = NULL;
}

/* ---- escapes -------------------------------------------------------------------------------- */

/* What came first: it is to be seen on the narrowest of screens. */
static void log_escape(struct runner *runner, const struct curvature_escape *x)
{
    char line[SNAPSHOT_TEXT * 2];

    snprintf(line, sizeof line, "escape: loss %+.3g came, %+.3g predicted; %.3g along λ %.3g", x->came, x->predicted,
             x->alpha, x->lowest);
    trainer_log(runner, LOG_EDIT, line);
}

static void mark_escape(struct runner *runner, double alpha, double predicted, double came)
{
    struct sample s = runner_sample(runner, SAMPLE_ESCAPE);

    s.escape.alpha = alpha;
    s.escape.predicted = predicted;
    s.escape.came = came;
    runner_push(runner, &s);
    note_marks(runner);
    runner->curvature_new = 1;
}

static void show_escape(struct runner *runner, const struct escape_report *r, int searched)
{
    struct curvature_escape *x = &runner->curvature.escape;

    x->count++;
    x->step = run_counters(runner->run)->step;
    x->alpha = r->alpha;
    x->slope = r->slope;
    x->curvature = r->curvature;
    x->predicted = r->predicted;
    x->came = r->came;
    x->loss = r->loss;
    x->searched = searched;
    x->taken_back = x->over = 0;
    runner->probe.escaped = run_marks(runner->run);
    log_escape(runner, x);
    mark_escape(runner, r->alpha, r->predicted, r->came);
}

/* How long the step is to be, on which side, and what is to be expected of it. Of a large network that takes long: who
 * pauses the run, begins it anew or leaves need not wait. */
static int measure(struct runner *runner, double alpha, struct escape_report *r, struct err *e)
{
    struct probe_copy *point;
    struct escape_ask ask;
    int result = probe_copy_here(runner->run, &point, e);

    if (result)
        return result;
    point->ask.cancel = runner->trainer->pace.running ? &runner->trainer->mail.stopping : &runner->trainer->mail.ending;
    ask = (struct escape_ask){.point = point->ask, .v = runner->probe.direction->v, .alpha = alpha};
    result = escape_run(&ask, r, e);
    probe_copy_free(point);
    return result == -ERR_CANCELLED
               ? err_set(e, ERR_CANCELLED, "the escape is cancelled: the weights are as they were")
               : result;
}

/* … and is said meanwhile, where nothing is wrong that has to stand there. */
static int measure_and_tell(struct runner *runner, double alpha, struct escape_report *r, struct err *e)
{
    int quiet = !*runner->now.note, result;

    if (quiet) {
        trainer_note(runner, runner->trainer->pace.running ? "escape: searching along the eigenvector; pause cancels it"
                                   : "escape: searching along the eigenvector");
        trainer_publish(runner->trainer);
    }
    result = measure(runner, alpha, r, e);
    if (quiet)
        trainer_note(runner, "");
    return result;
}

void trainer_escape(struct runner *runner, double alpha)
{
    struct saddle_escape *x;
    struct escape_report r;
    struct err e = {0};
    int lines;

    if (!runner->probe.direction || !isfinite(alpha)) {
        trainer_log(runner, LOG_NOTE, runner->probe.direction ? "an escape needs a finite length" : runner->curvature.escape.why_not);
        return;
    }
    if (measure_and_tell(runner, alpha, &r, &e) != 0) {
        trainer_log(runner, LOG_NOTE, e.text);
        return;
    }
    x = calloc(1, sizeof *x);
    if (!x) {
        trainer_log(runner, LOG_NOTE, "not enough memory for an escape");
        return;
    }
    x->along = escape_direction_share(runner->probe.direction);
    x->by = r.by;
    x->alpha = r.alpha;
    travel_note(runner, 1);
    lines = journal_lines(run_journal(runner->run));
    if (saddle_escape(runner->run, x, &e) != 0) {
        trainer_log(runner, LOG_NOTE, e.text);
        saddle_escape_free(x);
        return;
    }
    edits_note_escape(&runner->edits, run_counters(runner->run)->step, lines, x);
    show_escape(runner, &r, alpha == 0);
}

int trainer_escape_by(struct runner *runner, struct escape_direction *along, double by, struct err *e)
{
    struct saddle_escape *x = calloc(1, sizeof *x);
    int lines = journal_lines(run_journal(runner->run)), r;

    if (!x)
        return err_memory(e, "an escape", sizeof *x);
    x->along = escape_direction_share(along);
    x->by = x->alpha = by;
    travel_note(runner, 1);
    r = saddle_escape(runner->run, x, e);
    if (r) {
        saddle_escape_free(x);
        return r;
    }
    edits_note_escape(&runner->edits, run_counters(runner->run)->step, lines, x);
    mark_escape(runner, by, NAN, NAN);
    return 0;
}

void trainer_escape_again(struct runner *runner, struct saddle_escape *x, int again)
{
    const char *rest = again ? "" : saddle_escape_is_last(runner->run, x) ? ", with its weights" : ", the step only";
    char line[SNAPSHOT_TEXT];
    struct err e = {0};

    if ((again ? saddle_escape(runner->run, x, &e) : saddle_escape_back(runner->run, x, &e)) != 0) {
        trainer_log(runner, LOG_NOTE, e.text);
        return;
    }
    snprintf(line, sizeof line, "%s: escape, %.3g along λ %.3g%s", again ? "redo" : "undo", x->alpha, x->along->lowest, rest);
    trainer_log(runner, LOG_EDIT, line);
    runner->curvature.escape.taken_back = !again;
    mark_escape(runner, again ? x->alpha : 0, NAN, NAN);
}

/* ---- is it stuck? --------------------------------------------------------------------------- */

struct diagnosis_report trainer_stuck(const struct runner *runner)
{
    const struct curvature_point *p = &runner->curvature.latest;
    uint64_t step = run_counters(runner->run)->step;
    struct diagnosis_facts f = {
        .tolerance = {knob(runner, KNOB_PROBE_GRADIENT), knob(runner, KNOB_PROBE_CURVATURE), knob(runner, KNOB_PROBE_ZERO)},
        .highest = NAN,
        .lowest = NAN,
        .sharpness = NAN,
        .limit = NAN,
        .gradient = NAN,
    };

    if (!isnan(p->highest) && p->step + RECENT_STEPS >= step) {
        f.highest = p->highest;
        f.lowest = p->lowest;
        f.sharpness = p->sharpness;
        f.limit = runner->probe.stability_limit;
        if (run_mark(runner->run) == runner->probe.probed) { /* an escape leaves its gradient behind */
            f.gradient = p->gradient;
            f.ago = step - p->step;
        }
    }
    return diagnosis_report(&runner->stuck, &f);
}
