/* SPDX-License-Identifier: MIT */
/* The schedule of a run as its knobs say, past the point where it stands: for the screen. */
#ifndef SADDLE_TRAINER_RATE_PREVIEW_H
#define SADDLE_TRAINER_RATE_PREVIEW_H

#include "trainer/snapshot.h"

/* The effective learning rate at `epoch` (≥ the present one) if nothing is touched. */
double rate_preview(const struct snapshot *s, double epoch);

#endif
