/* SPDX-License-Identifier: MIT */
#include "core/fair-share.h"

#include <math.h>

#include "core/clock.h"

static const double AWAY = .02;  /* seconds without a turn after which a thread is not waited for */
static const double AHEAD = .01; /* seconds over its share that a thread may be ahead without waiting */

void fair_share_init(struct fair_share *t, int workers)
{
    pthread_condattr_t monotonic;

    *t = (struct fair_share){.workers = workers};
    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&t->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void fair_share_free(struct fair_share *t)
{
    pthread_mutex_destroy(&t->lock);
    pthread_cond_destroy(&t->changed);
}

int fair_share_join(struct fair_share *t, struct turn *me)
{
    int r = -1;

    *me = (struct turn){.share = 1, .away = 1};
    pthread_mutex_lock(&t->lock);
    if (t->count < FAIR_SHARE_MOST) {
        t->turn[t->count++] = me;
        r = 0;
    }
    pthread_mutex_unlock(&t->lock);
    return r;
}

void fair_share_leave(struct fair_share *t, struct turn *me)
{
    pthread_mutex_lock(&t->lock);
    for (int i = 0; i < t->count; i++)
        if (t->turn[i] == me)
            t->turn[i--] = t->turn[--t->count];
    pthread_cond_broadcast(&t->changed);
    pthread_mutex_unlock(&t->lock);
}

void fair_share_set_share(struct fair_share *t, struct turn *me, double share)
{
    pthread_mutex_lock(&t->lock);
    me->share = share;
    pthread_mutex_unlock(&t->lock);
}

/* Seconds over its share that a thread uses in a second. */
static double pace(const struct fair_share *t, const struct turn *o)
{
    return (o->workers ? o->workers : 1) / (double)t->workers / o->share;
}

/* What it has used up to now. */
static double used(const struct fair_share *t, const struct turn *o, double now)
{
    return o->waiting || o->away ? o->used : o->used + (now - o->since) * pace(t, o);
}

/* Back from being away: as far as the one of the others that is furthest behind. */
static void come_back(const struct fair_share *t, struct turn *me, double now)
{
    int met = 0;
    double least = 0;

    for (int i = 0; i < t->count; i++) {
        const struct turn *o = t->turn[i];
        if (o == me || o->away)
            continue;
        least = met && least < used(t, o, now) ? least : used(t, o, now);
        met = 1;
    }
    if (met)
        me->used = least;
    me->away = 0;
    me->since = now;
}

/* Whether it computes nothing and has not come for a while. */
static int has_left(const struct fair_share *t, struct turn *o, double now)
{
    if (!o->away && !o->workers && !o->waiting && now >= o->since + AWAY) { /* since: when it gave its turn back */
        o->used = used(t, o, now);
        o->away = 1;
    }
    return o->away;
}

/* Whether I have to wait for `o` to catch up, and until when to look again. */
static int is_ahead(const struct fair_share *t, const struct turn *me, const struct turn *o, double now, double *until)
{
    double ahead = me->used - used(t, o, now);

    if (o->waiting || ahead <= AHEAD)
        return 0;
    *until = now + (ahead - AHEAD) / pace(t, o);
    if (!o->workers)
        *until = fmin(*until, o->since + AWAY);
    return 1;
}

/* The workers that I may have now; 0: none, and *until is when to look again (0: when something changes). */
static int mine(struct fair_share *t, struct turn *me, double now, double *until)
{
    int free = t->workers, rivals = 0, part;
    double shares = me->share;

    me->ahead = 0;
    for (int i = 0; i < t->count; i++) {
        struct turn *o = t->turn[i];
        free -= o->workers;
        if (o == me || has_left(t, o, now))
            continue;
        if (is_ahead(t, me, o, now, until)) {
            me->ahead = 1;
            return 0;
        }
        if (o->ahead)
            continue;
        if (o->waiting && o->used < me->used)
            free--; /* one is its own, before me */
        rivals++;
        shares += o->share;
    }
    *until = 0;
    part = (int)lround(t->workers * me->share / shares);
    part = part < t->workers - rivals ? part : t->workers - rivals;
    part = part > 1 ? part : 1;
    return part < free ? part : free > 0 ? free : 0;
}

/* What it has used since it gave its turn back. */
static double used_between(const struct fair_share *t, const struct turn *me, double now)
{
    double own = clock_sleeps() == me->sleeps ? clock_of_thread(pthread_self()) - me->computed : now - me->since;

    return own * pace(t, me);
}

static void wait_until(struct fair_share *t, double until)
{
    struct timespec at;

    if (until == 0) {
        pthread_cond_wait(&t->changed, &t->lock);
        return;
    }
    until += 1e-5; /* not just before it */
    at.tv_sec = (time_t)until;
    at.tv_nsec = (long)((until - (double)at.tv_sec) * 1e9);
    pthread_cond_timedwait(&t->changed, &t->lock, &at);
}

int fair_share_take(struct fair_share *t, struct turn *me)
{
    int workers = t->workers;

    pthread_mutex_lock(&t->lock);
    if (t->count > 1) {
        double until, now = clock_seconds();
        if (!me->away && now >= me->since + AWAY)
            me->away = 1;
        if (me->away)
            come_back(t, me, now);
        else
            me->used += used_between(t, me, now);
        me->waiting = 1;
        while ((workers = mine(t, me, now, &until)) == 0) {
            wait_until(t, until);
            now = clock_seconds();
        }
        me->waiting = 0;
        me->since = now;
    } else {
        me->away = 1; /* nothing is counted */
    }
    me->workers = workers;
    pthread_mutex_unlock(&t->lock);
    return workers;
}

void fair_share_give(struct fair_share *t, struct turn *me)
{
    double now;

    pthread_mutex_lock(&t->lock);
    if (t->count > 1) {
        now = clock_seconds();
        me->used = used(t, me, now);
        me->since = now;
        me->computed = clock_of_thread(pthread_self());
        me->sleeps = clock_sleeps();
        pthread_cond_broadcast(&t->changed);
    }
    me->workers = 0;
    pthread_mutex_unlock(&t->lock);
}
