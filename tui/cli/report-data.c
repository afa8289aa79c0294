/* SPDX-License-Identifier: MIT */
/* What a report says of a run, read from the store. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/report.h"
#include "cli/runs.h"
#include "core/text.h"

/* ---- curves --------------------------------------------------------------------------------- */

static int add_point(struct report_curve *c, double step, double value)
{
    if (c->count == c->room) {
        int room = c->room ? 2 * c->room : 256;
        double *x = realloc(c->step, sizeof *x * (size_t)room);
        float *y;
        if (x)
            c->step = x;
        y = x ? realloc(c->value, sizeof *y * (size_t)room) : NULL;
        if (!y)
            return -1;
        c->value = y;
        c->room = room;
    }
    c->step[c->count] = step;
    c->value[c->count++] = (float)value;
    return 0;
}

struct gathering {
    struct report_run *r;
    double sum[REPORT_TRACKS];
    int64_t in, last;
    int failed;
};

/* The mean of the steps gathered so far is a point. */
static void end_bucket(struct gathering *g)
{
    for (int i = 0; i < REPORT_TRACKS && g->in; i++) {
        g->failed |= add_point(&g->r->track[i], (double)g->last, g->sum[i] / (double)g->in) != 0;
        g->sum[i] = 0;
    }
    g->in = 0;
}

static int gather_point(void *context, const struct store_point *p)
{
    struct gathering *g = context;
    const double values[REPORT_TRACKS] = {
        [TRACK_TRAIN_LOSS] = p->loss,
        [TRACK_TRAIN_ACCURACY] = p->accuracy,
        [TRACK_LEARNING_RATE] = p->learning_rate,
        [TRACK_GRADIENT_NORM] = p->gradient_norm,
    };

    for (int i = 0; i < REPORT_TRACKS; i++)
        g->sum[i] += values[i];
    g->last = p->step;
    if (++g->in >= g->r->steps_a_point)
        end_bucket(g);
    return g->failed;
}

static int gather_evaluation(void *context, const struct store_evaluation *v)
{
    struct gathering *g = context;

    g->failed |= add_point(&g->r->validation[MEASURE_LOSS], (double)v->step, v->loss) != 0;
    g->failed |= add_point(&g->r->validation[MEASURE_ACCURACY], (double)v->step, v->accuracy) != 0;
    return g->failed;
}

/* ---- tables --------------------------------------------------------------------------------- */

/* One more row of these cells, whose last is followed by NULL. */
static int add_row(struct report_table *t, const char *const *cells)
{
    char **cell;

    for (t->columns = 0; cells[t->columns];)
        t->columns++;
    cell = realloc(t->cell, sizeof *cell * (size_t)((t->rows + 1) * t->columns));
    if (!cell) {
        t->failed = 1;
        return 1;
    }
    t->cell = cell;
    for (int i = 0; i < t->columns; i++) {
        cell[t->rows * t->columns + i] = strdup(cells[i]);
        t->failed |= !cell[t->rows * t->columns + i];
    }
    t->rows++;
    return t->failed;
}

static int add_setting(void *table, const struct store_setting *t)
{
    const char *const cells[] = {t->name, t->value ? t->value : "", t->set ? "" : "default", NULL};

    return add_row(table, cells);
}

static int add_edit(void *table, const struct store_edit *d)
{
    char step[TEXT_COUNT];
    const char *const cells[] = {step, d->setting, d->before ? d->before : "", d->after ? d->after : "", NULL};

    text_count(step, sizeof step, (uint64_t)d->step);
    return add_row(table, cells);
}

static void short_number(char out[32], double v)
{
    if (isfinite(v))
        snprintf(out, 32, "%.4g", v);
    else
        text_copy(out, 32, "–");
}

static int add_probe(void *table, const struct store_probe *p)
{
    char step[TEXT_COUNT], number[4][32];
    const char *const cells[] = {step, number[0], number[1], number[2], number[3], NULL};

    text_count(step, sizeof step, (uint64_t)p->step);
    short_number(number[0], p->highest);
    short_number(number[1], p->lowest);
    short_number(number[2], p->trace);
    short_number(number[3], p->sharpness);
    return add_row(table, cells);
}

static int add_event(void *table, const struct store_event *v)
{
    char step[TEXT_COUNT];
    const char *const cells[] = {step, v->text ? v->text : "", NULL};

    text_count(step, sizeof step, (uint64_t)v->step);
    return add_row(table, cells);
}

static int add_look(void *table, const struct store_look *l)
{
    char when[32], accuracy[32];
    const char *const cells[] = {runs_when(when, l->time), l->source ? l->source : "", accuracy, NULL};

    snprintf(accuracy, sizeof accuracy, "%.4f", l->accuracy);
    return add_row(table, cells);
}

static void free_table(struct report_table *t)
{
    for (int i = 0; i < t->rows * t->columns; i++)
        free(t->cell[i]);
    free(t->cell);
}

static int failed_tables(const struct report_run *r)
{
    return r->settings.failed || r->edits.failed || r->probes.failed || r->events.failed || r->looks.failed;
}

/* ---- a run ---------------------------------------------------------------------------------- */

int report_read(struct report_run *r, struct store *s, const char *name, struct err *e)
{
    struct gathering g = {.r = r};
    int64_t steps;
    int bad = store_find(s, name, &r->run, e);

    if (bad)
        return bad;
    steps = r->run.steps - r->run.first_step;
    r->steps_a_point = steps > REPORT_POINTS ? (steps + REPORT_POINTS - 1) / REPORT_POINTS : 1;
    bad = store_points(s, r->run.id, 1, gather_point, &g, e);
    end_bucket(&g);
    if (bad == 0)
        bad = store_evaluations(s, r->run.id, gather_evaluation, &g, e);
    if (bad == 0)
        bad = store_settings(s, r->run.id, add_setting, &r->settings, e);
    if (bad == 0)
        bad = store_edits(s, r->run.id, add_edit, &r->edits, e);
    if (bad == 0 && !(r->course = calloc(KNOB_COUNT, sizeof *r->course)))
        bad = err_memory(e, "the settings of a run", KNOB_COUNT * sizeof *r->course);
    if (bad == 0)
        bad = store_courses(s, r->run.id, r->course, e);
    if (bad == 0)
        bad = store_probes(s, r->run.id, add_probe, &r->probes, e);
    if (bad == 0)
        bad = store_events(s, r->run.id, add_event, &r->events, e);
    if (bad == 0)
        bad = store_looks(s, r->run.id, add_look, &r->looks, e);
    if (g.failed || failed_tables(r))
        bad = err_memory(e, "the curves of a run", sizeof(float) * REPORT_POINTS);
    return bad;
}

void report_run_free(struct report_run *r)
{
    for (int i = 0; i < REPORT_TRACKS; i++) {
        free(r->track[i].step);
        free(r->track[i].value);
    }
    for (int i = 0; i < REPORT_MEASURES; i++) {
        free(r->validation[i].step);
        free(r->validation[i].value);
    }
    free_table(&r->settings);
    free_table(&r->edits);
    free_table(&r->probes);
    free_table(&r->events);
    free_table(&r->looks);
    free(r->course);
    free(r->journal);
    free(r->session);
}

/* ---- facts ---------------------------------------------------------------------------------- */

static void fact_when(const struct store_run *r, char *value, size_t size)
{
    char when[32];

    text_copy(value, size, runs_when(when, r->started));
}

static void fact_status(const struct store_run *r, char *value, size_t size)
{
    text_copy(value, size, r->status);
}

static void fact_recipe(const struct store_run *r, char *value, size_t size)
{
    text_copy(value, size, r->recipe);
}

static void fact_data(const struct store_run *r, char *value, size_t size)
{
    snprintf(value, size, "%s (%s)", r->data, r->fingerprint);
}

static void fact_network(const struct store_run *r, char *value, size_t size)
{
    text_copy(value, size, r->network);
}

static void fact_parameters(const struct store_run *r, char *value, size_t size)
{
    text_count(value, size, (uint64_t)r->parameters);
}

static void fact_seed(const struct store_run *r, char *value, size_t size)
{
    snprintf(value, size, "%lld, %lld shards", (long long)r->seed, (long long)r->shards);
}

static void fact_products(const struct store_run *r, char *value, size_t size)
{
    text_copy(value, size, r->products);
}

static void fact_steps(const struct store_run *r, char *value, size_t size)
{
    char steps[TEXT_COUNT];

    text_count(steps, sizeof steps, (uint64_t)r->steps);
    snprintf(value, size, "%s, %.2f epochs", steps, r->epochs);
}

static void fact_validation(const struct store_run *r, char *value, size_t size)
{
    char step[TEXT_COUNT];

    text_count(step, sizeof step, (uint64_t)r->best_step);
    if (isfinite(r->best_accuracy))
        snprintf(value, size, "%.4f at step %s", r->best_accuracy, step);
    else
        text_copy(value, size, "–");
}

static void fact_loss(const struct store_run *r, char *value, size_t size)
{
    char number[32];

    short_number(number, r->best_loss);
    text_copy(value, size, number);
}

static void fact_test(const struct store_run *r, char *value, size_t size)
{
    if (isfinite(r->test_accuracy))
        snprintf(value, size, r->looks == 1 ? "%.4f, looked at once" : "%.4f, looked at %lld times", r->test_accuracy,
                 (long long)r->looks);
    else
        text_copy(value, size, "not looked at");
}

static void fact_note(const struct store_run *r, char *value, size_t size)
{
    text_copy(value, size, r->note);
}

const char *report_fact(const struct report_run *r, int i, char *value, size_t size)
{
    static const struct {
        const char *heading;
        void (*put)(const struct store_run *r, char *value, size_t size);
    } facts[] = {
        {"begun", fact_when},           {"status", fact_status},
        {"recipe", fact_recipe},        {"data", fact_data},
        {"network", fact_network},      {"parameters", fact_parameters},
        {"seed", fact_seed},            {"products", fact_products},
        {"steps", fact_steps},          {"best validation accuracy", fact_validation},
        {"lowest validation loss", fact_loss}, {"test accuracy", fact_test},
        {"note", fact_note},
    };

    if (i < 0 || i >= (int)(sizeof facts / sizeof *facts))
        return NULL;
    facts[i].put(&r->run, value, size);
    return facts[i].heading;
}

static int differs(const struct report *r, int id)
{
    for (int i = 1; i < r->runs; i++)
        if (!store_course_same(&r->run[0].course[id], &r->run[i].course[id]))
            return 1;
    return 0;
}

const char *report_difference(const struct report *r, int k, char value[REPORT_RUNS][STORE_COURSE_TEXT])
{
    for (int id = 0; id < KNOB_COUNT; id++)
        if (differs(r, id) && k-- == 0) {
            for (int i = 0; i < r->runs; i++)
                store_course_text(&r->run[i].course[id], value[i]);
            return knob_row((enum knob_id)id)->name;
        }
    return NULL;
}

const char *report_of_losses(const struct report *r)
{
    for (int i = 0; i < r->runs; i++)
        if (!store_losses_compare(r->run[0].course, r->run[i].course))
            return "Losses of different kinds do not compare: see the setting loss, and the edits.";
    return NULL;
}
