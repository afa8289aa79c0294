/* SPDX-License-Identifier: MIT */
/* Background jobs as the trainer's thread drives them: begun between two steps, looked at while they run, collected
 * when they are over. At most one of each kind is in hand; asking for another cancels it and begins when it has ended. */
#include "trainer/trainer-private.h"

static const struct job_kind *const kinds[JOB_KINDS] = {[JOB_PROBE] = &job_probe, [JOB_LANDSCAPE] = &job_landscape,
                                                   [JOB_MEASURE] = &job_measure};

static void set_share(struct trainer *t, const struct job_slot *s)
{
    background_set_share(s->thread, run_pool(t->focus->run), run_knobs(t->focus->run)->value[KNOB_PROBE_SHARE]);
}

static void begin(struct runner *runner, enum job_kind_id kind, int again)
{
    struct trainer *t = runner->trainer;
    struct job_slot *s = &t->job[kind];
    struct err e = {0};

    if (s->thread || background_new(&s->thread, run_pool(runner->run), t->mail.command_fd, &e) == 0)
        s->job = kinds[kind]->make(runner, again, &e);
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

void trainer_job_ask(struct runner *runner, enum job_kind_id kind)
{
    struct job_slot *s = &runner->trainer->job[kind];

    if (!s->job) {
        begin(runner, kind, 0);
        return;
    }
    background_cancel(s->thread);
    s->wanted = runner;
    kinds[kind]->show(runner, JOB_RUNNING, kinds[kind]->waiting, s->done, s->of);
}

void trainer_job_again(struct runner *runner, enum job_kind_id kind)
{
    begin(runner, kind, 1);
}

void trainer_job_cancel(struct trainer *t, enum job_kind_id kind)
{
    t->job[kind].wanted = NULL;
    if (t->job[kind].job)
        background_cancel(t->job[kind].thread);
}

void trainer_job_forget(struct runner *runner, enum job_kind_id kind)
{
    struct job_slot *s = &runner->trainer->job[kind];

    if (s->wanted == runner)
        s->wanted = NULL;
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

    if (runner && kinds[kind]->look)
        kinds[kind]->look(runner, job);
    s->job = NULL;
    s->runner = s->wanted = NULL;
    if (runner && job->result == 0)
        kinds[kind]->succeeded(runner, job);
    else if (runner && job->result == -ERR_CANCELLED)
        kinds[kind]->show(runner, JOB_CANCELLED, "cancelled", s->done, s->of);
    else if (runner)
        kinds[kind]->failed(runner, job->error.text);
    kinds[kind]->free(job);
    if (wanted)
        begin(wanted, kind, 0);
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
        begin(t->focus, kind, 1);
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
        t->job[kind] = (struct job_slot){0};
    }
}
