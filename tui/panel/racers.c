/* Who races: what turns, how far they came, how it ended. */
#include "race.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "optim/schedule.h"
#include "view/number.h"

enum { TABLE_W = 43, WORDS_W = 51 };
static const double ROUNDING = 1e-9; /* losses that differ by less, as a share, are the same */

enum { RATE_END = 19, STEPS_END = 26, LOSS_END = 34, GRADIENT_END = 41, GRADIENT_W = 6, NARROW_STEPS_END = 18 };

/* Rows a racer takes: one of a table, or two where it is narrow. */
static int height_of(int w)
{
    return w >= TABLE_W ? 1 : 2;
}

int racers_row(const struct race_stage *s, int w, int y)
{
    int i = (y - (w >= TABLE_W)) / height_of(w);

    return y >= (w >= TABLE_W) && i < s->racers ? i : -1;
}

static enum style state_style(const struct racer *r)
{
    return r->state == RACER_DIVERGED ? STYLE_DANGER : r->state == RACER_STOPPED ? STYLE_STRONG : STYLE_QUIET;
}

static void draw_name(const struct model *m, struct canvas *c, int y, int i)
{
    const struct race_stage *s = m->race;
    int chosen = i == s->chosen;

    if (chosen)
        canvas_put(c, 0, y, m->ui.focus == PANE_RACERS ? STYLE_FOCUS : STYLE_QUIET, 0x25b8);
    canvas_put(c, 1, y, race_style(i), race_marker(c->charset, i));
    canvas_text(c, 3, y, chosen && m->ui.focus == PANE_RACERS ? STYLE_CHOSEN : STYLE_TEXT, s->name[i]);
}

struct figures {
    char rate[NUMBER_SIZE], steps[NUMBER_SIZE], loss[NUMBER_SIZE], gradient[NUMBER_SIZE];
};

static double least_loss(const struct race_stage *s)
{
    double least = INFINITY;

    for (int i = 0; i < s->racers; i++)
        least = fmin(least, race_racer(s->race, i)->loss);
    return least;
}

/* A loss that reads as the least one and is not: how far above it that is, "+3.1e-5". */
static void loss_words(const struct race_stage *s, double loss, char *out, size_t size)
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

static struct figures figures_of(const struct race_stage *s, int i)
{
    const struct racer *r = race_racer(s->race, i);
    struct figures f;

    number_short(f.rate, sizeof f.rate, r->rate);
    number_count(f.steps, sizeof f.steps, r->steps);
    loss_words(s, r->loss, f.loss, sizeof f.loss);
    number_reading(f.gradient, sizeof f.gradient, r->gradient_norm, 3);
    if (strlen(f.gradient) > GRADIENT_W)
        number_reading(f.gradient, sizeof f.gradient, r->gradient_norm, 2);
    return f;
}

static uint32_t short_state(const struct racer *r)
{
    return r->state == RACER_DIVERGED ? 0x2717 : r->state == RACER_STOPPED ? 0x2713 : 0x2026;
}

static void draw_wide(const struct model *m, struct canvas *c, int y, int i)
{
    const struct racer *r = race_racer(m->race->race, i);
    struct figures f = figures_of(m->race, i);

    draw_name(m, c, y, i);
    canvas_text_right(c, RATE_END, y, STYLE_TEXT, f.rate);
    canvas_text_right(c, STEPS_END, y, STYLE_TEXT, f.steps);
    canvas_text_right(c, LOSS_END, y, STYLE_STRONG, f.loss);
    canvas_text_right(c, GRADIENT_END, y, STYLE_QUIET, f.gradient);
    if (c->w >= WORDS_W)
        canvas_text_right(c, c->w, y, state_style(r), race_stage_state(m->race, i));
    else
        canvas_put(c, c->w - 1, y, state_style(r), short_state(r));
}

static void draw_heads(struct canvas *c)
{
    canvas_text_right(c, RATE_END, 0, STYLE_QUIET, "rate");
    canvas_text_right(c, STEPS_END, 0, STYLE_QUIET, "steps");
    canvas_text_right(c, LOSS_END, 0, STYLE_QUIET, "loss");
    canvas_text_right(c, GRADIENT_END, 0, STYLE_QUIET, "|g|");
}

static void draw_narrow(const struct model *m, struct canvas *c, int y, int i)
{
    const struct racer *r = race_racer(m->race->race, i);
    struct figures f = figures_of(m->race, i);
    char text[64];

    draw_name(m, c, y, i);
    snprintf(text, sizeof text, "η %s", f.rate);
    canvas_text_right(c, c->w, y, STYLE_TEXT, text);
    canvas_text(c, 3, y + 1, state_style(r), race_stage_state(m->race, i));
    canvas_text_right(c, NARROW_STEPS_END, y + 1, STYLE_QUIET, f.steps);
    canvas_text_right(c, c->w, y + 1, STYLE_STRONG, f.loss);
}

/* Under the narrow columns, in the frame: what their numbers are. */
static void draw_feet(struct canvas *c)
{
    canvas_text_right(c, 1 + NARROW_STEPS_END + 1, c->h - 1, STYLE_QUIET, " steps ");
    canvas_text_right(c, c->w - 1, c->h - 1, STYLE_QUIET, " loss ");
}

/* What turning would make of the chosen one's rate, and its schedule. */
static void draw_chosen(const struct model *m, struct canvas *c, int y)
{
    const struct race_stage *s = m->race;
    const struct racer_setup *setup = &s->setup[s->chosen];
    char less[NUMBER_SIZE], more[NUMBER_SIZE];
    int x = 3;

    number_short(less, sizeof less, knob_turned(KNOB_LEARNING_RATE, setup->args.lr, -1));
    number_short(more, sizeof more, knob_turned(KNOB_LEARNING_RATE, setup->args.lr, 1));
    x += canvas_format(c, x, y, STYLE_QUIET, "η ◂ %s · %s ▸", less, more);
    if (setup->schedule)
        canvas_format(c, x + 2, y, STYLE_QUIET, "%s", setup->schedule->title);
}

/* The race's own numbers, from the last row up; as many as there is room for. */
static void draw_rules(const struct race_stage *s, struct canvas *c, int from)
{
    char line[4][RACE_WORDS + 32], x[NUMBER_SIZE], y[NUMBER_SIZE], number[NUMBER_SIZE];
    int n = 0, at;

    number_short(x, sizeof x, s->start[0]);
    number_short(y, sizeof y, s->start[1]);
    snprintf(line[n++], sizeof line[0], "start %s, %s", x, y);
    snprintf(line[n++], sizeof line[0], "until %s", s->until[0] ? s->until : "never");
    number_short(number, sizeof number, s->noise);
    snprintf(line[n++], sizeof line[0], "gradient noise %s", number);
    number_count(number, sizeof number, (uint64_t)s->pace);
    snprintf(line[n++], sizeof line[0], "%s step%s a frame", number, s->pace == 1 ? "" : "s");
    at = c->h - n > from ? c->h - n : from;
    for (int i = 0; i < n; i++)
        canvas_text(c, 1, at + i, STYLE_QUIET, line[i]);
}

static struct canvas frame(const struct model *m, struct canvas *c)
{
    const struct race_stage *s = m->race;
    const char *state = s->running ? "▶ racing" : s->steps ? "‖ paused" : "at the start";
    char note[48];

    snprintf(note, sizeof note, "%s", state);
    if (!s->running && s->racers && race_stage_count(s, RACER_STOPPED) == s->racers)
        snprintf(note, sizeof note, "all arrived");
    return panel_frame(m, c, PANE_RACERS, (const char *const[]){note, NULL});
}

static void racers_draw(const struct model *m, struct canvas *c)
{
    const struct race_stage *s = m->race;
    struct canvas inside = frame(m, c);
    int table = inside.w >= TABLE_W, each = height_of(inside.w), most = (inside.h - table) / each, top = 0, y = table;
    char key[16] = "", hint[64];

    if (inside.w < 1 || inside.h < 1)
        return;
    if (s->racers == 0) {
        key_of("racer-add", inside.charset, key, sizeof key);
        snprintf(hint, sizeof hint, "nobody races: %s adds one", key);
        panel_hint(&inside, hint);
        return;
    }
    if (table)
        draw_heads(&inside);
    if (s->chosen >= most)
        top = s->chosen - most + 1;
    for (int i = top; i < s->racers && y + each <= inside.h; i++, y += each)
        (table ? draw_wide : draw_narrow)(m, &inside, y, i);
    if (!table && inside.w >= NARROW_STEPS_END + 8)
        draw_feet(c);
    if (y + 1 < inside.h)
        draw_chosen(m, &inside, ++y);
    draw_rules(s, &inside, y + 2);
}

const struct panel racers_panel = {.name = "racers", .help = "who races, how far they came, how it ended",
    .keys = WHERE_RACE | WHERE_RACERS, .draw = racers_draw};
