/* The Landscape view: the map large; what is known of it, and what can be chosen, beside it. */
#include "app/layout-view.h"
#include "core/number.h"

enum { SLICE = 9, SLICE_ROOMY = 14, FIGURES_LEAST = 9 };

/* Too narrow for two columns: the focused pane, and with room the map above it. */
static void stack(struct layout *l, int w, int h, enum pane focus)
{
    int body = h - 2, both = body >= 18, top = both ? body * 3 / 5 : body;
    enum pane other = focus == PANE_LANDSCAPE ? PANE_FIGURES : focus;

    l->pane[both ? PANE_LANDSCAPE : focus] = (struct rect){0, 1, w, top};
    if (both)
        l->pane[other] = (struct rect){0, 1 + top, w, body - top};
}

static void arrange(struct layout *l, int w, int h, enum pane focus)
{
    int log = h < 24 ? 0 : h < 36 ? 1 : clamp(4 + (h - 36) / 6, 3, 8), body = h - 2 - log;
    int right = clamp(w * 3 / 8, 30, 64), left = w - right, slice = body >= 30 ? SLICE_ROOMY : SLICE;

    if (w < 72) {
        stack(l, w, h, focus);
        return;
    }
    l->pane[PANE_LANDSCAPE] = (struct rect){0, 1, left, body};
    if (log)
        l->pane[PANE_LOG] = (struct rect){0, 1 + body, w, log};
    if (body < SLICE + FIGURES_LEAST || (focus == PANE_LOG && !log)) {
        l->pane[focus == PANE_LANDSCAPE || (focus == PANE_LOG && log) ? PANE_FIGURES : focus] = (struct rect){left, 1, right, body};
        return;
    }
    l->pane[PANE_FIGURES] = (struct rect){left, 1, right, body - slice};
    l->pane[PANE_SLICE] = (struct rect){left, 1 + body - slice, right, slice};
}

static const enum pane panes[] = {PANE_LANDSCAPE, PANE_SLICE, PANE_FIGURES, PANE_LOG};

const struct view landscape_view = {
    .name = "landscape", .panes = panes, .count = sizeof panes / sizeof *panes, .arrange = arrange};
