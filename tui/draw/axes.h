/* SPDX-License-Identifier: MIT */
/* Two axes around what is drawn: where they and the part inside go on a canvas, and how values become dots.
 * Without room, the numbers are left out first, then the lines. */
#ifndef SADDLE_TUI_DRAW_AXES_H
#define SADDLE_TUI_DRAW_AXES_H

#include "draw/axis.h"
#include "draw/canvas.h"

struct axes {
    const struct axis *x, *y;
    struct canvas c;         /* the part inside */
    int left;                /* column of the vertical axis, -1: none */
    int rows;                /* of the part inside */
    int axis_row, label_row; /* -1: none */
    int across, down;        /* dots of a cell */
    double ticks[AXIS_TICKS]; /* of the vertical axis */
    int tick_count;
};

/* label_room: columns of the numbers at the left, at least. */
struct axes axes_lay(const struct axis *x, const struct axis *y, int label_room, struct canvas *c);
/* Lines, ticks and numbers, on the canvas they were laid on. */
void axes_draw(const struct axes *a, struct canvas *c);
/* The dot of a value, counted from the upper left of the part inside; what is far outside is held near enough
 * for a line to leave it. */
int axes_dot_x(const struct axes *a, double x);
int axes_dot_y(const struct axes *a, double y);
/* The value in the middle of a column or row of the canvas; NaN outside the part inside. */
double axes_x_at(const struct axes *a, int column);
double axes_y_at(const struct axes *a, int row);

#endif
