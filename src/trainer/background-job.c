/* SPDX-License-Identifier: MIT */
#include "trainer/background-job.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/text.h"
#include "core/thread.h"

static const double TELL_SECONDS = .05;

struct background {
    struct pool *pool; /* the entrance */
    pthread_t thread;
    int bell;
    atomic_int cancel;
    double told; /* clock of the last bell; the thread's own */

    pthread_mutex_t lock;
    pthread_cond_t begun;
    struct background_job *job; /* all under the lock */
    int running, over, quit;
    struct background_progress progress;
};

static void ring(struct background *s)
{
    uint64_t one = 1;
    (void)!write(s->bell, &one, sizeof one);
}

static void *thread_main(void *arg)
{
    struct background *s = arg;

    pthread_mutex_lock(&s->lock);
    while (!s->quit) {
        if (!s->running) {
            pthread_cond_wait(&s->begun, &s->lock);
            continue;
        }
        pthread_mutex_unlock(&s->lock);
        s->job->result = s->job->work(s->job, &s->job->error);
        pthread_mutex_lock(&s->lock);
        s->running = 0;
        s->over = 1;
        ring(s);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void release(struct background *s)
{
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->begun);
    pool_free(s->pool);
    free(s);
}

int background_new(struct background **out, struct pool *p, int bell, struct err *e)
{
    struct background *s = calloc(1, sizeof *s);
    int r;

    if (!s)
        return err_memory(e, "a background job", sizeof *s);
    s->bell = bell;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->begun, NULL);
    r = pool_enter(&s->pool, p, e);
    if (r == 0 && thread_start(&s->thread, thread_main, s) != 0)
        r = err_set(e, ERR_RUNTIME, "cannot create the thread of background jobs");
    if (r) {
        release(s);
        return r;
    }
    *out = s;
    return 0;
}

void background_free(struct background *s)
{
    if (!s)
        return;
    atomic_store(&s->cancel, 1);
    pthread_mutex_lock(&s->lock);
    s->quit = 1;
    pthread_cond_signal(&s->begun);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    release(s);
}

void background_begin(struct background *s, struct background_job *job)
{
    atomic_store(&s->cancel, 0);
    pthread_mutex_lock(&s->lock);
    job->background = s;
    s->job = job;
    s->progress = (struct background_progress){.done = 0};
    s->running = 1;
    pthread_cond_signal(&s->begun);
    pthread_mutex_unlock(&s->lock);
}

struct background_job *background_collect(struct background *s)
{
    struct background_job *job = NULL;

    pthread_mutex_lock(&s->lock);
    if (s->over) {
        job = s->job;
        s->job = NULL;
        s->over = 0;
    }
    pthread_mutex_unlock(&s->lock);
    return job;
}

void background_cancel(struct background *s)
{
    atomic_store(&s->cancel, 1);
}

void background_set_share(struct background *s, struct pool *other, double share)
{
    pool_set_share(s->pool, share);
    pool_set_share(other, 1 - share);
}

struct background_progress background_progress(struct background *s)
{
    struct background_progress p;

    pthread_mutex_lock(&s->lock);
    p = s->progress;
    pthread_mutex_unlock(&s->lock);
    return p;
}

struct pool *background_pool(struct background *s)
{
    return s->pool;
}

const atomic_int *background_cancelled(const struct background *s)
{
    return &s->cancel;
}

void background_report(struct background *s, const char *what, int done, int of)
{
    double now = clock_seconds();

    pthread_mutex_lock(&s->lock);
    text_copy(s->progress.what, sizeof s->progress.what, what);
    s->progress.done = done;
    s->progress.of = of;
    pthread_mutex_unlock(&s->lock);
    if (now - s->told < TELL_SECONDS)
        return;
    s->told = now;
    ring(s);
}
