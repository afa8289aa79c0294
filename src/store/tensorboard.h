/* SPDX-License-Identifier: MIT */
/* A run for TensorBoard. */
#ifndef SADDLE_STORE_TENSORBOARD_H
#define SADDLE_STORE_TENSORBOARD_H

#include "store/store.h"

/* Write FOLDER/NAME/events.out.tfevents.… of the run: scalars of its steps, evaluations and probes, edits and the log as
 * text, settings as hparams. An older export of the run there is replaced. `path` gets the file's. Errors: ERR_RUNTIME. */
int tensorboard_write(struct store *s, const struct store_run *run, const char *folder, char *path, size_t size, struct err *e);

#endif
