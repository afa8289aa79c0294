#include "app/layout.h"

#include "app/layout-view.h"

static const struct view *const views[VIEW_COUNT] = {
    [VIEW_TRAIN] = &train_view,
    [VIEW_CURVATURE] = &curvature_view,
    [VIEW_LANDSCAPE] = &landscape_view,
    [VIEW_RACE] = &race_view,
};

struct layout layout_of(enum view_id view, int w, int h, enum pane focus, int maximised)
{
    struct layout l = {0};

    if (w < LAYOUT_LEAST_W || h < LAYOUT_LEAST_H) {
        l.too_small = 1;
        return l;
    }
    l.pane[PANE_STATUS] = (struct rect){0, 0, w, 1};
    l.pane[PANE_FOOTER] = (struct rect){0, h - 1, w, 1};
    if (maximised)
        l.pane[focus] = (struct rect){0, 1, w, h - 2};
    else
        views[view]->arrange(&l, w, h, focus);
    return l;
}

const char *view_name(enum view_id view)
{
    return views[view]->name;
}

enum pane view_pane(enum view_id view, int i)
{
    int n = views[view]->count;

    return views[view]->panes[(i % n + n) % n];
}

int view_place(enum view_id view, enum pane pane)
{
    for (int i = 0; i < views[view]->count; i++)
        if (views[view]->panes[i] == pane)
            return i;
    return -1;
}
