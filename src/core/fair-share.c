/* SPDX-License-Identifier: MIT */
#include "core/fair-share.h"

#include "core/clock.h"

static const double AWAY = .02;  /* seconds without a turn after which a thread is not waited for */
static const double AHEAD = .01; /* seconds over its share that a thread may be ahead without waiting */

void fair_share_init(struct fair_share *t)
{
    pthread_condattr_t monotonic;

    *t = (struct fair_share){.count = 0};
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

/* The pace of a turn: what it has used up to now. */
static double used(const struct turn *o, double now)
{
    return o->waiting || o->away ? o->used : o->used + (now - o->since) / o->share;
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
        least = met && least < used(o, now) ? least : used(o, now);
        met = 1;
    }
    if (met)
        me->used = least;
    me->away = 0;
    me->since = now;
}

/* Whether it is my turn; if not, *until is when to look again (0: when something changes). */
static int mine(struct fair_share *t, const struct turn *me, double now, double *until)
{
    *until = 0;
    if (t->holder)
        return 0;
    for (int i = 0; i < t->count; i++) {
        struct turn *o = t->turn[i];
        double ahead = me->used - used(o, now), caught_up;
        if (o == me || o->away || ahead <= 0)
            continue;
        if (o->waiting)
            return 0;
        if (ahead <= AHEAD)
            continue;
        if (now >= o->since + AWAY) { /* since: when it gave its turn back */
            o->used = used(o, now);
            o->away = 1;
            continue;
        }
        caught_up = now + (ahead - AHEAD) * o->share;
        *until = caught_up < o->since + AWAY ? caught_up : o->since + AWAY;
        return 0;
    }
    return 1;
}

/* Seconds of its own since it gave its turn back. */
static double between_turns(const struct turn *me, double now)
{
    return clock_sleeps() == me->sleeps ? clock_of_thread(pthread_self()) - me->computed : now - me->since;
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

void fair_share_take(struct fair_share *t, struct turn *me)
{
    double until, now;

    pthread_mutex_lock(&t->lock);
    if (t->count > 1 || t->holder) {
        now = clock_seconds();
        if (!me->away && now >= me->since + AWAY)
            me->away = 1;
        if (me->away)
            come_back(t, me, now);
        else
            me->used += between_turns(me, now) / me->share;
        me->waiting = 1;
        while (!mine(t, me, now, &until)) {
            wait_until(t, until);
            now = clock_seconds();
        }
        me->waiting = 0;
        me->since = now;
    } else {
        me->away = 1; /* nothing is counted */
    }
    t->holder = me;
    pthread_mutex_unlock(&t->lock);
}

void fair_share_give(struct fair_share *t, struct turn *me)
{
    double now;

    pthread_mutex_lock(&t->lock);
    t->holder = NULL;
    if (t->count > 1) {
        now = clock_seconds();
        me->used = used(me, now);
        me->since = now;
        me->computed = clock_of_thread(pthread_self());
        me->sleeps = clock_sleeps();
        pthread_cond_broadcast(&t->changed);
    }
    pthread_mutex_unlock(&t->lock);
}
