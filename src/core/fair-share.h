/* SPDX-License-Identifier: MIT */
/* Workers of a pool, handed out by share to the threads that have jobs for them.
 *
 * A thread that is alone has all workers in its turn. Threads that compute at the same time have some of them each, as
 * near to their shares as whole workers are: that costs less than taking turns at all of them, since fewer wait for each
 * other and each keeps its caches. Waiting makes up the rest. A thread's time is that of its turns, by the part of the
 * workers that it has, and between them what it computes or sleeps, by one worker; what it waits there for a processor
 * is not its own. A thread of share s gets on at a pace of s against the other's: who is further behind, in its time over
 * its share, goes first, and one that is ahead waits a moment for the other to catch up, which has all workers then. A
 * thread that has not come for a while is away: it is not waited for, and when it comes again it cannot make up for the
 * time it was gone. Waiting blocks, it does not spin. */
#ifndef SADDLE_CORE_FAIR_SHARE_H
#define SADDLE_CORE_FAIR_SHARE_H

#include <pthread.h>

enum { FAIR_SHARE_MOST = 8 };

struct turn { /* one thread's place; plain data, all of it under the lock */
    double share;
    double used;     /* seconds of its own, over share … */
    double since;    /* … up to this clock, when it is neither waiting nor away; without a turn they are an estimate, … */
    double computed; /* … set right by the thread's processor time, which was this when it gave its turn back, … */
    long sleeps;     /* … unless it has slept meanwhile, which was so often before */
    int workers;     /* that it has; 0: it has no turn */
    int waiting, ahead, away; /* ahead: it waits for another to catch up */
};

struct fair_share {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct turn *turn[FAIR_SHARE_MOST]; /* borrowed */
    int count;
    int workers;                        /* in all */
};

void fair_share_init(struct fair_share *t, int workers);
void fair_share_free(struct fair_share *t);
/* A place more, of share 1; −1 when there are FAIR_SHARE_MOST. Not while its thread has a turn; others may. */
int fair_share_join(struct fair_share *t, struct turn *me);
void fair_share_leave(struct fair_share *t, struct turn *me);
void fair_share_set_share(struct fair_share *t, struct turn *me, double share);
/* Wait for a turn, and end it. Returns how many workers it is of, 1 … all, the calling thread being one of them. Where
 * there is one place alone they cost a lock each. */
int fair_share_take(struct fair_share *t, struct turn *me);
void fair_share_give(struct fair_share *t, struct turn *me);

#endif
