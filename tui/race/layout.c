/* The Race view: the map large, the losses beneath it; who races and what the leader stands on beside. */
#include "app/layout-view.h"
#include "core/number.h"

/* Too narrow for two columns: the focused pane, and with room a second one below it. */
static void stack(struct layout *l, int w, int h, enum pane focus)
{
    int body = h - 2, both = body >= 16, top = both ? body * 3 / 5 : body;
    enum pane first = both && focus == PANE_RACERS ? PANE_RACE_MAP : focus;

    l->pane[first] = (struct rect){0, 1, w, top};
    if (both)
        l->pane[first == PANE_RACE_MAP ? PANE_RACERS : PANE_RACE_MAP] = (struct rect){0, 1 + top, w, body - top};
}

static void arrange(struct layout *l, int w, int h, enum pane focus)
{
    int body = h - 2, right = clamp(w * 3 / 8, 30, 64), left = w - right;
    int map = body * 2 / 3, racers = clamp(body * 11 / 20, 8, 30);

    if (w < 72) {
        stack(l, w, h, focus);
        return;
    }
    if (body < 18) { /* one pane a column: the left one shows the map or the losses */
        enum pane low = focus == PANE_RACE_POINT ? PANE_RACE_POINT : PANE_RACERS;
        l->pane[focus == PANE_RACE_LOSS ? PANE_RACE_LOSS : PANE_RACE_MAP] = (struct rect){0, 1, left, body};
        l->pane[low] = (struct rect){left, 1, right, body};
        return;
    }
    l->pane[PANE_RACE_MAP] = (struct rect){0, 1, left, map};
    l->pane[PANE_RACE_LOSS] = (struct rect){0, 1 + map, left, body - map};
    l->pane[PANE_RACERS] = (struct rect){left, 1, right, racers};
    l->pane[PANE_RACE_POINT] = (struct rect){left, 1 + racers, right, body - racers};
}

static const enum pane panes[] = {PANE_RACE_MAP, PANE_RACERS, PANE_RACE_POINT, PANE_RACE_LOSS};

const struct view race_view = {.name = "race", .panes = panes, .count = sizeof panes / sizeof *panes, .arrange = arrange};
