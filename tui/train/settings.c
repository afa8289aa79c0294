/* SPDX-License-Identifier: MIT */
/* The settings: a list around the chosen one, its neighbouring values, and what it does. */
#include "train/panes.h"

#include <math.h>
#include <stdio.h>

#include "app/overlay.h"
#include "draw/number.h"
#include "draw/text.h"

enum { TITLE_AT = 4 };

static const char NOT_USED[] = "not used by the current optimizer, schedule, loss and network";

/* The settings in force, or those of the step that the cross-hair is at. */
struct shown {
    struct model m; /* with these settings of the run in focus, … */
    struct knobs run[TRAINER_RUNS]; /* … and these of every run */
    const struct knobs *now; /* the run in focus as it is; NULL: that is what is shown */
};

static void shown_of(const struct model *m, struct shown *s)
{
    s->m = *m;
    s->now = isfinite(pane_past(m)) ? &m->knobs : NULL;
    for (int i = 0; i < TRAINER_RUNS; i++)
        if ((m->runs->there >> i & 1) || i == m->snapshot->run)
            pane_settings(m, i, &s->run[i]);
    s->m.knobs = s->run[m->snapshot->run];
}

static int title_room(const struct canvas *c)
{
    return c->w >= 56 ? 22 : 17;
}

/* "◂ 7.9e-4 · 1.3e-3 ▸"; an end of a range says so, the first and last of a list have one neighbour. */
struct neighbours {
    char left[KNOB_VALUE_SIZE], right[KNOB_VALUE_SIZE];
    const char *before, *between, *after; /* the marks beside them */
    int width;                  /* of all, 0: it has none */
};

static void neighbours_of(const struct model *m, enum knob_id id, struct neighbours *n)
{
    struct knobs k = m->knobs;
    double now = k.value[id], down = knob_turned(id, now, -1), up = knob_turned(id, now, 1);

    enum knob_type type = knob_row(id)->type;
    int listed = type == KNOB_CHOICE || type == KNOB_SWITCH;

    *n = (struct neighbours){.before = down == now ? "" : "◂ ", .between = " · ", .after = up == now ? "" : " ▸"};
    if (type == KNOB_TEXT)
        return;
    k.value[id] = down;
    knobs_show(&k, id, n->left, sizeof n->left);
    k.value[id] = up;
    knobs_show(&k, id, n->right, sizeof n->right);
    if (down == now)
        snprintf(n->left, sizeof n->left, "%s", listed ? "" : "min");
    if (up == now)
        snprintf(n->right, sizeof n->right, "%s", listed ? "" : "max");
    if (!n->left[0] || !n->right[0])
        n->between = "";
    n->width = text_width(n->before) + text_width(n->left) + text_width(n->between) + text_width(n->right) +
               text_width(n->after);
}

/* In so many columns: the marks stay, long names are cut. Returns the columns it takes. */
static int draw_neighbours(const struct neighbours *n, struct canvas *c, int x, int y, int room)
{
    int left = text_width(n->left), right = text_width(n->right), start = x, names;

    names = (room < n->width ? room : n->width) - (n->width - left - right);
    if (left + right > names) {
        int half = names / 2;
        left = right <= half ? names - right : left <= half ? left : half;
        right = names - left;
    }
    x += canvas_text(c, x, y, STYLE_KEY, n->before);
    x += canvas_cut(c, x, y, left, STYLE_KEY, n->left);
    x += canvas_text(c, x, y, STYLE_KEY, n->between);
    x += canvas_cut(c, x, y, right, STYLE_KEY, n->right);
    return x + canvas_text(c, x, y, STYLE_KEY, n->after) - start;
}

/* The rate in force: at the step shown, or of the last one. */
static double rate_of(const struct model *m)
{
    double past = pane_past(m);

    if (isfinite(past))
        return pane_reading(&m->history->track[TRACK_RATE], past);
    return m->snapshot->step > 0 ? m->snapshot->learning_rate : NAN;
}

/* The rate in force stands beside the base rate where `room` allows. */
static void value_of(const struct model *m, const struct canvas *c, enum knob_id id, int room, char *out, size_t size)
{
    char value[KNOB_VALUE_SIZE], now[NUMBER_SIZE];
    const char *unit = knob_unit(id);
    double rate = id == KNOB_LEARNING_RATE ? rate_of(m) : NAN;

    knobs_show(&m->knobs, id, value, sizeof value);
    if (isfinite(rate)) {
        number_reading(now, sizeof now, rate, 3);
        snprintf(out, size, "%s · %sη %s", value, isfinite(pane_past(m)) ? "" : "now ", now);
        if (canvas_width(c, out) <= room)
            return;
    }
    snprintf(out, size, "%s%s%s", value, *unit ? " " : "", unit);
}

/* Behind a value that is the chosen optimizer's or schedule's own, where there is room. */
static void mark_default(const struct model *m, struct canvas *c, int x, int y, enum knob_id id)
{
    static const char word[] = "default";

    if (knobs_read(&m->knobs, id) && knobs_default_of(&m->knobs, id) && x + text_width(word) <= c->w)
        canvas_text(c, x, y, STYLE_QUIET, word);
}

/* Behind a value of the past, where it has changed since. */
static void mark_changed(const struct shown *s, struct canvas *c, int x, int y, enum knob_id id)
{
    char now[KNOB_VALUE_SIZE];

    knobs_show(s->now, id, now, sizeof now);
    x += canvas_text(c, x, y, STYLE_QUIET, "now ");
    canvas_cut(c, x, y, c->w - x, STYLE_EDIT, now);
}

/* Whether runs side by side differ in it. */
static int differs(const struct shown *s, enum knob_id id)
{
    for (int i = 0; i < TRAINER_RUNS; i++)
        if ((s->m.runs->there >> i & 1) && !knobs_same(&s->m.knobs, &s->run[i], id))
            return 1;
    return 0;
}

/* In the frame's bottom line: "A 1e-3 · B 3e-3" for the chosen setting; 0 where the runs do not differ in it. */
static int draw_runs(const struct shown *s, struct canvas *c)
{
    const struct model *m = &s->m;
    enum knob_id id = (enum knob_id)m->ui.chosen;
    int runs = 0, x = 3, each;

    for (int i = 0; i < TRAINER_RUNS; i++)
        runs += m->runs->there >> i & 1;
    if (c->h < 3 || !differs(s, id))
        return 0;
    each = (c->w - 6) / runs - 5;
    canvas_put(c, 2, c->h - 1, STYLE_TEXT, ' ');
    for (int i = 0; i < TRAINER_RUNS && each > 0; i++) {
        char value[KNOB_VALUE_SIZE];
        if (!(m->runs->there >> i & 1))
            continue;
        knobs_show(&s->run[i], id, value, sizeof value);
        x += canvas_format(c, x, c->h - 1, overlay_style(i), "%s%c ", x > 3 ? "· " : "", run_letter(i));
        x += canvas_cut(c, x, c->h - 1, each, i == m->snapshot->run ? STYLE_STRONG : STYLE_TEXT, value);
        canvas_put(c, x++, c->h - 1, STYLE_TEXT, ' ');
    }
    return 1;
}

/* Returns 1 if the neighbours of the selected value fit into its row; a value of the past shows none. */
static int draw_row(const struct shown *shown, struct canvas *c, int y, enum knob_id id)
{
    const struct model *m = &shown->m;
    const struct knob *row = knob_row(id);
    int chosen = m->ui.chosen == (int)id, room = title_room(c);
    enum style s = chosen ? STYLE_CHOSEN : knobs_read(&m->knobs, id) ? STYLE_TEXT : STYLE_QUIET;
    char text[KNOB_VALUE_SIZE + 64];
    struct neighbours near;

    if (chosen)
        canvas_put(c, 1, y, pane_has_focus(m, &settings_pane) ? STYLE_FOCUS : STYLE_STRONG, 0x25b8);
    if (knobs_read(&m->knobs, id))
        canvas_put(c, 2, y, row->live ? STYLE_KEY : STYLE_QUIET, row->live ? 0x25cf : 0x25cb);
    else
        canvas_put(c, 2, y, STYLE_QUIET, 0x00b7);
    if (differs(shown, id))
        canvas_put(c, 0, y, STYLE_EDIT, 0x2260);
    canvas_cut(c, TITLE_AT, y, room - 1, s, row->title);
    value_of(m, c, id, c->w - TITLE_AT - room, text, sizeof text);
    canvas_cut(c, TITLE_AT + room, y, c->w - TITLE_AT - room, s, text);
    if (shown->now && !knobs_same(shown->now, &m->knobs, id)) {
        mark_changed(shown, c, TITLE_AT + room + canvas_width(c, text) + 2, y, id);
        return 0;
    }
    if (!chosen || shown->now) {
        mark_default(m, c, TITLE_AT + room + canvas_width(c, text) + 2, y, id);
        return 0;
    }
    neighbours_of(m, id, &near);
    if (TITLE_AT + room + canvas_width(c, text) + 3 + near.width >= c->w)
        return 0;
    if (near.width)
        draw_neighbours(&near, c, c->w - 1 - near.width, y, near.width);
    return 1;
}

static int fits(const struct canvas *c, int x, int rows, const char *text)
{
    struct canvas nowhere = canvas_part(c, (struct rect){0, 0, c->w, 0});

    return canvas_wrap(&nowhere, x, 0, rows + 1, STYLE_QUIET, text) <= rows;
}

/* What the setting is, or nothing here; of an optimizer rather when to use it. */
static void help_of(const struct model *m, enum knob_id id, char *out, size_t size)
{
    const char *use = id == KNOB_OPTIMIZER ? knobs_optimizer_use(&m->knobs) : NULL;

    snprintf(out, size, "%s", !knobs_read(&m->knobs, id) ? NOT_USED : use ? use : knob_row(id)->help);
    for (char *c = out; *c; c++)
        *c = *c == '\n' ? ' ' : *c;
}

/* Below the list, quiet: the neighbours if the row had no room for them, the help, and how it is called after ':' if
 * there is room for that. */
static void draw_help(const struct model *m, struct canvas *c, int y, int rows, int neighbours_shown)
{
    enum knob_id id = (enum knob_id)m->ui.chosen;
    const char *alias = knob_row(id)->alias, *owner = knobs_default_of(&m->knobs, id);
    struct neighbours near;
    char text[420], help[320];
    int x = TITLE_AT;

    help_of(m, id, help, sizeof help);
    neighbours_of(m, id, &near);
    if (!neighbours_shown && near.width) {
        x += draw_neighbours(&near, c, x, y, c->w - x) + 2;
        if (rows > 1)
            x = TITLE_AT, y++, rows--;
    }
    if (owner && knobs_read(&m->knobs, id))
        snprintf(text, sizeof text, "%s · %s's default · :%s", help, owner, alias ? alias : knob_row(id)->name);
    else
        snprintf(text, sizeof text, "%s · :%s", help, alias ? alias : knob_row(id)->name);
    if (fits(c, x, rows, text))
        canvas_wrap(c, x, y, rows, STYLE_QUIET, text);
    else if (rows > 1 || fits(c, x, 1, help))
        canvas_wrap(c, x, y, rows, STYLE_QUIET, help);
}

/* The same place while settings of the past are shown. */
static void draw_way_back(struct canvas *c, int y, int rows)
{
    char key[16] = "", text[96];

    key_of("back", c->charset, key, sizeof key);
    snprintf(text, sizeof text, "settings of that step; %s shows those in force", key);
    if (!fits(c, TITLE_AT, rows, text))
        snprintf(text, sizeof text, "%s shows those in force", key);
    canvas_wrap(c, TITLE_AT, y, rows, STYLE_QUIET, text);
}

/* The visible rows: settings that pass the filter, around the selected one. */
struct list {
    int id[KNOB_COUNT], count;
    int top, rows, help;
};

static struct list list_of(const struct model *m, int h)
{
    struct list l = {.help = h >= 12 ? 3 : h >= 4 ? 1 : 0};
    int at = 0;

    for (int i = 0; i < KNOB_COUNT; i++)
        if (model_shows_knob(m, (enum knob_id)i)) {
            if (i == m->ui.chosen)
                at = l.count;
            l.id[l.count++] = i;
        }
    l.rows = h - l.help;
    l.top = at - l.rows / 2;
    if (l.top > l.count - l.rows)
        l.top = l.count - l.rows;
    if (l.top < 0)
        l.top = 0;
    return l;
}

static int knobs_knob(const struct model *m, int h, int y)
{
    struct shown s;
    struct list l;

    shown_of(m, &s);
    l = list_of(&s.m, h);
    return y >= 0 && y < l.rows && l.top + y < l.count ? l.id[l.top + y] : -1;
}

static void hint_none(struct canvas *inside)
{
    char key[16] = "", text[64];

    key_of("back", inside->charset, key, sizeof key);
    snprintf(text, sizeof text, "no setting matches; %s shows all", key);
    pane_hint(inside, text);
}

/* In the frame's bottom line: the number of hidden settings, and the key that shows or hides them. */
static void draw_hidden(const struct model *m, const struct list *l, struct canvas *c)
{
    char key[16] = "", text[64];
    int hidden = KNOB_COUNT - l->count;

    key_of("setting-all", c->charset, key, sizeof key);
    if (m->ui.filter[FILTER_KNOBS][0] || (!hidden && !m->ui.all_knobs))
        return;
    if (hidden)
        snprintf(text, sizeof text, " %d unused settings hidden (%s: show) ", hidden, key);
    if (hidden && canvas_width(c, text) > c->w - 4)
        snprintf(text, sizeof text, " %d unused hidden (%s: show) ", hidden, key);
    if (!hidden)
        snprintf(text, sizeof text, " %s: hide unused settings ", key);
    if (c->h > 2 && canvas_width(c, text) <= c->w - 4)
        canvas_text(c, 2, c->h - 1, STYLE_QUIET, text);
}

/* In the frame: the step shown, if it is one of the past, and the filter, or what the dots mean. */
static void note_of(const struct model *m, char *out, size_t size)
{
    const char *filter = m->ui.filter[FILTER_KNOBS];
    char past[PANE_AT];

    pane_past_words(m, past, sizeof past);
    if (*past || *filter)
        snprintf(out, size, "%s%s%s%s", past, *past && *filter ? " · " : "", *filter ? "/" : "", filter);
    else
        snprintf(out, size, "● live  ○ restart");
}

static void knobs_draw(const struct model *m, struct canvas *c)
{
    char note[FILTER_SIZE + PANE_AT + 8];
    struct canvas inside;
    struct shown s;
    struct list l;
    int done = 0;

    shown_of(m, &s);
    note_of(m, note, sizeof note);
    inside = pane_frame(m, c, &settings_pane, (const char *const[]){note, NULL});
    l = list_of(&s.m, inside.h);
    if (!l.count)
        hint_none(&inside);
    for (int i = 0; i < l.rows && l.top + i < l.count; i++)
        done |= draw_row(&s, &inside, i, (enum knob_id)l.id[l.top + i]);
    if (!draw_runs(&s, c))
        draw_hidden(m, &l, c);
    if (l.help && s.now)
        draw_way_back(&inside, inside.h - l.help, l.help);
    else if (l.help && l.count)
        draw_help(&s.m, &inside, inside.h - l.help, l.help, done);
}

static int rows(const struct model *m)
{
    (void)m;
    return KNOB_COUNT;
}

static int seen(const struct model *m, int h)
{
    (void)m;
    return h - 3;
}

static const struct pane_list list = {.filter = FILTER_KNOBS, .rows = rows, .seen = seen, .scroll = settings_select};

const struct pane settings_pane = {
    .name = "settings", .help = "settings of the run and their effect",
    .keys = PANE_KEYS(&settings_keys), .list = &list, .draw = knobs_draw, .knob = knobs_knob};
