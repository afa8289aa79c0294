/* SPDX-License-Identifier: MIT */
/* The Theory view: one draw of training examples and its figures above, how often a draw is bad and the trade-off beneath. */
#include "theory/panes.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/app.h"
#include "app/tasks.h"
#include "core/number.h"

static void stack(struct layout *l, int w, int h, int focus)
{
    int body = h - 2, both = body >= 18, top = both ? body / 2 : body;
    int low = focus == THEORY_DRAW ? THEORY_FIGURES : focus;

    l->pane[both ? THEORY_DRAW : focus] = (struct rect){0, 1, w, top};
    if (both)
        l->pane[low] = (struct rect){0, 1 + top, w, body - top};
}

static void arrange(struct layout *l, int w, int h, int focus)
{
    int log = h < 30 ? 0 : h < 36 ? 1 : clamp(4 + (h - 36) / 6, 3, 8), body = h - 2 - log;
    int right = clamp(w * 9 / 20, 36, 60), left = w - right, top = body / 2;

    if (w < 72 || body < 16) {
        stack(l, w, h, focus);
        return;
    }
    l->pane[THEORY_DRAW] = (struct rect){0, 1, left, top};
    l->pane[THEORY_BAD] = (struct rect){0, 1 + top, left, body - top};
    l->pane[THEORY_FIGURES] = (struct rect){left, 1, right, top};
    l->pane[focus == THEORY_LOG && !log ? THEORY_LOG : THEORY_TRADE_OFF] = (struct rect){left, 1 + top, right, body - top};
    if (log)
        l->pane[THEORY_LOG] = (struct rect){0, 1 + body, w, log};
}

static const struct pane *const panes[] = {[THEORY_DRAW] = &draw_pane, [THEORY_FIGURES] = &figures_pane, [THEORY_BAD] = &bad_pane,
                                           [THEORY_TRADE_OFF] = &trade_off_pane, [THEORY_LOG] = &log_pane, NULL};

/* The lecture's example. */
static void *open_state(struct err *e)
{
    struct theory_ui *ui = calloc(1, sizeof *ui);

    if (!ui)
        err_memory(e, "the view of sampling theory", sizeof *ui);
    else
        ui->settings = (struct theory_settings){.hypotheses = 10000, .samples = 500, .epsilon = .1, .delta = .1};
    return ui;
}

struct theory_ui *theory_ui(const struct model *m)
{
    return view_state(m, &theory_view);
}

const struct theory_task *theory_shown(const struct model *m)
{
    return (const struct theory_task *)m->task[TASK_THEORY].shown;
}

void theory_hint(const struct model *m, struct canvas *inside)
{
    const char *why = tasks_failure(m, TASK_THEORY);
    char key[16] = "", text[96];

    key_of("theory-draw", inside->charset, key, sizeof key);
    if (tasks_is_busy(m, TASK_THEORY))
        snprintf(text, sizeof text, "drawing");
    else
        snprintf(text, sizeof text, "no draw yet; %s draws", key);
    pane_hint(inside, *why && m->task[TASK_THEORY].asked ? why : text);
}

/* The first draw needs no key: it takes less than a second. */
static void enter(struct app *a)
{
    if (!a->model.task[TASK_THEORY].shown && !a->model.task[TASK_THEORY].asked)
        theory_compute(a, 0);
}

static void text(const struct model *m, const struct text_sink *out)
{
    const struct theory_task *t = theory_shown(m);
    char line[THEORY_LINES][THEORY_LINE];

    if (!t || theory_ui(m)->told == &t->task || task_is_busy(&t->task))
        return;
    theory_ui(m)->told = &t->task;
    for (int i = 0, n = theory_text(t, line); i < n; i++)
        out->line(out->context, line[i]);
}

static int back(struct app *a)
{
    return app_cancel_task(a, TASK_THEORY);
}

const struct view theory_view = {
    .name = "theory", .key = '8', .help = "theory: how likely a training set is bad, by Hoeffding's bound and by draws",
    .panes = panes, .bindings = &theory_keys, .commands = theory_commands,
    .arrange = arrange,
    .open = open_state, .close = free,
    .enter = enter, .text = text,
    .back = back,
};
