/* A lane's state, kept to go back to: a run that was led astray by an edit goes on as if that had not been. */
#ifndef SADDLE_LAB_LANE_KEEP_H
#define SADDLE_LAB_LANE_KEEP_H

#include "run/run.h"

struct lane_kept {
    struct state *state;
    size_t journal_size; /* what the journal said then is how it begins now */
    uint64_t mark;
};

/* A copy of the lane's state between two steps; NULL: no memory. */
struct lane_kept *lane_keep(const struct lane *l);
/* The lane is again as it was, to the bit, its journal too; the copy stays. A lane that was restarted since cannot go
 * back. Errors (ERR_RUNTIME) leave the lane as it was. */
int lane_go_back(struct lane *l, const struct lane_kept *k, struct err *e);
/* Bytes that it takes up. */
size_t lane_kept_bytes(const struct lane_kept *k);
void lane_kept_free(struct lane_kept *k);

#endif
