/* SPDX-License-Identifier: MIT */
/* Turns at something that one thread can have at a time, handed out by share of time.
 *
 * The time shared is that of the turns, and between them the time a thread computes or sleeps: a thread of share s
 * gets on at a pace of s against the other's, each measured by its own pace alone. Between its turns a thread competes
 * with the other's turn for the processors; what it waits there is not its own time. Who is further behind, in its time
 * over its share, goes first; and one that is ahead waits a moment for the other to come back for more. A thread that
 * has not come for a while is away: it is not waited for, and when it comes again it cannot make up for the time it was
 * gone. Waiting blocks, it does not spin. */
#ifndef SADDLE_CORE_FAIR_SHARE_H
#define SADDLE_CORE_FAIR_SHARE_H

#include <pthread.h>

enum { FAIR_SHARE_MOST = 4 };

struct turn { /* one thread's place; plain data, all of it under the lock */
    double share;
    double used;     /* seconds of its own, over share … */
    double since;    /* … up to this clock, when it is neither waiting nor away; without a turn they are an estimate, … */
    double computed; /* … set right by the thread's processor time, which was this when it gave its turn back, … */
    long sleeps;     /* … unless it has slept meanwhile, which was so often before */
    int waiting, away;
};

struct fair_share {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct turn *turn[FAIR_SHARE_MOST]; /* borrowed */
    int count;
    struct turn *holder;           /* whose turn it is; NULL: nobody's */
};

void fair_share_init(struct fair_share *t);
void fair_share_free(struct fair_share *t);
/* A place more, of share 1; −1 when there are FAIR_SHARE_MOST. Not while its thread has a turn; others may. */
int fair_share_join(struct fair_share *t, struct turn *me);
void fair_share_leave(struct fair_share *t, struct turn *me);
void fair_share_set_share(struct fair_share *t, struct turn *me, double share);
/* Wait for a turn, and end it. Where there is one place alone they cost a lock each. */
void fair_share_take(struct fair_share *t, struct turn *me);
void fair_share_give(struct fair_share *t, struct turn *me);

#endif
