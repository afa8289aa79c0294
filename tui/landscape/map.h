/* SPDX-License-Identifier: MIT */
/* Shared by the panes of the Landscape view, its keys and its pictures: the field or the plot that is drawn. */
#ifndef SADDLE_TUI_LANDSCAPE_MAP_H
#define SADDLE_TUI_LANDSCAPE_MAP_H

#include "app/view.h"
#include "draw/field.h"
#include "landscape/text.h"

enum { LANDSCAPE_MAP, LANDSCAPE_CONTROLS, LANDSCAPE_SUMMARY, LANDSCAPE_LOG }; /* panes, in Tab's order */

extern const struct pane landscape_pane, controls_pane, summary_pane;
extern const struct view landscape_view;
extern const struct key_set landscape_keys, slice_keys, landscape_map_keys, controls_keys;
extern const struct command_row landscape_commands[];

/* The view's own state. */
struct landscape_ui {
    struct landscape_plan plan; /* what is drawn next */
    int row;                    /* enum slice_row, the one the arrows turn */
    double cross_x, cross_y;    /* cross-hair, in coordinates of the slice; NaN: none */
    struct plain_landscape told; /* by the text mode */
    double replay;              /* steps since the path's beginning that are shown; NaN: it is not replayed */
};

struct landscape_ui *landscape_ui(const struct model *m);

/* Draw it, at the weights as they are. */
unsigned action_landscape(struct app *a, int by);
unsigned action_landscape_follow(struct app *a, int by);
/* Stop drawing, and following: 1, or 0 when there is nothing to stop. */
int action_landscape_cancel(struct app *a);

/* ---- the path again, from its beginning (replay.c) ---- */

/* Begin, or stop. */
unsigned action_landscape_replay(struct app *a, int by);
int landscape_replays(const struct model *m);
int landscape_replay_tick(struct app *a);
/* Stop: 1, or 0 when it was not on. */
int landscape_replay_stop(struct app *a);
/* "replay, step 1,200 of 1,412". */
void landscape_replay_words(const struct model *m, char *out, size_t size);

/* When the path was at each of its points; they are counted where the steps do not rise. Returns what the times count. */
const struct film *landscape_times(const struct landscape_view *v, double time[LANDSCAPE_VIEW_PATH]);

enum { LANDSCAPE_MARKS = 6 };

struct landscape_map {
    int axes;           /* 1: the plot; 2: the field */
    struct field field;
    struct plot plot;
    char x_name[80], y_name[80]; /* "top eigenvector, λ 12.3" */
    /* what these point to */
    struct field_path path;
    double way[LANDSCAPE_VIEW_PATH + 1][2]; /* that was gone so far, in a replay */
    struct field_mark mark[LANDSCAPE_MARKS];
    struct series series[3];
    double away[LANDSCAPE_VIEW_PATH]; /* distances of the path's points from the plane, the largest 1 */
    struct plot_mark plot_mark[3];
    double at[LANDSCAPE_PLAN_LINE];
    float model[LANDSCAPE_PLAN_LINE];
};

/* In a replay, the path up to where it is; its last point is at[0], at[1]. Returns its points. */
int landscape_replay_way(const struct model *m, double way[LANDSCAPE_VIEW_PATH + 1][2], double at[2]);
/* The picture as far as it is known; 0 when there is none, or no height of it is finite. */
int landscape_map(const struct model *m, struct landscape_map *map);
/* The part of the pane's inside that it is drawn in. */
struct rect landscape_part(const struct model *m, int w, int h);
/* The path's point that the cross-hair is at, within half a step of the grid; −1: none. */
int landscape_point_at(const struct landscape_view *v, double x, double y);
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
