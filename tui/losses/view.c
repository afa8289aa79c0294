/* SPDX-License-Identifier: MIT */
/* The Losses view: MSE and cross-entropy as maps side by side, the figures at a point of them, and the live run's logit
 * gradients under both. */
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "core/text.h"
#include "losses/panes.h"

/* TEXT_MS is for the lecture's 121 million steps: what comes as lines has no ticks, and waits for them. */
enum { TICK_MS = 5, TEXT_MS = 20000, FIGURES_W = 38, FIGURES_H = 9 };

/* Too narrow for two columns: the focused pane, and with room a map above it. */
static void stack(struct layout *l, int w, int h, int focus)
{
    int body = h - 2, both = body >= 18, top = both ? body * 3 / 5 : body;
    int other = focus == LOSSES_MSE ? LOSSES_CROSS_ENTROPY : focus;

    l->pane[both ? LOSSES_MSE : focus] = (struct rect){0, 1, w, top};
    if (both)
        l->pane[other] = (struct rect){0, 1 + top, w, body - top};
}

static void arrange(struct layout *l, int w, int h, int focus)
{
    int log = h < 24 ? 0 : h < 36 ? 1 : clamp(4 + (h - 36) / 6, 3, 8), body = h - 2 - log;
    int low = clamp(body * 2 / 5, FIGURES_H, 24), top = body - low, figures = clamp(w * 2 / 5, FIGURES_W, 72);

    if (w < 72) {
        stack(l, w, h, focus);
        return;
    }
    if (log)
        l->pane[LOSSES_LOG] = (struct rect){0, 1 + body, w, log};
    if (body < 2 * FIGURES_H) { /* one row of panes: both maps, or what the focused pane needs */
        int left = focus == LOSSES_FIGURES || focus == LOSSES_LIVE || (focus == LOSSES_LOG && !log) ? focus : LOSSES_MSE;
        l->pane[left] = (struct rect){0, 1, w / 2, body};
        l->pane[LOSSES_CROSS_ENTROPY] = (struct rect){w / 2, 1, w - w / 2, body};
        return;
    }
    l->pane[LOSSES_MSE] = (struct rect){0, 1, w / 2, top};
    l->pane[LOSSES_CROSS_ENTROPY] = (struct rect){w / 2, 1, w - w / 2, top};
    l->pane[LOSSES_FIGURES] = (struct rect){0, 1 + top, figures, low};
    l->pane[focus == LOSSES_LOG && !log ? LOSSES_LOG : LOSSES_LIVE] = (struct rect){figures, 1 + top, w - figures, low};
}

static const struct pane *const panes[] = {
    [LOSSES_MSE] = &losses_mse_pane,         [LOSSES_CROSS_ENTROPY] = &losses_cross_entropy_pane,
    [LOSSES_FIGURES] = &losses_figures_pane, [LOSSES_LIVE] = &logit_gradient_pane,
    [LOSSES_LOG] = &log_pane,                NULL,
};

static void *open_state(struct err *e)
{
    return losses_new(e);
}

struct losses_ui *losses_ui(const struct model *m)
{
    return view_state(m, &losses_view);
}

static void as_at_first(struct app *a)
{
    losses_at_first(losses_ui(&a->model));
}

/* While the view is shown, and when the point was moved. */
static void text(const struct model *m, const struct text_sink *out)
{
    struct losses_ui *ui = losses_ui(m);
    char line[LOSSES_TEXT];

    if (view_shown(m) != &losses_view)
        return;
    losses_go_on(ui, TEXT_MS);
    losses_line(ui, line);
    if (strcmp(line, ui->told) == 0)
        return;
    text_copy(ui->told, sizeof ui->told, line);
    out->line(out->context, line);
}

static int has_ticks(const struct model *m)
{
    return losses_is_busy(losses_ui(m));
}

static int tick(struct app *a)
{
    return losses_go_on(losses_ui(&a->model), TICK_MS);
}

const struct view losses_view = {
    .name = "losses", .key = '6', .help = "losses: MSE against cross-entropy",
    .panes = panes, .bindings = &losses_keys, .commands = losses_commands,
    .arrange = arrange,
    .open = open_state, .close = free,
    .text = text,
    .has_ticks = has_ticks, .tick = tick, .as_at_first = as_at_first,
};
