/* A part of a surface as heights on a grid, for maps. */
#ifndef SADDLE_TUI_RACE_HEIGHTS_H
#define SADDLE_TUI_RACE_HEIGHTS_H

#include "race/surface.h"
#include "draw/axis.h"

enum { RACE_COLUMNS = 121, RACE_ROWS = 97 };

/* The part that the surface suggests, along a coordinate. */
struct axis race_window(const struct surface *s, int coordinate);
/* Heights [RACE_ROWS][RACE_COLUMNS] over the first two coordinates, the others as at the start; NaN where there is
 * none. */
void race_heights(const struct surface *s, const double *start, const struct axis *x, const struct axis *y,
                  float z[RACE_ROWS * RACE_COLUMNS]);
/* Their range: logarithmic where none is negative and they differ much, unless `linear`. */
void race_fit_heights(const float z[RACE_ROWS * RACE_COLUMNS], int linear, struct axis *height);

#endif
