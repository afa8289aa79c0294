/* SPDX-License-Identifier: MIT */
/* Background jobs as the trainer's thread drives them: begun between two steps, looked at while they run, collected
 * when they are over. At most one of each kind is in hand; asking for another cancels it and begins when it has ended. */
#include "trainer/trainer-private.h"

#include "core/fair-share.h"

/* Each keeps its entrance to the pool from the first time on. */
_Static_assert(1 + JOB_KINDS + TASK_SLOTS <= FAIR_SHARE_MOST, "the pool has an entrance for training and every kind of work beside it");

static const struct job_kind *const kinds[JOB_KINDS] = {[JOB_PROBE] = &job_probe, [JOB_LANDSCAPE] = &job_landscape,
                                                   [JOB_MEASURE] = &job_measure};

static void set_share(struct trainer *t, const struct job_slot *s)
{
    background_set_share(s->thread, run_pool(t->focus->run), run_knobs(t->focus->run)->value[KNOB_PROBE_SHARE]);
}

/* Jobs copy what they need while they are made. */
static struct background_job *make(struct runner *runner, enum job_kind_id kind, int again, struct run *past, struct err *e)
{
    struct run *now = runner->run;
    struct background_job *job;

    runner->run = past ? past : now;
    job = kinds[kind]->make(runner, again, e);
    runner->run = now;
    return job;
}

/* Another is wanted no more, or this one is. */
static void want(struct job_slot *s, struct runner *runner, struct run *past)
{
    run_free(s->wanted_past);
    s->wanted = runner;
    s->wanted_past = past;
}

/* Takes `past` over. */
static void begin(struct runner *runner, enum job_kind_id kind, int again, struct run *past)
{
    struct trainer *t = runner->trainer;
    struct job_slot *s = &t->job[kind];
    struct err e = {0};

    s->past = past != NULL;
    if (s->thread || background_new(&s->thread, run_pool(runner->run), t->mail.command_fd, &e) == 0)
        s->job = make(runner, kind, again, past, &e);
    run_free(past);
    if (!s->job) {
        kinds[kind]->failed(runner, e.text);
        return;
    }
    s->runner = runner;
    s->done = s->of = 0;
    kinds[kind]->show(runner, JOB_RUNNING, kinds[kind]->first, 0, 0);
    set_share(t, s);
    background_begin(s->thread, s->job);
}

void trainer_job_ask(struct runner *runner, enum job_kind_id kind, struct run *past)
{
    struct job_slot *s = &runner->trainer->job[kind];

    if (!s->job) {
        begin(runner, kind, 0, past);
        return;
    }
    background_cancel(s->thread);
    want(s, runner, past);
    kinds[kind]->show(runner, JOB_RUNNING, kinds[kind]->waiting, s->done, s->of);
}

void trainer_job_again(struct runner *runner, enum job_kind_id kind)
{
    begin(runner, kind, 1, NULL);
}

void trainer_job_cancel(struct trainer *t, enum job_kind_id kind)
{
    want(&t->job[kind], NULL, NULL);
    if (t->job[kind].job)
        background_cancel(t->job[kind].thread);
}

void trainer_job_forget(struct runner *runner, enum job_kind_id kind)
{
    struct job_slot *s = &runner->trainer->job[kind];

    if (s->wanted == runner)
        want(s, NULL, NULL);
    if (!s->job || s->runner != runner)
        return;
    s->runner = NULL;
    background_cancel(s->thread);
}

int trainer_job_busy(const struct trainer *t, enum job_kind_id kind)
{
    return t->job[kind].job != NULL;
}

static void collected(struct trainer *t, enum job_kind_id kind)
{
    struct job_slot *s = &t->job[kind];
    struct runner *runner = s->runner, *wanted = s->wanted;
    struct background_job *job = s->job;
    struct run *past = s->wanted_past;

    if (runner && kinds[kind]->look)
        kinds[kind]->look(runner, job);
    s->job = NULL;
    s->runner = s->wanted = NULL;
    s->wanted_past = NULL;
    if (runner && job->result == 0)
        kinds[kind]->succeeded(runner, job);
    else if (runner && job->result == -ERR_CANCELLED)
        kinds[kind]->show(runner, JOB_CANCELLED, "cancelled", s->done, s->of);
    else if (runner)
        kinds[kind]->failed(runner, job->error.text);
    kinds[kind]->free(job);
    if (wanted)
        begin(wanted, kind, 0, past);
}

static int watch(struct trainer *t, enum job_kind_id kind)
{
    struct job_slot *s = &t->job[kind];
    struct background_progress p = background_progress(s->thread);

    set_share(t, s);
    if (!s->runner)
        return 0;
    if (!s->wanted && (p.done != s->done || p.of != s->of)) {
        s->done = p.done;
        s->of = p.of;
        kinds[kind]->show(s->runner, JOB_RUNNING, p.what, p.done, p.of);
    }
    return kinds[kind]->look ? kinds[kind]->look(s->runner, s->job) : 0;
}

/* The next of a series begins in the same call that ends the one before: a thread that sleeps is not woken for it. */
static int poll_kind(struct trainer *t, enum job_kind_id kind)
{
    struct job_slot *s = &t->job[kind];
    int over = s->job && background_collect(s->thread);

    if (over)
        collected(t, kind);
    else if (s->job)
        return watch(t, kind);
    if (!s->job && kinds[kind]->is_due && kinds[kind]->is_due(t->focus)) {
        begin(t->focus, kind, 1, NULL);
        return 1;
    }
    return over;
}

int trainer_jobs_poll(struct trainer *t)
{
    int show = 0;

    for (int kind = 0; kind < JOB_KINDS; kind++)
        show |= poll_kind(t, (enum job_kind_id)kind);
    return show;
}

void trainer_jobs_end(struct trainer *t)
{
    for (int kind = 0; kind < JOB_KINDS; kind++) {
        background_free(t->job[kind].thread);
        kinds[kind]->free(t->job[kind].job);
        run_free(t->job[kind].wanted_past);
        t->job[kind] = (struct job_slot){0};
    }
}
