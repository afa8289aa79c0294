/* SPDX-License-Identifier: MIT */
/* A second thread watches the time: an update that takes longer than the limit is cancelled in its midst. */
#include "lecture/batch-time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clock.h"
#include "core/text.h"
#include "core/thread.h"

struct watch {
    double until;           /* clock_seconds */
    const atomic_int *stop; /* may be NULL */
    atomic_int done, cancel;
    pthread_t thread;
};

static void *keep_watch(void *context)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    struct watch *w = context;

    while (!atomic_load(&w->done)) {
        if (clock_seconds() > w->until || (w->stop && atomic_load(w->stop)))
            atomic_store(&w->cancel, 1);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

double batch_time_estimate(const struct batch_time *before, int size)
{
    return before->size >= BATCH_TIME_BUSY ? before->update * size / before->size : 0;
}

/* From the work alone: what a fast core does, so that only what is hopeless is not begun. */
static double estimate_from_work(const struct run *l)
{
    const double speed = 5e10;

    return run_step_work(l) / speed / pool_workers(run_pool(l));
}

static int skip(struct batch_time *t, const char *why)
{
    t->updates = 0;
    t->update = t->epoch = NAN;
    text_copy(t->skipped, sizeof t->skipped, why);
    return 0;
}

static int skip_slow(struct batch_time *t, const char *how, double seconds, double limit)
{
    char why[120];

    snprintf(why, sizeof why, "2 updates %s %.3g s; the limit is %.3g s", how, seconds, limit);
    return skip(t, why);
}

/* No evaluation between the updates. */
static int prepare(struct run *l, struct err *e)
{
    struct knob_value rarely = knob_number(knob_row(KNOB_EVAL_EVERY)->max);

    return run_set(l, KNOB_EVAL_EVERY, &rarely, e);
}

/* The time of the next update; *whole: its batch had all its examples. */
static int time_update(struct run *l, double *seconds, int *whole, struct err *e)
{
    double size = run_knobs(l)->value[KNOB_BATCH_SIZE], left = run_steps_per_epoch(l) * size;
    struct run_report r;
    double began;
    int result;

    *whole = left - (double)run_counters(l)->position > size - .5;
    do {
        began = clock_seconds();
        result = run_advance(l, &r, e);
    } while (result == 0 && r.did != RUN_STEP);
    *seconds = clock_seconds() - began;
    return result;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* At least three updates where the limit permits, and no more once a second is over. */
static int time_updates(struct batch_time *t, struct run *l, double limit, struct err *e)
{
    double seconds[BATCH_TIME_UPDATES], warm, spent = 0;
    int whole, r = time_update(l, &warm, &whole, e);

    if (r == 0 && 2 * warm > limit)
        return err_set(e, ERR_CANCELLED, "cancelled");
    while (r == 0 && t->updates < BATCH_TIME_UPDATES && (t->updates < 3 || spent < 1)) {
        double last;
        if (t->updates > 0 && warm + spent + seconds[t->updates - 1] > limit)
            break;
        r = time_update(l, &last, &whole, e);
        spent += last;
        if (r == 0 && whole)
            seconds[t->updates++] = last;
    }
    if (t->updates > 0) { /* one that was cancelled takes nothing from those before */
        qsort(seconds, (size_t)t->updates, sizeof *seconds, compare);
        t->update = t->updates % 2 ? seconds[t->updates / 2] : (seconds[t->updates / 2 - 1] + seconds[t->updates / 2]) / 2;
        t->epoch = t->update * run_steps_per_epoch(l);
        return r == -ERR_CANCELLED ? 0 : r;
    }
    return r;
}

static int measure(struct batch_time *t, struct run *l, const struct batch_timing *how, struct err *e)
{
    struct watch w = {.until = clock_seconds() + how->limit, .stop = how->stop};
    struct err why = {0};
    int r = prepare(l, e), errno_;

    if (r)
        return r;
    errno_ = thread_start(&w.thread, keep_watch, &w);
    if (errno_)
        return err_set(e, ERR_RUNTIME, "cannot create a thread: %s", strerror(errno_));
    run_watch(l, &w.cancel, NULL);
    r = time_updates(t, l, how->limit, &why);
    atomic_store(&w.done, 1);
    pthread_join(w.thread, NULL);
    run_watch(l, NULL, NULL);
    if (how->stop && atomic_load(how->stop))
        return err_set(e, ERR_CANCELLED, "cancelled");
    if (r == -ERR_CANCELLED)
        return skip_slow(t, "take more than", how->limit, how->limit);
    if (r == -ERR_DIVERGED)
        return skip(t, why.text);
    if (r)
        *e = why;
    return r;
}

int batch_time(struct batch_time *t, const struct batch_timing *how, int size, const struct batch_time *before,
               struct err *e)
{
    struct knobs k = *how->knobs;
    struct run *l = NULL;
    struct err why = {0};
    double estimate;
    int r;

    *t = (struct batch_time){.size = size, .update = NAN, .epoch = NAN};
    if (before && 2 * batch_time_estimate(before, size) > how->limit)
        return skip_slow(t, "need up to", 2 * batch_time_estimate(before, size), how->limit);
    knobs_put(&k, KNOB_BATCH_SIZE, size);
    r = run_new(&l, how->data, &k, how->pool, &why);
    if (r == -ERR_RUNTIME)
        return skip(t, why.text);
    if (r) {
        *e = why;
        return r;
    }
    estimate = 2 * estimate_from_work(l);
    if (run_steps_per_epoch(l) < 1) {
        char text[120];
        snprintf(text, sizeof text, "an epoch has %.0f examples", run_steps_per_epoch(l) * size);
        r = skip(t, text);
    } else if (estimate > how->limit)
        r = skip_slow(t, "need about", estimate, how->limit);
    else
        r = measure(t, l, how, e);
    run_free(l);
    return r;
}
