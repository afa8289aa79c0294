/* SPDX-License-Identifier: MIT */
/* Edits of a run that can be undone and redone: two stacks in one list. */
#ifndef SADDLE_TRAINER_EDIT_HISTORY_H
#define SADDLE_TRAINER_EDIT_HISTORY_H

#include <stdint.h>

#include "run/hyperparameter.h"
#include "run/saddle-escape.h"

enum { EDITS_KEPT = 64, EDITS_ESCAPES_KEPT = 4, EDITS_TOGETHER = 50 };

struct edit {
    enum knob_id knob;
    uint64_t step;                /* where it was made; of turns, the last */
    struct knobs before, after;   /* only the knob's own value counts */
    struct saddle_escape *escape;   /* the edit is no knob's, but this; NULL: a knob's */
    uint64_t began;               /* the first of its turns, … */
    int lines;                    /* … and how many lines the run's journal had before it */
    int turned;                   /* a key's turn, not a value that was typed */
};

struct edits {
    struct edit list[EDITS_KEPT]; /* the oldest is forgotten when it is full */
    int done, all;                /* list[0 … done) can be undone, [done … all) redone */
};

/* Whether it goes on with the last edit: turns of one knob, EDITS_TOGETHER steps apart at most, are one. */
int edits_continues(const struct edits *e, const struct edit *edit);
/* A new edit clears what could be redone. */
void edits_note(struct edits *e, const struct edit *edit);
/* The escape becomes the list's. Each holds copies of all weights: no more than EDITS_ESCAPES_KEPT are kept, and
 * what is older than those is forgotten. */
void edits_note_escape(struct edits *e, uint64_t step, int lines, struct saddle_escape *x);
/* The edit to undo, or to redo; NULL if there is none. The caller applies it. */
const struct edit *edits_undo(struct edits *e);
const struct edit *edits_redo(struct edits *e);
/* The run went back to before the edit just undone: of those after it, settings can be redone, an escape and what
 * followed it cannot, as the run has not had the probe that the escape needs. */
void edits_forget_later(struct edits *e);
/* Forget those that were made at this step or later. */
void edits_forget_from(struct edits *e, uint64_t step);
/* Forget those that were made beyond this point: after this step, or at it with so many lines in the journal or more. */
void edits_forget_beyond(struct edits *e, uint64_t step, int lines);
/* Those of another run that this one is a fork of. `to` has none. An escape for which there is no memory goes, and what was
 * before it. */
void edits_copy(struct edits *to, const struct edits *from);
/* Forget all of them. */
void edits_clear(struct edits *e);

#endif
