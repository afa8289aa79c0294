/* The first line: what is trained, what the lab is doing, and how far it is. */
#include "curvature.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/number.h"
#include "view/text.h"

struct state {
    uint32_t glyph;
    const char *text;
    enum style style;
};

static struct state state_of(const struct snapshot *s, int roomy, char *text, size_t size)
{
    static const struct state states[] = {
        [RUN_PAUSED] = {0x2016, "paused", STYLE_STRONG},    [RUN_TRAINING] = {0x25b6, "training", STYLE_FOCUS},
        [RUN_EVALUATING] = {0x25cc, "", STYLE_FOCUS},       [RUN_DIVERGED] = {0x2717, "diverged", STYLE_DANGER},
        [RUN_FINISHED] = {0x2713, "finished", STYLE_FOCUS}, [RUN_FAILED] = {0x2717, "failed", STYLE_DANGER},
    };
    struct state state = states[s->status];

    if (s->status == RUN_EVALUATING) {
        double share = s->evaluated >= 0 && s->evaluated <= 1 ? s->evaluated : 0;
        snprintf(text, size, "%s %.0f %%", roomy ? "evaluating" : "eval", 100 * share);
        state.text = text;
    }
    return state;
}

static void epochs_of(const struct model *m, char *out, size_t size)
{
    char all[NUMBER_SIZE];

    number_short(all, sizeof all, m->knobs.value[KNOB_EPOCHS]);
    snprintf(out, size, "epoch %.1f of %s", m->snapshot->epoch, all);
}

/* A probe that was asked for, in all views: it takes its time. */
static void probing_of(const struct model *m, int roomy, char *out, size_t size)
{
    const struct curvature_view *v = m->curvature;

    if (roomy)
        curvature_progress(m, out, size);
    else if (v->status == CURVATURE_RUNNING && !v->series)
        snprintf(out, size, "probing %d/%d", v->done, v->of);
}

/* The parts of the right side, the dearest first; as many as fit. */
static void draw_progress(const struct model *m, int roomy, struct canvas *c)
{
    enum { STEP, PROBE, EPOCH, CLOCK, SPEED, PARTS };
    const struct snapshot *s = m->snapshot;
    char part[PARTS][64] = {""}, number[NUMBER_SIZE];
    int x = 0;

    number_count(number, sizeof number, s->step);
    snprintf(part[STEP], sizeof part[STEP], "step %s", number);
    probing_of(m, roomy, part[PROBE], sizeof part[PROBE]);
    epochs_of(m, part[EPOCH], sizeof part[EPOCH]);
    number_time(part[CLOCK], sizeof part[CLOCK], s->seconds);
    number_scaled(number, sizeof number, s->frames_per_second);
    snprintf(part[SPEED], sizeof part[SPEED], "%s frames/s", number);
    for (int i = 0; i < PARTS; i++) {
        int gap = i ? 3 : 0, width = text_width(part[i]);
        if (!width)
            continue;
        if (x + gap + width > c->w)
            return;
        if (i)
            canvas_text(c, x, 0, STYLE_QUIET, " · ");
        canvas_text(c, x + gap, 0, i == STEP ? STYLE_STRONG : i == PROBE ? STYLE_FOCUS : STYLE_TEXT, part[i]);
        x += gap + width;
    }
}

/* The name, the view where it is not training's, then the seed where there is room; returns the column after it. */
static int draw_name(const struct model *m, struct canvas *c, int room)
{
    const struct snapshot *s = m->snapshot;
    struct canvas left = canvas_part(c, (struct rect){1, 0, room, 1});
    char seed[NUMBER_SIZE], run[sizeof s->recipe + sizeof s->data + 8];
    int x = canvas_text(&left, 0, 0, STYLE_STRONG, "saddle") + 2;

    if (m->ui.view != VIEW_TRAIN)
        x += canvas_format(&left, x, 0, STYLE_FOCUS, "%s  ", view_name(m->ui.view));
    snprintf(run, sizeof run, "%s on %s", s->recipe, s->data);
    number_count(seed, sizeof seed, s->seed);
    if (m->ui.view != VIEW_TRAIN && x + text_width(run) > room)
        return 1 + x;
    x += canvas_text(&left, x, 0, STYLE_TEXT, run);
    if (x + text_width(seed) + 8 <= room)
        x += canvas_format(&left, x, 0, STYLE_QUIET, " · seed %s", seed);
    return 1 + (x < room ? x : room);
}

/* Where there may be no room for a log, what is wrong matters more than how far it is. */
static int is_stuck(const struct snapshot *s)
{
    return (s->status == RUN_DIVERGED || s->status == RUN_FAILED) && s->note[0];
}

static void status_draw(const struct model *m, struct canvas *c)
{
    char text[32];
    int roomy = c->w >= 100, field = roomy ? 19 : 14, x = 1;
    struct state state = state_of(m->snapshot, roomy, text, sizeof text);

    if (c->w >= 72 && m->snapshot->version)
        x = draw_name(m, c, c->w - field - (roomy ? 66 : 40)) + (roomy ? 6 : 2);
    canvas_put(c, x, 0, state.style, state.glyph);
    canvas_text(c, x + 2, 0, state.style, m->snapshot->version ? state.text : "starting");
    if (c->w < 80 && is_stuck(m->snapshot))
        canvas_text(c, x + field, 0, STYLE_DANGER, m->snapshot->note);
    else if (m->snapshot->version) {
        struct canvas right = canvas_part(c, (struct rect){x + field, 0, c->w - x - field, 1});
        draw_progress(m, roomy, &right);
    }
}

const struct panel status_panel = {.name = "status", .draw = status_draw};
