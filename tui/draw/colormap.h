/* SPDX-License-Identifier: MIT */
/* Colour maps for heights: perceptually uniform, their lightness rising evenly, safe for colour blindness. */
#ifndef SADDLE_TUI_DRAW_COLORMAP_H
#define SADDLE_TUI_DRAW_COLORMAP_H

#include "draw/colour.h"

enum colormap { COLORMAP_CIVIDIS, COLORMAP_VIRIDIS, COLORMAP_INFERNO, COLORMAP_GREY, COLORMAP_COUNT };

enum { COLORMAP_LEVELS = 60 };

/* The colour of a place, 0 the lowest … 1 the highest. */
struct rgb colormap_at(enum colormap map, double place);
/* Among 256 colours, of a level 1 … COLORMAP_LEVELS: colours chosen by hand, as light as the map's own, so that they rise; the
 * nearest ones do not, and jump between hues. */
int colormap_index(enum colormap map, int level);
/* By name: cividis, viridis, inferno, grey; −1 when there is none. */
int colormap_find(const char *name);
const char *colormap_name(enum colormap map);

#endif
