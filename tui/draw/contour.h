/* SPDX-License-Identifier: MIT */
/* Lines of equal height through a grid, a square at a time: marching squares (Lorensen and Cline 1987, in the
 * plane). */
#ifndef SADDLE_TUI_DRAW_CONTOUR_H
#define SADDLE_TUI_DRAW_CONTOUR_H

#include "draw/line.h"

/* Heights at the corners (0,0) (1,0) (1,1) (0,1) of the unit square, in this order. Fills the pieces where
 * their plane through the edges has the height `level`; returns how many, 0 … 2. Where two lines could be
 * joined in two ways the mean of the corners decides. A height that is NaN: none. */
int contour_square(const double z[4], double level, struct line_piece piece[2]);
/* The same as edges that are joined, edge[2 i] to edge[2 i + 1]: edge k leads from corner k to the next. */
int contour_edges(const double z[4], double level, int edge[4]);

#endif
