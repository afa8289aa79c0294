/* The edits of a run that can be taken back and made again: two stacks in one list. */
#ifndef SADDLE_LAB_EDITS_H
#define SADDLE_LAB_EDITS_H

#include <stdint.h>

#include "lab/knob.h"
#include "lab/lane-escape.h"

enum { EDITS_KEPT = 64, EDITS_ESCAPES_KEPT = 4 };

struct edit {
    enum knob_id knob;
    uint64_t step;                /* where it was made */
    struct knobs before, after;   /* only the knob's own value counts */
    struct lane_escape *escape;   /* the edit is no knob's, but this; NULL: a knob's */
};

struct edits {
    struct edit list[EDITS_KEPT]; /* the oldest is forgotten when it is full */
    int done, all;                /* list[0 … done) can be taken back, [done … all) made again */
};

/* A new edit forgets what could be made again. Turns of one knob at one step are one edit. */
void edits_note(struct edits *e, enum knob_id knob, uint64_t step, const struct knobs *before,
                const struct knobs *after);
/* The escape becomes the list's. Each holds copies of all weights: no more than EDITS_ESCAPES_KEPT are kept, and
 * what is older than those is forgotten. */
void edits_note_escape(struct edits *e, uint64_t step, struct lane_escape *x);
/* The edit to take back, or to make again; NULL when there is none. The caller applies it. */
const struct edit *edits_undo(struct edits *e);
const struct edit *edits_redo(struct edits *e);
/* Forget all of them. */
void edits_clear(struct edits *e);

#endif
