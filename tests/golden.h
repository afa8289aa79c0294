/* SPDX-License-Identifier: MIT */
/* Whole screens against those that were looked at, tests/golden/NAME-WxH[-block|-ascii].txt.
 * SADDLE_UPDATE_GOLDEN=1 writes them anew; they are then to be looked at like code. */
#ifndef SADDLE_GOLDEN_H
#define SADDLE_GOLDEN_H

#include "app/view.h"
#include "scripted-app.h"

/* The i-th screen that is compared, "train-80x24", NULL beyond the last. */
const char *golden_name(int i);
/* Draw the app at this size, and compare it if golden.c lists it. */
void golden_screen(const char *name, struct stage *s, int w, int h, enum charset charset);
/* Draw one pane (NULL: the help) in the middle of a canvas of sentinels: none around it may change. */
void golden_guarded(const struct model *m, const struct pane *pane, int w, int h, enum charset charset);

#endif
