/* SPDX-License-Identifier: MIT */
/* The log: the present problem, then edits and events, the newest first. */
#include "app/actions.h"
#include "app/overlay.h"
#include "app/pane.h"

#include <stdio.h>
#include <string.h>

#include "draw/number.h"

enum { TEXT_AT = 12 };

static const struct {
    uint32_t glyph; /* the same as on the curves */
    enum style style;
} looks[] = {[LOG_EDIT] = {0x25b4, STYLE_EDIT}, [LOG_EVENT] = {0x2717, STYLE_DANGER}, [LOG_NOTE] = {0x00b7, STYLE_QUIET}};

/* Of several runs each entry names its own. Returns the rows that it took, `most` at most. */
static int draw_entry(const struct model *m, struct canvas *c, int y, int most, const struct log_entry *e)
{
    enum style style = e->kind == LOG_EVENT ? STYLE_DANGER : STYLE_TEXT;
    char step[NUMBER_SIZE];
    int x = TEXT_AT;

    number_count(step, sizeof step, e->step);
    canvas_put(c, 1, y, looks[e->kind].style, looks[e->kind].glyph);
    canvas_text_right(c, 10, y, STYLE_QUIET, step);
    if (overlay_is_on(m)) {
        canvas_put(c, x, y, overlay_style(e->run), (unsigned char)run_letter(e->run));
        x += 2;
    }
    if (most > 1 && canvas_width(c, e->text) > c->w - x && c->w > 2 * TEXT_AT)
        return canvas_wrap(c, x, y, most, style, e->text);
    canvas_cut(c, x, y, c->w - x, style, e->text);
    return 1;
}

enum { WAYS_OUT = 4, NOTES = 3, NOTE = SNAPSHOT_TEXT };

/* Ways to continue after a divergence, from the longest text to the shortest. */
static void ways_out(const struct snapshot *s, enum charset charset, char words[WAYS_OUT][96])
{
    char pause[16] = "", undo[16] = "", restart[16] = "", back[16] = "", good[NUMBER_SIZE];

    key_of("pause", charset, pause, sizeof pause);
    key_of("undo", charset, undo, sizeof undo);
    key_of("restart", charset, restart, sizeof restart);
    key_of("run-back", charset, back, sizeof back);
    number_count(good, sizeof good, s->last_good);
    if (s->last_good && s->undos > 0) {
        snprintf(words[0], 96, "%s goes back to step %s · %s undoes the last edit · %s restarts", back, good, undo, restart);
        snprintf(words[1], 96, "%s goes back to step %s · %s undo", back, good, undo);
        snprintf(words[2], 96, "%s back to %s · %s undo", back, good, undo);
        snprintf(words[3], 96, "%s back to %s", back, good);
    } else if (s->last_good) {
        snprintf(words[0], 96, "%s goes back to step %s, before the loss rose · %s restarts", back, good, restart);
        snprintf(words[1], 96, "%s goes back to step %s · %s restarts", back, good, restart);
        snprintf(words[2], 96, "%s goes back to step %s", back, good);
        snprintf(words[3], 96, "%s back to %s", back, good);
    } else if (s->undos > 0) {
        snprintf(words[0], 96, "%s undoes the last edit, %s resumes · %s restarts", undo, pause, restart);
        snprintf(words[1], 96, "%s undo, %s resume · %s restart", undo, pause, restart);
        snprintf(words[2], 96, "%s undo, %s resume", undo, pause);
        snprintf(words[3], 96, "%s undo", undo);
    } else {
        snprintf(words[0], 96, "reduce the learning rate, then restart with %s", restart);
        snprintf(words[1], 96, "reduce the rate, %s restarts", restart);
        snprintf(words[2], 96, "%s restarts", restart);
        snprintf(words[3], 96, "%s", restart);
    }
}

/* A divergence's note without what matters least: "step 3 is not applied: loss NaN, gradient of layers.0.weight not
 * finite", "step 3: loss NaN, …", "step 3: gradient of layers.0.weight not finite". Step and tensor stay. */
static void shorten_note(const char *note, char text[NOTES][NOTE])
{
    static const char middle[] = " is not applied: ";
    const char *end = strstr(note, middle), *tensor = strstr(note, "gradient of ");

    for (int i = 0; i < NOTES; i++)
        snprintf(text[i], NOTE, "%s", note);
    if (!end)
        return;
    snprintf(text[1], NOTE, "%.*s: %s", (int)(end - note), note, end + sizeof middle - 1);
    snprintf(text[2], NOTE, "%.*s: %s", (int)(end - note), note, tensor ? tensor : end + sizeof middle - 1);
}

/* Note and way out, the longest of both that fit beside each other; without room for any, the note alone. */
static void draw_divergence(const struct snapshot *s, struct canvas *c)
{
    enum { AT = 3, GAP = 3 };
    char note[NOTES][NOTE], way[WAYS_OUT][96];
    int alone = 0;

    shorten_note(s->note, note);
    ways_out(s, c->charset, way);
    for (int i = 0; i < NOTES * WAYS_OUT; i++) {
        const char *n = note[i / WAYS_OUT], *w = way[i % WAYS_OUT];
        if (AT + canvas_width(c, n) + GAP + canvas_width(c, w) >= c->w)
            continue;
        canvas_text(c, AT, 0, STYLE_DANGER, n);
        canvas_text_right(c, c->w - 1, 0, STYLE_KEY, w);
        return;
    }
    while (alone < NOTES - 1 && AT + canvas_width(c, note[alone]) > c->w)
        alone++;
    canvas_cut(c, AT, 0, c->w - AT, STYLE_DANGER, note[alone]);
}

static int draw_note(const struct model *m, struct canvas *c)
{
    const struct snapshot *s = m->snapshot;
    int bad = s->status == RUN_DIVERGED || s->status == RUN_FAILED || s->spiked;

    if (!s->note[0] || c->h < 1)
        return 0;
    canvas_put(c, 1, 0, bad ? STYLE_DANGER : STYLE_STRONG, bad ? 0x2717 : 0x00b7);
    if (s->status == RUN_DIVERGED || s->spiked)
        draw_divergence(s, c);
    else
        canvas_cut(c, 3, 0, c->w - 3, bad ? STYLE_DANGER : STYLE_STRONG, s->note);
    return 1;
}

/* A finished run can be resumed: at the end of the first line, where it has room. */
static void draw_way_on(const struct model *m, struct canvas *c)
{
    const struct snapshot *s = m->snapshot;
    const char *first = s->log_count ? s->log[(s->log_count - 1) % SNAPSHOT_LOG].text : "";
    char key[16] = "", way_on[48];

    key_of("pause", c->charset, key, sizeof key);
    snprintf(way_on, sizeof way_on, "%s resumes", key);
    if (s->status == RUN_FINISHED && !s->note[0] && TEXT_AT + 2 * overlay_is_on(m) + canvas_width(c, first) + 3 + canvas_width(c, way_on) < c->w)
        canvas_text_right(c, c->w - 1, 0, STYLE_QUIET, way_on);
}

static void draw_dropped(const struct model *m, struct canvas *c)
{
    char n[NUMBER_SIZE];

    number_count(n, sizeof n, m->snapshot->samples_dropped);
    if (m->snapshot->samples_dropped && c->h > 2)
        canvas_format(c, 2, c->h - 1, STYLE_WARNING, " %s points of the curves were dropped: the screen was too slow ", n);
}

/* Returns what is left of the line. */
static struct canvas draw_at_end(const char *note, struct canvas *c)
{
    int width = canvas_width(c, note);

    if (!*note || width + 1 >= c->w)
        return *c;
    canvas_text(c, c->w - width, 0, STYLE_KEY, note);
    return canvas_part(c, (struct rect){0, 0, c->w - width - 1, c->h});
}

static void hint_none(struct canvas *inside, int y)
{
    char key[16] = "", text[64];

    key_of("back", inside->charset, key, sizeof key);
    snprintf(text, sizeof text, "no entry contains this; %s shows all", key);
    canvas_cut(inside, 1, y, inside->w - 1, STYLE_QUIET, text);
}

/* As long as there is room for. */
static void hint_empty(struct canvas *inside)
{
    static const char *const hints[] = {"changes are logged here and marked ▴ on the curves", "changes are logged here",
                                        "no changes yet"};
    int i = 0;

    while (i < 2 && 1 + canvas_width(inside, hints[i]) > inside->w)
        i++;
    canvas_text(inside, 1, 0, STYLE_QUIET, hints[i]);
}

/* The note says it already. */
static int is_told(const struct snapshot *s, uint64_t i)
{
    return i == 0 && strcmp(s->log[(s->log_count - 1) % SNAPSHOT_LOG].text, s->note) == 0;
}

static uint64_t kept_of(const struct snapshot *s)
{
    return s->log_count < SNAPSHOT_LOG ? s->log_count : SNAPSHOT_LOG;
}

/* How many of the newest entries came after the step that is shown: the newest of this run that did not is the first. */
static uint64_t later_of(const struct model *m)
{
    const struct snapshot *s = m->snapshot;
    double past = pane_past(m);
    uint64_t i = 0, kept = kept_of(s);

    while (isfinite(past) && i < kept) {
        const struct log_entry *e = &s->log[(s->log_count - 1 - i) % SNAPSHOT_LOG];
        if (e->run == s->run && (double)e->step <= past)
            break;
        i++;
    }
    return i;
}

static int log_rows(const struct model *m)
{
    uint64_t made = m->snapshot->log_count, kept = kept_of(m->snapshot);
    int rows = 0;

    for (uint64_t i = later_of(m); i < kept; i++)
        rows += !is_told(m->snapshot, i) && model_shows(m, FILTER_LOG, m->snapshot->log[(made - 1 - i) % SNAPSHOT_LOG].text);
    return rows;
}

static int log_seen(const struct model *m, int h)
{
    return (h >= 3 ? h - 2 : h) - (m->snapshot->note[0] != 0);
}

/* The step shown, if it is one of the past, and the filter; of a pane without a frame at the line's end. */
static struct canvas draw_head(const struct model *m, struct canvas *c)
{
    const char *filter = m->ui.filter[FILTER_LOG];
    char past[PANE_AT], note[FILTER_SIZE + PANE_AT + 4];

    pane_past_words(m, past, sizeof past);
    snprintf(note, sizeof note, "%s%s%s%s", past, *past && *filter ? " · " : "", *filter && (*past || c->h < 3) ? "/" : "", filter);
    if (c->h >= 3)
        return pane_frame(m, c, &log_pane, (const char *const[]){*note ? note : NULL, NULL});
    return draw_at_end(note, c);
}

/* Nothing was logged up to the step shown, or it is no longer kept. */
static void hint_past(const struct model *m, struct canvas *inside, int y)
{
    const char *kept = m->snapshot->log_count > SNAPSHOT_LOG ? " is kept" : "";
    char past[NUMBER_SIZE], text[80];

    number_count(past, sizeof past, (uint64_t)pane_past(m));
    snprintf(text, sizeof text, "no entry up to step %s%s", past, kept);
    canvas_cut(inside, 1, y, inside->w - 1, STYLE_QUIET, text);
}

static void log_draw(const struct model *m, struct canvas *c)
{
    const struct snapshot *s = m->snapshot;
    int focused = pane_has_focus(m, &log_pane);
    uint64_t kept = kept_of(s), later = later_of(m);
    uint64_t from = focused ? (uint64_t)m->ui.log_top : 0; /* else the newest stay in sight */
    const char *filter = m->ui.filter[FILTER_LOG];
    struct canvas inside = draw_head(m, c);
    int y = draw_note(m, &inside), top = y, spare = inside.h - y - log_rows(m); /* rows for what is longer than one */

    if (!kept && !y)
        hint_empty(&inside);
    else if (later == kept)
        hint_past(m, &inside, y);
    for (uint64_t i = later; i < kept && y < inside.h; i++) {
        const struct log_entry *entry = &s->log[(s->log_count - 1 - i) % SNAPSHOT_LOG];
        if (is_told(s, i) || !model_shows(m, FILTER_LOG, entry->text))
            continue;
        if (from)
            from--;
        else {
            int used = draw_entry(m, &inside, y, spare > 0 ? 1 + spare : 1, entry);
            y += used, spare -= used - 1;
        }
    }
    if (c->h < 3 && focused) /* no frame to light up */
        canvas_put(&inside, 0, 0, STYLE_FOCUS, 0x25b8);
    if (later < kept && !from && y == top && *filter)
        hint_none(&inside, y);
    if (!later)
        draw_way_on(m, &inside);
    if (c->h >= 3)
        draw_dropped(m, c);
}

static const struct key_binding log_bindings[] = {
    {INPUT_UP, 'k', 0, "log-up", "scroll", "scroll to newer entries", action_scroll, -1},
    {INPUT_DOWN, 'j', 0, "log-down", "scroll", "scroll to older entries", action_scroll, 1},
};
static const struct key_set log_keys = KEY_SET("log", log_bindings);

static const struct pane_list list = {.filter = FILTER_LOG, .rows = log_rows, .seen = log_seen};

const struct pane log_pane = {.name = "log", .help = "problems, edits and events, the newest first",
    .keys = PANE_KEYS(&log_keys, &scroll_keys), .list = &list, .draw = log_draw};
