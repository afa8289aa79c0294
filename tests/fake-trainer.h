/* SPDX-License-Identifier: MIT */
/* A trainer without a network: canned runs, and commands kept for the test to look at. It implements
 * lab/trainer.h in the caller's thread, on no clock. */
#ifndef SADDLE_FAKE_TRAINER_H
#define SADDLE_FAKE_TRAINER_H

#include "trainer/trainer.h"

struct trainer *fake_trainer_new(void);
void fake_trainer_free(struct trainer *t);
/* The snapshot the next trainer_snapshot shows; to be filled by the test, then published. */
/* The step in hand, to be set. */
struct step_progress *fake_trainer_computing(struct trainer *t);
struct snapshot *fake_trainer_draft(struct trainer *t);
void fake_trainer_publish(struct trainer *t);
/* … and what the next trainer_curvature shows, published with it. */
struct curvature_view *fake_trainer_curvature(struct trainer *t);
/* … and the next trainer_landscape. */
struct landscape_view *fake_trainer_landscape(struct trainer *t);
/* Make `steps` steps of a made-up descent in every run, as samples and snapshots; adds to what was run. Runs that were
 * forked descend to a higher loss. */
void fake_trainer_run(struct trainer *t, int steps);
/* All runs, to be changed before they are published. */
struct snapshots *fake_trainer_runs(struct trainer *t);
/* The last command taken, and how many were taken in all. */
struct command fake_trainer_last(const struct trainer *t);
int fake_trainer_taken(const struct trainer *t);
/* Do not fork, as where there is no memory. */
void fake_trainer_crowd(struct trainer *t, int crowded);
/* Refuse commands as a full ring would. */
void fake_trainer_fill(struct trainer *t, int full);

#endif
