/* SPDX-License-Identifier: MIT */
/* The help page: all keys and commands, from their tables. */
#include "app/bindings.h"
#include "app/view.h"

#include <stdio.h>
#include <string.h>

enum {
    BESIDE = 84,                          /* narrower screens it takes whole */
    WIDTH = 78,
    LABEL_AT = 3,
    TEXT_AT = 21, COMMAND_TEXT_AT = 25,   /* what is told of a key, a pane; of a command; … */
    TEXT_AT_NARROW = 14,                  /* … of all where there is little room */
    ROOMY = 60,
    ALL = 1000                            /* rows */
};

static void label_of(const struct key_binding *row, enum charset charset, char *out, size_t size)
{
    char first[32], second[32];

    key_label(binding_key(row, 0), charset, first, sizeof first);
    if (!binding_key(row, 1)) {
        snprintf(out, size, "%s", first);
        return;
    }
    key_label(binding_key(row, 1), charset, second, sizeof second);
    snprintf(out, size, "%s  %s", first, second);
}

/* A name, and a word after it, and what is told of it, beside it in as many lines as it needs, or below a long name;
 * returns the row after it. */
static int draw_entry(struct canvas *c, int at, int column, enum style s, const char *label, const char *more,
                      const char *text)
{
    int x = LABEL_AT, rows;

    column = c->w >= ROOMY ? column : TEXT_AT_NARROW;
    x += canvas_text(c, x, at, s, label);
    x += canvas_text(c, x, at, STYLE_QUIET, more);
    if (x >= column)
        at++;
    rows = canvas_wrap(c, column, at, ALL, STYLE_TEXT, text);
    return at + (rows ? rows : 1);
}

/* The bindings of all sets with this title, from row `at` of the page on; returns the row after them. */
static int draw_place(const struct model *m, struct canvas *c, int at, const char *title)
{
    const struct key_set *set;
    char label[80];
    int begin = at;

    for (int k = 0; (set = key_set_at(k)); k++)
        for (int i = 0; i < set->count && strcmp(set->title, title) == 0; i++) {
            const struct key_binding *row = &set->row[i];
            if (!model_shows(m, FILTER_HELP, row->help) && !model_shows(m, FILTER_HELP, row->name))
                continue;
            if (at == begin)
                canvas_text(c, 1, at++, STYLE_FOCUS_TITLE, title);
            label_of(row, c->charset, label, sizeof label);
            at = draw_entry(c, at, TEXT_AT, STYLE_KEY, label, "", row->help);
        }
    return at > begin ? at + 1 : at;
}

/* The commands, under the key they follow. */
static int draw_commands(const struct model *m, struct canvas *c, int at)
{
    char key[16] = "";
    const struct command_row *t;
    int begin = at;

    key_of("command", c->charset, key, sizeof key);
    for (int i = 0; (t = command_at(i)); i++) {
        if (!model_shows(m, FILTER_HELP, t->help) && !model_shows(m, FILTER_HELP, t->name))
            continue;
        if (at == begin)
            canvas_format(c, 1, at++, STYLE_FOCUS_TITLE, "commands, after %s", key);
        at = draw_entry(c, at, COMMAND_TEXT_AT, STYLE_KEY, t->name, t->args, t->help);
    }
    return at > begin ? at + 1 : at;
}

static int is_first(const struct pane *pane, int view)
{
    for (int v = 0; v < view; v++)
        if (view_place(views[v], pane) >= 0)
            return 0;
    return 1;
}

/* The panes by name, and what they show. */
static int draw_panes(const struct model *m, struct canvas *c, int at)
{
    int begin = at;

    for (int v = 0; views[v]; v++)
        for (const struct pane *const *p = views[v]->panes; *p; p++) {
            if (!is_first(*p, v) || (!model_shows(m, FILTER_HELP, (*p)->help) && !model_shows(m, FILTER_HELP, (*p)->name)))
                continue;
            if (at == begin)
                canvas_text(c, 1, at++, STYLE_FOCUS_TITLE, "panes");
            at = draw_entry(c, at, TEXT_AT, STYLE_STRONG, (*p)->name, "", (*p)->help);
        }
    return at;
}

static int has_title(const struct key_set *const *set, const char *title)
{
    for (; set && *set; set++)
        if (strcmp((*set)->title, title) == 0)
            return 1;
    return 0;
}

/* Keys that only the view shown has; they stand first. */
static int is_own(const struct model *m, const char *title)
{
    const struct view *v = view_shown(m);
    int own = v->bindings && strcmp(v->bindings->title, title) == 0;

    for (const struct key_set *const *s = app_key_sets; *s; s++)
        if (strcmp((*s)->title, title) == 0)
            return 0;
    for (const struct pane *const *p = v->panes; *p; p++)
        own |= has_title((*p)->keys, title);
    return own;
}

static int is_repeated(int k)
{
    for (int i = 0; i < k; i++)
        if (strcmp(key_set_at(i)->title, key_set_at(k)->title) == 0)
            return 1;
    return 0;
}

/* All of the page, from row `at` on; returns the row after it. */
static int draw_page(const struct model *m, struct canvas *c, int at)
{
    const struct key_set *set;

    at += 1 + canvas_wrap(c, 1, at, ALL, STYLE_QUIET,
                          "▴ marks an edit on a curve, ✗ a value that was not finite. Settings with ● take effect at once, those with ○ "
                          "need a restart; those with (·) are not used by the current methods.");
    for (int first = 1; first >= 0; first--)
        for (int k = 0; (set = key_set_at(k)); k++)
            if (!is_repeated(k) && first == is_own(m, set->title))
                at = draw_place(m, c, at, set->title);
    return draw_panes(m, c, draw_commands(m, c, at));
}

static int width_of(int screen)
{
    return screen < BESIDE ? screen : WIDTH;
}

int help_rows(const struct model *m, int w, enum charset charset)
{
    struct canvas nowhere = {.w = width_of(w) - 3, .charset = charset};

    return draw_page(m, &nowhere, 0);
}

/* Status line, footer and frame stay. */
int help_seen(int h)
{
    return h > 4 ? h - 4 : 0;
}

void help_draw(const struct model *m, struct canvas *c)
{
    char note[FILTER_SIZE + 8] = "";
    int w = width_of(c->w), rows = help_rows(m, c->w, c->charset), last;
    struct canvas box = canvas_part(c, (struct rect){(c->w - w) / 2, 0, w, c->h}), page;

    canvas_clear(&box);
    key_of("filter", c->charset, note, sizeof note - sizeof " filters");
    if (m->ui.filter[FILTER_HELP][0])
        snprintf(note, sizeof note, "/%s", m->ui.filter[FILTER_HELP]);
    else
        snprintf(note + strlen(note), sizeof note - strlen(note), " filters");
    page = canvas_frame(&box, 1, "keys", note);
    page = canvas_part(&page, (struct rect){0, 0, page.w - 1, page.h}); /* words do not touch the frame */
    last = rows > page.h ? rows - page.h : 0;
    draw_page(m, &page, -(m->ui.help_top < last ? m->ui.help_top : last));
}
