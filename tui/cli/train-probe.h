/* A probe of saddle train's series: small, as the lab's series is, of the run between two steps. */
#ifndef SADDLE_TUI_CMD_TRAIN_PROBE_H
#define SADDLE_TUI_CMD_TRAIN_PROBE_H

#include "trainer/probe-job.h"

/* Where the lane's knob says that one is due: probe_every steps after the one before. */
int training_probe_due(const struct lane *l);
/* Looks at the lane as it stands and leaves it as it is, but for the journal's line; ends early with the lane's cancel.
 * Errors: as probe_run; ERR_RUNTIME. *p is to be freed. */
int training_probe(struct probe_study **p, struct lane *l, struct err *e);
/* A line on stdout: {"probe":{…}}, of the keys of saddle probe --json, or words. */
void training_probe_print(const struct probe_study *p, const struct lane *l, int json);

#endif
