/* SPDX-License-Identifier: MIT */
/* A run made again by its journal. */
#ifndef SADDLE_TRAINER_REPLAY_H
#define SADDLE_TRAINER_REPLAY_H

#include "run/run.h"

/* Play the lines of a journal (lab/journal.h) on a run that begins where the journal does, up to so many steps
 * applied, with the edits made at that step: the run is then that run, bit for bit. A probe is made again only
 * where an escape goes along its eigenvector. Where other kernels or another library computed the journal's run, the
 * run's remark says that bits may differ. Errors: ERR_INPUT, a line that does not fit; those of a step. They
 * name no file: whoever read the journal from one does (err_in_file). */
int run_replay(struct run *l, const char *journal, uint64_t steps, struct err *e);

/* A part of a journal: of `journal`, the lines from byte `from`, which is where the run stands, up to byte `to`. */
struct replay_part {
    const char *journal;
    size_t from, to;
    void (*tell)(void *context, uint64_t step); /* after each step; may be NULL */
    void *context;
};
/* The same. An escape in it along the eigenvector of an earlier probe is an error (ERR_INPUT). */
int run_replay_part(struct run *l, const struct replay_part *part, uint64_t steps, struct err *e);

#endif
