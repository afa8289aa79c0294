/* SPDX-License-Identifier: MIT */
/* A landscape as what is drawn: a plot of one axis, a field of two, for the screen and for SVG alike. */
#ifndef SADDLE_TUI_LANDSCAPE_PICTURE_H
#define SADDLE_TUI_LANDSCAPE_PICTURE_H

#include "landscape/landscape.h"
#include "draw/field.h"
#include "draw/plot.h"

struct landscape_picture {
    int axes; /* 1: the plot; 2: the field */
    struct plot plot;
    struct field field;
    char x_name[80], y_name[80];
    /* what these point to */
    float *z, *curve;
    double *x, *away;
    struct series series[2];
    struct plot_mark plot_mark[2];
    struct field_path path;
    struct field_mark mark;
};

/* Everything that l knows by now, copied but for the path's coordinates; heights not computed yet are put
 * between their neighbours. What stands at 0, and on a line at 1, is called by `names`. 0, or −1 without
 * memory. Free accepts a zeroed one. */
int landscape_picture_init(struct landscape_picture *p, const struct landscape *l,
                           const char *const names[2]);
void landscape_picture_free(struct landscape_picture *p);
/* How wide a map is for its height: both axes are distances in weight space, `x` and `y` coordinates long. 0: not known. */
double landscape_aspect(const struct landscape_direction *across, double x, const struct landscape_direction *up, double y);
/* An SVG document, NUL-ended; the caller frees. NULL: no memory. */
char *landscape_picture_svg(const struct landscape_picture *p, const char *title, enum theme palette);

#endif
