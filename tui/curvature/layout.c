/* The Curvature view: the spectrum large, what it says beside it, and how its ends moved below. */
#include "app/layout-view.h"
#include "core/number.h"

/* The pane of a place that several share: the focused one if it is of them, else the first. */
static enum pane one_of(enum pane focus, enum pane first, enum pane second, enum pane third)
{
    return focus == second || focus == third ? focus : first;
}

/* Below 80×24: the verdict with what is focused, or the focused pane alone. */
static void layout_small(struct layout *l, int w, int h, enum pane focus)
{
    int body = h - 2, log = body >= 16 && focus != PANE_LOG, rows = body - log;
    int beside = w >= 72, below = !beside && rows >= 16;
    enum pane other = focus == PANE_VERDICT ? PANE_SPECTRUM : focus;

    if (beside) {
        l->pane[other] = (struct rect){0, 1, w - w / 2, rows};
        l->pane[PANE_VERDICT] = (struct rect){w - w / 2, 1, w / 2, rows};
    } else if (below) {
        l->pane[PANE_VERDICT] = (struct rect){0, 1, w, rows / 2};
        l->pane[other] = (struct rect){0, 1 + rows / 2, w, rows - rows / 2};
    } else
        l->pane[focus] = (struct rect){0, 1, w, rows};
    if (log)
        l->pane[PANE_LOG] = (struct rect){0, h - 2, w, 1};
}

/* Spectrum and verdict side by side, the edge of stability under the verdict, the series below both. */
static void layout_columns(struct layout *l, int w, int h, enum pane focus)
{
    int body = h - 3, left = w - w / 2, top = body * 2 / 3, gauge = 4;
    enum pane first = focus == PANE_BLOCKS ? PANE_BLOCKS : one_of(focus, PANE_SPECTRUM, PANE_DENSITY, PANE_PAIRS);

    l->pane[first] = (struct rect){0, 1, left, top};
    l->pane[PANE_VERDICT] = (struct rect){left, 1, w - left, top - gauge};
    l->pane[PANE_STABILITY] = (struct rect){left, 1 + top - gauge, w - left, gauge};
    l->pane[one_of(focus, PANE_EIGENVALUES, PANE_SHARPNESS, PANE_SHARPNESS)] = (struct rect){0, 1 + top, w, body - top};
    l->pane[PANE_LOG] = (struct rect){0, 1 + body, w, 1};
}

/* The same with room: the density under the spectrum, the eigenpairs (or the layers) under the verdict. */
static void layout_large(struct layout *l, int w, int h, enum pane focus)
{
    int log = clamp(4 + (h - 36) / 6, 3, 8), body = h - 2 - log, left = w - w / 2;
    int top = body * 2 / 5, series = body * 3 / 10, verdict = clamp(body * 9 / 20, 12, 18), gauge = 6;
    enum pane over_steps = one_of(focus, PANE_EIGENVALUES, PANE_SHARPNESS, PANE_SHARPNESS);
    enum pane list = one_of(focus, PANE_PAIRS, PANE_BLOCKS, PANE_BLOCKS);

    l->pane[PANE_SPECTRUM] = (struct rect){0, 1, left, top};
    l->pane[PANE_DENSITY] = (struct rect){0, 1 + top, left, body - top - series};
    l->pane[over_steps] = (struct rect){0, 1 + body - series, left, series};
    l->pane[PANE_VERDICT] = (struct rect){left, 1, w - left, verdict};
    l->pane[PANE_STABILITY] = (struct rect){left, 1 + verdict, w - left, gauge};
    l->pane[list] = (struct rect){left, 1 + verdict + gauge, w - left, body - verdict - gauge};
    l->pane[PANE_LOG] = (struct rect){0, 1 + body, w, log};
}

/* Four plots, and a column for what they say. */
static void layout_wide(struct layout *l, int w, int h)
{
    int side = clamp(w / 4, 50, 64), left = (w - side) / 2, right = w - side - left, body = h - 2, top = body * 3 / 5;
    int log = clamp(body / 8, 5, 16), gauge = 6, layers = clamp(body / 6, 6, 18), verdict = clamp(body * 3 / 8, 13, 22);
    int y = 1;

    l->pane[PANE_SPECTRUM] = (struct rect){0, 1, left, top};
    l->pane[PANE_DENSITY] = (struct rect){left, 1, right, top};
    l->pane[PANE_EIGENVALUES] = (struct rect){0, 1 + top, left, body - top};
    l->pane[PANE_SHARPNESS] = (struct rect){left, 1 + top, right, body - top};
    l->pane[PANE_VERDICT] = (struct rect){w - side, y, side, verdict};
    y += verdict;
    l->pane[PANE_STABILITY] = (struct rect){w - side, y, side, gauge};
    y += gauge;
    l->pane[PANE_PAIRS] = (struct rect){w - side, y, side, body + 1 - y - layers - log};
    l->pane[PANE_BLOCKS] = (struct rect){w - side, body + 1 - layers - log, side, layers};
    l->pane[PANE_LOG] = (struct rect){w - side, body + 1 - log, side, log};
}

static void arrange(struct layout *l, int w, int h, enum pane focus)
{
    if (w < 80 || h < 24)
        layout_small(l, w, h, focus);
    else if (h < 36)
        layout_columns(l, w, h, focus);
    else if (w < 160 || h < 44)
        layout_large(l, w, h, focus);
    else
        layout_wide(l, w, h);
}

static const enum pane panes[] = {PANE_VERDICT,   PANE_STABILITY, PANE_SPECTRUM, PANE_DENSITY, PANE_EIGENVALUES,
                                  PANE_SHARPNESS, PANE_PAIRS,     PANE_BLOCKS,   PANE_LOG};

const struct view curvature_view = {
    .name = "curvature", .panes = panes, .count = sizeof panes / sizeof *panes, .arrange = arrange};
