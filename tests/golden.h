/* SPDX-License-Identifier: MIT */
/* Whole screens against reviewed ones, tests/golden/NAME-WxH[-block|-ascii].txt. SADDLE_UPDATE_GOLDEN=1 rewrites them;
 * review the difference like code. */
#ifndef SADDLE_GOLDEN_H
#define SADDLE_GOLDEN_H

#include "app/view.h"
#include "scripted-app.h"

/* The i-th screen that is compared, "train-80x24", and the program that draws it; NULL beyond the last. */
const char *golden_name(int i, const char **program);
/* Draw the app at this size and compare it with the screen of this name, which golden.c must list for this program. */
void golden_screen(const char *name, struct stage *s, int w, int h, enum charset charset);
/* The last test of each program that compares screens: all those listed for it were drawn. */
void golden_all_drawn(void **state);
/* Draw the app at many sizes and in every character set: no row is too long, and ASCII is ASCII. Leaves it at 80×24. */
void golden_sweep(struct stage *s);
/* Draw one pane (NULL: the help) in the middle of a canvas of sentinels: none around it may change. */
void golden_guarded(const struct model *m, const struct pane *pane, int w, int h, enum charset charset);

#endif
