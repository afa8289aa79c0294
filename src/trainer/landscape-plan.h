/* SPDX-License-Identifier: MIT */
/* Which landscape is wanted, as a line of text that front ends send and people type:
 *
 *     ends                      directions alone: the rest is chosen
 *     random points=65 extent=.5 seed=3
 *     pca 1d epsilon=5e-4       along one axis; half the box of the sharpness
 *     line extent=.25 best run.safetensors      the name is the rest of the line
 *     curve run B                 the line, and beside it a curve of low loss between the same ends
 *     line run B                  to where another run of the trainer stands; a file of that name is "./run B" */
#ifndef SADDLE_TRAINER_LANDSCAPE_PLAN_H
#define SADDLE_TRAINER_LANDSCAPE_PLAN_H

#include "core/err.h"
#include "run/hyperparameter.h"
#include "landscape/landscape.h"

enum { LANDSCAPE_PLAN_PLANE = 65, LANDSCAPE_PLAN_LINE = 257 }; /* points along an axis, at most */

struct landscape_plan {
    enum landscape_kind kind;
    int axes;      /* 1 or 2; of a line or curve 1 */
    int points;    /* along an axis, odd; 0: 33, of one axis 81 */
    double extent; /* as landscape_wish has it; 0: chosen */
    double epsilon; /* of the sharpness; 0: SHARPNESS_EPSILON */
    uint64_t seed;
    char file[KNOB_TEXT_SIZE]; /* the checkpoint at a line's other end, or "run B" */
};

/* A text that begins with the directions is a plan of its own; one that does not changes p, which may be all zero.
 * Errors: ERR_INPUT, what is wrong with the text; p is as it was. */
int landscape_plan_parse(struct landscape_plan *p, const char *text, struct err *e);
/* The shortest text that means it. */
void landscape_plan_format(const struct landscape_plan *p, char *out, size_t size);
/* The id of the run at the line's other end, from the letter of its name; −1: it is a file. */
int landscape_plan_run(const struct landscape_plan *p);
/* points, chosen where it is 0. */
int landscape_plan_points(const struct landscape_plan *p);

#endif
