/* SPDX-License-Identifier: MIT */
#include "core/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "core/fair-share.h"
#include "core/thread.h"

enum { MOST_WORKERS = 256 };

struct pool {
    struct pool *of;    /* whose workers these are: its own, or those of the pool that it is an entrance to */
    struct turn turn;   /* its place among the entrances */
    /* the rest is there where of is the pool itself */
    struct fair_share turns;
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    pthread_t *threads;
    int workers;
    int stop;
    /* the job at hand; all under the lock */
    pool_task *task;
    void *context;
    int tasks, next, left;
    unsigned long generation;
};

int pool_cores(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    return CPU_COUNT(&set) > 0 ? CPU_COUNT(&set) : 1;
}

int pool_workers(const struct pool *p)
{
    return p->of->workers;
}

/* Take tasks until none is left. Called and left with the lock held. */
static void work_off(struct pool *p)
{
    while (p->next < p->tasks) {
        int task = p->next++;
        pthread_mutex_unlock(&p->lock);
        p->task(p->context, task);
        pthread_mutex_lock(&p->lock);
        if (--p->left == 0)
            pthread_cond_signal(&p->done);
    }
}

static void *worker(void *arg)
{
    struct pool *p = arg;
    unsigned long seen = 0;

    pthread_mutex_lock(&p->lock);
    while (!p->stop) {
        if (p->generation == seen) {
            pthread_cond_wait(&p->work, &p->lock);
            continue;
        }
        seen = p->generation;
        work_off(p);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

static int start_workers(struct pool *p)
{
    int started = 0;

    while (started < p->workers - 1 && thread_start(&p->threads[started], worker, p) == 0)
        started++;
    return started;
}

int pool_new(struct pool **out, int workers, struct err *e)
{
    struct pool *p = calloc(1, sizeof *p);
    int started;

    if (workers < 1)
        workers = 1;
    if (workers > MOST_WORKERS)
        workers = MOST_WORKERS;
    if (p)
        p->threads = calloc((size_t)workers, sizeof *p->threads);
    if (!p || !p->threads) {
        free(p);
        return err_memory(e, "the compute pool", sizeof *p);
    }
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->done, NULL);
    fair_share_init(&p->turns);
    fair_share_join(&p->turns, &p->turn);
    p->of = p;
    p->workers = workers;
    started = start_workers(p);
    if (started < workers - 1) {
        p->workers = started + 1;
        pool_free(p);
        return err_set(e, ERR_RUNTIME, "cannot create %d compute threads", workers);
    }
    *out = p;
    return 0;
}

int pool_enter(struct pool **out, struct pool *p, struct err *e)
{
    struct pool *entrance = calloc(1, sizeof *entrance);

    if (!entrance)
        return err_memory(e, "an entrance to the compute pool", sizeof *entrance);
    entrance->of = p->of;
    if (fair_share_join(&p->of->turns, &entrance->turn) != 0) {
        free(entrance);
        return err_set(e, ERR_RUNTIME, "the compute pool has no more than %d entrances", FAIR_SHARE_MOST);
    }
    *out = entrance;
    return 0;
}

void pool_set_share(struct pool *p, double share)
{
    fair_share_set_share(&p->of->turns, &p->turn, share);
}

void pool_free(struct pool *p)
{
    if (!p)
        return;
    fair_share_leave(&p->of->turns, &p->turn);
    if (p->of != p) {
        free(p);
        return;
    }
    pthread_mutex_lock(&p->lock);
    p->stop = 1;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->workers - 1; i++)
        pthread_join(p->threads[i], NULL);
    fair_share_free(&p->turns);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->work);
    pthread_cond_destroy(&p->done);
    free(p->threads);
    free(p);
}

static void run(struct pool *p, pool_task *task, void *context, int tasks)
{
    if (p->workers == 1 || tasks == 1) {
        for (int i = 0; i < tasks; i++)
            task(context, i);
        return;
    }
    pthread_mutex_lock(&p->lock);
    p->task = task;
    p->context = context;
    p->tasks = tasks;
    p->next = 0;
    p->left = tasks;
    p->generation++;
    pthread_cond_broadcast(&p->work);
    work_off(p);
    while (p->left > 0)
        pthread_cond_wait(&p->done, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

void pool_run(struct pool *p, pool_task *task, void *context, int tasks)
{
    fair_share_take(&p->of->turns, &p->turn);
    run(p->of, task, context, tasks);
    fair_share_give(&p->of->turns, &p->turn);
}
