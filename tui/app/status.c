/* The first line: what is trained, what the lab is doing, and how far it is. */
#include "curvature/curvature.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/number.h"

static const double TOLD_AFTER = .5; /* seconds of an evaluation */

struct state {
    uint32_t glyph;
    const char *text;
    enum style style;
};

/* What the run is about. A short evaluation, as there are two or three a second, is a part of the training: told, it
 * would only flicker. */
static enum run_status told_status(const struct snapshot *s)
{
    return s->status == RUN_EVALUATING && s->evaluation_seconds < TOLD_AFTER ? RUN_TRAINING : s->status;
}

static struct state state_of(const struct snapshot *s, int roomy, char *text, size_t size)
{
    static const struct state states[] = {
        [RUN_PAUSED] = {0x2016, "paused", STYLE_STRONG},    [RUN_TRAINING] = {0x25b6, "training", STYLE_FOCUS},
        [RUN_EVALUATING] = {0x25cc, "", STYLE_FOCUS},       [RUN_DIVERGED] = {0x2717, "diverged", STYLE_DANGER},
        [RUN_FINISHED] = {0x2713, "finished", STYLE_FOCUS}, [RUN_FAILED] = {0x2717, "failed", STYLE_DANGER},
    };
    enum run_status status = told_status(s);
    struct state state = states[status];

    if (status == RUN_EVALUATING) {
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
    if (m->snapshot->epoch <= m->knobs.value[KNOB_EPOCHS])
        snprintf(out, size, "epoch %.1f of %s", m->snapshot->epoch, all);
    else /* it went on */
        snprintf(out, size, "epoch %.1f", m->snapshot->epoch);
}

struct part {
    enum style style;
    char text[96];
};

/* The parts of the right side, the dearest first; as many as fit. */
static void draw_parts(struct canvas *c, const struct part *part, int count)
{
    int x = 0;

    for (int i = 0; i < count; i++) {
        int gap = x ? 3 : 0, width = canvas_width(c, part[i].text);
        if (!width)
            continue;
        if (x + gap + width > c->w)
            return;
        if (x)
            canvas_text(c, x, 0, STYLE_QUIET, " · ");
        canvas_text(c, x + gap, 0, part[i].style, part[i].text);
        x += gap + width;
    }
}

/* What is looked at beside the training, wherever it is not seen: it takes its time. */
static void looking_of(const struct model *m, int roomy, char *out, size_t size)
{
    const struct landscape_view *v = m->landscape;

    (roomy ? curvature_progress : curvature_progress_brief)(m, out, size);
    if (!*out && v->status == LANDSCAPE_RUNNING && m->ui.view != VIEW_LANDSCAPE)
        snprintf(out, size, v->of ? "landscape %.0f %%" : "landscape", v->of ? 100. * v->done / v->of : 0.);
}

static void draw_progress(const struct model *m, int roomy, struct canvas *c)
{
    enum { STEP, LOOK, EPOCH, CLOCK, SPEED, PARTS };
    const struct snapshot *s = m->snapshot;
    struct part part[PARTS] = {[STEP] = {STYLE_STRONG, ""}, [LOOK] = {STYLE_FOCUS, ""}};
    char number[NUMBER_SIZE];

    number_count(number, sizeof number, s->step);
    snprintf(part[STEP].text, sizeof part[STEP].text, "step %s", number);
    looking_of(m, roomy, part[LOOK].text, sizeof part[LOOK].text);
    if (canvas_width(c, part[STEP].text) + 3 + canvas_width(c, part[LOOK].text) > c->w)
        looking_of(m, 0, part[LOOK].text, sizeof part[LOOK].text);
    epochs_of(m, part[EPOCH].text, sizeof part[EPOCH].text);
    number_time(part[CLOCK].text, sizeof part[CLOCK].text, s->seconds);
    number_scaled(number, sizeof number, s->frames_per_second);
    snprintf(part[SPEED].text, sizeof part[SPEED].text, "%s frames/s", number);
    draw_parts(c, part, PARTS);
}

/* What the training does beside a race. */
static const char *training_meanwhile(const struct snapshot *s)
{
    static const char *const words[] = {
        [RUN_PAUSED] = "is paused", [RUN_TRAINING] = "goes on",    [RUN_EVALUATING] = "is evaluated",
        [RUN_DIVERGED] = "diverged", [RUN_FINISHED] = "is finished", [RUN_FAILED] = "failed",
    };

    return s->version ? words[told_status(s)] : "starts";
}

/* How far the race is, and last what the training does meanwhile. */
static void draw_race_progress(const struct model *m, struct canvas *c, const char *training)
{
    const struct race_model *r = m->race;
    enum { STEP, ARRIVED, DIVERGED, TRAINING, PARTS };
    struct part part[PARTS] = {[STEP] = {STYLE_STRONG, ""}};
    char number[NUMBER_SIZE];
    int arrived = race_model_count(r, RACER_STOPPED), diverged = race_model_count(r, RACER_DIVERGED);

    number_count(number, sizeof number, r->steps);
    snprintf(part[STEP].text, sizeof part[STEP].text, "step %s", number);
    if (r->until[0])
        snprintf(part[ARRIVED].text, sizeof part[ARRIVED].text, "%d of %d arrived", arrived, r->racers);
    if (diverged)
        snprintf(part[DIVERGED].text, sizeof part[DIVERGED].text, "%d diverged", diverged);
    snprintf(part[TRAINING].text, sizeof part[TRAINING].text, "training %s", training);
    draw_parts(c, part, PARTS);
}

/* A file's name without its folder. */
static const char *short_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash[1] ? slash + 1 : path;
}

/* What is trained, or raced on. */
static void subject_of(const struct model *m, char *out, size_t size)
{
    const struct snapshot *s = m->snapshot;

    if (m->ui.view == VIEW_RACE)
        snprintf(out, size, "%s", m->race->surface->name);
    else
        snprintf(out, size, "%s on %s", short_name(s->recipe), short_name(s->data));
}

enum { SUBJECT = sizeof((struct snapshot *)0)->recipe + sizeof((struct snapshot *)0)->data + 8 };

/* The program's name, the view where it is not training's, the subject, the seed: where there is little room the seed
 * goes first, then the program's name; the subject of training and race is cut, other views go without. Returns
 * the column after it. */
static int draw_name(const struct model *m, struct canvas *c, int room)
{
    int named = m->ui.view != VIEW_TRAIN, cut = m->ui.view == VIEW_TRAIN || m->ui.view == VIEW_RACE, x = 0, rest;
    struct canvas left = canvas_part(c, (struct rect){1, 0, room, 1});
    char seed[NUMBER_SIZE], subject[SUBJECT];

    subject_of(m, subject, sizeof subject);
    number_count(seed, sizeof seed, m->snapshot->seed);
    rest = (named ? canvas_width(c, view_name(m->ui.view)) + 2 : 0) + (cut ? canvas_width(c, subject) : 0);
    if (canvas_width(c, "saddle  ") + rest <= room + 2 * !cut) /* the blanks at the end may be cut */
        x = canvas_text(&left, 0, 0, STYLE_STRONG, "saddle") + 2;
    if (named)
        x += canvas_format(&left, x, 0, STYLE_FOCUS, "%s  ", view_name(m->ui.view));
    if (cut || x + canvas_width(c, subject) <= room)
        x += canvas_cut(&left, x, 0, room - x, STYLE_TEXT, subject);
    else
        return 1 + x;
    if (m->ui.view != VIEW_RACE && x + canvas_width(c, seed) + 8 <= room)
        x += canvas_format(&left, x, 0, STYLE_QUIET, " · seed %s", seed);
    return 1 + (x < room ? x : room);
}

/* Where there may be no room for a log, what is wrong matters more than how far it is. */
static int is_stuck(const struct snapshot *s)
{
    return (s->status == RUN_DIVERGED || s->status == RUN_FAILED) && s->note[0];
}

/* As much of the name as fits: all, the view's, or nothing; returns the column to go on at. Of the right side all but
 * the speed keeps its place. */
static int draw_left(const struct model *m, struct canvas *c, int field)
{
    enum { WHOLE = 72, VIEW = 56, RIGHT = 40, RIGHT_ROOMY = 66, RIGHT_LEAST = 46 };
    int roomy = c->w >= 100, room = c->w - field - (roomy ? RIGHT_ROOMY : RIGHT), most = c->w - field - RIGHT_LEAST, need;
    char subject[SUBJECT];

    subject_of(m, subject, sizeof subject);
    need = canvas_width(c, "saddle  ") + canvas_width(c, subject);
    if (roomy && m->ui.view == VIEW_TRAIN && need > room)
        room = need < most ? need : most;
    if (c->w >= WHOLE)
        return draw_name(m, c, room) + (c->w >= 120 ? 6 : 2);
    if (c->w >= VIEW && m->ui.view != VIEW_TRAIN)
        return 3 + canvas_text(c, 1, 0, STYLE_FOCUS, view_name(m->ui.view));
    return 1;
}

static void draw_race(const struct model *m, struct canvas *c)
{
    const struct race_model *r = m->race;
    int field = c->w >= 100 ? 19 : 14, x = draw_left(m, c, field);
    struct canvas right;

    canvas_put(c, x, 0, r->running ? STYLE_FOCUS : STYLE_STRONG, r->running ? 0x25b6 : 0x2016);
    canvas_text(c, x + 2, 0, r->running ? STYLE_FOCUS : STYLE_STRONG, r->running ? "racing" : "paused");
    right = canvas_part(c, (struct rect){x + field, 0, c->w - x - field, 1});
    draw_race_progress(m, &right, training_meanwhile(m->snapshot));
}

static void status_draw(const struct model *m, struct canvas *c)
{
    char text[32];
    int roomy = c->w >= 100, field = roomy ? 19 : 14, x = 1;
    struct state state = state_of(m->snapshot, roomy, text, sizeof text);

    if (m->ui.view == VIEW_RACE) {
        draw_race(m, c);
        return;
    }
    if (m->snapshot->version)
        x = draw_left(m, c, field);
    canvas_put(c, x, 0, state.style, state.glyph);
    canvas_text(c, x + 2, 0, state.style, m->snapshot->version ? state.text : "starting");
    if (c->w < 80 && is_stuck(m->snapshot))
        canvas_cut(c, x + field, 0, c->w - x - field, STYLE_DANGER, m->snapshot->note);
    else if (m->snapshot->version) {
        struct canvas right = canvas_part(c, (struct rect){x + field, 0, c->w - x - field, 1});
        draw_progress(m, roomy, &right);
    }
}

const struct panel status_panel = {.name = "status", .draw = status_draw};
