/* SPDX-License-Identifier: MIT */
#include "app/view.h"

int view_count(void)
{
    int n = 0;

    while (views[n])
        n++;
    return n;
}

int view_index(const struct view *v)
{
    for (int i = 0; views[i]; i++)
        if (views[i] == v)
            return i;
    return -1;
}

const struct view *view_shown(const struct model *m)
{
    return views[m->ui.view];
}

const struct pane *pane_focused(const struct model *m)
{
    return views[m->ui.view]->panes[m->ui.focus];
}

void *view_state(const struct model *m, const struct view *v)
{
    int i = view_index(v);

    return i < 0 ? NULL : m->view_state[i];
}

int view_panes(const struct view *v)
{
    int n = 0;

    while (v->panes[n])
        n++;
    return n;
}

int view_place(const struct view *v, const struct pane *p)
{
    for (int i = 0; v->panes[i]; i++)
        if (v->panes[i] == p)
            return i;
    return -1;
}

struct layout view_layout(const struct view *v, int w, int h, int focus, int maximised)
{
    struct layout l = {0};

    if (w < LAYOUT_LEAST_W || h < LAYOUT_LEAST_H) {
        l.too_small = 1;
        return l;
    }
    l.status = (struct rect){0, 0, w, 1};
    l.footer = (struct rect){0, h - 1, w, 1};
    if (maximised)
        l.pane[focus] = (struct rect){0, 1, w, h - 2};
    else
        v->arrange(&l, w, h, focus);
    return l;
}
