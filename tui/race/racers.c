/* SPDX-License-Identifier: MIT */
/* The list of racers: settings, steps, result. */
#include "race/panes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "optim/schedule.h"
#include "draw/number.h"
#include "draw/text.h"

enum { TABLE_W = 43, NAME_AT = 3, NARROW_STEPS_END = 18 };
static const double ROUNDING = 1e-9; /* losses that differ by less, as a share, are the same */

/* Rows a racer takes: one of a table, or two where it is narrow. */
static int height_of(int w)
{
    return w >= TABLE_W ? 1 : 2;
}

/* The first that is shown, so that the chosen one is. */
static int top_of(const struct race_model *s, int w, int h)
{
    int most = (h - (w >= TABLE_W)) / height_of(w);

    return s->chosen >= most ? s->chosen - most + 1 : 0;
}

int racers_row(const struct race_model *s, int w, int h, int y)
{
    int i = top_of(s, w, h) + (y - (w >= TABLE_W)) / height_of(w);

    return y >= (w >= TABLE_W) && i < s->racers ? i : -1;
}

static enum style state_style(const struct racer *r)
{
    return r->state == RACER_DIVERGED ? STYLE_DANGER : r->state == RACER_STOPPED ? STYLE_STRONG : STYLE_QUIET;
}

static void draw_name(const struct model *m, struct canvas *c, int y, int i, int room)
{
    const struct race_model *s = race_of(m);
    int chosen = i == s->chosen;

    if (chosen)
        canvas_put(c, 0, y, pane_has_focus(m, &racers_pane) ? STYLE_FOCUS : STYLE_QUIET, 0x25b8);
    canvas_put(c, 1, y, race_style(i), race_marker(c->charset, i));
    canvas_cut(c, NAME_AT, y, room, chosen && pane_has_focus(m, &racers_pane) ? STYLE_CHOSEN : STYLE_TEXT, s->name[i]);
}

enum { RATE, STEPS, TIME, LOSS, GRADIENT, STATE, COLUMNS };

/* A racer's figures as they are shown. */
struct figures {
    char text[COLUMNS][NUMBER_SIZE];
};

static double least_loss(const struct race_model *s)
{
    double least = INFINITY;

    for (int i = 0; i < s->racers; i++)
        least = fmin(least, race_racer(s->race, i)->loss);
    return least;
}

/* A loss that reads as the least one and is not: how far above it that is, "+3.1e-5". */
static void loss_words(const struct race_model *s, double loss, char *out, size_t size)
{
    char least[NUMBER_SIZE], above[NUMBER_SIZE];
    double by = loss - least_loss(s);

    number_reading(out, size, loss, 3);
    number_reading(least, sizeof least, loss - by, 3);
    if (!(by > ROUNDING * fabs(loss)) || strcmp(out, least) != 0)
        return;
    number_reading(above, sizeof above, by, by < 1e-9 ? 1 : 2); /* as wide as the column */
    snprintf(out, size, "+%.*s", (int)size - 2, above);
}

static struct figures figures_of(const struct race_model *s, int i)
{
    const struct racer *r = race_racer(s->race, i);
    struct figures f;

    number_short(f.text[RATE], NUMBER_SIZE, r->rate);
    number_count(f.text[STEPS], NUMBER_SIZE, r->steps);
    number_reading(f.text[TIME], NUMBER_SIZE, 1e6 * racer_seconds(r), 2);
    if (!r->measured)
        f.text[TIME][0] = '\0';
    loss_words(s, r->loss, f.text[LOSS], NUMBER_SIZE);
    number_reading(f.text[GRADIENT], NUMBER_SIZE, r->gradient_norm, 3);
    snprintf(f.text[STATE], NUMBER_SIZE, "%s", race_model_state(s, i));
    return f;
}

static uint32_t short_state(const struct racer *r)
{
    return r->state == RACER_DIVERGED ? 0x2717 : r->state == RACER_STOPPED ? 0x2713 : 0x25b6;
}

/* ---- the table: a row each ----------------------------------------------------------------------- */

static const struct {
    const char *head;
    int width; /* at least, so that columns stand still while figures change */
    enum style style;
} columns[COLUMNS] = {
    [RATE] = {"rate", 6, STYLE_TEXT},       [STEPS] = {"steps", 6, STYLE_TEXT},
    [TIME] = {"µs/step", 7, STYLE_TEXT}, /* once they are measured */
    [LOSS] = {"loss", 8, STYLE_STRONG},
    [GRADIENT] = {"|g|", 6, STYLE_QUIET},   [STATE] = {"", 8, STYLE_QUIET},
};

struct table {
    int width[COLUMNS]; /* 0: left out */
    int name, gap;
};

static int table_width(const struct table *t)
{
    int w = NAME_AT + t->name;

    for (int k = 0; k < COLUMNS; k++)
        w += t->width[k] ? t->gap + t->width[k] : 0;
    return w;
}

/* As wide as the longest figure of anyone. */
static void measure(const struct race_model *s, struct table *t)
{
    int measured = 0;

    for (int i = 0; i < s->racers; i++)
        measured |= race_racer(s->race, i)->measured > 0;
    *t = (struct table){.gap = 1};
    for (int k = 0; k < COLUMNS; k++)
        t->width[k] = k == TIME && !measured ? 0 : columns[k].width;
    for (int i = 0; i < s->racers; i++) {
        struct figures f = figures_of(s, i);
        for (int k = 0; k < COLUMNS; k++)
            if (text_width(f.text[k]) > t->width[k])
                t->width[k] = text_width(f.text[k]);
        if (text_width(s->name[i]) > t->name)
            t->name = text_width(s->name[i]);
    }
}

/* The columns that fit: the least important are left out first, spare room widens the gaps. */
static struct table table_of(const struct race_model *s, int w)
{
    enum { NAME = 12, GAP = 3 };
    static const int least_dear[] = {GRADIENT, STATE, TIME, STEPS, RATE};
    struct table t;
    int longest;

    measure(s, &t);
    longest = t.name;
    t.name = longest < NAME ? longest : NAME;
    for (int i = 0; i < (int)(sizeof least_dear / sizeof *least_dear) && table_width(&t) > w; i++)
        t.width[least_dear[i]] = least_dear[i] == STATE; /* a mark is left of it */
    t.name = longest < t.name + w - table_width(&t) ? longest : t.name + w - table_width(&t);
    do
        t.gap++;
    while (t.gap <= GAP && table_width(&t) <= w);
    t.gap--;
    return t;
}

static void draw_wide(const struct model *m, const struct table *t, struct canvas *c, int y, int i)
{
    const struct racer *r = race_racer(race_of(m)->race, i);
    struct figures f = figures_of(race_of(m), i);
    int end = NAME_AT + t->name;

    draw_name(m, c, y, i, t->name);
    for (int k = 0; k < STATE; k++)
        if (t->width[k])
            canvas_text_right(c, end += t->gap + t->width[k], y, columns[k].style, f.text[k]);
    if (t->width[STATE] > 1)
        canvas_text_right(c, c->w, y, state_style(r), f.text[STATE]);
    else
        canvas_put(c, c->w - 1, y, state_style(r), short_state(r));
}

static void draw_heads(const struct table *t, struct canvas *c)
{
    int end = NAME_AT + t->name;

    for (int k = 0; k < STATE; k++)
        if (t->width[k])
            canvas_text_right(c, end += t->gap + t->width[k], 0, STYLE_QUIET, columns[k].head);
}

/* ---- two rows each -------------------------------------------------------------------------------- */

static void draw_narrow(const struct model *m, struct canvas *c, int y, int i)
{
    const struct racer *r = race_racer(race_of(m)->race, i);
    struct figures f = figures_of(race_of(m), i);
    int left = NAME_AT + canvas_width(c, f.text[STATE]), right = c->w - canvas_width(c, f.text[LOSS]);
    char rate[NUMBER_SIZE + 8];

    snprintf(rate, sizeof rate, "η %s", f.text[RATE]);
    draw_name(m, c, y, i, c->w - NAME_AT - canvas_width(c, rate) - 1);
    canvas_text_right(c, c->w, y, STYLE_TEXT, rate);
    canvas_text_right(c, c->w, y + 1, STYLE_STRONG, f.text[LOSS]);
    if (left < right)
        canvas_text(c, NAME_AT, y + 1, state_style(r), f.text[STATE]);
    else
        canvas_put(c, NAME_AT, y + 1, state_style(r), short_state(r));
    if (left < NARROW_STEPS_END - canvas_width(c, f.text[STEPS]) && NARROW_STEPS_END < right)
        canvas_text_right(c, NARROW_STEPS_END, y + 1, STYLE_QUIET, f.text[STEPS]);
}

/* Under the narrow columns, in the frame: what their numbers are. */
static void draw_feet(struct canvas *c)
{
    canvas_text_right(c, 1 + NARROW_STEPS_END + 1, c->h - 1, STYLE_QUIET, " steps ");
    canvas_text_right(c, c->w - 1, c->h - 1, STYLE_QUIET, " loss ");
}

/* The neighbouring rates of the chosen racer, and its schedule. */
static void draw_chosen(const struct model *m, struct canvas *c, int y)
{
    const struct race_model *s = race_of(m);
    const struct racer_setup *setup = &s->setup[s->chosen];
    char less[NUMBER_SIZE], more[NUMBER_SIZE], text[2 * NUMBER_SIZE + 16];
    int x = NAME_AT;

    number_short(less, sizeof less, knob_turned(KNOB_LEARNING_RATE, setup->args.lr, -1));
    number_short(more, sizeof more, knob_turned(KNOB_LEARNING_RATE, setup->args.lr, 1));
    snprintf(text, sizeof text, "η ◂ %s · %s ▸", less, more);
    x += canvas_cut(c, x, y, c->w - x, STYLE_QUIET, text);
    if (setup->schedule)
        canvas_cut(c, x + 2, y, c->w - x - 2, STYLE_QUIET, setup->schedule->title);
}

/* Paths that no map of this part could tell apart. */
static int coincide(const struct race_model *s, int i, int k)
{
    const double SEEN = 1. / 400; /* of the map's width and height */
    const struct race_curve *a = &s->curve[i], *b = &s->curve[k];
    double w = fabs(s->x.hi - s->x.lo) * SEEN, h = fabs(s->y.hi - s->y.lo) * SEEN;

    if (a->count != b->count || a->count < 2)
        return 0;
    for (int j = 0; j < a->count; j++)
        if (!(fabs(a->x[j] - b->x[j]) <= w && fabs(a->y[j] - b->y[j]) <= h))
            return 0;
    return 1;
}

/* "with: Adam, AdamW": those whose path is the chosen one's; "" where there are none. */
static void with_words(const struct race_model *s, char *out, size_t size)
{
    size_t used = 0;

    *out = '\0';
    for (int i = 0; i < s->racers; i++)
        if (i != s->chosen && coincide(s, i, s->chosen) && used < size)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "with: ", s->name[i]);
}

/* The race's own numbers, from the last row up; as many as there is room for. */
static void draw_rules(const struct race_model *s, struct canvas *c, int from)
{
    char line[5][RACE_WORDS + 32], x[NUMBER_SIZE], y[NUMBER_SIZE], number[NUMBER_SIZE];
    int n = 0, at;

    number_short(x, sizeof x, s->start[0]);
    number_short(y, sizeof y, s->start[1]);
    with_words(s, line[n], sizeof line[0]);
    n += *line[n] != '\0';
    snprintf(line[n++], sizeof line[0], "start %s, %s", x, y);
    snprintf(line[n++], sizeof line[0], "until %s", s->until[0] ? s->until : "never");
    number_short(number, sizeof number, s->noise);
    snprintf(line[n++], sizeof line[0], "gradient noise %s", number);
    number_count(number, sizeof number, (uint64_t)s->pace);
    snprintf(line[n++], sizeof line[0], "%s step%s per frame", number, s->pace == 1 ? "" : "s");
    at = c->h - n > from ? c->h - n : from;
    for (int i = 0; i < n; i++)
        canvas_cut(c, 1, at + i, c->w - 1, STYLE_QUIET, line[i]);
}

static struct canvas frame(const struct model *m, struct canvas *c)
{
    const struct race_model *s = race_of(m);
    const char *state = s->running ? "▶ racing" : s->steps ? "‖ paused" : "at the start";
    char note[48];

    snprintf(note, sizeof note, "%s", state);
    if (!s->running && s->racers && race_model_count(s, RACER_STOPPED) == s->racers)
        snprintf(note, sizeof note, "all arrived");
    return pane_frame(m, c, &racers_pane, (const char *const[]){note, NULL});
}

static void racers_draw(const struct model *m, struct canvas *c)
{
    const struct race_model *s = race_of(m);
    struct canvas inside = frame(m, c);
    int table = inside.w >= TABLE_W, each = height_of(inside.w), y = table;
    char key[16] = "", hint[64];
    struct table t = table_of(s, inside.w);

    if (inside.w < 1 || inside.h < 1)
        return;
    if (s->racers == 0) {
        key_of("racer-add", inside.charset, key, sizeof key);
        snprintf(hint, sizeof hint, "no racers; %s adds one", key);
        pane_hint(&inside, hint);
        return;
    }
    if (table)
        draw_heads(&t, &inside);
    for (int i = top_of(s, inside.w, inside.h); i < s->racers && y + each <= inside.h; i++, y += each)
        if (table)
            draw_wide(m, &t, &inside, y, i);
        else
            draw_narrow(m, &inside, y, i);
    if (!table && inside.w >= NARROW_STEPS_END + 8)
        draw_feet(c);
    if (y + 1 < inside.h)
        draw_chosen(m, &inside, ++y);
    draw_rules(s, &inside, y + 2);
}

const struct pane racers_pane = {.name = "racers", .help = "the racers, their settings and results",
    .keys = PANE_KEYS(&racers_keys), .draw = racers_draw};
