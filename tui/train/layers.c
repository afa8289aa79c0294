/* SPDX-License-Identifier: MIT */
/* The gradient layer by layer: a strip over steps, a row a layer, the first of the network at the top. */
#include "train/panes.h"
#include "app/describe.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/number.h"
#include "draw/strip.h"

enum { NOTE = 144, DECADES = 6 }; /* a layer whose gradient is smaller than another's by more has none to speak of */

struct layers_strip {
    struct pane_plot plot;
    struct strip strip;
    double readings[GRADIENT_STATS_LAYERS];
};

/* Layers where the cross-hair is, or at the last step. */
static void read_layers(const struct model *m, double out[GRADIENT_STATS_LAYERS])
{
    const struct layer_track *t = &m->history->layers;
    struct series points = {.x = t->step, .count = t->count};
    double cross = pane_cross(m, OVER_STEPS);
    int at = isfinite(cross) ? series_index(&points, cross) : -1;

    for (int i = 0; i < GRADIENT_STATS_LAYERS; i++)
        out[i] = at >= 0 ? t->norm[at][i] : m->snapshot->seen.layer_norm[i];
}

static int layers_strip(const struct model *m, struct layers_strip *l)
{
    const struct layer_track *t = &m->history->layers;
    struct strip *s = &l->strip;
    double lo, hi;

    if (!t->count || m->snapshot->seen.layers < 1)
        return 0;
    pane_plot_init(m, &layers_pane, &l->plot, OVER_STEPS);
    read_layers(m, l->readings);
    *s = (struct strip){.plot = &l->plot.plot, .z = {.log = 1}, .rows = m->snapshot->seen.layers,
                        .names = m->snapshot->layer, .readings = l->readings, .count = t->count, .x = t->step,
                        .z_at = t->norm[0], .stride = GRADIENT_STATS_LAYERS};
    if (!strip_extent(s, DECADES, &lo, &hi))
        lo = hi = 1;
    axis_fit(&s->z, lo, hi);
    return 1;
}

static double layers_step_at(const struct model *m, struct canvas *inside, int x, int y)
{
    struct layers_strip l;

    (void)y;
    return layers_strip(m, &l) ? strip_x_at(&l.strip, inside, x) : NAN;
}

/* The layers with the least and the largest gradient. */
static void notes_of(const struct model *m, const struct layers_strip *l, char text[4][NOTE])
{
    int least = 0, most = 0;
    char a[NUMBER_SIZE], b[NUMBER_SIZE];
    char at[PANE_AT];
    const char *when = isfinite(pane_cross(m, OVER_STEPS)) ? "" : " now";

    for (int i = 1; i < l->strip.rows; i++) {
        least = l->readings[i] < l->readings[least] ? i : least;
        most = l->readings[i] > l->readings[most] ? i : most;
    }
    number_reading(a, sizeof a, l->readings[least], 2);
    number_reading(b, sizeof b, l->readings[most], 2);
    pane_at_words(pane_cross(m, OVER_STEPS), 0, at, sizeof at);
    snprintf(text[0], NOTE, "%snorm%s %s in %s to %s in %s", at, when, a, m->snapshot->layer[least], b,
             m->snapshot->layer[most]);
    snprintf(text[1], NOTE, "%snorm%s %s to %s", at, when, a, b);
    snprintf(text[2], NOTE, "%s%s to %s", at, a, b);
    snprintf(text[3], NOTE, "%.*s", (int)strcspn(at, ":"), at);
}

static void layers_draw(const struct model *m, struct canvas *c)
{
    struct layers_strip l;
    char notes[4][NOTE] = {"", "", "", ""};
    int some = layers_strip(m, &l), x;
    struct canvas inside;

    if (some)
        notes_of(m, &l, notes);
    inside = pane_frame(m, c, &layers_pane, (const char *const[]){notes[0], notes[1], notes[2], notes[3], NULL});
    if (!some) {
        pane_hint_start(m, &inside);
        return;
    }
    strip_draw(&l.strip, &inside);
    if (c->h < 2)
        return;
    x = strip_legend(&l.strip, c, 2, c->h - 1);
    pane_legend_marks(c, x, c->h - 1, &l.plot.plot);
}

static int layers_words(const struct model *m, char *out)
{
    struct layers_strip l;
    char notes[4][NOTE];

    if (!layers_strip(m, &l))
        return 0;
    notes_of(m, &l, notes);
    snprintf(out, DESCRIBE_SIZE, "%s: %s", layers_pane.name, notes[0]);
    return 1;
}

static char *layers_svg(const struct model *m, enum theme p)
{
    struct layers_strip l;

    return layers_strip(m, &l) ? strip_to_svg(&l.strip, "gradient norm by layer", p) : NULL;
}

const struct pane layers_pane = {
    .name = "gradient by layer", .help = "norm of the gradient of each layer over steps",
    .keys = PANE_KEYS(&plot_keys, &back_keys), .describe = layers_words, .draw = layers_draw, .svg = layers_svg, .step_at = layers_step_at};
