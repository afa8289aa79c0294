/* SPDX-License-Identifier: MIT */
#include "sweep/range-task.h"

#include <stdlib.h>

static void made(void *context, int count)
{
    struct range_task *t = context;

    atomic_store(&t->points, count);
    task_changed(&t->task, count, t->options.steps);
}

static int work(struct task *task, struct err *e)
{
    struct range_task *t = (struct range_task *)task;

    run_watch(task->copy, task_cancel(task), NULL);
    return range_test_use(&t->test, task->copy, &t->options, made, t, e);
}

static int shows(const struct task *task)
{
    return atomic_load(&((const struct range_task *)task)->points) > 0;
}

static void free_task(struct task *task)
{
    range_test_free(&((struct range_task *)task)->test);
    free(task);
}

static const struct task_kind kind = {.slot = TASK_RANGE, .copies = 1, .work = work, .shows = shows, .free = free_task};

int range_task_new(struct range_task **out, const struct range_test_options *o, struct err *e)
{
    struct range_task *t;
    int r;

    if (o->steps > RANGE_TASK_MOST)
        return err_set(e, ERR_USAGE, "a range test beside training makes %d to %d steps", RANGE_TEST_LEAST, RANGE_TASK_MOST);
    t = calloc(1, sizeof *t);
    if (!t)
        return err_memory(e, "a range test", sizeof *t);
    r = range_test_init(&t->test, o, e);
    if (r) {
        free(t);
        return r;
    }
    task_init(&t->task, &kind);
    t->options = *o;
    *out = t;
    return 0;
}
