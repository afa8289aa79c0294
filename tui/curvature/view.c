/* SPDX-License-Identifier: MIT */
/* The Curvature view: the spectrum large, what it says beside it, and how its ends moved below. */
#include "curvature/curvature.h"
#include "curvature/text.h"
#include "core/number.h"

#include <stdlib.h>

/* The pane of a place that several share: the focused one if it is of them, else the first. */
static int one_of(int focus, int first, int second, int third)
{
    return focus == second || focus == third ? focus : first;
}

enum { GAUGE_LARGE = 16, STEP_LARGE = 14 }; /* rows of these panes while in focus: their lines over steps show */

/* Below 80×24: the verdict with what is focused, or the focused pane alone. */
static void layout_small(struct layout *l, int w, int h, int focus)
{
    int body = h - 2, log = body >= 16 && focus != CURVATURE_PANE_LOG, rows = body - log;
    int beside = w >= 72, below = !beside && rows >= 16;
    int other = focus == CURVATURE_PANE_VERDICT ? CURVATURE_PANE_SPECTRUM : focus;

    if (beside) {
        l->pane[other] = (struct rect){0, 1, w - w / 2, rows};
        l->pane[CURVATURE_PANE_VERDICT] = (struct rect){w - w / 2, 1, w / 2, rows};
    } else if (below) {
        l->pane[CURVATURE_PANE_VERDICT] = (struct rect){0, 1, w, rows / 2};
        l->pane[other] = (struct rect){0, 1 + rows / 2, w, rows - rows / 2};
    } else
        l->pane[focus] = (struct rect){0, 1, w, rows};
    if (log)
        l->pane[CURVATURE_PANE_LOG] = (struct rect){0, h - 2, w, 1};
}

/* Spectrum and verdict side by side, the edge of stability under the verdict (in its place while focused: its lines over
 * steps need the room), the series below both. */
static void layout_columns(struct layout *l, int w, int h, int focus)
{
    int body = h - 3, left = w - w / 2, top = body * 2 / 3, gauge = focus == CURVATURE_PANE_STABILITY ? top : 4;
    int first = focus == CURVATURE_PANE_LAYERS ? CURVATURE_PANE_LAYERS : one_of(focus, CURVATURE_PANE_SPECTRUM, CURVATURE_PANE_DENSITY, CURVATURE_PANE_EIGENPAIRS);

    l->pane[first] = (struct rect){0, 1, left, top};
    if (gauge < top)
        l->pane[CURVATURE_PANE_VERDICT] = (struct rect){left, 1, w - left, top - gauge};
    l->pane[CURVATURE_PANE_STABILITY] = (struct rect){left, 1 + top - gauge, w - left, gauge};
    l->pane[one_of(focus, CURVATURE_PANE_EIGENVALUES, CURVATURE_PANE_SHARPNESS, CURVATURE_PANE_STEP)] = (struct rect){0, 1 + top, w, body - top};
    l->pane[CURVATURE_PANE_LOG] = (struct rect){0, 1 + body, w, 1};
}

/* The same with room: the density under the spectrum, the eigenpairs (or the layers) under the verdict. */
static void layout_large(struct layout *l, int w, int h, int focus)
{
    int log = clamp(4 + (h - 36) / 6, 3, 8), body = h - 2 - log, left = w - w / 2;
    int top = body * 2 / 5, series = focus == CURVATURE_PANE_STEP ? STEP_LARGE : body * 3 / 10, verdict = clamp(body * 9 / 20 - 1, 12, 18);
    int gauge = focus == CURVATURE_PANE_STABILITY ? GAUGE_LARGE : 7;
    int over_steps = one_of(focus, CURVATURE_PANE_EIGENVALUES, CURVATURE_PANE_SHARPNESS, CURVATURE_PANE_STEP);
    int list = one_of(focus, CURVATURE_PANE_EIGENPAIRS, CURVATURE_PANE_LAYERS, CURVATURE_PANE_LAYERS);

    l->pane[CURVATURE_PANE_SPECTRUM] = (struct rect){0, 1, left, top};
    l->pane[CURVATURE_PANE_DENSITY] = (struct rect){0, 1 + top, left, body - top - series};
    l->pane[over_steps] = (struct rect){0, 1 + body - series, left, series};
    l->pane[CURVATURE_PANE_VERDICT] = (struct rect){left, 1, w - left, verdict};
    l->pane[CURVATURE_PANE_STABILITY] = (struct rect){left, 1 + verdict, w - left, gauge};
    l->pane[list] = (struct rect){left, 1 + verdict + gauge, w - left, body - verdict - gauge};
    l->pane[CURVATURE_PANE_LOG] = (struct rect){0, 1 + body, w, log};
}

/* Four plots, and a column for what they say. */
static void layout_wide(struct layout *l, int w, int h)
{
    int side = clamp(w / 4, 50, 64), left = (w - side) / 2, right = w - side - left, body = h - 2, top = body * 3 / 5;
    int log = clamp(body / 10, 5, 16), gauge = 7, layers = clamp(body / 8, 6, 18), verdict = clamp(body * 3 / 8, 13, 22);
    int y = 1, step = (body - top) / 2;

    l->pane[CURVATURE_PANE_SPECTRUM] = (struct rect){0, 1, left, top};
    l->pane[CURVATURE_PANE_DENSITY] = (struct rect){left, 1, right, top};
    l->pane[CURVATURE_PANE_EIGENVALUES] = (struct rect){0, 1 + top, left, body - top};
    l->pane[CURVATURE_PANE_SHARPNESS] = (struct rect){left, 1 + top, right, body - top - step};
    l->pane[CURVATURE_PANE_STEP] = (struct rect){left, 1 + body - step, right, step};
    l->pane[CURVATURE_PANE_VERDICT] = (struct rect){w - side, y, side, verdict};
    y += verdict;
    l->pane[CURVATURE_PANE_STABILITY] = (struct rect){w - side, y, side, gauge};
    y += gauge;
    l->pane[CURVATURE_PANE_EIGENPAIRS] = (struct rect){w - side, y, side, body + 1 - y - layers - log};
    l->pane[CURVATURE_PANE_LAYERS] = (struct rect){w - side, body + 1 - layers - log, side, layers};
    l->pane[CURVATURE_PANE_LOG] = (struct rect){w - side, body + 1 - log, side, log};
}

static void arrange(struct layout *l, int w, int h, int focus)
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

static const struct pane *const panes[] = {
    [CURVATURE_PANE_VERDICT] = &verdict_pane,         [CURVATURE_PANE_STABILITY] = &stability_pane,
    [CURVATURE_PANE_SPECTRUM] = &spectrum_pane,       [CURVATURE_PANE_DENSITY] = &density_pane,
    [CURVATURE_PANE_EIGENVALUES] = &eigenvalues_pane, [CURVATURE_PANE_SHARPNESS] = &sharpness_pane,
    [CURVATURE_PANE_EIGENPAIRS] = &eigenpairs_pane,   [CURVATURE_PANE_LAYERS] = &layer_curvature_pane,
    [CURVATURE_PANE_STEP] = &step_pane,               [CURVATURE_PANE_LOG] = &log_pane,                 NULL,
};

/* The view's state is what the text mode has told. */
static void *open_state(struct err *e)
{
    struct plain_curvature *told = calloc(1, sizeof *told);

    if (!told)
        err_memory(e, "the curvature's lines", sizeof *told);
    return told;
}

static void progress(const struct model *m, int roomy, char *out, size_t size)
{
    (roomy ? curvature_progress : curvature_progress_brief)(m, out, size);
}

static void text(const struct model *m, const struct text_sink *out)
{
    char line[PLAIN_CURVATURE_LINES][PLAIN_CURVATURE_SIZE];
    int n = plain_curvature(view_state(m, &curvature_view), m->curvature, line);

    for (int i = 0; i < n; i++)
        out->line(out->context, line[i]);
}

static void text_sample(const struct model *m, const struct sample *s, const struct text_sink *out)
{
    char line[PLAIN_CURVATURE_SIZE];

    if (s->kind != SAMPLE_PROBE || !(m->knobs.value[KNOB_PROBE_EVERY] > 0))
        return;
    plain_curvature_point(s, line, sizeof line);
    out->line(out->context, line);
    if (plain_curvature_step(s, line, sizeof line))
        out->line(out->context, line);
}

const struct view curvature_view = {
    .name = "curvature", .key = '2', .help = "curvature: spectrum, verdict, escape",
    .panes = panes, .bindings = &curvature_keys, .commands = curvature_commands,
    .arrange = arrange,
    .open = open_state, .close = free,
    .progress = progress, .text = text, .text_sample = text_sample,
    .back = action_probe_cancel,
};
