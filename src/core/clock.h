/* SPDX-License-Identifier: MIT */
/* The monotonic clock: time since some unspecified moment, never set back; and the calendar's. */
#ifndef SADDLE_CORE_CLOCK_H
#define SADDLE_CORE_CLOCK_H

#include <pthread.h>
#include <stdint.h>

double clock_seconds(void);
int64_t clock_ms(void);
/* Seconds since the epoch, UTC; may be set back. */
double clock_utc(void);
/* Processor time that a thread has taken, in seconds; 0: not known. */
double clock_of_thread(pthread_t thread);
/* How often the calling thread has slept: waited for something else than a processor. */
long clock_sleeps(void);

#endif
