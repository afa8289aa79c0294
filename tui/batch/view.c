/* SPDX-License-Identifier: MIT */
/* The Batch view: times by batch size at the left, their figures and the comparison of small and large batches at the right. */
#include "batch/panes.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/app.h"
#include "app/tasks.h"
#include "core/number.h"

static void stack(struct layout *l, int w, int h, int focus)
{
    int body = h - 2, both = body >= 18, top = both ? body / 2 : body;
    int low = focus == BATCH_UPDATE ? BATCH_SIZES : focus;

    l->pane[both ? BATCH_UPDATE : focus] = (struct rect){0, 1, w, top};
    if (both)
        l->pane[low] = (struct rect){0, 1 + top, w, body - top};
}

static void arrange(struct layout *l, int w, int h, int focus)
{
    int log = h < 30 ? 0 : h < 36 ? 1 : clamp(4 + (h - 36) / 6, 3, 8), body = h - 2 - log;
    int right = clamp(w / 2, 36, 64), left = w - right, top = body / 2;

    if (w < 72 || body < 16) {
        stack(l, w, h, focus);
        return;
    }
    l->pane[BATCH_UPDATE] = (struct rect){0, 1, left, top};
    l->pane[BATCH_EPOCH] = (struct rect){0, 1 + top, left, body - top};
    l->pane[BATCH_SIZES] = (struct rect){left, 1, right, top};
    l->pane[(focus == BATCH_LOG && !log) || focus == BATCH_ACCURACY ? focus : BATCH_ENDS] = (struct rect){left, 1 + top, right, body - top};
    if (log)
        l->pane[BATCH_LOG] = (struct rect){0, 1 + body, w, log};
}

static const struct pane *const panes[] = {[BATCH_UPDATE] = &update_pane, [BATCH_SIZES] = &sizes_pane, [BATCH_EPOCH] = &epoch_pane,
                                           [BATCH_ENDS] = &ends_pane, [BATCH_ACCURACY] = &batch_accuracy_pane, [BATCH_LOG] = &log_pane, NULL};

static void *open_state(struct err *e)
{
    struct batch_ui *ui = calloc(1, sizeof *ui);

    if (!ui)
        err_memory(e, "the view of batches", sizeof *ui);
    return ui;
}

struct batch_ui *batch_ui(const struct model *m)
{
    return view_state(m, &batch_view);
}

const struct batch_task *batch_shown(const struct model *m)
{
    return (const struct batch_task *)m->task[TASK_BATCH].shown;
}

int batch_rows(const struct batch_task *t)
{
    return t ? atomic_load(&t->rows) : 0;
}

void batch_hint(const struct model *m, struct canvas *inside)
{
    const char *why = tasks_failure(m, TASK_BATCH);
    char share[16], key[16] = "", text[96];

    tasks_progress(m, TASK_BATCH, share, sizeof share);
    key_of("batch-time", inside->charset, key, sizeof key);
    if (*share)
        snprintf(text, sizeof text, "measuring %s", share);
    else
        snprintf(text, sizeof text, "no times yet; %s measures them on this machine", key);
    pane_hint(inside, !*share && *why ? why : text);
}

static void progress(const struct model *m, int roomy, char *out, size_t size)
{
    char share[16];

    (void)roomy;
    tasks_progress(m, TASK_BATCH, share, sizeof share);
    if (*share && view_shown(m) != &batch_view)
        snprintf(out, size, "timing batches %s", share);
}

static void text(const struct model *m, const struct text_sink *out)
{
    const struct batch_task *t = batch_shown(m);
    struct batch_ui *ui = batch_ui(m);
    char line[BATCH_LINES][BATCH_LINE];

    if (t && ui->told != &t->task && !task_is_busy(&t->task)) {
        ui->told = &t->task;
        for (int i = 0, n = batch_text(t, line); i < n; i++)
            out->line(out->context, line[i]);
    }
    if (m->landscape->drawn != ui->told_line && m->landscape->whole) {
        ui->told_line = m->landscape->drawn;
        batch_trap_words(m, line[0], BATCH_LINE);
        if (*line[0])
            out->line(out->context, line[0]);
    }
}

static int back(struct app *a)
{
    return app_cancel_task(a, TASK_BATCH);
}

const struct view batch_view = {
    .name = "batch", .key = '7', .help = "batch: time of updates and epochs by batch size, small against large batches",
    .panes = panes, .bindings = &batch_keys, .commands = batch_commands,
    .arrange = arrange,
    .open = open_state, .close = free,
    .progress = progress, .text = text,
    .back = back,
};
