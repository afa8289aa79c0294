/* SPDX-License-Identifier: MIT */
#include "trainer/probe-job.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/text.h"

static int tell(void *context, const char *what, int done, int of)
{
    struct probe_job *p = context;

    background_report(p->job.background, what, done, of);
    return atomic_load(background_cancelled(p->job.background));
}

static void keep_found(void *context, const struct probe_report *so_far)
{
    struct probe_job *p = context;

    if (!so_far->whole)
        p->product_seconds = (clock_seconds() - p->started) / (so_far->hessian.products + 1);
    if (!p->series && probe_copy_pairs(so_far, &p->early, NULL) == 0)
        atomic_store(&p->found, 1);
}

static int work(struct background_job *job, struct err *e)
{
    struct probe_job *p = (struct probe_job *)job;
    struct probe_ask *a = &p->point->ask;

    a->cancel = background_cancelled(job->background);
    a->progress = tell;
    a->found = keep_found;
    a->context = p;
    return probe_job_run(p, background_pool(job->background), e);
}

/* What cannot be known for want of memory or data is no error of the probe. */
static int look_ahead(struct probe_job *p, struct pool *pool, struct err *e)
{
    const struct probe_ask *a = &p->point->ask;
    int r;

    if (!p->copy)
        return 0;
    if (a->progress && a->progress(a->context, "next step", 0, 0))
        return err_set(e, ERR_CANCELLED, "cancelled");
    run_use_pool(p->copy, pool);
    run_watch(p->copy, a->cancel, NULL);
    r = step_ahead_look(p->copy, a, p->series ? STEP_AHEAD_FEW : STEP_AHEAD_BATCHES, &p->ahead, e);
    run_free(p->copy);
    p->copy = NULL;
    return r == -ERR_CANCELLED ? r : 0;
}

int probe_job_run(struct probe_job *p, struct pool *pool, struct err *e)
{
    int r;

    p->started = clock_seconds();
    p->point->ask.pool = pool;
    r = probe_run(&p->point->ask, &p->report, e);
    if (r == 0)
        r = look_ahead(p, pool, e);
    p->seconds = clock_seconds() - p->started;
    return r;
}

/* What is worked out: escapes step along the lowest eigenvector, so that a replay has to ask for the same. */
static void fill_ask(struct probe_job *p, const struct run *l)
{
    struct probe_ask *a = &p->point->ask;

    a->top = a->bottom = p->series ? 1 : (int)run_knobs(l)->value[KNOB_PROBE_PAIRS];
    a->vectors = 1;
    a->ends_only = p->series;
    a->most_products = p->series ? PROBE_SERIES_PRODUCTS : 0;
    a->trace_samples = p->series ? PROBE_SERIES_SAMPLES : 0;
    a->density = (p->with & CURVATURE_WITH_DENSITY) != 0;
    a->blocks = (p->with & CURVATURE_WITH_LAYERS) != 0;
    a->gauss_newton = (p->with & CURVATURE_WITH_GAUSS_NEWTON) != 0;
}

int probe_job_new(struct probe_job **out, struct run *l, int series, unsigned with, struct err *e)
{
    struct probe_job *p = calloc(1, sizeof *p);
    int r;

    if (!p)
        return err_memory(e, "a probe", sizeof *p);
    p->job.work = work;
    p->series = series;
    p->with = with;
    p->ahead = STEP_AHEAD_UNKNOWN;
    p->batch_norm = run_network(l)->statistics > 0;
    p->mark = run_mark(l);
    p->marks = run_marks(l);
    r = probe_copy_take(l, &p->point, e);
    if (r == 0)
        r = p->number = run_note_probe(l, series, e);
    if (r < 0) {
        probe_job_free(p);
        return r;
    }
    fill_ask(p, l);
    *out = p;
    return 0;
}

void probe_job_look_ahead(struct probe_job *p, const struct run *l)
{
    struct err none;

    if (run_copy_apart(&p->copy, l, &none) != 0)
        p->copy = NULL;
}

void probe_job_free(struct probe_job *p)
{
    if (!p)
        return;
    run_free(p->copy);
    probe_copy_free(p->point);
    probe_free(&p->report);
    probe_free(&p->early);
    free(p);
}

static double sharpness_of(const struct probe_job *p, const struct probe_report *r)
{
    return p->point->learning_rate * (p->point->stability.preconditioned ? r->preconditioned : r->verdict.highest);
}

double probe_job_sharpness(const struct probe_job *p)
{
    return sharpness_of(p, &p->report);
}

static struct escape_direction *direction_of(const struct probe_job *p, const struct probe_report *r)
{
    const struct probe_pair *lowest = r->hessian.at_bottom;

    if (r->hessian.bottom < 1 || !lowest->vector || !(lowest->value < -r->verdict.zero))
        return NULL;
    return escape_direction_new(p->number, p->point->step, lowest->value, r->parameters, lowest->vector);
}

struct escape_direction *probe_job_direction(const struct probe_job *p)
{
    return direction_of(p, &p->report);
}

struct escape_direction *probe_job_found_direction(const struct probe_job *p)
{
    return direction_of(p, &p->early);
}

int probe_job_found(const struct probe_job *p)
{
    return atomic_load(&p->found);
}

/* ---- the view ------------------------------------------------------------------------------- */

static int show_pairs(struct curvature_pair *to, const struct probe_pair *from, int count)
{
    int n = count < CURVATURE_PAIRS ? count : CURVATURE_PAIRS;

    for (int i = 0; i < n; i++)
        to[i] = (struct curvature_pair){from[i].value, from[i].residual, from[i].converged};
    return n;
}

static void show_spectrum(const struct probe_report *r, struct curvature_view *v)
{
    v->top_count = show_pairs(v->top, r->hessian.at_top, r->hessian.top);
    v->bottom_count = show_pairs(v->bottom, r->hessian.at_bottom, r->hessian.bottom);
    v->gauss_newton_count = show_pairs(v->gauss_newton, r->gauss_newton.at_top, r->gauss_newton.top);
    v->whole = r->whole;
    v->may_miss = r->hessian.may_miss;
    v->values = r->whole && r->values <= CURVATURE_VALUES ? r->values : 0;
    for (int i = 0; i < v->values; i++)
        v->value[i] = r->value[i];
    v->trace = r->trace;
    v->trace_error = r->trace_error;
    v->verdict = r->verdict;
    verdict_words(&r->verdict, v->words, sizeof v->words);
}

/* As a curve, a hundredth of the range wide: one node of the quadrature is one bell. */
static void show_density(const struct density *d, struct curvature_view *v)
{
    double range;

    v->density_points = 0;
    if (d->count == 0)
        return;
    range = fmax(d->value[d->count - 1] - d->value[0], 1e-12);
    v->density_width = range / 100;
    v->density_low = d->value[0] - 3 * v->density_width;
    v->density_high = d->value[d->count - 1] + 3 * v->density_width;
    v->density_points = CURVATURE_DENSITY;
    density_f.smooth(d, v->density_low, v->density_high, v->density_width, v->density_points, v->density);
}

static void show_layers(const struct probe_job *p, const struct probe_report *r, struct curvature_view *v)
{
    v->layers = r->blocks < CURVATURE_LAYERS ? r->blocks : CURVATURE_LAYERS;
    for (int i = 0; i < v->layers; i++) {
        const struct probe_block *b = &r->block[i];
        v->layer[i] = (struct curvature_layer){.parameters = b->parameters,
                                               .highest = b->highest,
                                               .residual = b->residual,
                                               .converged = b->converged,
                                               .trace = b->trace,
                                               .trace_error = b->trace_error};
        snprintf(v->layer[i].name, sizeof v->layer[i].name, "%d %s", b->layer, p->point->spec.layer[b->layer].kind);
    }
}

static void show_edge(const struct probe_job *p, const struct probe_report *r, struct curvature_view *v)
{
    text_copy(v->optimizer, sizeof v->optimizer, p->point->optimizer);
    v->learning_rate = p->point->learning_rate;
    v->sharpness = sharpness_of(p, r);
    v->stability_limit = p->point->stability.limit;
    v->preconditioned = p->point->stability.preconditioned;
}

static void show(const struct probe_job *p, const struct probe_report *r, struct curvature_view *v)
{
    v->known = 1;
    v->step = p->point->step;
    v->average = p->point->average;
    v->epoch = p->point->epoch;
    v->seconds = r == &p->report ? p->seconds : NAN;
    v->frames = p->point->batch.examples * p->point->batch.answers;
    v->parameters = r->parameters;
    v->loss = r->loss;
    v->gradient_norm = r->gradient_norm;
    v->gradient_curvature = r->gradient_curvature;
    show_spectrum(r, v);
    show_density(&r->density, v);
    v->shares = r->density.shares;
    v->gauss_newton_shares = r->gauss_newton_density.shares;
    v->product_seconds = p->product_seconds;
    show_layers(p, r, v);
    show_edge(p, r, v);
}

static void show_step(const struct probe_job *p, struct curvature_step *to)
{
    *to = (struct curvature_step){.known = isfinite(p->ahead.own.length),
                                  .step = p->point->step,
                                  .learning_rate = p->point->learning_rate,
                                  .figures = p->ahead,
                                  .stability = p->point->stability,
                                  .batch_norm = p->batch_norm};
    text_copy(to->optimizer, sizeof to->optimizer, p->point->optimizer);
}

void probe_job_show(const struct probe_job *p, struct curvature_view *v)
{
    const struct probe_report *r = &p->report;

    v->latest = (struct curvature_point){p->point->step, r->verdict.highest, r->verdict.lowest, r->trace,
                                         probe_job_sharpness(p), r->gradient_norm};
    show_step(p, &v->next);
    if (!p->series)
        show(p, r, v);
}

void probe_job_show_found(const struct probe_job *p, struct curvature_view *v)
{
    show(p, &p->early, v);
}
