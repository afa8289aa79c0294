/* The field or plot of the Landscape view, for its panes, keys and pictures. */
#ifndef SADDLE_TUI_LANDSCAPE_MAP_H
#define SADDLE_TUI_LANDSCAPE_MAP_H

#include "app/pane.h"
#include "draw/field.h"

enum { LANDSCAPE_MARKS = 5 };

struct landscape_map {
    int axes;           /* 1: the plot; 2: the field */
    struct field field;
    struct plot plot;
    char x_name[80], y_name[80]; /* "top eigenvector, λ 12.3" */
    /* what these point to */
    struct field_path path;
    struct field_mark mark[LANDSCAPE_MARKS];
    struct series series[2];
    struct plot_mark plot_mark[3];
    double at[LANDSCAPE_PLAN_LINE];
    float model[LANDSCAPE_PLAN_LINE];
};

/* The picture as far as it is known; 0 when there is none, or no height of it is finite. */
int landscape_map(const struct model *m, struct landscape_map *map);
/* The part of the pane's inside that it is drawn in. */
struct rect landscape_part(const struct model *m, int w, int h);
/* The height shown at a place, between the points of the grid; NaN outside. */
double landscape_height(const struct landscape_view *v, double x, double y);
/* Heights are shown as logarithms: where they are of different orders, or the other way round if asked for. */
int landscape_is_log(const struct model *m);

/* ---- the list of what can be chosen ---- */

enum slice_row {
    SLICE_DIRECTIONS,
    SLICE_AXES,
    SLICE_POINTS,
    SLICE_EXTENT,
    SLICE_HEIGHTS,
    SLICE_SEED,
    SLICE_FOLLOW,
    SLICE_ROWS
};

/* The row at row y of the inside of its pane, of h rows; −1: none. */
int slice_row_at(const struct model *m, int h, int y);
/* The meaning of the directions, in a sentence. */
const char *landscape_meaning(enum landscape_kind kind);

#endif
