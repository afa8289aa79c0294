/* What a view's file tells layout.c. */
#ifndef SADDLE_TUI_APP_LAYOUT_VIEW_H
#define SADDLE_TUI_APP_LAYOUT_VIEW_H

#include "app/layout.h"

struct view {
    const char *name;
    const enum pane *panes; /* [count], in Tab's order */
    int count;
    /* Places for a screen of at least 40×12: rows 1 … h−2, all of them, without overlap. */
    void (*arrange)(struct layout *l, int w, int h, enum pane focus);
};

extern const struct view train_view, curvature_view, landscape_view, race_view;

#endif
