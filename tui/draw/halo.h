/* SPDX-License-Identifier: MIT */
/* Halos: the darkness that a path or mark needs under it on a bright map fades out over the pixels around. A cell with a
 * character has one ground, so that without them a sloping path would stand on a staircase. */
#ifndef SADDLE_TUI_DRAW_HALO_H
#define SADDLE_TUI_DRAW_HALO_H

#include "draw/canvas.h"

enum { HALO_FULL = 4 }; /* all of the darkness */

/* Around the cells of a map that have edges; after all else is drawn on it. */
void halo_draw(struct canvas *c);
/* The cell with the grounds that its halo leaves it, and no halo. */
struct cell halo_cell(struct cell cell, enum theme p, enum colormap map);

#endif
