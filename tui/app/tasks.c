/* SPDX-License-Identifier: MIT */
#include "app/tasks.h"

#include <stdio.h>

#include "app/app.h"

static struct task *newest(const struct model *m, enum task_slot slot)
{
    return m->task[slot].asked ? m->task[slot].asked : m->task[slot].shown;
}

static void show(struct model_task *t)
{
    task_release(t->shown);
    t->shown = t->asked;
    t->asked = NULL;
}

/* A task that shows results while it works is shown from the first of them on. */
static int gather(struct model_task *t)
{
    struct task *newest = t->asked ? t->asked : t->shown;
    unsigned changes = newest ? atomic_load(&newest->changes) : 0;

    if (!newest || changes == t->changes)
        return 0;
    t->changes = changes;
    if (t->asked && (task_status(t->asked) == TASK_DONE || (t->asked->kind->shows && t->asked->kind->shows(t->asked))))
        show(t);
    return 1;
}

int tasks_gather(struct model *m)
{
    int changed = 0;

    for (int i = 0; i < TASK_SLOTS; i++)
        changed |= gather(&m->task[i]);
    return changed;
}

void tasks_free(struct model *m)
{
    for (int i = 0; i < TASK_SLOTS; i++) {
        task_release(m->task[i].asked);
        task_release(m->task[i].shown);
        m->task[i] = (struct model_task){0};
    }
}

const char *tasks_failure(const struct model *m, enum task_slot slot)
{
    return tasks_word(newest(m, slot));
}

const char *tasks_word(const struct task *t)
{
    enum task_status status = t ? task_status(t) : TASK_WAITING;

    return status == TASK_FAILED ? t->error.text : status == TASK_CANCELLED ? "cancelled" : "";
}

int tasks_is_busy(const struct model *m, enum task_slot slot)
{
    const struct task *t = newest(m, slot);

    return t && task_is_busy(t);
}

void tasks_progress(const struct model *m, enum task_slot slot, char *out, size_t size)
{
    const struct task *t = newest(m, slot);
    int of = t ? atomic_load(&t->of) : 0;

    *out = '\0';
    if (t && task_is_busy(t))
        snprintf(out, size, "%.0f %%", of > 0 ? 100. * atomic_load(&t->done) / of : 0.);
}

/* ---- for the handlers ----------------------------------------------------------------------- */

int app_ask_task(struct app *a, struct task *t)
{
    struct command c = {.kind = COMMAND_TASK, .task = t};
    struct model_task *place = &a->model.task[t->kind->slot];

    task_share(t);
    if (!app_send_command(a, &c)) {
        task_release(t);
        task_release(t);
        return 0;
    }
    task_release(place->asked);
    place->asked = t;
    place->changes = 0;
    return 1;
}

int app_cancel_task(struct app *a, enum task_slot slot)
{
    return tasks_is_busy(&a->model, slot) && app_send(a, COMMAND_TASK_CANCEL, slot);
}

int app_is_working(const struct app *a)
{
    int busy = a->model.snapshot->obeyed < a->sent;

    for (int i = 0; i < TASK_SLOTS; i++)
        busy |= tasks_is_busy(&a->model, (enum task_slot)i);
    return busy;
}
