/* SPDX-License-Identifier: MIT */
/* The blocks of the Hessian on its diagonal, layer by layer: which one is sharp. */
#include "curvature/curvature.h"

#include <math.h>
#include <stdio.h>

#include "draw/number.h"

enum { TRACE_AT = 28 };

static void draw_layer(struct canvas *c, int y, const struct curvature_layer *l, double most)
{
    char parameters[NUMBER_SIZE], highest[NUMBER_SIZE], trace[64];
    int bar = c->w - 53;

    number_scaled(parameters, sizeof parameters, (double)l->parameters);
    number_reading(highest, sizeof highest, l->highest, 3);
    curvature_with_error(trace, sizeof trace, l->trace, l->trace_error);
    if (TRACE_AT + canvas_width(c, trace) > c->w)
        number_short(trace, sizeof trace, l->trace);
    canvas_text(c, 1, y, STYLE_TEXT, l->name);
    canvas_text_right(c, 17, y, STYLE_QUIET, parameters);
    canvas_text_right(c, 25, y, STYLE_STRONG, highest);
    curvature_converged(c, 26, y, l->converged);
    canvas_text(c, TRACE_AT, y, STYLE_TEXT, trace);
    if (bar >= 4 && most > 0)
        curvature_bar(c, 52, y, bar, l->highest / most, STYLE_SERIES_1);
}

static void blocks_draw(const struct model *m, struct canvas *c)
{
    const struct curvature_view *v = m->curvature;
    struct canvas inside = pane_frame(m, c, &layer_curvature_pane, (const char *const[]){"of the Hessian, by layer", NULL});
    char key[16] = "", text[64];
    double most = 0;

    if (inside.w < 1 || inside.h < 1 || curvature_hint(m, &inside, "blocks"))
        return;
    if (!v->layers) {
        key_of("probe-all", inside.charset, key, sizeof key);
        snprintf(text, sizeof text, "%s also probes each layer's block", key);
        pane_hint(&inside, text);
        return;
    }
    canvas_text(&inside, 1, 0, STYLE_QUIET, "layer");
    canvas_text_right(&inside, 17, 0, STYLE_QUIET, "weights");
    canvas_text_right(&inside, 25, 0, STYLE_QUIET, "λmax");
    canvas_text(&inside, TRACE_AT, 0, STYLE_QUIET, "trace");
    for (int i = 0; i < v->layers; i++)
        most = fmax(most, v->layer[i].highest);
    for (int i = 0; i < v->layers; i++)
        draw_layer(&inside, i + 1, &v->layer[i], most);
}

const struct pane layer_curvature_pane = {.name = "blocks", .help = "largest eigenvalue of each layer's Hessian block",
    .draw = blocks_draw};
