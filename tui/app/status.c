/* SPDX-License-Identifier: MIT */
/* The first line: the run, the present activity, and progress. */
#include "app/overlay.h"
#include "app/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/number.h"

static const double SHOWN_AFTER = .5; /* seconds of an evaluation */
enum { ROOMY = 100 };                /* columns */

struct state {
    uint32_t glyph;
    const char *text;
    enum style style;
};

/* The run's activity. A short evaluation, of which there are two or three a second, counts as training: shown, it would
 * only flicker. */
static enum run_status shown_status(const struct snapshot *s)
{
    return s->status == RUN_EVALUATING && s->evaluation_seconds < SHOWN_AFTER ? RUN_TRAINING : s->status;
}

static const struct state states[] = {
    [RUN_PAUSED] = {0x2016, "paused", STYLE_STRONG},    [RUN_TRAINING] = {0x25b6, "training", STYLE_FOCUS},
    [RUN_EVALUATING] = {0x25cc, "", STYLE_FOCUS},       [RUN_DIVERGED] = {0x2717, "diverged", STYLE_DANGER},
    [RUN_FINISHED] = {0x2713, "finished", STYLE_FOCUS}, [RUN_FAILED] = {0x2717, "failed", STYLE_DANGER},
};

/* What runs side by side are held level by. */
static double level_of(const struct model *m, const struct snapshot *s)
{
    return m->runs->by_examples ? s->epoch * s->steps_per_epoch * s->knobs.value[KNOB_BATCH_SIZE] : (double)s->step;
}

/* The run that the one in focus waits for, because it is more than its turn behind; −1: none. */
static int waits_for(const struct model *m)
{
    const struct snapshot *own = m->snapshot;
    int behind = -1;

    for (int i = 0; i < TRAINER_RUNS; i++) {
        const struct snapshot *s = &m->runs->run[i];
        double turn = m->runs->by_examples ? fmax(own->knobs.value[KNOB_BATCH_SIZE], s->knobs.value[KNOB_BATCH_SIZE]) : 1;
        if (!(m->runs->there >> i & 1) || i == own->run || (s->status != RUN_TRAINING && s->status != RUN_EVALUATING))
            continue;
        if (level_of(m, own) - level_of(m, s) > 2 * turn && (behind < 0 || level_of(m, s) < level_of(m, &m->runs->run[behind])))
            behind = i;
    }
    return behind;
}

static struct state state_of(const struct model *m, int roomy, char *text, size_t size)
{
    const struct snapshot *s = m->snapshot;
    enum run_status status = shown_status(s);
    struct state state = states[status];

    if (status == RUN_EVALUATING) {
        double share = s->evaluated >= 0 && s->evaluated <= 1 ? s->evaluated : 0;
        snprintf(text, size, "%s %.0f %%", roomy ? "evaluating" : "eval", 100 * share);
        state.text = text;
    } else if (status == RUN_TRAINING && waits_for(m) >= 0) {
        snprintf(text, size, "waits for %c", run_letter(waits_for(m)));
        state.text = text;
    } else if (status == RUN_TRAINING && m->computing.seconds > 0) {
        pane_computing(m, text, size);
        state.text = text;
    }
    return state;
}

/* "epoch 7.1 of 20", or "epoch 7.1/20" */
static void epochs_of(const struct model *m, int roomy, char *out, size_t size)
{
    char all[NUMBER_SIZE];

    number_short(all, sizeof all, m->knobs.value[KNOB_EPOCHS]);
    if (m->snapshot->epoch <= m->knobs.value[KNOB_EPOCHS])
        snprintf(out, size, roomy ? "epoch %.1f of %s" : "epoch %.1f/%s", m->snapshot->epoch, all);
    else /* it was continued */
        snprintf(out, size, "epoch %.1f", m->snapshot->epoch);
}

/* Seconds of a step at the present speed; NaN: not known. */
static double step_seconds(const struct snapshot *s)
{
    return s->frames_per_second > 0 && s->steps_per_epoch > 0 && s->train_frames > 0
               ? (double)s->train_frames / s->steps_per_epoch / s->frames_per_second
               : NAN;
}

/* "2.3 ms": a step's; then "ETA 1:23", the time to the recipe's last epoch, evaluations included. "" where it is not known. */
static void pace_of(const struct model *m, int roomy, char *pace, char *eta, size_t size)
{
    const struct snapshot *s = m->snapshot;
    double step = step_seconds(s), left = m->knobs.value[KNOB_EPOCHS] - s->epoch, every = m->knobs.value[KNOB_EVAL_EVERY];
    char time[NUMBER_SIZE];

    *pace = *eta = '\0';
    if (!isfinite(step) || (shown_status(s) != RUN_TRAINING && s->status != RUN_EVALUATING))
        return;
    if (step < 1)
        snprintf(pace, size, step < .01 ? "%.1f ms%s" : "%.0f ms%s", 1e3 * step, roomy ? " per step" : "");
    else
        snprintf(pace, size, step < 10 ? "%.1f s%s" : "%.0f s%s", step, roomy ? " per step" : "");
    if (left <= 0)
        return;
    number_time(time, sizeof time, left * (step * s->steps_per_epoch + (every > 0 ? s->evaluation_seconds / every : 0)));
    snprintf(eta, size, "ETA %s", time);
}

/* The parts of the right side, the most important first; as many as fit. */
static void draw_parts(struct canvas *c, int roomy, const struct status_part *part, int count)
{
    int x = 0;

    for (int i = 0; i < count; i++) {
        int gap = !x ? 0 : roomy ? 3 : 2, width = canvas_width(c, part[i].text);
        if (!width)
            continue;
        if (x + gap + width > c->w)
            return;
        if (gap == 3)
            canvas_text(c, x, 0, STYLE_QUIET, " · ");
        canvas_text(c, x + gap, 0, part[i].style, part[i].text);
        x += gap + width;
    }
}

/* A background job of a view that is not shown: it takes compute time. */
static void progress_of(const struct model *m, int roomy, char *out, size_t size)
{
    *out = 0;
    for (int v = 0; views[v] && !*out; v++)
        if (views[v]->progress)
            views[v]->progress(m, roomy, out, size);
}

enum { STEP, IDENTICAL, LOOK, EPOCH, ETA, PACE, CLOCK, SPEED, PARTS };
_Static_assert((int)PARTS <= (int)STATUS_PARTS, "the run's line has room");

void status_identical(const struct model *m, int roomy, char *out, size_t size)
{
    const struct snapshot *s = m->snapshot;
    char step[NUMBER_SIZE];
    unsigned same = s->identical & m->runs->there;
    int others = 0;
    size_t n;

    if (!same)
        return;
    number_count(step, sizeof step, s->identical_at);
    n = (size_t)snprintf(out, size, roomy ? "%c identical to" : "%c", run_letter(s->run));
    for (int i = 0; i < TRAINER_RUNS; i++)
        if (same >> i & 1)
            n += (size_t)snprintf(out + n, size - n, roomy ? "%s %c" : "%s = %c", roomy && others++ ? "," : "", run_letter(i));
    if (roomy)
        snprintf(out + n, size - n, " (step %s)", step);
}

static void run_parts(const struct model *m, int roomy, struct status_part *part)
{
    const struct snapshot *s = m->snapshot;
    char number[NUMBER_SIZE];

    number_count(number, sizeof number, s->step);
    part[STEP].style = STYLE_STRONG;
    snprintf(part[STEP].text, sizeof part[STEP].text, "step %s", number);
    part[IDENTICAL].style = STYLE_FOCUS;
    status_identical(m, roomy, part[IDENTICAL].text, sizeof part[IDENTICAL].text);
    part[LOOK].style = STYLE_FOCUS;
    progress_of(m, roomy, part[LOOK].text, sizeof part[LOOK].text);
    epochs_of(m, roomy, part[EPOCH].text, sizeof part[EPOCH].text);
    pace_of(m, roomy, part[PACE].text, part[ETA].text, sizeof part[ETA].text);
    number_time(part[CLOCK].text, sizeof part[CLOCK].text, s->seconds + m->computing.seconds);
    number_scaled(number, sizeof number, s->frames_per_second);
    snprintf(part[SPEED].text, sizeof part[SPEED].text, "%s frames/s", number);
}

/* Columns of the right side up to the time of a step, in steps of four so that the left side keeps its width. */
static int progress_width(const struct model *m, int roomy, const struct canvas *c)
{
    struct status_part part[STATUS_PARTS] = {0};
    int w = 0, last = m->computing.seconds > 0 ? CLOCK : PACE;

    run_parts(m, roomy, part);
    for (int i = STEP; i <= last; i++)
        w += i == LOOK || i == IDENTICAL || !part[i].text[0] ? 0 : canvas_width(c, part[i].text) + (roomy ? 3 : 2);
    return (w + 3) / 4 * 4;
}

/* While a long step is computed, the running clock says that something is going on. */
static void clock_first(struct status_part *part)
{
    struct status_part clock = part[CLOCK];

    memmove(part + EPOCH + 1, part + EPOCH, (CLOCK - EPOCH) * sizeof *part);
    part[EPOCH] = clock;
}

const char *status_of_training(const struct model *m)
{
    static const char *const words[] = {
        [RUN_PAUSED] = "is paused", [RUN_TRAINING] = "continues",    [RUN_EVALUATING] = "is evaluating",
        [RUN_DIVERGED] = "diverged", [RUN_FINISHED] = "has finished", [RUN_FAILED] = "failed",
    };

    return m->snapshot->version ? words[shown_status(m->snapshot)] : "is starting";
}

/* A file's name without its folder. */
static const char *short_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash[1] ? slash + 1 : path;
}

/* The training run's line. */
static void run_status(const struct model *m, const struct canvas *c, struct status *out)
{
    const struct snapshot *s = m->snapshot;
    struct state state = state_of(m, c->w >= ROOMY, out->state, sizeof out->state);

    snprintf(out->subject, sizeof out->subject, "%s on %s", short_name(s->recipe), short_name(s->data));
    out->glyph = state.glyph;
    out->style = state.style;
    if (state.text != out->state)
        snprintf(out->state, sizeof out->state, "%s", s->version ? state.text : "starting");
    if (s->version)
        run_parts(m, c->w >= ROOMY, out->part);
    if (s->version && c->w < ROOMY && m->computing.seconds > 0)
        clock_first(out->part);
}

/* The program's name, the view where it is not the first, the subject, the seed: where there is little room the seed
 * goes first, then the program's name. The subject of the first view, and of one that is not about the training run, is
 * cut; other views go without. Returns the column after it. */
static int draw_name(const struct model *m, struct canvas *c, const char *subject, int room)
{
    const struct view *v = view_shown(m);
    int named = m->ui.view != 0, cut = !named || v->standalone, x = 0, rest;
    struct canvas left = canvas_part(c, (struct rect){1, 0, room, 1});
    char seed[NUMBER_SIZE];

    number_count(seed, sizeof seed, m->snapshot->seed);
    rest = (named ? canvas_width(c, v->name) + 2 : 0) + (cut ? canvas_width(c, subject) : 0);
    if (canvas_width(c, "saddle  ") + rest <= room + 2 * !cut) /* the blanks at the end may be cut */
        x = canvas_text(&left, 0, 0, STYLE_STRONG, "saddle") + 2;
    if (named)
        x += canvas_format(&left, x, 0, STYLE_FOCUS, "%s  ", v->name);
    if (cut || x + canvas_width(c, subject) <= room)
        x += canvas_cut(&left, x, 0, room - x, STYLE_TEXT, subject);
    else
        return 1 + x;
    if (!v->standalone && x + canvas_width(c, seed) + 8 <= room)
        x += canvas_format(&left, x, 0, STYLE_QUIET, " · seed %s", seed);
    return 1 + (x < room ? x : room);
}

/* Without room for a log, the problem matters more than the progress. */
static int is_stuck(const struct snapshot *s)
{
    return (s->status == RUN_DIVERGED || s->status == RUN_FAILED || s->spiked) && s->note[0];
}

/* As much of the name as fits: all, the view's, or nothing; returns the column to go on at. Of the right side all but
 * the speed keeps its place. */
static int draw_left(const struct model *m, struct canvas *c, const char *subject, int field)
{
    enum { WHOLE = 72, VIEW = 56, RIGHT = 42, RIGHT_ROOMY = 66, RIGHT_LEAST = 46, NAME_LEAST = 14 };
    int roomy = c->w >= ROOMY, gap = c->w >= 120 ? 6 : 2, least = m->ui.view == 0 ? progress_width(m, roomy, c) : 0;
    int right = roomy ? RIGHT_ROOMY : m->computing.seconds > 0 && least ? least : least > RIGHT ? least : RIGHT;
    int room = c->w - field - right, most = c->w - field - gap - (least > RIGHT_LEAST ? least : RIGHT_LEAST);
    int need = canvas_width(c, "saddle  ") + canvas_width(c, subject);

    room = room < NAME_LEAST ? NAME_LEAST : room;
    if (roomy && m->ui.view == 0 && need > room)
        room = need < most ? need : most;
    if (c->w >= WHOLE)
        return draw_name(m, c, subject, room) + gap;
    if (c->w >= VIEW && m->ui.view != 0)
        return 3 + canvas_text(c, 1, 0, STYLE_FOCUS, view_shown(m)->name);
    return 1;
}

/* The runs side by side and what each does, "[A]▶ B‖", the one in focus in brackets; returns the columns it takes, 0 of
 * a single run. */
static int draw_runs(const struct model *m, struct canvas *c, int x)
{
    int begin = x;

    for (int i = 0; i < TRAINER_RUNS && overlay_is_on(m); i++) {
        const struct state *state = &states[shown_status(&m->runs->run[i])];
        int focus = i == m->snapshot->run;
        if (!(m->runs->there >> i & 1))
            continue;
        if (focus)
            canvas_put(c, x++, 0, STYLE_STRONG, '[');
        canvas_put(c, x++, 0, overlay_style(i), (unsigned char)run_letter(i));
        if (focus)
            canvas_put(c, x++, 0, STYLE_STRONG, ']');
        canvas_put(c, x++, 0, state->style, state->glyph);
        x++;
    }
    return x > begin ? x + 1 - begin : 0;
}

void status_draw(const struct model *m, struct canvas *c)
{
    const struct view *v = view_shown(m);
    int field = c->w >= ROOMY ? 19 : 12, x = 1, runs;
    struct status s = {0};
    struct canvas right, nowhere = canvas_part(c, (struct rect){0, 0, 0, 0});

    if (v->status)
        v->status(m, &s);
    else
        run_status(m, c, &s);
    if (canvas_width(c, s.state) + 4 > field)
        field = canvas_width(c, s.state) + 4;
    runs = v->status ? 0 : draw_runs(m, &nowhere, 0);
    if (m->snapshot->version || v->status)
        x = draw_left(m, c, s.subject, field + runs);
    if (runs)
        x += draw_runs(m, c, x);
    canvas_put(c, x, 0, s.style, s.glyph);
    canvas_text(c, x + 2, 0, s.style, s.state);
    right = canvas_part(c, (struct rect){x + field, 0, c->w - x - field, 1});
    if (!v->status && canvas_width(c, s.part[STEP].text) + 3 + canvas_width(c, s.part[LOOK].text) > right.w)
        progress_of(m, 0, s.part[LOOK].text, sizeof s.part[LOOK].text);
    if (!v->status && c->w < 80 && is_stuck(m->snapshot))
        canvas_cut(&right, 0, 0, right.w, STYLE_DANGER, m->snapshot->note);
    else
        draw_parts(&right, v->status || c->w >= ROOMY, s.part, STATUS_PARTS);
}
