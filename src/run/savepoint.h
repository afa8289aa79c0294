/* SPDX-License-Identifier: MIT */
/* A run's state, kept to go back to: a run that was led astray by an edit goes on as if that had not been. */
#ifndef SADDLE_RUN_SAVEPOINT_H
#define SADDLE_RUN_SAVEPOINT_H

#include "run/run.h"

struct savepoint {
    int references; /* of one thread */
    struct state *state;
    size_t journal_size; /* what the journal said then is how it begins now */
    uint64_t mark;
    double loss; /* of batches around it; the caller's, NaN: not known */
};

/* A copy of the run's state between two steps; NULL: no memory. */
struct savepoint *savepoint_take(const struct run *l);
/* The run is again as it was, to the bit, its journal too; the copy stays. The run has
 * to be the one that was copied, or a fork of it. Errors (ERR_RUNTIME) leave the run as it was. */
int savepoint_restore(struct run *l, const struct savepoint *k, struct err *e);
/* One more reference to it. */
struct savepoint *savepoint_share(struct savepoint *k);
/* Bytes that it takes up. */
size_t savepoint_bytes(const struct savepoint *k);
/* Drop a reference; may be NULL. */
void savepoint_free(struct savepoint *k);

#endif
