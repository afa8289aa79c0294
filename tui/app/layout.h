/* Views and their layout: a pure function from the screen's size to rectangles that never overlap.
 * A pane without room has width 0. To add a view: its file layout-x.c, and a line in layout.c. */
#ifndef SADDLE_TUI_APP_LAYOUT_H
#define SADDLE_TUI_APP_LAYOUT_H

#include "draw/canvas.h"

enum view_id { VIEW_TRAIN, VIEW_CURVATURE, VIEW_LANDSCAPE, VIEW_RACE, VIEW_COUNT };

enum pane { /* of all views */
    PANE_LOSS,
    PANE_ACCURACY,
    PANE_RATE,
    PANE_GRADIENT,
    PANE_LOGIT_GRADIENT,
    PANE_LAYERS,
    PANE_KNOBS,
    PANE_LOG,
    PANE_SPECTRUM,
    PANE_DENSITY,
    PANE_VERDICT,
    PANE_STABILITY,
    PANE_EIGENVALUES,
    PANE_SHARPNESS,
    PANE_PAIRS,
    PANE_BLOCKS,
    PANE_LANDSCAPE,
    PANE_FIGURES,
    PANE_SLICE,
    PANE_RACE_MAP,
    PANE_RACE_LOSS,
    PANE_RACERS,
    PANE_RACE_POINT,
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
 * Maximised, it has all but the status line and the footer. A pane of another view never has one. */
struct layout layout_of(enum view_id view, int w, int h, enum pane focus, int maximised);

/* "train": for the palette and the first line. */
const char *view_name(enum view_id view);
/* The i-th pane of a view in Tab's order, i taken round; the first has the focus at the beginning. */
enum pane view_pane(enum view_id view, int i);
/* Where a pane stands in that order, or −1. */
int view_place(enum view_id view, enum pane pane);

#endif
