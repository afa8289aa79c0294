/* SPDX-License-Identifier: MIT */
/* The lab's runs on their way to a recorder: a trainer's observer, place by place as the runs are called, A to D.
 *
 * A restart is another run in the store. A fork is one whose parent is the run it was forked from, with a copy of its
 * curves. Where a run goes back to an earlier step (undo, back), what was recorded of later steps is removed, as it is
 * of no run any more; that it went back stays among its events. A session that is resumed goes on with its runs. */
#ifndef SADDLE_STORE_LAB_RECORDING_H
#define SADDLE_STORE_LAB_RECORDING_H

#include "store/recorder.h"
#include "trainer/trainer.h"

struct lab_recording {
    struct recorder *recorder; /* NULL: nothing is recorded */
    const char *from;          /* the checkpoint that the first run goes on from, or NULL */
    const char *resume;        /* the session that is resumed, or NULL */
    const char *unnamed;       /* the file that a run is saved in where the user named none, or NULL */
};

/* Valid as long as *l is. */
struct trainer_observer lab_recording_observer(struct lab_recording *l);

#endif
