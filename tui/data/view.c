/* SPDX-License-Identifier: MIT */
/* The Data view: an utterance with its phones over the whole width; what the network confuses, and how good it is, beneath. */
#include "data/panes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/app.h"
#include "app/tasks.h"
#include "core/number.h"
#include "data/text.h"

enum { TOP = 1, THREE_COLUMNS = 110 };

static void stack(struct layout *l, int w, int h, int focus)
{
    int body = h - 2, both = body >= 14, top = both ? body / 2 : body;

    l->pane[both ? DATA_UTTERANCE : focus] = (struct rect){0, TOP, w, top};
    if (both)
        l->pane[focus == DATA_UTTERANCE ? DATA_PAIRS : focus] = (struct rect){0, TOP + top, w, body - top};
}

/* Two panes one above the other, or the one that is focused, else the first, where there is little room. */
static void column(struct layout *l, struct rect r, int first, int second, int focus, int least)
{
    int half = r.h / 2;

    if (r.h < 2 * least) {
        l->pane[focus == second ? second : first] = r;
        return;
    }
    l->pane[first] = (struct rect){r.x, r.y, r.w, half};
    l->pane[second] = (struct rect){r.x, r.y + half, r.w, r.h - half};
}

static void three_columns(struct layout *l, struct rect r, int focus)
{
    int third = r.w / 3, wide = r.w - 2 * third;

    l->pane[DATA_MATRIX] = (struct rect){r.x, r.y, wide, r.h};
    column(l, (struct rect){r.x + wide, r.y, third, r.h}, DATA_PAIRS, DATA_CLASSES, focus, 8);
    if (r.h >= 30) {
        l->pane[DATA_LADDER] = (struct rect){r.x + wide + third, r.y, third, 11};
        column(l, (struct rect){r.x + wide + third, r.y + 11, third, r.h - 11}, DATA_CALIBRATION, DATA_POSITION, focus, 8);
    } else
        column(l, (struct rect){r.x + wide + third, r.y, third, r.h}, DATA_LADDER,
               focus == DATA_POSITION ? DATA_POSITION : DATA_CALIBRATION, focus, 8);
}

static void two_columns(struct layout *l, struct rect r, int focus)
{
    int left = r.w / 2, chosen = focus == DATA_UTTERANCE || focus == DATA_LADDER || focus == DATA_LOG ? DATA_PAIRS : focus;

    l->pane[chosen] = (struct rect){r.x, r.y, left, r.h};
    l->pane[focus == DATA_LOG && l->pane[DATA_LOG].w == 0 ? DATA_LOG : DATA_LADDER] =
        (struct rect){r.x + left, r.y, r.w - left, r.h};
}

static void arrange(struct layout *l, int w, int h, int focus)
{
    int log = h < 30 ? 0 : h < 36 ? 1 : clamp(4 + (h - 36) / 6, 3, 8), body = h - 2 - log;
    int top = clamp(body * 9 / 20, 8, 26);
    struct rect rest = {0, TOP + top, w, body - top};

    if (w < 72 || body < 16) {
        stack(l, w, h, focus);
        return;
    }
    l->pane[DATA_UTTERANCE] = (struct rect){0, TOP, w, top};
    if (log)
        l->pane[DATA_LOG] = (struct rect){0, TOP + body, w, log};
    if (w >= THREE_COLUMNS && log)
        three_columns(l, rest, focus);
    else
        two_columns(l, rest, focus);
}

static const struct pane *const panes[] = {
    [DATA_UTTERANCE] = &utterance_pane, [DATA_PAIRS] = &pairs_pane,       [DATA_MATRIX] = &matrix_pane,
    [DATA_CLASSES] = &classes_pane,     [DATA_POSITION] = &position_pane, [DATA_CALIBRATION] = &calibration_pane,
    [DATA_LADDER] = &ladder_pane,       [DATA_LOG] = &log_pane,           NULL};

static void *open_state(struct err *e)
{
    struct data_ui *ui = calloc(1, sizeof *ui);

    if (!ui)
        err_memory(e, "the view of the data", sizeof *ui);
    else
        ui->set = RUN_VALIDATION;
    return ui;
}

static void progress(const struct model *m, int roomy, char *out, size_t size)
{
    char share[16];

    (void)roomy;
    tasks_progress(m, TASK_DATA, share, sizeof share);
    if (*share && view_shown(m) != &data_view)
        snprintf(out, size, "predicting %s", share);
}

static void text(const struct model *m, const struct text_sink *out)
{
    const struct data_task *t = data_shown(m);

    if (!t || data_ui(m)->told == &t->task)
        return;
    data_ui(m)->told = &t->task;
    data_text(t, out);
}

static int back(struct app *a)
{
    return app_cancel_task(a, TASK_DATA);
}

const struct view data_view = {
    .name = "data", .key = '9', .help = "data: utterances with true and predicted phones, confusions, calibration",
    .panes = panes, .bindings = &data_keys, .commands = data_commands,
    .arrange = arrange,
    .open = open_state, .close = free,
    .progress = progress, .text = text,
    .back = back,
};
