/* SPDX-License-Identifier: MIT */
/* The ladder: accuracy on known and on unheard voices, and how far the homework's next baseline is. */
#include "data/panes.h"

#include <math.h>
#include <stdio.h>

#include "draw/number.h"

enum { VALUE_AT = 16 };

struct page {
    struct canvas *c;
    int y;
};

static void row(struct page *p, const char *name, enum style s, const char *value)
{
    if (p->y >= p->c->h)
        return;
    canvas_text(p->c, 0, p->y, STYLE_QUIET, name);
    canvas_cut(p->c, VALUE_AT, p->y++, p->c->w - VALUE_AT, s, value);
}

static void words(struct page *p, enum style s, const char *text)
{
    if (p->y < p->c->h)
        p->y += canvas_wrap(p->c, 0, p->y, p->c->h - p->y, s, text);
}

static void accuracies(struct page *p, const struct data_task *t)
{
    const struct data_result *r = &t->result;
    char value[NUMBER_SIZE];

    if (*t->file) {
        words(p, STYLE_TEXT, "a recording: what was said is not known");
        return;
    }
    number_share(value, sizeof value, r->validation);
    row(p, "validation", STYLE_STRONG, value);
    number_share(value, sizeof value, r->unheard);
    if (isfinite(r->unheard))
        row(p, "unheard voices", STYLE_STRONG, value);
    else
        words(p, STYLE_QUIET, r->no_unheard ? r->no_unheard : "no unheard voices");
    if (r->set != RUN_TRAIN)
        return;
    number_share(value, sizeof value, (double)r->confusion.correct / (double)r->confusion.frames);
    row(p, "training", STYLE_TEXT, value);
}

/* Reached, or how far away. */
static void steps(struct page *p, const struct baselines *b, double accuracy, int comparable)
{
    for (int i = BASELINES; i-- > 0;) {
        const struct baseline *l = &b->level[i];
        int next = baselines_next(b, accuracy) == l;
        char text[64];
        if (!comparable)
            snprintf(text, sizeof text, "%.4f", l->accuracy);
        else if (accuracy >= l->accuracy)
            snprintf(text, sizeof text, "%.4f  reached", l->accuracy);
        else
            snprintf(text, sizeof text, "%.4f  %.4f away", l->accuracy, l->accuracy - accuracy);
        row(p, l->name, comparable && next ? STYLE_STRONG : STYLE_TEXT, text);
    }
}

static void ladder(struct page *p, const struct data_task *t)
{
    const struct baselines *own = baselines_of(t->task.data), *b = own ? own : baselines_at(0);
    const char *of;
    double accuracy = data_scored(t, &of);
    const struct baseline *next = baselines_next(b, accuracy);
    char text[160];

    steps(p, b, accuracy, own != NULL);
    if (!own)
        words(p, STYLE_WARNING, "not comparable: homework's full data");
    if (next)
        snprintf(text, sizeof text, "hint for %s: %s", next->name, next->hint);
    else
        snprintf(text, sizeof text, "above every baseline");
    words(p, STYLE_QUIET, text);
}

static void ladder_draw(const struct model *m, struct canvas *c)
{
    const struct data_task *t = data_shown(m);
    int other = t && !baselines_of(t->task.data);
    struct canvas inside = pane_frame(m, c, &ladder_pane, (const char *const[]){other ? "not comparable" : NULL, NULL});
    struct page p = {&inside, 0};

    if (inside.w < 1 || inside.h < 1)
        return;
    if (!t) {
        data_hint(m, &inside);
        return;
    }
    accuracies(&p, t);
    if (!*t->file)
        ladder(&p, t);
}

const struct pane ladder_pane = {.name = "ladder", .help = "accuracy beside the homework's baselines",
    .draw = ladder_draw};
