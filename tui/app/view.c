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

enum { BESIDE_WIDE = 110, BESIDE_COLUMNS = 46, BESIDE_HIGH = 20, BESIDE_ROWS = 7 };

/* Its part of a screen of w×h, which is smaller by it for the others. */
static void take_beside(struct layout *l, int *w, int *h)
{
    if (*w >= BESIDE_WIDE) {
        int columns = *w * 3 / 8 < BESIDE_COLUMNS ? *w * 3 / 8 : BESIDE_COLUMNS;
        *w -= columns;
        l->beside = (struct rect){*w, 1, columns, *h - 2};
    } else if (*h >= BESIDE_HIGH) {
        int rows = *h / 3 > BESIDE_ROWS ? *h / 3 : BESIDE_ROWS;
        *h -= rows;
        l->beside = (struct rect){0, *h - 1, *w, rows};
    }
}

struct layout view_layout_beside(const struct view *v, int w, int h, int focus, int maximised, int beside)
{
    struct layout l = {0};

    if (w < LAYOUT_LEAST_W || h < LAYOUT_LEAST_H) {
        l.too_small = 1;
        return l;
    }
    l.status = (struct rect){0, 0, w, 1};
    l.footer = (struct rect){0, h - 1, w, 1};
    if (beside)
        take_beside(&l, &w, &h);
    if (maximised)
        l.pane[focus] = (struct rect){0, 1, w, h - 2};
    else
        v->arrange(&l, w, h, focus);
    return l;
}

struct layout view_layout(const struct view *v, int w, int h, int focus, int maximised)
{
    return view_layout_beside(v, w, h, focus, maximised, 0);
}
