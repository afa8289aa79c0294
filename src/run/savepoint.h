/* SPDX-License-Identifier: MIT */
/* A run's state, kept to go back to: a run that was led astray by an edit goes on as if that had not been. */
#ifndef SADDLE_RUN_SAVEPOINT_H
#define SADDLE_RUN_SAVEPOINT_H

#include "run/run.h"

struct savepoint {
    struct state *state;
    size_t journal_size; /* what the journal said then is how it begins now */
    uint64_t mark;
};

/* A copy of the run's state between two steps; NULL: no memory. */
struct savepoint *savepoint_take(const struct run *l);
/* The run is again as it was, to the bit, its journal too; the copy stays. A run that was restarted since cannot go
 * back. Errors (ERR_RUNTIME) leave the run as it was. */
int savepoint_restore(struct run *l, const struct savepoint *k, struct err *e);
/* Bytes that it takes up. */
size_t savepoint_bytes(const struct savepoint *k);
void savepoint_free(struct savepoint *k);

#endif
