/* SPDX-License-Identifier: MIT */
#include "runs/recorded.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/overlay.h"
#include "core/clock.h"
#include "core/text.h"
#include "runs/panes.h"

enum { ROWS_READ = 20000 }; /* of a curve, at most: longer ones are read in part */

struct recorded *recorded_of(const struct model *m)
{
    return view_state(m, &runs_view);
}

static int open_store(struct store **s, struct err *e)
{
    char *path = store_path();
    int r = path ? store_open(s, path, STORE_READ, e)
                 : err_set(e, ERR_RUNTIME, "no place for the store: neither XDG_DATA_HOME nor HOME is set");

    free(path);
    return r;
}

/* ---- curves --------------------------------------------------------------------------------- */

struct averaging {
    struct recorded_line *line;
    int64_t per_point, seen; /* rows of a point */
    double sum;
};

static int add_point(void *context, const struct store_point *p)
{
    struct averaging *a = context;
    struct recorded_line *l = a->line;

    a->sum += p->loss;
    if (++a->seen < a->per_point || l->count == RECORDED_POINTS)
        return 0;
    l->x[l->count] = (double)p->step;
    l->y[l->count++] = (float)(a->sum / (double)a->seen);
    a->seen = 0;
    a->sum = 0;
    return 0;
}

static int add_evaluation(void *context, const struct store_evaluation *v)
{
    struct averaging *a = context;
    struct recorded_line *l = a->line;

    if (++a->seen < a->per_point || l->count == RECORDED_POINTS)
        return 0;
    l->x[l->count] = (double)v->step;
    l->y[l->count++] = (float)v->loss;
    a->seen = 0;
    return 0;
}

static int count_evaluation(void *context, const struct store_evaluation *v)
{
    (void)v;
    ++*(int64_t *)context;
    return 0;
}

static int64_t share_of(int64_t rows)
{
    return rows / RECORDED_POINTS + 1;
}

static int read_curve(struct store *s, const struct store_run *run, struct recorded_curve *c, struct err *e)
{
    int64_t every = run->steps / ROWS_READ + 1, evaluations = 0;
    struct averaging losses = {.line = &c->loss, .per_point = share_of(run->steps / every)}, validation = {.line = &c->validation};
    int r;

    memset(c, 0, sizeof *c);
    c->run = run->id;
    c->steps = run->steps;
    text_copy(c->name, sizeof c->name, run->name);
    r = store_points(s, run->id, every, add_point, &losses, e);
    if (r == 0)
        r = store_evaluations(s, run->id, count_evaluation, &evaluations, e);
    validation.per_point = share_of(evaluations);
    return r ? r : store_evaluations(s, run->id, add_evaluation, &validation, e);
}

/* What was read before and has not changed is kept. */
static int take_curve(struct store *s, const struct store_run *run, const struct recorded_curve *before, int count,
                      struct recorded_curve *to, struct err *e)
{
    for (int i = 0; i < count; i++)
        if (before[i].run == run->id && before[i].steps == run->steps) {
            *to = before[i];
            text_copy(to->name, sizeof to->name, run->name);
            return 0;
        }
    return read_curve(s, run, to, e);
}

/* ---- settings ------------------------------------------------------------------------------- */

/* For a reader: "3e-3"; edited, "1e-3→3e-3". "–": not recorded. */
static void show_course(char *out, size_t size, const struct store_course *c, enum knob_id id)
{
    char shown[2][KNOB_VALUE_SIZE] = {"–", "–"};
    const char *value[2] = {c->first, c->last};
    struct knobs k;
    struct err e;

    for (int i = 0; i < 2; i++) {
        knobs_standard(&k);
        if (*value[i] && knobs_parse(&k, id, value[i], &e) == 0)
            knobs_show(&k, id, shown[i], sizeof shown[i]);
    }
    if (c->edits)
        snprintf(out, size, "%.*s→%.*s", RECORDED_SETTING, shown[0], RECORDED_SETTING, shown[1]);
    else
        snprintf(out, size, "%.*s", RECORDED_SETTING, shown[0]);
}

struct courses {
    struct store_course of[KNOB_COUNT];
};

static int is_same(const struct courses *all, int count, int id)
{
    for (int i = 1; i < count; i++)
        if (!store_course_same(&all[0].of[id], &all[i].of[id]))
            return 0;
    return 1;
}

/* " · batch size 512, 64" at the end of what is there, the last of all first; as far as it fits. */
static void add_difference(char *out, size_t size, const struct courses *all, int count, int id)
{
    char shown[2 * RECORDED_SETTING + 8];
    size_t used = strlen(out);

    used += (size_t)snprintf(out + used, size - used, "%s%s ", *out ? " · " : "", knob_row((enum knob_id)id)->title);
    for (int i = count - 1; i >= 0 && used < size; i--) {
        show_course(shown, sizeof shown, &all[i].of[id], (enum knob_id)id);
        used += (size_t)snprintf(out + used, size - used, "%s%s", i < count - 1 ? ", " : "", shown);
    }
}

/* The settings in which the runs whose curves are shown differ, from the start or by edits. */
static int find_differences(struct store *s, struct recorded *r, struct err *e)
{
    struct courses *all = calloc(RECORDED_CURVES, sizeof *all);
    int result = all ? 0 : err_memory(e, "the settings of recorded runs", RECORDED_CURVES * sizeof *all);

    r->differs[0] = '\0';
    for (int i = 0; i < r->curves && result == 0; i++)
        result = store_courses(s, r->curve[i].run, all[i].of, e);
    for (int id = 0; id < KNOB_COUNT && result == 0 && r->curves > 1; id++)
        if (!is_same(all, r->curves, id) && strlen(r->differs) + 1 < sizeof r->differs)
            add_difference(r->differs, sizeof r->differs, all, r->curves, id);
    free(all);
    return result;
}

/* ---- both ----------------------------------------------------------------------------------- */

static int take_curves(struct store *s, struct recorded *r, struct err *e)
{
    struct recorded_curve *before = malloc(sizeof r->curve);
    const struct store_run *chosen = recorded_chosen(r);
    int count = r->curves, result = 0;

    if (!before)
        return err_memory(e, "the curves of recorded runs", sizeof r->curve);
    memcpy(before, r->curve, sizeof r->curve);
    r->curves = 0;
    for (size_t i = 0; i < r->runs && r->curves < RECORDED_CURVES - 1 && result == 0; i++)
        if (r->run[i].marked && &r->run[i] != chosen)
            result = take_curve(s, &r->run[i], before, count, &r->curve[r->curves++], e);
    if (chosen && result == 0)
        result = take_curve(s, chosen, before, count, &r->curve[r->curves++], e);
    free(before);
    return result ? result : find_differences(s, r, e);
}

void recorded_read_curves(struct recorded *r)
{
    struct store *s = NULL;

    r->problem = (struct err){0};
    if (open_store(&s, &r->problem) == 0)
        take_curves(s, r, &r->problem);
    store_close(s);
}

const struct recorded_curve *recorded_curve(const struct recorded *r, int64_t run)
{
    for (int i = 0; i < r->curves; i++)
        if (r->curve[i].run == run)
            return &r->curve[i];
    return NULL;
}

/* The letter's place, −1: it is not of this lab. */
static int live_place(const struct recorded *r, int64_t run)
{
    for (int i = 0; i < RECORDER_PLACES; i++)
        if (r->live[i] && r->live[i] == run)
            return i;
    return -1;
}

/* Curves of other runs choose in the order of their ids: the colour that the id has, or the next one that is free. */
static int choose_colour(const struct recorded *r, int64_t run, int colours, const int of_letter[RECORDER_PLACES])
{
    int taken[RECORDED_CURVES] = {0}, colour = (int)(run % colours);

    for (int i = 0; i < r->curves; i++)
        if (live_place(r, r->curve[i].run) >= 0)
            taken[of_letter[live_place(r, r->curve[i].run)]] = 1;
    for (int64_t before = 0, next; before < run; before = next) {
        next = run;
        for (int i = 0; i < r->curves; i++)
            if (r->curve[i].run > before && r->curve[i].run < next && live_place(r, r->curve[i].run) < 0)
                next = r->curve[i].run;
        for (colour = (int)(next % colours); taken[colour];)
            colour = (colour + 1) % colours;
        taken[colour] = 1;
    }
    return colour;
}

enum style recorded_style(const struct recorded *r, const struct recorded_curve *c)
{
    static const enum style styles[RECORDED_CURVES] = {STYLE_SERIES_1, STYLE_SERIES_2, STYLE_SERIES_3,
                                                       STYLE_SERIES_4, STYLE_SERIES_5, STYLE_SERIES_6};
    static const int of_letter[RECORDER_PLACES] = {0, 1, 3, 2}; /* the same colours */
    int place = live_place(r, c->run);

    return place >= 0 ? overlay_style(place) : styles[choose_colour(r, c->run, RECORDED_CURVES, of_letter)];
}

/* ---- runs ----------------------------------------------------------------------------------- */

void recorded_read(struct recorded *r)
{
    const struct store_query query = {.sort = r->sort, .reverse = r->reverse};
    struct store *s = NULL;
    struct store_run *list = NULL;
    size_t count = 0;

    r->problem = (struct err){0};
    r->read = clock_seconds();
    r->unread = 1;
    for (int i = 0; i < RECORDER_PLACES; i++)
        r->live[i] = recorder_run(r->recorder, i);
    if (open_store(&s, &r->problem) == 0 && store_list(s, &query, &list, &count, &r->problem) == 0) {
        free(r->run);
        r->run = list;
        r->runs = count;
        if (!recorded_chosen(r))
            r->chosen = count ? list[0].id : 0;
        take_curves(s, r, &r->problem);
    }
    store_close(s);
}

const struct store_run *recorded_chosen(const struct recorded *r)
{
    for (size_t i = 0; i < r->runs; i++)
        if (r->run[i].id == r->chosen)
            return &r->run[i];
    return NULL;
}

int recorded_shows(const struct model *m, const struct store_run *run)
{
    return model_shows(m, FILTER_RUNS, run->name) || model_shows(m, FILTER_RUNS, run->recipe) ||
           model_shows(m, FILTER_RUNS, run->data) || model_shows(m, FILTER_RUNS, run->network) ||
           model_shows(m, FILTER_RUNS, run->status) || model_shows(m, FILTER_RUNS, run->note);
}

int recorded_shown(const struct model *m)
{
    const struct recorded *r = recorded_of(m);
    int shown = 0;

    for (size_t i = 0; i < r->runs; i++)
        shown += recorded_shows(m, &r->run[i]);
    return shown;
}

int recorded_place(const struct model *m)
{
    const struct recorded *r = recorded_of(m);
    int place = 0;

    for (size_t i = 0; i < r->runs; i++) {
        if (r->run[i].id == r->chosen)
            return recorded_shows(m, &r->run[i]) ? place : -1;
        place += recorded_shows(m, &r->run[i]);
    }
    return -1;
}

int recorded_change(struct app *a, int (*change)(struct store *s, void *context, struct err *e), void *context)
{
    struct store *s = NULL;
    struct err e = {0};
    int r = open_store(&s, &e);

    if (r == 0)
        r = change(s, context, &e);
    store_close(s);
    if (r)
        app_say(a, 1, "%s", e.text);
    else
        recorded_read(recorded_of(&a->model));
    return r;
}
