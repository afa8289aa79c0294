/* SPDX-License-Identifier: MIT */
/* A bar that lies: a share of a row of cells, in eighths of a cell where the charset has them. */
#ifndef SADDLE_TUI_DRAW_BAR_H
#define SADDLE_TUI_DRAW_BAR_H

#include "draw/canvas.h"

/* From column x of row y on; a share beyond 0…1 is held there, NaN draws nothing, and what is more than
 * nothing shows at least its edge. `plain` is the ASCII character. */
void bar_draw(struct canvas *c, int x, int y, int width, double share, enum style s, char plain);

#endif
