/* The schedule of a run as its knobs say, past the point where it stands: for the screen. */
#ifndef SADDLE_LAB_AHEAD_H
#define SADDLE_LAB_AHEAD_H

#include "trainer/snapshot.h"

/* The effective learning rate at `epoch` (≥ the present one) if nothing is touched. */
double snapshot_rate_at(const struct snapshot *s, double epoch);

#endif
