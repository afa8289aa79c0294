/* SPDX-License-Identifier: MIT */
#include "app/app.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/text.h"
#include "app/actions.h"
#include "app/command-line.h"
#include "app/session.h"
#include "app/tasks.h"
#include "app/testcard.h"
#include "app/compare-menu.h"
#include "app/timeline.h"
#include "app/view.h"
#include "draw/number.h"
#include "app/whole-run.h"
#include "draw/text.h"
#include "store/recorder.h"

/* What is shown before the trainer published anything. */
static const struct snapshots nothing = {
    .run[0] = {.learning_rate = NAN, .validation_loss = NAN, .validation_accuracy = NAN, .best_accuracy = NAN}};

static const struct curvature_view no_curvature = {
    .latest = {.highest = NAN, .lowest = NAN, .trace = NAN, .sharpness = NAN, .gradient = NAN},
    .sharpness = NAN,
    .stability_limit = NAN,
    .escape = {.predicted = NAN, .came = NAN, .why_not = "the figures are of an earlier step"}};
static const struct landscape_view no_landscape;

static int open_views(struct app *a, struct err *e)
{
    for (int v = 0; views[v]; v++) {
        if (views[v]->open && !(a->model.view_state[v] = views[v]->open(e)))
            return -e->code;
        for (int i = 0; views[v]->panes[i]; i++)
            a->model.ui.log_y[v][i] = views[v]->panes[i]->log_y, a->model.ui.to_end[v][i] = views[v]->panes[i]->to_end;
    }
    return 0;
}

int app_init(struct app *a, struct trainer *t, const struct app_options *o, struct err *e)
{
    memset(a, 0, sizeof *a);
    a->trainer = t;
    a->options = *o;
    a->history = run_curves_of(&a->curves, 0);
    if (!a->history)
        return err_memory(e, "the curves", sizeof *a->history);
    a->model.runs = &nothing;
    a->model.snapshot = &nothing.run[0];
    a->model.curves = &a->curves;
    a->model.curvature = &no_curvature;
    a->model.landscape = &no_landscape;
    a->model.history = a->history;
    a->model.past_curvature = &a->past_curvature;
    if (open_views(a, e)) {
        app_free(a);
        return -e->code;
    }
    a->model.checkpoint = o->checkpoint;
    a->kept = clock_seconds();
    if (o->resume)
        app_take_curves(a, o->resume);
    knobs_standard(&a->model.knobs);
    a->model.ui.chosen = KNOB_LEARNING_RATE;
    a->model.ui.colormap = o->colormap;
    a->model.ui.mosaic = o->mosaic;
    a->model.ui.cross = NAN;
    a->w = 80, a->h = 24;
    whole_run_load(a);
    if (o->resume)
        app_resume_views(a, o->resume);
    return 0;
}

void app_free(struct app *a)
{
    tasks_free(&a->model);
    run_curves_free(&a->curves);
    past_curvature_free(&a->past_curvature);
    a->history = NULL;
    for (int v = 0; views[v]; v++) {
        if (views[v]->close && a->model.view_state[v])
            views[v]->close(a->model.view_state[v]);
        a->model.view_state[v] = NULL;
    }
}

static void settle_pending(struct app *a)
{
    const struct snapshot *s = a->model.snapshot;

    a->model.knobs = s->knobs;
    for (int i = 0; i < KNOB_COUNT; i++) {
        struct pending *p = &a->pending[i];
        if (s->obeyed >= p->command || p->run != s->run)
            p->on = 0;
        if (p->on)
            knobs_set(&a->model.knobs, (enum knob_id)i, &p->value, NULL);
    }
}

/* What a session that must look alike twice shows: no clock, and no pause that it did not ask for. */
static const struct snapshots *keep_quiet(struct app *a, const struct snapshots *all)
{
    a->quiet = *all;
    for (int i = 0; i < TRAINER_RUNS; i++) {
        struct snapshot *s = &a->quiet.run[i];
        if (!a->options.timed)
            s->seconds = s->evaluation_seconds = s->frames_per_second = 0;
        s->keyframes = 0, s->last_good = 0; /* when they are taken goes by the clock, … */
        s->identical = 0;                   /* … and when runs are compared */
        if (a->goes_on && s->status == RUN_PAUSED)
            s->status = RUN_TRAINING;
    }
    return &a->quiet;
}

/* A step in hand is shown once it takes long: the first soon, as there is nothing else to see. 1 when what is shown has
 * changed. */
static int gather_step(struct app *a)
{
    static const double FIRST = .3, LATER = 2; /* seconds */
    struct step_progress now = trainer_step(a->trainer), before = a->model.computing;

    if (a->options.still || a->model.snapshot->status != RUN_TRAINING || now.seconds < (a->model.snapshot->step ? LATER : FIRST))
        now = (struct step_progress){0};
    a->model.computing = now;
    return (now.seconds > 0) != (before.seconds > 0) || floor(now.seconds) != floor(before.seconds) ||
           floor(100 * now.share) != floor(100 * before.share);
}

/* How a save went, once it was heard. A key may have taken the word of it away already. */
static void tell_saved(struct app *a)
{
    const struct snapshot *s = a->model.snapshot;

    if (!a->saving || s->obeyed < a->saving)
        return;
    a->saving = 0;
    if (a->model.ui.mode == MODE_NORMAL && s->saved[0])
        app_say(a, s->unsaved, "%s", s->saved);
}

/* The latest of the curvature; 1 when it is new. */
static int gather_curvature(struct app *a)
{
    uint64_t before = a->model.curvature->version;
    const struct curvature_view *c = trainer_curvature(a->trainer);

    if (!c->version)
        return 0;
    if (a->options.still) {
        a->quiet_curvature = *c;
        a->quiet_curvature.seconds = 0;
        c = &a->quiet_curvature;
    }
    a->model.curvature = c;
    if (c->status == CURVATURE_DONE)
        past_curvature_keep(&a->past_curvature, a->model.snapshot->run, c);
    return c->version != before;
}

static int gather_landscape(struct app *a)
{
    uint64_t before = a->model.landscape->version;
    const struct landscape_view *l = trainer_landscape(a->trainer);

    if (!l->version)
        return 0;
    if (a->options.still) {
        a->quiet_landscape = *l;
        a->quiet_landscape.seconds = 0;
        l = &a->quiet_landscape;
    }
    a->model.landscape = l;
    return l->version != before;
}

/* What was pointed at in the run before is nothing in this one. */
static void forget_places(struct ui *ui)
{
    ui->cross = NAN;
    ui->pan = 0;
    ui->range_from = ui->range_to = 0;
}

/* The cross-hair is at a step that there is. */
static void hold_cross(struct app *a)
{
    const struct track *t = &a->history->track[TRACK_LOSS];
    double *cross = &a->model.ui.cross;

    if (isfinite(*cross))
        *cross = t->count ? fmin(*cross, t->step[t->count - 1]) : NAN;
}

/* The samples that came; 1 when there were any. */
static int gather_samples(struct app *a, int focus)
{
    struct sample sample;
    int any = 0;

    while (trainer_sample(a->trainer, &sample)) {
        run_curves_add(&a->curves, &sample);
        past_curvature_forget(&a->past_curvature, &sample);
        if (sample.run == focus && sample.kind == SAMPLE_RESTART)
            forget_places(&a->model.ui);
        if (a->watch)
            a->watch(a->watcher, &sample);
        any = 1;
    }
    return any;
}

/* Show the run in focus. */
static void focus_run(struct app *a, const struct snapshots *all)
{
    struct history *h = run_curves_of(&a->curves, all->focus);

    if (h)
        a->model.history = a->history = h;
    a->model.runs = all;
    a->model.snapshot = &all->run[all->focus];
}

static int any_works(const struct snapshots *all)
{
    int works = 0;

    for (int i = 0; i < TRAINER_RUNS; i++)
        works |= (all->there >> i & 1) &&
                 (all->run[i].status == RUN_TRAINING || all->run[i].status == RUN_EVALUATING);
    return works;
}

const char *app_recording_problem(struct app *a)
{
    const char *why = a->told_recording ? NULL : recorder_problem(a->options.recorder);

    a->told_recording |= why != NULL;
    return why;
}

/* A banner; a question that is being asked comes first. */
static int tell_recording(struct app *a)
{
    const char *why = a->options.plain || a->model.ui.mode != MODE_NORMAL ? NULL : app_recording_problem(a);

    if (why)
        app_say(a, 1, "not recorded: %s", why);
    return why != NULL;
}

int app_gather(struct app *a)
{
    uint64_t before = a->model.snapshot->version; /* the next line gives that snapshot back to the trainer */
    const struct snapshots *all = trainer_snapshots(a->trainer);
    int changed = gather_samples(a, all->focus);

    if (all->version)
        focus_run(a, a->options.still ? keep_quiet(a, all) : all);
    hold_cross(a);
    if (!all->version)
        return changed;
    changed |= gather_curvature(a) | gather_landscape(a) | tasks_gather(&a->model);
    changed |= all->version != before;
    a->busy = any_works(all);
    changed |= gather_step(a);
    settle_pending(a);
    tell_saved(a);
    changed |= tell_recording(a);
    for (int v = 0; views[v]; v++)
        changed |= views[v]->heard ? views[v]->heard(a) : 0;
    if (a->options.first) {
        const char *line = a->options.first;
        a->options.first = NULL;
        command_line_run(a, line);
    }
    return changed;
}

int app_is_settled(const struct app *a)
{
    return a->model.snapshot->version && a->model.snapshot->obeyed >= a->sent && !a->busy;
}

int app_is_probing(const struct app *a)
{
    const struct curvature_view *c = a->model.curvature;

    return a->model.snapshot->obeyed < a->sent || (c->status == CURVATURE_RUNNING && !c->series);
}

int app_is_busy(const struct app *a)
{
    int busy = 0;

    for (int v = 0; views[v]; v++)
        busy |= views[v]->is_busy && views[v]->is_busy(&a->model);
    return busy;
}

static int view_ticks(const struct app *a)
{
    const struct view *v = view_shown(&a->model);

    return v->has_ticks && v->has_ticks(&a->model);
}

int app_has_ticks(const struct app *a)
{
    return !a->options.still && (view_ticks(a) || app_is_busy(a) || trainer_step(a->trainer).seconds > 0);
}

int app_tick(struct app *a)
{
    int changed = a->options.still ? 0 : gather_step(a);

    if (!a->options.still && view_ticks(a))
        changed |= view_shown(&a->model)->tick(a);
    for (int v = 0; views[v]; v++)
        changed |= views[v]->heard && views[v]->is_busy && views[v]->is_busy(&a->model) ? views[v]->heard(a) : 0;
    return changed;
}

void app_wait(struct app *a, uint64_t steps)
{
    if (view_shown(&a->model)->wait)
        view_shown(&a->model)->wait(a, steps);
    else
        app_send(a, COMMAND_STEPS, steps);
}

int app_is_surveying(const struct app *a)
{
    return a->model.snapshot->obeyed < a->sent || a->model.landscape->status == LANDSCAPE_RUNNING;
}

int app_is_measuring(const struct app *a)
{
    return a->model.snapshot->obeyed < a->sent || a->model.snapshot->measured.status == MEASURED_RUNNING;
}

void app_resize(struct app *a, int w, int h)
{
    a->w = w;
    a->h = h;
}

/* What goes on across views, unless its own view is shown. */
static const struct view_beside *beside(const struct app *a)
{
    for (int v = 0; views[v]; v++)
        if (views[v]->beside && v != a->model.ui.view && views[v]->beside->is_on(&a->model))
            return views[v]->beside;
    return NULL;
}

struct layout app_layout(const struct app *a, int w, int h)
{
    const struct ui *ui = &a->model.ui;

    return view_layout_beside(views[ui->view], w, h, ui->focus, ui->maximised, beside(a) != NULL);
}

void app_ask(struct app *a, unsigned (*agreed)(struct app *a), const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(a->model.ui.message, sizeof a->model.ui.message, format, ap);
    va_end(ap);
    a->agreed = agreed;
    a->model.ui.mode = MODE_ASK;
}

void app_choose(struct app *a, unsigned (*choose)(struct app *a, int choice), int choices)
{
    a->choose = choose;
    a->model.ui.choices = choices;
    a->model.ui.mode = MODE_CHOOSE;
}

void app_say(struct app *a, int warning, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(a->model.ui.message, sizeof a->model.ui.message, format, ap);
    va_end(ap);
    a->model.ui.warning = warning;
    a->model.ui.wrapped = 0;
}

/* With the cross-hair at a past step, what looks at weights looks at those of the nearest keyframe. */
static struct command past_command(struct app *a, const struct command *c)
{
    struct command then = *c;
    double past = pane_past(&a->model);
    char step[NUMBER_SIZE], key[16] = "";
    uint64_t kept;

    if ((c->kind != COMMAND_PROBE && c->kind != COMMAND_LANDSCAPE && c->kind != COMMAND_MEASURE && c->kind != COMMAND_TASK) ||
        !(past >= (double)a->model.snapshot->first_step))
        return then;
    then.past = 1 + (uint64_t)past;
    if (timeline_keyframe(&a->model, past, &kept)) {
        number_count(step, sizeof step, kept);
        key_of("back", a->charset, key, sizeof key);
        app_say(a, 0, "looking at the nearest keyframe, step %s; %s leaves the past", step, key);
    }
    return then;
}

int app_send_command(struct app *a, const struct command *c)
{
    struct command then = past_command(a, c);
    uint64_t number = trainer_send(a->trainer, &then);

    if (number) {
        a->sent = number;
        return 1;
    }
    app_say(a, 1, "the trainer has too many commands waiting: try again in a moment");
    return 0;
}

int app_send(struct app *a, enum command_kind kind, uint64_t count)
{
    struct command c = {.kind = kind, .count = count};

    if (a->options.still && (kind == COMMAND_TOGGLE || kind == COMMAND_RESUME || kind == COMMAND_PAUSE)) {
        a->goes_on = kind == COMMAND_TOGGLE ? !a->goes_on : kind == COMMAND_RESUME;
        return 1;
    }
    return app_send_command(a, &c);
}

int app_send_text(struct app *a, enum command_kind kind, const char *text)
{
    struct command c = {.kind = kind};

    text_copy(c.text, sizeof c.text, text);
    return app_send_command(a, &c);
}

int app_is_own_file(const struct app *a, const char *file)
{
    return strcmp(file, a->saved_file) == 0 || (a->model.checkpoint && strcmp(file, a->model.checkpoint) == 0);
}

void app_await_saved(struct app *a, const char *file)
{
    a->saving = a->sent;
    app_say(a, 0, "saving as %s", file);
}

void app_save(struct app *a, const char *file)
{
    if (!app_send_text(a, COMMAND_SAVE, file))
        return;
    if (*file)
        text_copy(a->saved_file, sizeof a->saved_file, file);
    app_await_saved(a, *file ? file : a->model.checkpoint);
}

int app_set(struct app *a, const struct command *c)
{
    if (!app_send_command(a, c))
        return 0;
    a->pending[c->knob] = (struct pending){1, a->model.snapshot->run, c->setting, a->sent};
    knobs_set(&a->model.knobs, c->knob, &c->setting, NULL);
    return 1;
}

int app_is_training(const struct app *a)
{
    enum run_status s = a->model.snapshot->status;

    return s == RUN_TRAINING || s == RUN_EVALUATING;
}

/* A click or the wheel goes to the pane it points at. */
static void focus_at(struct app *a, int x, int y)
{
    struct layout l = app_layout(a, a->w, a->h);

    for (int i = 0; i < view_panes(view_shown(&a->model)); i++) {
        struct rect r = l.pane[i];
        if (x < r.x || x >= r.x + r.w || y < r.y || y >= r.y + r.h)
            continue;
        a->gripped &= a->model.ui.focus == i;
        a->model.ui.focus = i;
    }
}

unsigned app_handle(struct app *a, const struct event *event)
{
    struct ui *ui = &a->model.ui;
    const struct key_binding *row;
    struct key_list active;
    uint32_t key = key_meant(event->key);
    int mouse = key == INPUT_PRESS || key == INPUT_DRAG || key == INPUT_WHEEL_UP || key == INPUT_WHEEL_DOWN;

    if (!mouse && ui->mode != MODE_RESTART && ui->mode != MODE_ASK)
        ui->message[0] = '\0';
    if (key != INPUT_WHEEL_UP && key != INPUT_WHEEL_DOWN)
        a->gripped = 0;
    a->by_mouse = mouse;
    if (mouse)
        a->mouse_x = event->x, a->mouse_y = event->y;
    if (mouse && key != INPUT_DRAG && ui->mode == MODE_NORMAL)
        focus_at(a, event->x, event->y);
    keys_active(&a->model, &active);
    row = keys_find(&active, key);
    if (row)
        return row->act(a, row->by) | REACT_DRAW;
    if ((ui->mode == MODE_TYPING || ui->mode == MODE_COMMAND || ui->mode == MODE_FILTER) && key < INPUT_UP && text_columns(key) >= 0)
        action_typed(a, key);
    return REACT_DRAW;
}

static void draw_part(const struct model *m, struct canvas *c, struct rect r,
                      void (*draw)(const struct model *m, struct canvas *c))
{
    struct canvas part = canvas_part(c, r);

    if (r.w > 0)
        draw(m, &part);
}

void app_draw(const struct app *a, struct canvas *c)
{
    struct model shown = a->model;
    const struct model *m = &shown;
    struct layout l = app_layout(a, c->w, c->h);

    shown.curvature = past_curvature_of(&a->model, &no_curvature);
    c->colormap = m->ui.colormap;
    c->mosaic = c->charset == CHARSET_BRAILLE ? m->ui.mosaic : MOSAIC_NONE;
    canvas_clear(c);
    if (l.too_small) {
        small_draw(m, c);
        return;
    }
    draw_part(m, c, l.status, status_draw);
    draw_part(m, c, l.footer, footer_draw);
    if (l.beside.w > 0)
        draw_part(m, c, l.beside, beside(a)->draw);
    for (int i = 0; view_shown(m)->panes[i]; i++)
        draw_part(m, c, l.pane[i], view_shown(m)->panes[i]->draw);
    if (m->ui.mode == MODE_TYPING || m->ui.mode == MODE_COMMAND || (m->ui.mode == MODE_NORMAL && m->ui.wrapped))
        remark_draw(m, c);
    if (m->ui.mode == MODE_COMPARE) {
        struct canvas part = canvas_part(c, (struct rect){0, 1, c->w, c->h - 2});
        compare_menu_draw(m, &part);
    }
    if (m->ui.mode == MODE_TESTCARD) {
        struct canvas part = canvas_part(c, (struct rect){0, 1, c->w, c->h - 2});
        testcard_draw(m, &part);
    }
    if (m->ui.mode == MODE_HELP || (m->ui.mode == MODE_FILTER && m->ui.filtering == FILTER_HELP)) {
        struct canvas part = canvas_part(c, (struct rect){0, 1, c->w, c->h - 2});
        help_draw(m, &part);
    }
}
