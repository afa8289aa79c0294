/* SPDX-License-Identifier: MIT */
#include "lecture/batch-task.h"

#include <math.h>
#include <stdlib.h>

#include "core/text.h"

enum { NOISE_BATCH = 64, NOISE_BATCHES = 64 };

int batch_task_size(int i)
{
    static const int sizes[BATCH_TASK_SIZES] = {1, 4, 16, 64, 256, 1024, 4096, 16384, 65536};

    return i >= 0 && i < BATCH_TASK_SIZES ? sizes[i] : 0;
}

/* At the weights as they are. */
static int measure_noise(struct batch_task *t, struct err *e)
{
    const struct noise_scale_plan plan = {.batch = NOISE_BATCH, .batches = NOISE_BATCHES, .seconds = t->limit};
    int r;

    run_watch(t->task.copy, task_cancel(&t->task), NULL);
    r = noise_scale(&t->noise, t->task.copy, &plan, e);
    if (r == -ERR_DIVERGED) {
        text_copy(t->no_noise, sizeof t->no_noise, e->text);
        t->noise.scale = NAN;
        r = 0;
    } else if (r == 0 && t->noise.batches < 2)
        text_copy(t->no_noise, sizeof t->no_noise, "a batch takes too long, or there are too few examples");
    else if (r == 0 && !isfinite(t->noise.scale))
        text_copy(t->no_noise, sizeof t->no_noise, "the gradient is lost in the noise of the batches");
    if (r == 0) {
        atomic_store(&t->noise_known, 1);
        task_changed(&t->task, 1, BATCH_TASK_SIZES + 1);
    }
    return r;
}

static int work(struct task *task, struct err *e)
{
    struct batch_task *t = (struct batch_task *)task;
    const struct batch_timing how = {
        .data = task->data, .knobs = &task->knobs, .pool = task_pool(task), .limit = t->limit, .stop = task_cancel(task)};
    const struct batch_time *before = NULL;
    int r = measure_noise(t, e);

    for (int i = 0; r == 0 && i < BATCH_TASK_SIZES; i++) {
        r = batch_time(&t->row[i], &how, batch_task_size(i), before, e);
        if (r)
            return r;
        if (t->row[i].updates > 0)
            before = &t->row[i];
        atomic_store(&t->rows, i + 1);
        task_changed(task, i + 2, BATCH_TASK_SIZES + 1);
    }
    return r;
}

static int shows(const struct task *task)
{
    const struct batch_task *t = (const struct batch_task *)task;

    return atomic_load(&t->rows) || atomic_load(&t->noise_known);
}

static void free_task(struct task *task)
{
    free(task);
}

static const struct task_kind kind = {.slot = TASK_BATCH, .copies = 1, .work = work, .shows = shows, .free = free_task};

int batch_task_new(struct batch_task **out, double limit, struct err *e)
{
    struct batch_task *t = calloc(1, sizeof *t);

    if (!t)
        return err_memory(e, "times of batches", sizeof *t);
    task_init(&t->task, &kind);
    t->limit = limit;
    *out = t;
    return 0;
}
