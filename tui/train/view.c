/* SPDX-License-Identifier: MIT */
/* The Train view: the curves large, the settings beside them, a line of log. */
#include "app/view.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/app.h"
#include "app/tasks.h"
#include "train/panes.h"
#include "core/number.h"

/* Plots that give way to others where there is little room, and take their place while they are focused. */
static int is_further(int p)
{
    return p == TRAIN_RATE || p == TRAIN_GRADIENT || p == TRAIN_LAYERS || p == TRAIN_LOGIT_GRADIENT || p == TRAIN_RANGE;
}

/* Below 80×24: one or two plots, the settings, a line of log if there is room. */
static void layout_small(struct layout *l, int w, int h, int focus)
{
    int body = h - 2, log = body >= 16, knobs = clamp(body / 3, 3, 8), plots = body - log - knobs;
    int first = TRAIN_LOSS, second = is_further(focus) ? focus : TRAIN_ACCURACY;
    int beside = w >= 72, below = !beside && plots >= 16;

    if (!beside && !below && (focus == TRAIN_ACCURACY || second != TRAIN_ACCURACY || (focus == TRAIN_LOG && !log)))
        first = focus;
    l->pane[first] = (struct rect){0, 1, beside ? w - w / 2 : w, below ? plots - plots / 2 : plots};
    if (beside)
        l->pane[second] = (struct rect){w - w / 2, 1, w / 2, plots};
    else if (below)
        l->pane[second] = (struct rect){0, 1 + plots - plots / 2, w, plots / 2};
    if (beside && focus == TRAIN_LOG && !log) {
        l->pane[TRAIN_LOG] = l->pane[second];
        l->pane[second] = (struct rect){0};
    }
    l->pane[TRAIN_SETTINGS] = (struct rect){0, 1 + plots, w, knobs};
    if (log)
        l->pane[TRAIN_LOG] = (struct rect){0, h - 2, w, 1};
}

/* Panes one below the other, of heights as equal as can be. */
static void stack(struct layout *l, struct rect r, const int *panes, int count)
{
    for (int i = 0; i < count; i++) {
        int top = r.h * i / count;
        l->pane[panes[i]] = (struct rect){r.x, r.y + top, r.w, r.h * (i + 1) / count - top};
    }
}

/* Two columns: loss, accuracy and settings; with more rows more of the further plots, one of them at least. The log below. */
static void layout_columns(struct layout *l, int w, int h, int focus)
{
    int log = h < 30 ? 1 : clamp(4 + (h - 36) / 6, 3, 8), body = h - 2 - log, left = w - w / 2;
    int further = body < 28 ? 1 : body < 44 ? 2 : 3, top = further > 1 ? body * 47 / 100 : body * 2 / 3, rest = body - top;
    int below[] = {TRAIN_RATE, TRAIN_GRADIENT, TRAIN_LAYERS}, beside[] = {TRAIN_SETTINGS, TRAIN_LOGIT_GRADIENT}, first = TRAIN_LOSS;

    if (further == 1 && focus == TRAIN_RANGE) /* which says in sentences what it found, and stays beside the rate */
        first = focus;
    else if ((further < 3 && is_further(focus) && (further == 1 || focus != TRAIN_RATE)) || focus == TRAIN_RANGE)
        below[further - 1] = focus;
    l->pane[first] = (struct rect){0, 1, left, top};
    l->pane[TRAIN_ACCURACY] = (struct rect){left, 1, w - left, top};
    stack(l, (struct rect){0, 1 + top, left, rest}, below, further);
    stack(l, (struct rect){left, 1 + top, w - left, rest}, beside, further < 3 ? 1 : 2);
    l->pane[TRAIN_LOG] = (struct rect){0, 1 + body, w, log};
}

/* All six plots, of which the rate gives way to its range test while that is focused, and a column for settings and log. */
static void layout_wide(struct layout *l, int w, int h, int focus)
{
    int side = clamp(w / 4, 46, 64), left = (w - side) / 2, right = w - side - left, body = h - 2;
    int top = body * 2 / 5, log = clamp(body / 3, 8, 24);
    int layers = left + right < 144 ? (left + right) * 2 / 5 : left; /* the widest needs its room */

    l->pane[TRAIN_LOSS] = (struct rect){0, 1, left, top};
    l->pane[TRAIN_ACCURACY] = (struct rect){left, 1, right, top};
    stack(l, (struct rect){0, 1 + top, left, body - top}, (const int[]){focus == TRAIN_RANGE ? focus : TRAIN_RATE, TRAIN_LAYERS}, 2);
    stack(l, (struct rect){left, 1 + top, right, body - top}, (const int[]){TRAIN_GRADIENT, TRAIN_LOGIT_GRADIENT}, 2);
    l->pane[TRAIN_LAYERS].w = layers;
    l->pane[TRAIN_LOGIT_GRADIENT].x = layers;
    l->pane[TRAIN_LOGIT_GRADIENT].w = left + right - layers;
    l->pane[TRAIN_SETTINGS] = (struct rect){w - side, 1, side, body - log};
    l->pane[TRAIN_LOG] = (struct rect){w - side, 1 + body - log, side, log};
}

static void arrange(struct layout *l, int w, int h, int focus)
{
    if (w < 80 || h < 24)
        layout_small(l, w, h, focus);
    else if (w < 160 || h < 40)
        layout_columns(l, w, h, focus);
    else
        layout_wide(l, w, h, focus);
}

static const struct pane *const panes[] = {
    [TRAIN_SETTINGS] = &settings_pane, [TRAIN_LOG] = &log_pane,           [TRAIN_LOSS] = &loss_pane,
    [TRAIN_ACCURACY] = &accuracy_pane, [TRAIN_RATE] = &rate_pane,         [TRAIN_GRADIENT] = &gradient_pane,
    [TRAIN_LAYERS] = &layers_pane,     [TRAIN_LOGIT_GRADIENT] = &logit_gradient_pane,
    [TRAIN_RANGE] = &range_pane,       NULL,
};

static void *open_state(struct err *e)
{
    struct train_ui *ui = calloc(1, sizeof *ui);

    if (!ui)
        err_memory(e, "the view of the training", sizeof *ui);
    else
        ui->range = (struct range_test_options){.low = 1e-6, .high = 1, .steps = 100};
    return ui;
}

static void close_state(void *state)
{
    struct train_ui *ui = state;

    if (ui)
        task_release(ui->told);
    free(ui);
}

struct train_ui *train_ui(const struct model *m)
{
    return view_state(m, &train_view);
}

static void progress(const struct model *m, int roomy, char *out, size_t size)
{
    char share[16];

    (void)roomy;
    tasks_progress(m, TASK_RANGE, share, sizeof share);
    if (*share && pane_focused(m) != &range_pane)
        snprintf(out, size, "range test %s", share);
}

static void text(const struct model *m, const struct text_sink *out)
{
    struct range_task *t = (struct range_task *)m->task[TASK_RANGE].shown;
    struct train_ui *ui = train_ui(m);
    char line[RANGE_LINES][RANGE_LINE];

    if (!t || ui->told == &t->task || task_is_busy(&t->task))
        return;
    task_release(ui->told);
    ui->told = &t->task;
    task_share(ui->told);
    for (int i = 0, n = range_text(t, line); i < n; i++)
        out->line(out->context, line[i]);
}

static int back(struct app *a)
{
    return pane_focused(&a->model) == &range_pane && app_cancel_task(a, TASK_RANGE);
}

const struct view train_view = {
    .name = "train", .key = '1', .help = "training: curves and settings",
    .panes = panes, .commands = train_commands,
    .arrange = arrange,
    .open = open_state, .close = close_state,
    .progress = progress, .text = text,
    .back = back,
};
