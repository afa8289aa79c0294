/* SPDX-License-Identifier: MIT */
/* The figures of earlier probes, so that the panes of the curvature can show the one before the cross-hair's step. */
#ifndef SADDLE_TUI_APP_PAST_H
#define SADDLE_TUI_APP_PAST_H

#include "trainer/published.h"
#include "trainer/snapshot.h"

enum { PAST_CURVATURES = 24 }; /* the oldest goes: each takes 25 kB */

struct past_curvature {
    struct {
        int run;
        struct curvature_view *view; /* malloced */
    } of[PAST_CURVATURES];
    int count;
    uint64_t version; /* of the publication that was kept last */
};

struct model;

/* Keep the figures of a probe that is done, in place of others of the same step; those just kept are not kept again. */
void past_curvature_keep(struct past_curvature *p, int run, const struct curvature_view *v);
/* A run began anew, went back or is gone: what came later is of no run any more. */
void past_curvature_forget(struct past_curvature *p, const struct sample *s);
void past_curvature_free(struct past_curvature *p);
/* What the panes show: the newest figures at or before the step that they show the run at; `none` where there are none. */
const struct curvature_view *past_curvature_of(const struct model *m, const struct curvature_view *none);

#endif
