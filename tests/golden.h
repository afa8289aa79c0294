/* Whole screens against golden ones. SADDLE_UPDATE_GOLDEN=1 writes them anew; they are then to be looked at
 * like code. */
#ifndef SADDLE_GOLDEN_H
#define SADDLE_GOLDEN_H

#include "stage.h"

/* The stage drawn at this size against tests/golden/NAME-WxH.txt (-block, -ascii). */
void golden_screen(const char *name, struct stage *s, int w, int h, enum charset charset);

/* Draw one panel (PANE_COUNT: the help) in the middle of a canvas of sentinels: none around it may change. */
void golden_guarded(const struct model *m, enum pane pane, int w, int h, enum charset charset);

#endif
