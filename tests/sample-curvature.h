/* SPDX-License-Identifier: MIT */
/* Figures of the curvature as probes would bring them, for screens. */
#ifndef SADDLE_CANNED_CURVATURE_H
#define SADDLE_CANNED_CURVATURE_H

#include "scripted-app.h"

struct canned_curvature {
    const char *name;
    void (*fill)(struct snapshot *s, struct curvature_view *v);
};

/* The i-th, or NULL beyond the last: a saddle, a minimum, a slope, a plateau, … */
const struct canned_curvature *canned_curvature(int i);
/* Show it on a stage after some steps, with a series of earlier probes; in the Curvature view. */
void canned_stage(struct stage *s, const struct canned_curvature *c);

#endif
