/* The last line: the keys that act now, a field to type in, a question, or what went wrong. */
#include "panel.h"

#include <string.h>

#include "complete.h"
#include "view/text.h"

static int draw_key(struct canvas *c, int x, const char *label, const char *brief)
{
    int width = text_width(label) + 1 + text_width(brief);

    if (x + width > c->w)
        return -1;
    canvas_text(c, x, 0, STYLE_KEY, label);
    canvas_text(c, x + text_width(label) + 1, 0, STYLE_QUIET, brief);
    return x + width + (c->w >= 100 ? 3 : 2);
}

/* Keys that act at all of `where`, from x on; returns the column after them. */
static int draw_keys(struct canvas *c, int x, unsigned where)
{
    char label[64];
    const char *brief;
    int row = 0, next = x;

    while ((row = keys_footer(row, where, c->charset, label, sizeof label, &brief)) > 0) {
        next = draw_key(c, x, label, brief);
        if (next < 0)
            break;
        x = next;
    }
    return x;
}

/* Help and the way out keep their place at the right end; the others take what is left. */
static void draw_normal(const struct model *m, struct canvas *c)
{
    struct canvas nowhere = canvas_part(c, (struct rect){0, 1, c->w, 0}), left, right;
    int width = draw_keys(&nowhere, 0, WHERE_ALWAYS);

    left = canvas_part(c, (struct rect){0, 0, c->w - width - 1, 1}); /* a blank between them at least */
    right = canvas_part(c, (struct rect){c->w - width, 0, width, 1});
    draw_keys(&right, 0, WHERE_ALWAYS);
    draw_keys(&left, 1, panel_keys(m->ui.focus) & ~(unsigned)WHERE_ALWAYS);
}

/* The end of a long line stays in sight. */
static int draw_input(const struct model *m, struct canvas *c, int x, int room)
{
    const char *text = m->ui.input;

    while (text_width(text) > room - 1 && *text)
        text_next(&text);
    x += canvas_text(c, x, 0, STYLE_CHOSEN, text);
    canvas_put(c, x, 0, STYLE_FOCUS, 0x2588);
    return x + 1;
}

/* What the word may become, after the key that completes it; returns 0 when there is nothing to choose from. */
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
    if (knob_row(id)->type != KNOB_CHOICE && x + text_width(knob_row(id)->help) + 20 < c->w)
        x += canvas_format(c, x, 0, STYLE_QUIET, "%s  ", knob_row(id)->help);
    draw_keys(c, x, WHERE_TYPING);
}

/* What a key asks before it acts, in so many columns; returns those it takes. */
static int draw_restart(const struct model *m, struct canvas *c, int room)
{
    const char *tail = "? this run is given up";
    int x;

    if (text_width(m->ui.message) + text_width(tail) > room)
        tail = "?";
    x = canvas_cut(c, 1, 0, room - text_width(tail), STYLE_WARNING, m->ui.message);
    return x + canvas_text(c, 1 + x, 0, STYLE_WARNING, tail);
}

/* The end of a path says more than its beginning. */
static int draw_quit(const struct model *m, struct canvas *c, int room)
{
    enum { LEAST_PATH = 8 };
    const char *lead = "quit? the run is saved as ";
    int x;

    if (!m->checkpoint)
        return canvas_cut(c, 1, 0, room, STYLE_WARNING, "quit? the run is lost: it has no checkpoint to be saved in");
    if (text_width(lead) + LEAST_PATH > room)
        return canvas_cut(c, 1, 0, room, STYLE_WARNING, "quit? it is saved");
    x = canvas_text(c, 1, 0, STYLE_WARNING, lead);
    return x + canvas_cut_front(c, 1 + x, 0, room - x, STYLE_WARNING, m->checkpoint);
}

/* Question and answers stand apart, however long the question. */
static void draw_question(const struct model *m, struct canvas *c)
{
    enum { GAP = 2 };
    unsigned where = m->ui.mode == MODE_QUIT ? WHERE_QUIT : WHERE_RESTART;
    struct canvas nowhere = canvas_part(c, (struct rect){0, 1, c->w, 0});
    int room = c->w - 1 - GAP - draw_keys(&nowhere, 0, where);

    draw_keys(c, 1 + GAP + (m->ui.mode == MODE_QUIT ? draw_quit : draw_restart)(m, c, room), where);
}

/* Where it does not fit, what it is about, "learning rate: ", is said least of all: it was just typed. */
static void draw_message(const struct model *m, struct canvas *c)
{
    const char *text = m->ui.message, *rest = strstr(text, ": ");

    if (text_width(text) > c->w - 1 && rest && text_width(rest + 2) <= c->w - 1)
        text = rest + 2;
    canvas_cut(c, 1, 0, c->w - 1, m->ui.warning ? STYLE_WARNING : STYLE_STRONG, text);
}

static void footer_draw(const struct model *m, struct canvas *c)
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
            draw_keys(c, x, WHERE_COMMAND);
        return;
    case MODE_RESTART:
    case MODE_QUIT:
        draw_question(m, c);
        return;
    case MODE_FILTER:
        canvas_put(c, 0, 0, STYLE_KEY, '/');
        draw_keys(c, draw_input(m, c, 1, c->w - 1) + 2, WHERE_FILTER);
        return;
    case MODE_HELP:
        draw_keys(c, 1, WHERE_HELP);
        return;
    case MODE_NORMAL:
        break;
    }
    if (m->ui.message[0])
        draw_message(m, c);
    else
        draw_normal(m, c);
}

const struct panel footer_panel = {.name = "footer", .draw = footer_draw};
