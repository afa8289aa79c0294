/* The help page: every key and command there is, from their tables. */
#include "panel.h"

#include <stdio.h>
#include <string.h>

#include "palette-tell.h"


enum { PANE_HELP_AT = 22, COMMAND_HELP_AT = 25 };

static const struct {
    unsigned where;
    const char *title;
} places[] = {
    {WHERE_EVERY | WHERE_RUN, "everywhere"}, {WHERE_KNOBS, "knobs"},  {WHERE_PLOT | WHERE_LOG_Y, "plots"},
    {WHERE_LOG, "log"},          {WHERE_LIST, "lists"},    {WHERE_LINE, "typing"},
    {WHERE_RACE, "race"},        {WHERE_RACE_MAP, "race: map"}, {WHERE_RACERS, "race: racers"},
    {WHERE_CURVATURE, "curvature"},
    {WHERE_LANDSCAPE | WHERE_LANDSCAPE_MAP | WHERE_LANDSCAPE_LIST, "landscape"},
    {WHERE_HELP, "help"},        {WHERE_RESTART | WHERE_QUIT, "questions"},
};

static void label_of(const struct key_row *row, enum charset charset, char *out, size_t size)
{
    char first[32], second[32];

    key_label(row->key, charset, first, sizeof first);
    if (!row->other) {
        snprintf(out, size, "%s", first);
        return;
    }
    key_label(row->other, charset, second, sizeof second);
    snprintf(out, size, "%s  %s", first, second);
}

/* Line number `at` of the page, counted over all places. */
static int draw_place(const struct model *m, struct canvas *c, int at, unsigned where, const char *title)
{
    char label[80];
    int begin = at;

    for (int i = 0; key_row(i); i++) {
        const struct key_row *row = key_row(i);
        if (!(row->where & where) || !(model_shows(m, FILTER_HELP, row->help) || model_shows(m, FILTER_HELP, row->name)))
            continue;
        if (at == begin)
            canvas_text(c, 1, at++, STYLE_FOCUS_TITLE, title);
        label_of(row, c->charset, label, sizeof label);
        canvas_text(c, 3, at, STYLE_KEY, label);
        canvas_text(c, 20, at++, STYLE_TEXT, row->help);
    }
    return at > begin ? at + 1 : at;
}

/* The commands, under the key they follow. */
static int draw_commands(const struct model *m, struct canvas *c, int at)
{
    char key[16] = "";
    struct palette_text t;
    int begin = at;

    key_of("command", c->charset, key, sizeof key);
    for (int i = 0; palette_tell(i, &t); i++) {
        if (!model_shows(m, FILTER_HELP, t.help) && !model_shows(m, FILTER_HELP, t.name))
            continue;
        if (at == begin)
            canvas_format(c, 1, at++, STYLE_FOCUS_TITLE, "commands, after %s", key);
        canvas_text(c, 3 + canvas_text(c, 3, at, STYLE_KEY, t.name), at, STYLE_QUIET, t.args);
        canvas_text(c, COMMAND_HELP_AT, at++, STYLE_TEXT, t.help);
    }
    return at > begin ? at + 1 : at;
}

/* The panes by name, and what they show. */
static int draw_panes(const struct model *m, struct canvas *c, int at)
{
    int begin = at;

    for (int i = 0; i < PANE_FOCUSABLE; i++) {
        const struct panel *p = panel_at((enum pane)i);
        if (!model_shows(m, FILTER_HELP, p->help) && !model_shows(m, FILTER_HELP, p->name))
            continue;
        if (at == begin)
            canvas_text(c, 1, at++, STYLE_FOCUS_TITLE, "panes");
        canvas_text(c, 3, at, STYLE_STRONG, p->name);
        canvas_text(c, PANE_HELP_AT, at++, STYLE_TEXT, p->help);
    }
    return at > begin ? at + 1 : at;
}

/* What race and landscape have of their own stands first in them. */
static int is_own(const struct model *m, unsigned where)
{
    const unsigned own = WHERE_RACE | WHERE_RACE_MAP | WHERE_RACERS | WHERE_LANDSCAPE;

    return (where & own & panel_keys(m->ui.focus)) != 0;
}

/* All of the page, from row `at` on; returns the row after it. */
static int draw_page(const struct model *m, struct canvas *c, int at)
{
    canvas_wrap(c, 1, at, 3, STYLE_QUIET,
                "▴ on a curve is an edit, ✗ a value that was not finite. ● knobs act at once, ○ when a run starts, those with (·) are not read by the chosen methods.");
    at += 3;
    for (int first = 1; first >= 0; first--)
        for (unsigned i = 0; i < sizeof places / sizeof *places; i++)
            if (first == is_own(m, places[i].where))
                at = draw_place(m, c, at, places[i].where, places[i].title);
    return draw_panes(m, c, draw_commands(m, c, at));
}

int help_rows(const struct model *m)
{
    struct canvas nowhere = {.charset = CHARSET_ASCII};

    return draw_page(m, &nowhere, 0);
}

void help_draw(const struct model *m, struct canvas *c)
{
    char note[FILTER_SIZE + 8] = "";
    int w = c->w < 84 ? c->w : 78;
    struct canvas box = canvas_part(c, (struct rect){(c->w - w) / 2, 0, w, c->h}), page;

    canvas_clear(&box);
    key_of("filter", c->charset, note, sizeof note - sizeof " filters");
    if (m->ui.filter[FILTER_HELP][0])
        snprintf(note, sizeof note, "/%s", m->ui.filter[FILTER_HELP]);
    else
        snprintf(note + strlen(note), sizeof note - strlen(note), " filters");
    page = canvas_frame(&box, 1, "keys", note);
    draw_page(m, &page, -m->ui.help_top);
}
