/* SPDX-License-Identifier: MIT */
/* Names in the file of session-state.h, for who writes it and who reads it. Under SESSION_RUN_PREFIX stands a run's
 * checkpoint; beside it: recipe, label, seconds, parent, forked, first.knob.… (settings that it began from scratch with,
 * absent where it did not), edits (lines "began lines step turned done name" and two lines of the values before and
 * after; of an escape, which is named so, the lines "length length-as-given" and "number step eigenvalue", the last three of
 * the probe, and the tensor of its eigenvector, SESSION_DIRECTION). For all runs: session, runs, focus, level, paused, log
 * (lines "step epoch kind run text"). */
#ifndef SADDLE_TRAINER_SESSION_FORMAT_H
#define SADDLE_TRAINER_SESSION_FORMAT_H

#define SESSION_FORMAT "saddle-session-1"
#define SESSION_RUN_PREFIX "%c."
#define SESSION_FIRST_PREFIX "%c.first."
#define SESSION_ESCAPE "escape"
#define SESSION_DIRECTION "direction.%d"

#endif
