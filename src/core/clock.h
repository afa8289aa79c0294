/* SPDX-License-Identifier: MIT */
/* The monotonic clock: time since some unspecified moment, never set back; and the calendar's. */
#ifndef SADDLE_CORE_CLOCK_H
#define SADDLE_CORE_CLOCK_H

#include <stdint.h>

double clock_seconds(void);
int64_t clock_ms(void);
/* Seconds since the epoch, UTC; may be set back. */
double clock_utc(void);

#endif
