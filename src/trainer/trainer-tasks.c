/* SPDX-License-Identifier: MIT */
/* Tasks as the trainer's thread drives them: each slot has a background thread of its own and at most one task in hand.
 * The copy that a task works on is made, and freed, here between two steps. */
#include <stdlib.h>

#include "trainer/trainer-private.h"

struct task_job {
    struct background_job job;
    struct task *task;
};

static void end_task(struct task *t, int result, const struct err *e)
{
    run_free(t->copy);
    t->copy = NULL;
    if (result != 0 && result != -ERR_CANCELLED)
        t->error = *e;
    atomic_store(&t->state, result == 0 ? TASK_DONE : result == -ERR_CANCELLED ? TASK_CANCELLED : TASK_FAILED);
    atomic_fetch_add(&t->changes, 1);
    task_release(t);
}

static int work(struct background_job *job, struct err *e)
{
    struct task *t = ((struct task_job *)job)->task;

    return t->kind->work(t, e);
}

static int prepare(struct task *t, struct trainer *trainer, struct task_place *place, const struct run *past, struct err *e)
{
    const struct run *run = trainer->runner[t->run].run;
    int r = 0;

    if (!run)
        return err_set(e, ERR_USAGE, "the run this was meant for has been dropped");
    if (!place->thread)
        r = background_new(&place->thread, run_pool(run), trainer->mail.command_fd, e);
    if (r)
        return r;
    run = past ? past : run;
    t->background = place->thread;
    t->step = run_counters(run)->step;
    t->epoch = run_epoch(run);
    t->data = run_data(run);
    t->knobs = *run_knobs(run);
    return t->kind->copies ? run_copy(&t->copy, run, background_pool(place->thread), e) : 0;
}

static void set_share(struct trainer *t, const struct task_place *p)
{
    background_set_share(p->thread, run_pool(t->focus->run), run_knobs(t->focus->run)->value[KNOB_PROBE_SHARE]);
}

/* Takes `past` over. */
static void begin(struct trainer *trainer, struct task_place *place, struct task *t, struct run *past)
{
    struct task_job *job = calloc(1, sizeof *job);
    struct err e = {0};
    int r = job ? prepare(t, trainer, place, past, &e) : err_memory(&e, "a task", sizeof *job);

    run_free(past);
    if (r) {
        free(job);
        end_task(t, r, &e);
        return;
    }
    job->job.work = work;
    job->task = t;
    place->job = job;
    atomic_store(&t->state, TASK_RUNNING);
    set_share(trainer, place);
    background_begin(place->thread, &job->job);
}

/* Another is wanted no more, or this one is. */
static void want(struct task_place *place, struct task *t, struct run *past)
{
    if (place->wanted)
        end_task(place->wanted, -ERR_CANCELLED, NULL);
    run_free(place->wanted_past);
    place->wanted = t;
    place->wanted_past = past;
}

void trainer_task_ask(struct trainer *trainer, struct runner *runner, struct task *t, struct run *past)
{
    struct task_place *place = &trainer->task[t->kind->slot];
    struct err e;

    if (trainer->player || !runner->run) {
        end_task(t, err_set(&e, ERR_USAGE, trainer->player ? "a session is being replayed; wait for its end"
                                                           : "the run this was meant for has been dropped"), &e);
        run_free(past);
        return;
    }
    t->run = run_id(runner->run);
    if (!place->job) {
        begin(trainer, place, t, past);
        return;
    }
    background_cancel(place->thread);
    want(place, t, past);
}

void trainer_task_cancel(struct trainer *t, int slot)
{
    struct task_place *place = slot >= 0 && slot < TASK_SLOTS ? &t->task[slot] : NULL;

    if (!place)
        return;
    want(place, NULL, NULL);
    if (place->job)
        background_cancel(place->thread);
}

/* Whoever chooses by the test set fits it: also what was called off later has been seen. */
static void note_look(struct trainer *t, const struct task *task)
{
    if (task->looked && t->runner[task->run].run)
        trainer_observe_look(&t->runner[task->run], task->test_loss, task->test_accuracy);
}

static int poll_place(struct trainer *t, struct task_place *place)
{
    struct task *wanted = place->wanted;
    struct run *past = place->wanted_past;
    unsigned changes;

    if (!place->job)
        return 0;
    if (!background_collect(place->thread)) {
        set_share(t, place);
        changes = atomic_load(&place->job->task->changes);
        if (changes == place->seen)
            return 0;
        place->seen = changes;
        return 1;
    }
    note_look(t, place->job->task);
    end_task(place->job->task, place->job->job.result, &place->job->job.error);
    free(place->job);
    place->job = NULL;
    place->wanted = NULL;
    place->wanted_past = NULL;
    if (wanted)
        begin(t, place, wanted, past);
    return 1;
}

int trainer_tasks_poll(struct trainer *t)
{
    int show = 0;

    for (int i = 0; i < TASK_SLOTS; i++)
        show |= poll_place(t, &t->task[i]);
    return show;
}

void trainer_tasks_end(struct trainer *t)
{
    for (int i = 0; i < TASK_SLOTS; i++) {
        struct task_place *place = &t->task[i];
        background_free(place->thread);
        if (place->job)
            end_task(place->job->task, -ERR_CANCELLED, NULL);
        want(place, NULL, NULL);
        free(place->job);
        *place = (struct task_place){0};
    }
}
