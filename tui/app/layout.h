/* SPDX-License-Identifier: MIT */
/* A layout: rectangles that never overlap. A pane without room has width 0. */
#ifndef SADDLE_TUI_APP_LAYOUT_H
#define SADDLE_TUI_APP_LAYOUT_H

#include "draw/canvas.h"

enum { LAYOUT_LEAST_W = 40, LAYOUT_LEAST_H = 12, LAYOUT_PANES = 16 };

struct layout {
    int too_small; /* below 40×12: no pane at all */
    struct rect status, footer;
    struct rect beside; /* of what goes on across views; width 0: none */
    struct rect pane[LAYOUT_PANES]; /* of the view shown, in Tab's order */
};

#endif
