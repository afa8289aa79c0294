/* SPDX-License-Identifier: MIT */
#include "trainer/task.h"

void task_init(struct task *t, const struct task_kind *kind)
{
    t->kind = kind;
    atomic_init(&t->owners, 1);
    atomic_init(&t->state, TASK_WAITING);
    atomic_init(&t->done, 0);
    atomic_init(&t->of, 0);
    atomic_init(&t->changes, 0);
    t->run = -1;
}

void task_share(struct task *t)
{
    atomic_fetch_add(&t->owners, 1);
}

void task_release(struct task *t)
{
    if (t && atomic_fetch_sub(&t->owners, 1) == 1)
        t->kind->free(t);
}

enum task_status task_status(const struct task *t)
{
    return (enum task_status)atomic_load(&t->state);
}

int task_is_busy(const struct task *t)
{
    return task_status(t) <= TASK_RUNNING;
}

void task_changed(struct task *t, int done, int of)
{
    atomic_store(&t->done, done);
    atomic_store(&t->of, of);
    atomic_fetch_add(&t->changes, 1);
    background_report(t->background, "", done, of);
}

struct pool *task_pool(struct task *t)
{
    return background_pool(t->background);
}

const atomic_int *task_cancel(const struct task *t)
{
    return background_cancelled(t->background);
}
