/* SPDX-License-Identifier: MIT */
/* The Diagnosis view: the tree large, the evidence beside it, the layers beneath. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "core/text.h"
#include "diagnosis/panes.h"

enum { TREE_H = 12, LAYERS_H = 8 };

/* Too narrow for two columns: the focused pane, and with room the tree above it. */
static void stack(struct layout *l, int w, int h, int focus)
{
    int body = h - 2, both = body >= 18, top = both ? TREE_H + (body - 18) / 3 : body;
    int other = focus == DIAGNOSIS_TREE ? DIAGNOSIS_EVIDENCE : focus;

    l->pane[both ? DIAGNOSIS_TREE : focus] = (struct rect){0, 1, w, top};
    if (both)
        l->pane[other] = (struct rect){0, 1 + top, w, body - top};
}

static void arrange(struct layout *l, int w, int h, int focus)
{
    int log = h < 24 ? 0 : h < 36 ? 1 : clamp(4 + (h - 36) / 6, 3, 8), body = h - 2 - log;
    int low = clamp(body * 2 / 5, LAYERS_H, 20), top = body - low, left = clamp(w * 3 / 5, 46, 90);

    if (w < 76) {
        stack(l, w, h, focus);
        return;
    }
    if (log)
        l->pane[DIAGNOSIS_LOG] = (struct rect){0, 1 + body, w, log};
    if (body < TREE_H + LAYERS_H) { /* one row of panes */
        int right = focus == DIAGNOSIS_TREE || (focus == DIAGNOSIS_LOG && log) ? DIAGNOSIS_EVIDENCE : focus;
        l->pane[DIAGNOSIS_TREE] = (struct rect){0, 1, left, body};
        l->pane[right] = (struct rect){left, 1, w - left, body};
        return;
    }
    l->pane[DIAGNOSIS_TREE] = (struct rect){0, 1, left, top};
    l->pane[DIAGNOSIS_EVIDENCE] = (struct rect){left, 1, w - left, top};
    l->pane[focus == DIAGNOSIS_LOG && !log ? DIAGNOSIS_LOG : DIAGNOSIS_LAYERS] = (struct rect){0, 1 + top, w, low};
}

static const struct pane *const panes[] = {
    [DIAGNOSIS_TREE] = &diagnosis_tree_pane,     [DIAGNOSIS_EVIDENCE] = &diagnosis_evidence_pane,
    [DIAGNOSIS_LAYERS] = &diagnosis_layers_pane, [DIAGNOSIS_LOG] = &log_pane, NULL,
};

static void *open_state(struct err *e)
{
    struct diagnosis_ui *ui = calloc(1, sizeof *ui);

    if (!ui) {
        err_memory(e, "the view of the diagnosis", sizeof *ui);
        return NULL;
    }
    return ui;
}

struct diagnosis_ui *diagnosis_ui(const struct model *m)
{
    return view_state(m, &diagnosis_view);
}

static void progress(const struct model *m, int roomy, char *out, size_t size)
{
    const struct measured *s = &m->snapshot->measured;

    (void)roomy;
    if (s->status == MEASURED_RUNNING && view_shown(m) != &diagnosis_view)
        snprintf(out, size, "measuring");
}

/* While the view is shown, and when the diagnosis is another. */
static void text(const struct model *m, const struct text_sink *out)
{
    struct diagnosis_ui *ui = diagnosis_ui(m);
    struct diagnosed d;
    char line[DIAGNOSIS_TEXT];

    if (view_shown(m) != &diagnosis_view || !m->snapshot->version)
        return;
    diagnosis_of(m, &d);
    snprintf(line, sizeof line, "diagnosis: %s", diagnosis_sentence(&d));
    if (strcmp(line, ui->told) == 0)
        return;
    text_copy(ui->told, sizeof ui->told, line);
    out->line(out->context, line);
}

/* What was said when measuring began is over when it is done. */
static int heard(struct app *a)
{
    struct ui *ui = &a->model.ui;

    if (strcmp(ui->message, DIAGNOSIS_MEASURING) != 0 || app_is_measuring(a))
        return 0;
    ui->message[0] = '\0';
    return 1;
}

static int back(struct app *a)
{
    return action_measure_cancel(a);
}

const struct view diagnosis_view = {
    .name = "diagnosis", .key = '5', .help = "diagnosis: overfitting, model bias or optimization?",
    .panes = panes, .bindings = &diagnosis_keys, .commands = diagnosis_commands,
    .arrange = arrange,
    .open = open_state, .close = free,
    .progress = progress, .text = text,
    .heard = heard, .back = back,
};
