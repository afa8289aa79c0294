/* SPDX-License-Identifier: MIT */
/* Recording into the user's store (store/recorder.h) from the command line. That a run is not recorded is one line on
 * stderr, and no reason not to train. */
#ifndef SADDLE_TUI_CLI_RECORDING_H
#define SADDLE_TUI_CLI_RECORDING_H

#include "app/app.h"
#include "store/recorder.h"
#include "store/store.h"

struct recording {
    struct recorder *recorder; /* NULL: nothing is recorded */
    int reported;              /* that something is not recorded */
    char name[STORE_NAME];     /* of the run at place 0, once recording has stopped; "": it is not recorded */
};

/* Unless the user does not want it: --no-record, or `record = no` in the configuration. `source`: the command. */
void recording_start(struct recording *r, const char *source, int no_record);
/* The line, once there is reason for it; 1 when it was printed. */
int recording_check(struct recording *r);
/* Wait until all is written. */
void recording_stop(struct recording *r);

/* Remove the checkpoints that nobody named and the user's rule does not keep, and say on stderr how many: those of recorded runs
 * (store_keep_newest), or of unrecorded ones (autosave_keep_newest). */
void recording_drop_checkpoints(const struct app_options *o, int recorded);

/* Somebody saw these figures of the test set: counted with the run that wrote the checkpoint, where that is known and
 * runs are recorded. */
void recording_count_look(const char *checkpoint, double loss, double accuracy);

#endif
