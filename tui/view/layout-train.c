/* The Train view: the curves large, the knobs beside them, a line of log. */
#include "layout-view.h"

static int clamp(int v, int lo, int hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* Below 80×24: one or two plots, the knobs, a line of log where there is room. */
static void layout_small(struct layout *l, int w, int h, enum pane focus)
{
    int body = h - 2, log = body >= 16, knobs = clamp(body / 3, 3, 8), plots = body - log - knobs;
    enum pane first = PANE_LOSS, second = PANE_ACCURACY;
    int beside = w >= 72, below = !beside && plots >= 16;

    if (focus == PANE_RATE || focus == PANE_GRADIENT || focus == PANE_CONTRAST)
        second = focus;
    if (!beside && !below && (focus == PANE_ACCURACY || second != PANE_ACCURACY || (focus == PANE_LOG && !log)))
        first = focus;
    l->pane[first] = (struct rect){0, 1, beside ? w - w / 2 : w, below ? plots - plots / 2 : plots};
    if (beside)
        l->pane[second] = (struct rect){w - w / 2, 1, w / 2, plots};
    else if (below)
        l->pane[second] = (struct rect){0, 1 + plots - plots / 2, w, plots / 2};
    if (beside && focus == PANE_LOG && !log) {
        l->pane[PANE_LOG] = l->pane[second];
        l->pane[second] = (struct rect){0};
    }
    l->pane[PANE_KNOBS] = (struct rect){0, 1 + plots, w, knobs};
    if (log)
        l->pane[PANE_LOG] = (struct rect){0, h - 2, w, 1};
}

/* Two columns: loss, learning rate and, with room, the gradient; accuracy and knobs. The log below. */
static void layout_columns(struct layout *l, int w, int h, enum pane focus)
{
    int log = h < 30 ? 1 : clamp(4 + (h - 36) / 6, 3, 8), body = h - 2 - log, left = w - w / 2;
    int both = body >= 28, top = both ? body * 47 / 100 : body * 2 / 3, rest = body - top;
    int rate = both ? rest - rest / 2 : rest;
    enum pane lower = !both && (focus == PANE_GRADIENT || focus == PANE_CONTRAST) ? focus : PANE_RATE;

    l->pane[PANE_LOSS] = (struct rect){0, 1, left, top};
    l->pane[lower] = (struct rect){0, 1 + top, left, rate};
    if (both)
        l->pane[focus == PANE_CONTRAST ? focus : PANE_GRADIENT] = (struct rect){0, 1 + top + rate, left, rest - rate};
    l->pane[PANE_ACCURACY] = (struct rect){left, 1, w - left, top};
    l->pane[PANE_KNOBS] = (struct rect){left, 1 + top, w - left, rest};
    l->pane[PANE_LOG] = (struct rect){0, 1 + body, w, log};
}

/* Four plots, and a column for the hands: all knobs, and the log. */
static void layout_wide(struct layout *l, int w, int h, enum pane focus)
{
    int side = clamp(w / 4, 46, 64), left = (w - side) / 2, right = w - side - left, body = h - 2;
    int top = body * 3 / 5, log = clamp(body / 3, 8, 24);

    l->pane[PANE_LOSS] = (struct rect){0, 1, left, top};
    l->pane[PANE_ACCURACY] = (struct rect){left, 1, right, top};
    l->pane[PANE_RATE] = (struct rect){0, 1 + top, left, body - top};
    l->pane[focus == PANE_CONTRAST ? focus : PANE_GRADIENT] = (struct rect){left, 1 + top, right, body - top};
    l->pane[PANE_KNOBS] = (struct rect){w - side, 1, side, body - log};
    l->pane[PANE_LOG] = (struct rect){w - side, 1 + body - log, side, log};
}

static void arrange(struct layout *l, int w, int h, enum pane focus)
{
    if (w < 80 || h < 24)
        layout_small(l, w, h, focus);
    else if (w < 160 || h < 40)
        layout_columns(l, w, h, focus);
    else
        layout_wide(l, w, h, focus);
}

static const enum pane panes[] = {PANE_KNOBS, PANE_LOG, PANE_LOSS, PANE_ACCURACY, PANE_RATE, PANE_GRADIENT, PANE_CONTRAST};

const struct view train_view = {
    .name = "train", .panes = panes, .count = sizeof panes / sizeof *panes, .arrange = arrange};
