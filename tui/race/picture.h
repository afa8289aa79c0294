/* SPDX-License-Identifier: MIT */
/* A race that was run, as a picture: the surface from above with everyone's way. */
#ifndef SADDLE_TUI_RACE_PICTURE_H
#define SADDLE_TUI_RACE_PICTURE_H

#include "race/race.h"
#include "draw/field.h"
#include "race/heights.h"

struct race_look {
    enum theme theme;
    enum colormap colormap;
    int film; /* racers move */
};
/* An SVG document over the surface's own window, to be freed by the caller; NULL: no memory. */
char *race_picture(const struct race *r, const double *start, const struct race_look *look);

/* A map's heights, finer than the screen has them; f.z is to be freed. Returns 0, or −1: no memory. */
int race_refine(struct field *f, const struct surface *s, const double *start, const struct race_range *x, const struct race_range *y);

#endif
