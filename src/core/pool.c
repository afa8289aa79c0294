/* SPDX-License-Identifier: MIT */
#include "core/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "core/fair-share.h"
#include "core/thread.h"

enum { MOST_WORKERS = 256 };

/* A job at hand, on the stack of the thread that waits for it; all under the lock. */
struct job {
    pool_task *task;
    void *context;
    int tasks, next, left;
    int helpers; /* that may still join */
    pthread_cond_t *done;
};

struct pool {
    struct pool *of;    /* whose workers these are: its own, or those of the pool that it is an entrance to */
    struct turn turn;   /* its place among the entrances */
    pthread_cond_t done;
    /* the rest is there where of is the pool itself */
    struct fair_share turns;
    pthread_mutex_t lock;
    pthread_cond_t work;
    pthread_t *threads;
    int workers;
    int stop;
    struct job *jobs[FAIR_SHARE_MOST]; /* one for each entrance that computes; under the lock */
    int count;
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
static void work_off(struct pool *p, struct job *j)
{
    while (j->next < j->tasks) {
        int task = j->next++;
        pthread_mutex_unlock(&p->lock);
        j->task(j->context, task);
        pthread_mutex_lock(&p->lock);
        if (--j->left == 0)
            pthread_cond_signal(j->done); /* once the lock is free the job is gone */
    }
}

/* A job that wants a helper more, or NULL. */
static struct job *find_job(struct pool *p)
{
    for (int i = 0; i < p->count; i++)
        if (p->jobs[i]->helpers > 0 && p->jobs[i]->next < p->jobs[i]->tasks)
            return p->jobs[i];
    return NULL;
}

static void *worker(void *arg)
{
    struct pool *p = arg;

    pthread_mutex_lock(&p->lock);
    while (!p->stop) {
        struct job *j = find_job(p);
        if (!j) {
            pthread_cond_wait(&p->work, &p->lock);
            continue;
        }
        j->helpers--;
        work_off(p, j);
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
    fair_share_init(&p->turns, workers);
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
    pthread_cond_init(&entrance->done, NULL);
    if (fair_share_join(&p->of->turns, &entrance->turn) != 0) {
        pthread_cond_destroy(&entrance->done);
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
        pthread_cond_destroy(&p->done);
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

static void remove_job(struct pool *p, const struct job *j)
{
    int i = 0;

    while (p->jobs[i] != j)
        i++;
    p->jobs[i] = p->jobs[--p->count];
}

static void run(struct pool *p, struct job *j)
{
    int helpers = j->helpers < j->tasks - 1 ? j->helpers : j->tasks - 1;

    pthread_mutex_lock(&p->lock);
    p->jobs[p->count++] = j;
    for (int i = 0; i < helpers; i++)
        pthread_cond_signal(&p->work);
    work_off(p, j);
    while (j->left > 0)
        pthread_cond_wait(j->done, &p->lock);
    remove_job(p, j);
    pthread_mutex_unlock(&p->lock);
}

void pool_run(struct pool *p, pool_task *task, void *context, int tasks)
{
    int workers = fair_share_take(&p->of->turns, &p->turn);
    struct job j = {task, context, tasks, 0, tasks, workers - 1, &p->done};

    if (workers > 1 && tasks > 1)
        run(p->of, &j);
    for (int i = j.next; i < tasks; i++)
        task(context, i);
    fair_share_give(&p->of->turns, &p->turn);
}
