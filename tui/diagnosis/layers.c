/* SPDX-License-Identifier: MIT */
/* How the layers do: the next step's change of their weights, dead and saturated units, the gradient, and a sentence. */
#include <math.h>
#include <stdio.h>

#include "diagnosis/panes.h"
#include "draw/number.h"

enum { NAME_W = 13, COLUMN_W = 10, COLUMNS = 4, WORDS_AT = NAME_W + COLUMNS * COLUMN_W + 1, WORDS_LEAST = 16 };

static void put(struct canvas *c, int y, int column, enum style s, const char *text)
{
    canvas_text_right(c, NAME_W + (column + 1) * COLUMN_W - 1, y, s, text);
}

static void draw_layer(const struct model *m, struct canvas *c, int y, int i)
{
    const struct layer_health *h = &m->snapshot->measured.layer[i];
    char text[TREE_LAYER_TEXT], number[NUMBER_SIZE];
    int severity = tree_layer_words(h, text);
    enum style s = severity > 1 ? STYLE_WARNING : severity ? STYLE_STRONG : STYLE_TEXT;

    canvas_cut(c, 0, y, NAME_W, STYLE_TEXT, m->snapshot->layer[i]);
    number_reading(number, sizeof number, h->update, 2);
    put(c, y, 0, s, isnan(h->update) ? "–" : number);
    number_reading(number, sizeof number, h->gradient, 3);
    put(c, y, 1, STYLE_TEXT, isnan(h->gradient) ? "–" : number);
    snprintf(number, sizeof number, "%lld/%lld", (long long)h->dead, (long long)h->units);
    put(c, y, 2, h->units ? s : STYLE_QUIET, h->units ? number : "–");
    snprintf(number, sizeof number, "%.0f %%", 100 * h->saturated);
    put(c, y, 3, isnan(h->saturated) ? STYLE_QUIET : s, isnan(h->saturated) ? "–" : number);
    if (c->w - WORDS_AT >= WORDS_LEAST)
        canvas_cut(c, WORDS_AT, y, c->w - WORDS_AT, s, text);
}

/* The layer that does worst. */
static int worst(const struct measured *s)
{
    char text[TREE_LAYER_TEXT];
    int found = 0, severity = -1;

    for (int i = 0; i < s->layers; i++) {
        int now = tree_layer_words(&s->layer[i], text);
        if (now > severity) {
            severity = now;
            found = i;
        }
    }
    return found;
}

static void layers_draw(const struct model *m, struct canvas *c)
{
    static const char *const head[COLUMNS] = {"Δw/w", "|grad.|", "dead ReLU", "saturated"};
    const struct measured *s = &m->snapshot->measured;
    char note[TREE_LAYER_TEXT + 40] = "", text[TREE_LAYER_TEXT], key[16] = "", hint[80];
    struct canvas inside;

    if (s->known && s->layers) {
        tree_layer_words(&s->layer[worst(s)], text);
        snprintf(note, sizeof note, "%s: %s", m->snapshot->layer[worst(s)], text);
    }
    inside = pane_frame(m, c, &diagnosis_layers_pane, (const char *const[]){note, "", NULL});
    if (inside.w < 1 || inside.h < 1)
        return;
    if (!s->known || !s->layers) {
        key_of("diagnosis-measure", inside.charset, key, sizeof key);
        snprintf(hint, sizeof hint, "%s measures updates, dead ReLUs and saturated gates", key);
        pane_hint(&inside, s->status == MEASURED_RUNNING ? s->text : hint);
        return;
    }
    for (int k = 0; k < COLUMNS; k++)
        put(&inside, 0, k, STYLE_QUIET, head[k]);
    for (int i = 0; i < s->layers && i + 1 < inside.h; i++)
        draw_layer(m, &inside, i + 1, i);
}

const struct pane diagnosis_layers_pane = {
    .name = "layers' health", .help = "updates, gradient, dead and saturated units",
    .draw = layers_draw};
