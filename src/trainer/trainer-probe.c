/* SPDX-License-Identifier: MIT */
/* The curvature probe as a kind of background job, asked for or every so many steps; escapes along what it found; and
 * the diagnosis of training. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/text.h"
#include "trainer/probe-job.h"
#include "trainer/trainer-private.h"
#include "hessian/escape.h"

enum { RECENT_STEPS = 1000 }; /* a probe older than that says nothing of the run as it is */

static double knob(const struct trainer *t, enum knob_id id)
{
    return run_knobs(t->run)->value[id];
}

/* ---- the view ------------------------------------------------------------------------------- */

static void cannot_escape(struct trainer *t, const char *why)
{
    escape_direction_drop(t->probe.direction);
    t->probe.direction = NULL;
    t->curvature.escape.possible = 0;
    text_copy(t->curvature.escape.why_not, sizeof t->curvature.escape.why_not, why);
}

/* Whether the weights are still where they were looked at, but for the steps of training. */
static void note_marks(struct trainer *t)
{
    t->curvature.moved = run_mark(t->run) == t->probe.shown     ? CURVATURE_MOVED_NOT
                         : run_mark(t->run) == t->probe.stopped ? CURVATURE_MOVED_BY_STOPPING
                                                      : CURVATURE_MOVED_BY_ESCAPE;
    t->curvature.escape.moved = run_mark(t->run) != t->probe.probed;
}

void trainer_back_at_best(struct trainer *t)
{
    t->probe.stopped = run_mark(t->run);
    note_marks(t);
    t->curvature_new = 1;
    trainer_landscape_note(t);
}

void trainer_probe_reset(struct trainer *t)
{
    trainer_job_forget(t, JOB_PROBE);
    t->probe.passed_over = 0;
    t->curvature = (struct curvature_view){.version = t->curvature.version};
    t->curvature.latest = (struct curvature_point){0, NAN, NAN, NAN, NAN, NAN};
    t->curvature.sharpness = t->curvature.stability_limit = NAN;
    t->curvature.escape.predicted = t->curvature.escape.came = NAN;
    cannot_escape(t, "look at the curvature first");
    t->stuck = (struct diagnosis_history){0};
    t->curvature_new = 1;
}

static void show(struct trainer *t, enum job_state state, const char *text, int done, int of)
{
    t->curvature.status = (enum curvature_status)state;
    t->curvature.done = done;
    t->curvature.of = of;
    if (t->job[JOB_PROBE].wanted)
        t->curvature.series = 0; /* the one asked for is waited for */
    text_copy(t->curvature.text, sizeof t->curvature.text, text);
    t->curvature_new = 1;
}

static void failed(struct trainer *t, const char *why)
{
    show(t, JOB_FAILED, why, 0, 0);
    trainer_log(t, LOG_NOTE, why);
}

/* ---- the job -------------------------------------------------------------------------------- */

static struct background_job *make(struct trainer *t, int again, struct err *e)
{
    struct probe_job *job;

    if (probe_job_new(&job, t->run, again, again ? 0 : t->probe.with, e) != 0)
        return NULL;
    t->curvature.series = again;
    return &job->job;
}

static void free_job(struct background_job *job)
{
    probe_job_free((struct probe_job *)job);
}

static void push_point(struct trainer *t, const struct probe_job *p)
{
    struct sample s = {.kind = SAMPLE_PROBE, .run = run_id(t->run), .step = p->point->step, .epoch = p->point->epoch};

    s.probe.highest = t->curvature.latest.highest;
    s.probe.lowest = t->curvature.latest.lowest;
    s.probe.trace = t->curvature.latest.trace;
    s.probe.sharpness = t->curvature.latest.sharpness;
    ring_push(&t->mail.samples, &s);
}

static void take_direction(struct trainer *t, const struct probe_job *p, struct escape_direction *d, double lowest)
{
    cannot_escape(t, "the last probe found no eigenvalue below zero");
    t->probe.direction = d;
    t->curvature.escape.possible = d != NULL;
    t->curvature.escape.probed = p->point->step;
    t->curvature.escape.lowest = lowest;
    if (d)
        *t->curvature.escape.why_not = '\0';
}

/* Where the figures shown were taken. */
static void note_shown(struct trainer *t, const struct probe_job *p)
{
    t->probe.probed = p->mark;
    if (!p->series) {
        t->probe.shown = p->mark;
        t->curvature.escape.over = p->marks >= t->probe.escaped;
    }
    note_marks(t);
}

/* Eigenpairs are shown, and escaped along, while the rest is still being computed. */
static int look(struct trainer *t, struct background_job *job)
{
    struct probe_job *p = (struct probe_job *)job;

    if (p->found_shown || t->job[JOB_PROBE].wanted || !probe_job_found(p))
        return 0;
    p->found_shown = 1;
    probe_job_show_found(p, &t->curvature);
    note_shown(t, p);
    take_direction(t, p, probe_job_found_direction(p), p->early.verdict.lowest);
    t->curvature_new = 1;
    return 1;
}

static void succeeded(struct trainer *t, struct background_job *job)
{
    const struct probe_job *p = (const struct probe_job *)job;
    char step[TEXT_COUNT], line[SNAPSHOT_TEXT * 2];

    probe_job_show(p, &t->curvature);
    note_shown(t, p);
    t->probe.stability_limit = p->point->stability.limit;
    push_point(t, p);
    take_direction(t, p, probe_job_direction(p), p->report.verdict.lowest);
    show(t, JOB_DONE, "", t->curvature.done, t->curvature.of);
    if (p->series)
        return;
    text_count(step, sizeof step, p->point->step);
    snprintf(line, sizeof line, "curvature at step %s: %s, λmax %.3g, λmin %.3g", step, t->curvature.words,
             p->report.verdict.highest, p->report.verdict.lowest);
    trainer_log(t, LOG_NOTE, line);
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

void trainer_probe_series(struct trainer *t)
{
    uint64_t every = (uint64_t)knob(t, KNOB_PROBE_EVERY);

    if (every == 0)
        t->probe.passed_over = 0;
    if (every == 0 || run_counters(t->run)->step % every != 0)
        return;
    if (trainer_job_busy(t, JOB_PROBE)) {
        t->probe.passed_over++;
        return;
    }
    t->curvature.passed_over = t->probe.passed_over;
    t->probe.passed_over = 0;
    trainer_job_again(t, JOB_PROBE);
}

void trainer_probe_end(struct trainer *t)
{
    escape_direction_drop(t->probe.direction);
    t->probe.direction = NULL;
}

/* ---- escapes -------------------------------------------------------------------------------- */

/* What came first: it is to be seen on the narrowest of screens. */
static void log_escape(struct trainer *t, const struct curvature_escape *x)
{
    char line[SNAPSHOT_TEXT * 2];

    snprintf(line, sizeof line, "escape: loss %+.3g came, %+.3g predicted; %.3g along λ %.3g", x->came, x->predicted,
             x->alpha, x->lowest);
    trainer_log(t, LOG_EDIT, line);
}

static void mark_escape(struct trainer *t, double alpha, double predicted, double came)
{
    struct sample s = trainer_sample_of(t, SAMPLE_ESCAPE);

    s.escape.alpha = alpha;
    s.escape.predicted = predicted;
    s.escape.came = came;
    ring_push(&t->mail.samples, &s);
    note_marks(t);
    t->curvature_new = 1;
}

static void show_escape(struct trainer *t, const struct escape_report *r, int searched)
{
    struct curvature_escape *x = &t->curvature.escape;

    x->count++;
    x->step = run_counters(t->run)->step;
    x->alpha = r->alpha;
    x->slope = r->slope;
    x->curvature = r->curvature;
    x->predicted = r->predicted;
    x->came = r->came;
    x->loss = r->loss;
    x->searched = searched;
    x->taken_back = x->over = 0;
    t->probe.escaped = run_marks(t->run);
    log_escape(t, x);
    mark_escape(t, r->alpha, r->predicted, r->came);
}

/* How long the step is to be, on which side, and what is to be expected of it. Of a large network that takes long: who
 * pauses the run, begins it anew or leaves need not wait. */
static int measure(struct trainer *t, double alpha, struct escape_report *r, struct err *e)
{
    struct probe_copy *point;
    struct escape_ask ask;
    int result = probe_copy_here(t->run, &point, e);

    if (result)
        return result;
    point->ask.cancel = t->pace.running ? &t->mail.stopping : &t->mail.ending;
    ask = (struct escape_ask){.point = point->ask, .v = t->probe.direction->v, .alpha = alpha};
    result = escape_run(&ask, r, e);
    probe_copy_free(point);
    return result == -ERR_CANCELLED
               ? err_set(e, ERR_CANCELLED, "the escape is cancelled: the weights are as they were")
               : result;
}

/* … and is said meanwhile, where nothing is wrong that has to stand there. */
static int measure_and_tell(struct trainer *t, double alpha, struct escape_report *r, struct err *e)
{
    int quiet = !*t->now.note, result;

    if (quiet) {
        trainer_note(t, t->pace.running ? "escape: searching along the eigenvector; pause cancels it"
                                   : "escape: searching along the eigenvector");
        trainer_publish(t);
    }
    result = measure(t, alpha, r, e);
    if (quiet)
        trainer_note(t, "");
    return result;
}

void trainer_escape(struct trainer *t, double alpha)
{
    struct saddle_escape *x;
    struct escape_report r;
    struct err e = {0};

    if (!t->probe.direction || !isfinite(alpha)) {
        trainer_log(t, LOG_NOTE, t->probe.direction ? "an escape needs a finite length" : t->curvature.escape.why_not);
        return;
    }
    if (measure_and_tell(t, alpha, &r, &e) != 0) {
        trainer_log(t, LOG_NOTE, e.text);
        return;
    }
    x = calloc(1, sizeof *x);
    if (!x) {
        trainer_log(t, LOG_NOTE, "not enough memory for an escape");
        return;
    }
    x->along = escape_direction_share(t->probe.direction);
    x->by = r.by;
    x->alpha = r.alpha;
    if (saddle_escape(t->run, x, &e) != 0) {
        trainer_log(t, LOG_NOTE, e.text);
        saddle_escape_free(x);
        return;
    }
    edits_note_escape(&t->edits, run_counters(t->run)->step, x);
    show_escape(t, &r, alpha == 0);
}

void trainer_escape_again(struct trainer *t, struct saddle_escape *x, int again)
{
    char line[SNAPSHOT_TEXT];
    struct err e = {0};

    if ((again ? saddle_escape(t->run, x, &e) : saddle_escape_back(t->run, x, &e)) != 0) {
        trainer_log(t, LOG_NOTE, e.text);
        return;
    }
    snprintf(line, sizeof line, "%s: escape, %.3g along λ %.3g", again ? "again" : "back", x->alpha, x->along->lowest);
    trainer_log(t, LOG_EDIT, line);
    t->curvature.escape.taken_back = !again;
    mark_escape(t, again ? x->alpha : 0, NAN, NAN);
}

/* ---- is it stuck? --------------------------------------------------------------------------- */

struct diagnosis_report trainer_stuck(const struct trainer *t)
{
    const struct curvature_point *p = &t->curvature.latest;
    uint64_t step = run_counters(t->run)->step;
    struct diagnosis_facts f = {
        .tolerance = {knob(t, KNOB_PROBE_GRADIENT), knob(t, KNOB_PROBE_CURVATURE), knob(t, KNOB_PROBE_ZERO)},
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
        f.limit = t->probe.stability_limit;
        if (run_mark(t->run) == t->probe.probed) { /* an escape leaves its gradient behind */
            f.gradient = p->gradient;
            f.ago = step - p->step;
        }
    }
    return diagnosis_report(&t->stuck, &f);
}
