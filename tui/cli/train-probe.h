/* SPDX-License-Identifier: MIT */
/* A probe of saddle train's series: small, as the lab's series is, of the run between two steps. */
#ifndef SADDLE_TUI_CLI_TRAIN_PROBE_H
#define SADDLE_TUI_CLI_TRAIN_PROBE_H

#include "store/store.h"
#include "trainer/probe-job.h"

/* Probe if one is due: probe_every steps after the one before. */
int training_probe_due(const struct run *l);
/* Looks at the run as it stands and leaves it as it is, but for the journal's line; ends early with the run's cancel.
 * Errors: as probe_run; ERR_RUNTIME. *p is to be freed. */
int training_probe(struct probe_job **p, struct run *l, struct err *e);
/* Its figures for the store. */
struct store_probe training_probe_figures(const struct probe_job *p);
/* A line on stdout: {"probe":{…}}, of the keys of saddle probe --json, or words. */
void training_probe_print(const struct probe_job *p, const struct run *l, int json);

#endif
