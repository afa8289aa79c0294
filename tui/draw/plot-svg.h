/* SPDX-License-Identifier: MIT */
/* A plot as a picture of its own, from the same struct that is drawn on the screen. Its parts bear names, so
 * that scripts and people find them: g.axis.x and g.axis.y with their g.tick and g.unit, g.level, g.zone, g.mark,
 * g.series (each with its data-name), g.now, g.cross, g.legend. */
#ifndef SADDLE_TUI_DRAW_PLOT_SVG_H
#define SADDLE_TUI_DRAW_PLOT_SVG_H

#include "draw/plot.h"

/* An SVG document, NUL-ended; the caller frees. NULL: no memory. */
char *plot_to_svg(const struct plot *p, const char *title, enum theme palette);

#endif
