/* The Train view's layout: a pure function from the screen's size to rectangles that never overlap.
 * A pane without room has width 0. */
#ifndef SADDLE_VIEW_LAYOUT_H
#define SADDLE_VIEW_LAYOUT_H

#include "canvas.h"

enum pane {
    PANE_LOSS,
    PANE_ACCURACY,
    PANE_RATE,
    PANE_GRADIENT,
    PANE_KNOBS,
    PANE_LOG,
    PANE_FOCUSABLE, /* those above can have the focus */
    PANE_STATUS = PANE_FOCUSABLE,
    PANE_FOOTER,
    PANE_COUNT
};

enum { LAYOUT_LEAST_W = 40, LAYOUT_LEAST_H = 12 };

struct layout {
    int too_small; /* below 40×12: no pane at all */
    struct rect pane[PANE_COUNT];
};

/* The focused pane always has a place: where there is little room it takes that of a quieter one.
 * Maximised, it has all but the status line and the footer. */
struct layout layout_train(int w, int h, enum pane focus, int maximised);

#endif
