/* The edits of a run that can be taken back and made again: two stacks in one list. */
#ifndef SADDLE_LAB_EDITS_H
#define SADDLE_LAB_EDITS_H

#include <stdint.h>

#include "lab/knob.h"

enum { EDITS_KEPT = 64 };

struct edit {
    enum knob_id knob;
    uint64_t step;                /* where it was made */
    struct knobs before, after;   /* only the knob's own value counts */
};

struct edits {
    struct edit list[EDITS_KEPT]; /* the oldest is forgotten when it is full */
    int done, all;                /* list[0 … done) can be taken back, [done … all) made again */
};

/* A new edit forgets what could be made again. Turns of one knob at one step are one edit. */
void edits_note(struct edits *e, enum knob_id knob, uint64_t step, const struct knobs *before,
                const struct knobs *after);
/* The edit to take back, or to make again; NULL when there is none. The caller applies it. */
const struct edit *edits_undo(struct edits *e);
const struct edit *edits_redo(struct edits *e);

#endif
