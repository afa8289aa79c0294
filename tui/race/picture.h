/* SPDX-License-Identifier: MIT */
/* A race that was run, as a picture: the surface from above with everyone's way. */
#ifndef SADDLE_TUI_RACE_PICTURE_H
#define SADDLE_TUI_RACE_PICTURE_H

#include "race/race.h"
#include "draw/style.h"

/* An SVG document over the surface's own window, to be freed by the caller; NULL: no memory. */
char *race_picture(const struct race *r, const double *start, enum theme p, enum colormap map);

#endif
