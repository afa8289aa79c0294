/* SPDX-License-Identifier: MIT */
/* The Landscape view: the map large; what is known of it, and what can be chosen, beside it. */
#include "landscape/map.h"
#include "core/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SLICE = 9, SLICE_ROOMY = 14, FIGURES_LEAST = 9 };

/* Too narrow for two columns: the focused pane, and with room the map above it. */
static void stack(struct layout *l, int w, int h, int focus)
{
    int body = h - 2, both = body >= 18, top = both ? body * 3 / 5 : body;
    int other = focus == LANDSCAPE_MAP ? LANDSCAPE_SUMMARY : focus;

    l->pane[both ? LANDSCAPE_MAP : focus] = (struct rect){0, 1, w, top};
    if (both)
        l->pane[other] = (struct rect){0, 1 + top, w, body - top};
}

static void arrange(struct layout *l, int w, int h, int focus)
{
    int log = h < 24 ? 0 : h < 36 ? 1 : clamp(4 + (h - 36) / 6, 3, 8), body = h - 2 - log;
    int right = clamp(w * 3 / 8, 30, 64), left = w - right, slice = body >= 30 ? SLICE_ROOMY : SLICE;

    if (w < 72) {
        stack(l, w, h, focus);
        return;
    }
    l->pane[LANDSCAPE_MAP] = (struct rect){0, 1, left, body};
    if (log)
        l->pane[LANDSCAPE_LOG] = (struct rect){0, 1 + body, w, log};
    if (body < SLICE + FIGURES_LEAST || (focus == LANDSCAPE_LOG && !log)) {
        l->pane[focus == LANDSCAPE_MAP || (focus == LANDSCAPE_LOG && log) ? LANDSCAPE_SUMMARY : focus] = (struct rect){left, 1, right, body};
        return;
    }
    l->pane[LANDSCAPE_SUMMARY] = (struct rect){left, 1, right, body - slice};
    l->pane[LANDSCAPE_CONTROLS] = (struct rect){left, 1 + body - slice, right, slice};
}

static const struct pane *const panes[] = {[LANDSCAPE_MAP] = &landscape_pane, [LANDSCAPE_CONTROLS] = &controls_pane,
                                           [LANDSCAPE_SUMMARY] = &summary_pane, [LANDSCAPE_LOG] = &log_pane, NULL};

static void *open_state(struct err *e)
{
    struct landscape_ui *ui = calloc(1, sizeof *ui);

    if (!ui) {
        err_memory(e, "the landscape's view", sizeof *ui);
        return NULL;
    }
    ui->plan.axes = 2;
    ui->cross_x = ui->cross_y = ui->replay = NAN;
    return ui;
}

struct landscape_ui *landscape_ui(const struct model *m)
{
    return view_state(m, &landscape_view);
}

static void progress(const struct model *m, int roomy, char *out, size_t size)
{
    const struct landscape_view *v = m->landscape;

    (void)roomy;
    if (v->status == LANDSCAPE_RUNNING && view_shown(m) != &landscape_view)
        snprintf(out, size, v->of ? "landscape %.0f %%" : "landscape", v->of ? 100. * v->done / v->of : 0.);
}

static void text(const struct model *m, const struct text_sink *out)
{
    char line[PLAIN_LANDSCAPE_LINES][PLAIN_LANDSCAPE_SIZE];
    int n = plain_landscape(&landscape_ui(m)->told, m->landscape, line);

    for (int i = 0; i < n; i++)
        out->line(out->context, line[i]);
}

static int back(struct app *a)
{
    struct landscape_ui *ui = landscape_ui(&a->model);

    if (landscape_replay_stop(a))
        return 1;
    if (!isfinite(ui->cross_x))
        return action_landscape_cancel(a);
    ui->cross_x = ui->cross_y = NAN;
    return 1;
}

const struct view landscape_view = {
    .name = "landscape", .key = '3', .help = "landscape: the loss around the weights",
    .panes = panes, .bindings = &landscape_keys, .commands = landscape_commands,
    .arrange = arrange,
    .open = open_state, .close = free,
    .progress = progress, .text = text,
    .has_ticks = landscape_replays, .tick = landscape_replay_tick,
    .back = back,
};
