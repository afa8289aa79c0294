/* SPDX-License-Identifier: MIT */
/* The last line: the keys that act now, a field to type in, a question, or what went wrong. */
#include "app/view.h"

#include <stdio.h>
#include <string.h>

#include "app/complete.h"
#include "draw/text.h"

enum { PLACES = 32 };

static int hint_width(const struct canvas *c, const struct key_hint *h)
{
    return canvas_width(c, h->label) + 1 + canvas_width(c, h->brief);
}

/* Returns the column after it. */
static int draw_hint(struct canvas *c, int x, const struct key_hint *h)
{
    x += canvas_text(c, x, 0, STYLE_KEY, h->label) + 1;
    return x + canvas_text(c, x, 0, STYLE_QUIET, h->brief);
}

/* Keys that act now, those of the right end or the others, from x on, as many as fit; returns the column after them and
 * a gap. */
static int draw_keys(const struct model *m, struct canvas *c, int x, int always)
{
    struct key_list active;
    struct key_hint h;
    int row = 0;

    keys_active(m, &active);
    while ((row = keys_footer(&active, row, always, c->charset, &h)) > 0 && x + hint_width(c, &h) <= c->w)
        x = draw_hint(c, x, &h) + (c->w >= 100 ? 3 : 2);
    return x;
}

/* Choose the hints that fit into `room` columns beside each other: those marked `later` after all others, and of either
 * the first in the table first. */
static void choose_hints(const struct canvas *c, const struct key_hint *h, int count, int room, int gap, int *chosen)
{
    for (int later = 0; later < 2; later++)
        for (int i = 0; i < count; i++) {
            int width = hint_width(c, &h[i]) + gap;
            if (h[i].later != later || width - gap > room)
                continue;
            chosen[i] = 1;
            room -= width;
        }
}

/* The chosen hints, each whole or not at all, in the table's order. */
static void draw_chosen(const struct model *m, struct canvas *c, int gap)
{
    struct key_list active;
    struct key_hint hint[PLACES];
    int chosen[PLACES] = {0}, count = 0, x = 0;

    keys_active(m, &active);
    for (int row = 0; count < PLACES && (row = keys_footer(&active, row, 0, c->charset, &hint[count])) > 0;)
        count++;
    choose_hints(c, hint, count, c->w, gap, chosen);
    for (int i = 0; i < count; i++)
        if (chosen[i])
            x = draw_hint(c, x, &hint[i]) + gap;
}

/* Command line, help and quit keep their place at the right end; the others take the rest. */
static void draw_normal(const struct model *m, struct canvas *c)
{
    int gap = c->w >= 100 ? 3 : 2, width;
    struct canvas nowhere = canvas_part(c, (struct rect){0, 1, c->w, 0}), left;

    width = draw_keys(m, &nowhere, 0, 1) - gap;
    left = canvas_part(c, (struct rect){1, 0, c->w - width - 1 - gap, 1});
    draw_keys(m, c, c->w - width, 1);
    draw_chosen(m, &left, gap);
}

/* The part of a long line around the cursor, with as much before it as there is room for. A value that typing will
 * replace is quiet. */
static int draw_input(const struct model *m, struct canvas *c, int x, int room)
{
    const char *text = m->ui.input, *caret = text + m->ui.caret, *under = caret;
    struct canvas part = canvas_part(c, (struct rect){x, 0, room, 1});
    int end = canvas_width(c, caret), at = canvas_width(c, text) - end;

    for (; at > room - 2 && text < caret; at = canvas_width(c, text) - end)
        text_next(&text);
    canvas_text(&part, 0, 0, m->ui.offered ? STYLE_QUIET : STYLE_CHOSEN, text);
    if (!*caret) {
        canvas_put(&part, at, 0, STYLE_FOCUS, 0x2588);
        return x + at + 1;
    }
    text_next(&under);
    canvas_tint(&part, at, 0, end - canvas_width(c, under), STYLE_CARET);
    return x + (at + end < room ? at + end : room);
}

/* The completions of the word, after the key that completes it; returns 0 when there is nothing to choose from. */
static int draw_candidates(const struct model *m, struct canvas *c, int x)
{
    char list[1024], key[16] = "";

    if (!complete_list(&m->ui, list, sizeof list))
        return 0;
    key_of(m->ui.mode == MODE_TYPING ? "value-complete" : "command-complete", c->charset, key, sizeof key);
    x += canvas_text(c, x, 0, STYLE_KEY, key) + 1;
    canvas_cut(c, x, 0, c->w - x, STYLE_QUIET, list);
    return 1;
}

static void draw_typing(const struct model *m, struct canvas *c)
{
    enum knob_id id = (enum knob_id)m->ui.chosen;
    int x = 1 + canvas_format(c, 1, 0, STYLE_STRONG, "%s = ", knob_row(id)->title);

    x = draw_input(m, c, x, c->w - x) + 2;
    if (draw_candidates(m, c, x))
        return;
    if (knob_row(id)->type != KNOB_CHOICE && x + canvas_width(c, knob_row(id)->help) + 20 < c->w)
        x += canvas_format(c, x, 0, STYLE_QUIET, "%s  ", knob_row(id)->help);
    draw_keys(m, c, x, 0);
}

/* The question before a restart, in this many columns; returns those it takes. */
static int draw_restart(const struct model *m, struct canvas *c, int room)
{
    const char *tail = "? The current run will be discarded.";
    int x;

    if (canvas_width(c, m->ui.message) + canvas_width(c, tail) > room)
        tail = "?";
    x = canvas_cut(c, 1, 0, room - canvas_width(c, tail), STYLE_WARNING, m->ui.message);
    return x + canvas_text(c, 1 + x, 0, STYLE_WARNING, tail);
}

/* A whole question, or as much of its first sentence as fits. */
static int draw_ask(const struct model *m, struct canvas *c, int room)
{
    const char *text = m->ui.message;
    char first[UI_MESSAGE];

    snprintf(first, sizeof first, "%.*s?", (int)strcspn(text, "?"), text);
    return canvas_cut(c, 1, 0, room, STYLE_WARNING, canvas_width(c, text) > room ? first : text);
}

/* The end of a path says more than its beginning. */
static int draw_quit(const struct model *m, struct canvas *c, int room)
{
    enum { LEAST_PATH = 8 };
    const char *lead = "Quit? The run will be saved as ";
    int x;

    if (!m->checkpoint)
        return canvas_cut(c, 1, 0, room, STYLE_WARNING, "Quit without saving? This run has no checkpoint file.");
    if (canvas_width(c, lead) + LEAST_PATH > room)
        return canvas_cut(c, 1, 0, room, STYLE_WARNING, "Quit? It will be saved.");
    x = canvas_text(c, 1, 0, STYLE_WARNING, lead);
    return x + canvas_cut_front(c, 1 + x, 0, room - x, STYLE_WARNING, m->checkpoint);
}

/* Question and answers stand apart, however long the question. */
static void draw_question(const struct model *m, struct canvas *c)
{
    enum { GAP = 2 };
    struct canvas nowhere = canvas_part(c, (struct rect){0, 1, c->w, 0});
    int room = c->w - 1 - GAP - draw_keys(m, &nowhere, 0, 0);

    draw_keys(m, c, 1 + GAP + (m->ui.mode == MODE_QUIT ? draw_quit : m->ui.mode == MODE_ASK ? draw_ask : draw_restart)(m, c, room), 0);
}

/* If it does not fit, leave out its subject, "learning rate: ", which was just typed. */
static void draw_message(const struct model *m, struct canvas *c)
{
    const char *text = m->ui.message, *rest = strstr(text, ": ");

    if (canvas_width(c, text) > c->w - 1 && rest && canvas_width(c, rest + 2) <= c->w - 1)
        text = rest + 2;
    canvas_cut(c, 1, 0, c->w - 1, m->ui.warning ? STYLE_WARNING : STYLE_STRONG, text);
}

void remark_draw(const struct model *m, struct canvas *c)
{
    enum { MOST = 8 };
    struct canvas nowhere = canvas_part(c, (struct rect){0, 0, c->w, 0}), rows;
    int n = m->ui.message[0] ? canvas_wrap(&nowhere, 1, 0, MOST, STYLE_WARNING, m->ui.message) : 0;

    rows = canvas_part(c, (struct rect){0, c->h - 1 - n, c->w, n});
    canvas_clear(&rows);
    canvas_wrap(&rows, 1, 0, n, m->ui.warning ? STYLE_WARNING : STYLE_STRONG, m->ui.message);
}

void footer_draw(const struct model *m, struct canvas *c)
{
    int x;

    switch (m->ui.mode) {
    case MODE_TYPING:
        draw_typing(m, c);
        return;
    case MODE_COMMAND:
        canvas_put(c, 0, 0, STYLE_KEY, ':');
        x = draw_input(m, c, 1, c->w - 1) + 2;
        if (!draw_candidates(m, c, x))
            draw_keys(m, c, x, 0);
        return;
    case MODE_RESTART:
    case MODE_ASK:
    case MODE_QUIT:
        draw_question(m, c);
        return;
    case MODE_FILTER:
        canvas_put(c, 0, 0, STYLE_KEY, '/');
        draw_keys(m, c, draw_input(m, c, 1, c->w - 1) + 2, 0);
        return;
    case MODE_HELP:
    case MODE_CHOOSE:
    case MODE_COMPARE:
    case MODE_TESTCARD:
        draw_keys(m, c, 1, 0);
        return;
    case MODE_NORMAL:
    case MODE_COUNT:
        break;
    }
    if (m->ui.message[0] && !m->ui.wrapped)
        draw_message(m, c);
    else
        draw_normal(m, c);
}
