/* SPDX-License-Identifier: MIT */
/* The time line: a row beneath a plot over the steps, with the states that are kept, edits, forks and the cross-hair. */
#ifndef SADDLE_TUI_APP_TIMELINE_H
#define SADDLE_TUI_APP_TIMELINE_H

#include "app/pane.h"

/* The part of a pane's inside that is left for its plot: all of it where there is no room for a time line, or nothing for
 * it to show. */
struct rect timeline_plot(const struct model *m, int w, int h);
/* In the row beneath that part. */
void timeline_draw(const struct model *m, const struct pane_plot *p, struct canvas *inside);
/* The newest state kept from before a step, or the beginning of the run; 0 when there is none. */
int timeline_keyframe(const struct model *m, double step, uint64_t *found);
/* While the cross-hair is at an earlier step, how its weights are had, "nearest keyframe 1,200: ⏎ goes back to step
 * 1,340" or, in few words, "kept 1,200: ⏎ to 1,340"; else "". */
void timeline_words(const struct model *m, enum charset charset, int brief, char *out, size_t size);

#endif
