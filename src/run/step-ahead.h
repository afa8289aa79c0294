/* SPDX-License-Identifier: MIT */
/* The step that a run makes next from where it stands, looked at on a copy of the run: the run itself goes on as if
 * nobody looked. An evaluation that is due before that step is left out. */
#ifndef SADDLE_RUN_STEP_AHEAD_H
#define SADDLE_RUN_STEP_AHEAD_H

#include "hessian/batch-sharpness.h"
#include "hessian/step-anatomy.h"

struct run;

enum { STEP_AHEAD_BATCHES = 8, STEP_AHEAD_FEW = 4 }; /* mini-batches of the batch sharpness; few: in a series */

struct step_ahead {
    struct step_anatomy own;   /* on the step's own batch as training sees it: batch norm by the batch, dropout's masks,
                                  noise */
    struct step_anatomy probe; /* on the probe batch, as the ask says */
    struct batch_sharpness batch; /* of the batches of the next steps, as training sees them */
};

#define STEP_AHEAD_UNKNOWN ((struct step_ahead){STEP_ANATOMY_UNKNOWN, STEP_ANATOMY_UNKNOWN, BATCH_SHARPNESS_UNKNOWN})

/* copy: of the run, between the same two steps as the ask's point, to be used up; its pool and the flag that cancels
 * (run_watch) are the caller's to set. The ask: the point with the probe batch. What cannot be known, since the step
 * diverges or the loss is not finite, stays NaN. Errors: ERR_CANCELLED; ERR_RUNTIME; ERR_INPUT. */
int step_ahead_look(struct run *copy, const struct probe_ask *at, int batches, struct step_ahead *s, struct err *e);

#endif
