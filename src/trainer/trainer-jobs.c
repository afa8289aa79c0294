/* SPDX-License-Identifier: MIT */
/* Background jobs as the trainer's thread drives them: begun between two steps, looked at while they run, collected
 * when they are over. At most one of each kind is in hand; asking for another cancels it and begins when it has ended. */
#include "trainer/trainer-private.h"

static const struct job_kind *const kinds[JOB_KINDS] = {[JOB_PROBE] = &job_probe, [JOB_LANDSCAPE] = &job_landscape};

static void set_share(struct trainer *t, const struct job_slot *s)
{
    background_set_share(s->thread, run_pool(t->run), run_knobs(t->run)->value[KNOB_PROBE_SHARE]);
}

static void begin(struct trainer *t, enum job_kind_id kind, int again)
{
    struct job_slot *s = &t->job[kind];
    struct err e = {0};

    if (s->thread || background_new(&s->thread, run_pool(t->run), t->mail.command_fd, &e) == 0)
        s->job = kinds[kind]->make(t, again, &e);
    if (!s->job) {
        kinds[kind]->failed(t, e.text);
        return;
    }
    s->done = s->of = 0;
    kinds[kind]->show(t, JOB_RUNNING, kinds[kind]->first, 0, 0);
    set_share(t, s);
    background_begin(s->thread, s->job);
}

void trainer_job_ask(struct trainer *t, enum job_kind_id kind)
{
    struct job_slot *s = &t->job[kind];

    if (!s->job) {
        begin(t, kind, 0);
        return;
    }
    background_cancel(s->thread);
    s->wanted = 1;
    kinds[kind]->show(t, JOB_RUNNING, kinds[kind]->waiting, s->done, s->of);
}

void trainer_job_again(struct trainer *t, enum job_kind_id kind)
{
    begin(t, kind, 1);
}

void trainer_job_cancel(struct trainer *t, enum job_kind_id kind)
{
    t->job[kind].wanted = 0;
    if (t->job[kind].job)
        background_cancel(t->job[kind].thread);
}

void trainer_job_forget(struct trainer *t, enum job_kind_id kind)
{
    trainer_job_cancel(t, kind);
    t->job[kind].forget = t->job[kind].job != NULL;
}

int trainer_job_busy(const struct trainer *t, enum job_kind_id kind)
{
    return t->job[kind].job != NULL;
}

static void collected(struct trainer *t, enum job_kind_id kind)
{
    struct job_slot *s = &t->job[kind];
    struct background_job *job = s->job;
    int forget = s->forget;

    if (!forget && kinds[kind]->look)
        kinds[kind]->look(t, job);
    s->job = NULL;
    s->forget = 0;
    if (!forget && job->result == 0)
        kinds[kind]->succeeded(t, job);
    else if (!forget && job->result == -ERR_CANCELLED)
        kinds[kind]->show(t, JOB_CANCELLED, "cancelled", s->done, s->of);
    else if (!forget)
        kinds[kind]->failed(t, job->error.text);
    kinds[kind]->free(job);
    if (s->wanted) {
        s->wanted = 0;
        begin(t, kind, 0);
    }
}

static int watch(struct trainer *t, enum job_kind_id kind)
{
    struct job_slot *s = &t->job[kind];
    struct background_progress p = background_progress(s->thread);

    set_share(t, s);
    if (s->forget)
        return 0;
    if (!s->wanted && (p.done != s->done || p.of != s->of)) {
        s->done = p.done;
        s->of = p.of;
        kinds[kind]->show(t, JOB_RUNNING, p.what, p.done, p.of);
    }
    return kinds[kind]->look ? kinds[kind]->look(t, s->job) : 0;
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
    if (!s->job && kinds[kind]->is_due && kinds[kind]->is_due(t)) {
        begin(t, kind, 1);
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
