/* SPDX-License-Identifier: MIT */
#include "trainer/landscape-job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/text.h"
#include "landscape/bezier.h"
#include "run/checkpoint.h"

static const double SHOW_SECONDS = .1;
enum { CURVE_SEED = 1 }; /* other examples than those of the probe batch, but for chance */

/* ---- the picture ---------------------------------------------------------------------------- */

static void show_side(const struct landscape_axis *a, const struct landscape_direction *d, struct landscape_side *s)
{
    *s = (struct landscape_side){.points = a->points,
                                 .zero = a->zero,
                                 .lo = landscape_axis_at(a, 0),
                                 .hi = landscape_axis_at(a, a->points - 1),
                                 .direction = *d};
}

/* Points of an axis on the level of a stride: see landscape-grid.h. */
static int on_level(const struct landscape_axis *a, int stride)
{
    int count = 0;

    for (int i = 0; i < a->points && stride > 0; i++)
        count += i == 0 || i == a->points - 1 || (i - a->zero) % stride == 0;
    return count;
}

static void show_place(const struct landscape_grid *g, int at, double place[2])
{
    place[0] = landscape_axis_at(&g->x, at % g->x.points);
    place[1] = landscape_axis_at(&g->y, at / g->x.points);
}

static void show_heights(const struct landscape_grid *g, struct landscape_view *v)
{
    int lowest, highest, here = g->y.zero * g->x.points + g->x.zero;

    v->columns = on_level(&g->x, g->stride);
    v->rows = on_level(&g->y, g->stride);
    landscape_grid_picture(g, v->z);
    v->not_finite = 0;
    for (int i = 0; i < g->of; i++)
        v->not_finite += g->known[i] && !isfinite(g->z[i]);
    v->loss = g->known[here] ? g->z[here] : NAN;
    v->least = v->most = NAN;
    if (!landscape_grid_extent(g, &v->least, &v->most, &lowest, &highest))
        return;
    show_place(g, lowest, v->least_at);
    show_place(g, highest, v->most_at);
}

static void show_path(const struct landscape_job *s, const struct landscape *l, struct landscape_view *v)
{
    int n = l->path_points < LANDSCAPE_VIEW_PATH ? l->path_points : LANDSCAPE_VIEW_PATH, skip = l->path_points - n;

    v->path_points = n;
    for (int i = 0; i < n; i++) {
        memcpy(v->path[i], l->path[skip + i], sizeof v->path[i]);
        v->path_point[i] = l->path_point[skip + i];
        v->path_step[i] = skip + i < s->path.count ? s->path.step[skip + i] : 0;
    }
}

static void show_curve(const struct landscape *l, struct landscape_view *v)
{
    v->curve_points = l->curve && l->grid.x.points <= LANDSCAPE_VIEW_CURVE ? l->grid.x.points : 0;
    for (int i = 0; i < v->curve_points; i++)
        v->curve[i] = (float)l->curve[i];
    v->line_barrier = l->line_barrier;
    v->curve_barrier = l->curve_barrier;
}

static void show(struct landscape_job *s, const struct landscape *l, int whole)
{
    struct landscape_view *v = mailbox_draft(&s->pictures);

    v->known = 1;
    v->whole = whole;
    v->plan = s->plan;
    v->step = s->point->step;
    v->average = s->point->average;
    v->epoch = s->point->epoch;
    v->seconds = clock_seconds() - s->began;
    v->frames = s->point->batch.examples * s->point->batch.answers;
    v->parameters = l->parameters;
    v->axes = l->axes;
    show_side(&l->grid.x, &l->direction[0], &v->x);
    show_side(&l->grid.y, &l->direction[1], &v->y);
    show_heights(&l->grid, v);
    v->feet = l->feet;
    memcpy(v->foot, l->foot, sizeof v->foot);
    for (int i = 0; i < 2 && !whole; i++)
        v->foot[i].sharpness.percent = NAN; /* no climb has ended */
    show_path(s, l, v);
    show_curve(l, v);
    mailbox_publish(&s->pictures);
    s->shown = clock_seconds();
    s->stride = l->grid.stride;
}

const struct landscape_view *landscape_job_picture(struct landscape_job *s)
{
    int fresh;
    const struct landscape_view *v = mailbox_latest(&s->pictures, &fresh);

    return fresh ? v : NULL;
}

/* ---- the work ------------------------------------------------------------------------------- */

/* A level that has become whole is shown at once, what comes between now and then. */
static int tell(void *context, const struct landscape *l, const char *what, int done, int of)
{
    struct landscape_job *s = context;

    background_report(s->job.background, what, done, of);
    if (l->grid.stride > 0 && (l->grid.stride != s->stride || clock_seconds() - s->shown >= SHOW_SECONDS))
        show(s, l, 0);
    return atomic_load(background_cancelled(s->job.background));
}

static int work(struct background_job *job, struct err *e)
{
    struct landscape_job *s = (struct landscape_job *)job;
    struct landscape_ask ask = {
        .point = s->point->ask,
        .wish = {.kind = s->plan.kind,
                 .axes = s->plan.axes,
                 .points = landscape_plan_points(&s->plan),
                 .extent = s->plan.extent,
                 .epsilon = s->plan.epsilon,
                 .seed = s->plan.seed,
                 .progress = tell,
                 .context = s},
        .other = s->other,
        .other_statistics = s->other_statistics,
        .path_points = s->path.count,
        .path = (const float *const *)s->path.theta,
        .train = s->train.examples > 0 ? &s->train : NULL,
    };
    struct landscape l;
    int r;

    s->began = clock_seconds();
    ask.point.pool = background_pool(job->background);
    ask.point.cancel = background_cancelled(job->background);
    r = landscape_run(&ask, &l, e);
    if (r == 0)
        show(s, &l, 1);
    landscape_free(&l);
    return r;
}

/* ---- its making ----------------------------------------------------------------------------- */

static int is_alike(const struct network *a, const struct network *b)
{
    int alike = a->parameters == b->parameters && a->statistics == b->statistics && a->places == b->places;

    for (int i = 0; alike && i < a->places; i++)
        alike = strcmp(a->place[i].name, b->place[i].name) == 0 && a->place[i].count == b->place[i].count;
    return alike;
}

/* Where another run stands. */
static int take_run(struct landscape_job *s, const struct run *l, const struct run *other, struct err *e)
{
    const struct network *n = run_network(l);

    if (!is_alike(n, run_network(other)))
        return err_set(e, ERR_INPUT, "%s has a network of another shape: no line leads there", s->plan.file);
    memcpy(s->other, run_shown_theta(other), sizeof *s->other * (size_t)n->parameters);
    memcpy(s->other_statistics, run_shown_statistics(other), sizeof *s->other * (size_t)n->statistics);
    return 0;
}

static int take_end(struct landscape_job *s, const struct run *l, const struct run *other, struct err *e)
{
    struct checkpoint c = {0};
    int64_t n = run_network(l)->parameters + run_network(l)->statistics;
    int r;

    s->other = malloc(sizeof *s->other * (size_t)n + 1);
    if (!s->other)
        return err_memory(e, "the end of a line", sizeof *s->other * (unsigned long long)n);
    s->other_statistics = s->other + run_network(l)->parameters;
    if (other)
        return take_run(s, l, other, e);
    r = checkpoint_open(&c, s->plan.file, e);
    text_copy(s->unknown, sizeof s->unknown, c.unknown);
    if (r == 0)
        r = checkpoint_weights(&c, run_network(l), s->other, s->other_statistics, e);
    checkpoint_close(&c);
    return r;
}

int landscape_job_new(struct landscape_job **out, struct run *l, const struct landscape_plan *plan,
                        const struct run *other, const struct trajectory *path, struct err *e)
{
    struct landscape_job *s = calloc(1, sizeof *s);
    int r = 0;

    if (!s)
        return err_memory(e, "a landscape", sizeof *s);
    s->job.work = work;
    s->plan = *plan;
    if (mailbox_init(&s->pictures, sizeof(struct landscape_view)) != 0)
        r = err_memory(e, "the pictures of a landscape", 3 * sizeof(struct landscape_view));
    if (r == 0)
        r = probe_copy_take(l, &s->point, e);
    if (r == 0 && landscape_kind_joins((int)plan->kind))
        r = take_end(s, l, other, e);
    if (r == 0 && plan->kind == LANDSCAPE_CURVE)
        r = probe_input_batch(l, run_source(l, RUN_TRAIN), BEZIER_FRAMES, CURVE_SEED, &s->train, e);
    if (r == 0 && !landscape_kind_joins((int)plan->kind) && (plan->axes == 2 || plan->kind == LANDSCAPE_PCA))
        r = trajectory_copy_to(path, run_counters(l)->step, run_shown_theta(l), &s->path, e);
    if (r) {
        landscape_job_free(s);
        return r;
    }
    *out = s;
    return 0;
}

void landscape_job_free(struct landscape_job *s)
{
    if (!s)
        return;
    probe_copy_free(s->point);
    free(s->other);
    probe_batch_free(&s->train);
    trajectory_free(&s->path);
    mailbox_free(&s->pictures);
    free(s);
}
