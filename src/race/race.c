/* SPDX-License-Identifier: MIT */
#include "race/race-private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/number.h"
#include "core/memory.h"
#include "core/rng.h"
#include "core/text.h"
#include "optim/sam.h"

_Static_assert(sizeof(real) == sizeof(double), "the race is compiled in double");

/* ---- a racer's place ------------------------------------------------------------------------- */

static double norm(const double *v, int n)
{
    double square = 0;

    for (int i = 0; i < n; i++)
        square += v[i] * v[i];
    return sqrt(square);
}

/* Loss and gradient at x; 0 when all is finite. */
static int look(const struct surface *s, struct racer *c)
{
    c->loss = s->f(s, c->x, c->gradient, NULL);
    c->gradient_norm = norm(c->gradient, s->n);
    return all_finite(c->x, s->n) && isfinite(c->loss) && isfinite(c->gradient_norm) ? 0 : -1;
}

/* The same after a step, and the slope where the next one begins. */
static int look_after(const struct surface *s, struct racer *c)
{
    const struct optimizer *kind = c->memory->kind;

    memcpy(c->x, kind->average ? c->memory->slot[kind->average - 1] : c->at, (size_t)s->n * sizeof *c->x);
    if (look(s, c) != 0)
        return -1;
    if (kind->average)
        s->f(s, c->at, c->slope, NULL);
    else
        memcpy(c->slope, c->gradient, sizeof c->slope);
    return all_finite(c->at, s->n) && all_finite(c->slope, s->n) ? 0 : -1;
}

static void set_rate(struct racer *c)
{
    double base = c->setup.args.lr * c->memory->schedule.factor;

    c->rate = c->setup.schedule && !c->memory->kind->average
                  ? schedule_rate(c->setup.schedule, &c->setup.schedule_args, base, (double)c->steps, 1)
                  : base;
}

/* A full trail keeps every other point. */
static void thin(struct racer *c)
{
    for (int i = 0; 2 * i < c->points; i++)
        c->trail[i] = c->trail[2 * i];
    c->points = (c->points + 1) / 2;
    c->stride *= 2;
}

static void mark(struct racer *c)
{
    if (c->points == RACE_TRAIL)
        thin(c);
    if (c->steps % c->stride == 0)
        c->trail[c->points++] = (struct racer_point){c->steps, c->loss, {c->x[0], c->x[1]}};
}

/* ---- one step ---------------------------------------------------------------------------------- */

struct asking {
    const struct race *race;
    uint64_t step;
};

static double noise(const struct race *r, uint64_t step, int i)
{
    return r->sigma > 0 ? r->sigma * rng_normal(&r->rng, step, (uint64_t)i) : 0;
}

static double ask(void *context, const real *x, real *gradient)
{
    const struct asking *q = context;
    const struct surface *s = q->race->surface;
    double f = s->f(s, x, gradient, NULL);

    for (int i = 0; i < s->n; i++) {
        double tilt = noise(q->race, q->step, i);
        gradient[i] += tilt;
        f += tilt * x[i];
    }
    return f;
}

/* The tilt has no curvature. */
static int hessian_vector(void *context, const real *x, const real *v, real *out)
{
    const struct surface *s = ((const struct asking *)context)->race->surface;
    double hessian[SURFACE_MOST * SURFACE_MOST];

    s->f(s, x, NULL, hessian);
    for (int i = 0; i < s->n; i++) {
        out[i] = 0;
        for (int k = 0; k < s->n; k++)
            out[i] += hessian[i * s->n + k] * v[k];
    }
    return 0;
}

/* The optimizer's move; −1 when it found nowhere to go. */
static int move(const struct race *r, struct racer *c)
{
    struct racer_memory *m = c->memory;
    real *const slot[] = {m->slot[0], m->slot[1], m->slot[2]};
    struct asking q = {r, c->steps};
    struct optimizer_closure closure = {ask, hessian_vector, &q};
    struct optimizer_args a = c->setup.args;
    size_t n = (size_t)r->surface->n;
    real g[SURFACE_MOST], point[SURFACE_MOST];
    double sum[SURFACE_MOST];
    struct sam_memory sam_memory = {point, sum};

    a.lr = c->rate;
    a.t = c->steps + 1;
    a.part = r->part;
    a.parts = r->parts;
    a.seed = r->rng.seed;
    if (m->kind->step_whole) {
        struct sam_closure sam = {.a = &a, .inner = closure, .n = n, .memory = sam_memory};
        if (a.sam != OPTIMIZER_SAM_OFF)
            closure = R(sam).closure(&sam);
        return isfinite(m->kind->step_whole(&a, &closure, n, c->at, &m->whole)) ? 0 : -1;
    }
    for (int i = 0; i < r->surface->n; i++)
        g[i] = c->slope[i] + noise(r, c->steps, i);
    if (a.sam != OPTIMIZER_SAM_OFF) {
        R(sam).point(&a, n, c->at, g, &sam_memory);
        if (!isfinite(ask(&q, point, g)))
            return -1;
    }
    if (m->kind->step_vector)
        return m->kind->step_vector(&a, &closure, n, c->at, g, &m->whole);
    if (m->kind->begin)
        m->kind->begin(&a, m->scalar);
    m->kind->step(&a, n, c->at, g, slot);
    return 0;
}

static void stop_diverged(struct racer *c)
{
    char step[TEXT_COUNT];

    text_count(step, sizeof step, c->steps + 1);
    snprintf(c->why, sizeof c->why, "%.32s: step %s is not applied: the loss or its gradient is not finite there",
             c->label, step);
    c->state = RACER_DIVERGED;
}

static void step(const struct race *r, struct racer *c)
{
    const struct schedule *schedule = c->setup.schedule;
    double at[SURFACE_MOST], x[SURFACE_MOST];

    memcpy(at, c->at, sizeof at);
    memcpy(x, c->x, sizeof x);
    if (move(r, c) != 0 || look_after(r->surface, c) != 0) {
        stop_diverged(c);
        memcpy(c->at, at, sizeof at);
        memcpy(c->x, x, sizeof x);
        look(r->surface, c);
        return;
    }
    c->steps++;
    if (schedule && schedule->feed)
        schedule->feed(&c->setup.schedule_args, c->setup.args.lr, c->loss, &c->memory->schedule);
    set_rate(c);
    mark(c);
}

static void measured_step(const struct race *r, struct racer *c)
{
    double from = clock_seconds();

    step(r, c);
    c->seconds += clock_seconds() - from;
    c->measured++;
}

int race_step(struct race *r)
{
    int racing = 0;

    for (int i = 0; i < r->racers; i++) {
        if (r->racer[i]->state == RACER_RACING)
            (r->measured ? measured_step : step)(r, r->racer[i]);
        racing += r->racer[i]->state == RACER_RACING;
    }
    return racing;
}

/* ---- racers come and go ------------------------------------------------------------------------ */

static void to_start(const struct race *r, struct racer *c)
{
    struct racer_memory *m = c->memory;
    real *const slot[] = {m->slot[0], m->slot[1], m->slot[2]};
    size_t n = (size_t)r->surface->n;

    memcpy(c->x, r->start, sizeof c->x);
    memcpy(c->at, r->start, sizeof c->at);
    look(r->surface, c);
    memcpy(c->slope, c->gradient, sizeof c->slope);
    c->state = RACER_RACING;
    c->why[0] = 0;
    c->steps = 0;
    c->seconds = 0;
    c->measured = 0;
    m->schedule = schedule_begin();
    memset(m->scalar, 0, sizeof m->scalar);
    memset(m->slot, 0, sizeof m->slot);
    if (m->whole.vector)
        memset(m->whole.vector, 0, m->size.vectors * n * sizeof(real));
    if (m->whole.scalar)
        memset(m->whole.scalar, 0, m->size.scalars * sizeof(double));
    if (m->kind->start)
        m->kind->start(&c->setup.args, n, slot);
    set_rate(c);
    c->points = 0;
    c->stride = 1;
    mark(c);
}

static void racer_free(struct racer *c)
{
    if (c && c->memory) {
        free(c->memory->whole.vector);
        free(c->memory->whole.scalar);
        free(c->memory->whole.scratch);
        free(c->memory->whole.scratch_scalar);
        free(c->memory);
    }
    free(c);
}

/* Memory for step_whole; 0, or −1 if there is none. */
static int make_whole(const struct race *r, struct racer_memory *m, const struct optimizer_args *args)
{
    struct optimizer_args a = *args;
    size_t n = (size_t)r->surface->n;

    if (!m->kind->size)
        return 0;
    a.part = r->part;
    a.parts = r->parts;
    m->size = m->kind->size(&a, n);
    m->whole = (struct optimizer_memory){
        .vector = memory_zeroed(m->size.vectors * n * sizeof(real)),
        .scalar = memory_zeroed(m->size.scalars * sizeof(double)),
        .scratch = memory_zeroed(m->size.scratch * n * sizeof(real)),
        .scratch_scalar = memory_zeroed(m->size.scratch_scalars * sizeof(double)),
    };
    return m->whole.vector && m->whole.scalar && m->whole.scratch && m->whole.scratch_scalar ? 0 : -1;
}

static void name(const struct race *r, struct racer *c, const char *optimizer)
{
    int same = 1;

    for (int i = 0; i < r->racers; i++)
        same += r->racer[i]->memory->kind == c->memory->kind;
    if (same == 1)
        snprintf(c->label, sizeof c->label, "%.24s", optimizer);
    else
        snprintf(c->label, sizeof c->label, "%.24s %d", optimizer, same % 100);
}

int race_add(struct race *r, const struct racer_setup *setup, struct err *e)
{
    const struct optimizer *kind = R(optimizers).find(setup->optimizer);
    struct racer *c;

    if (!kind)
        return err_set(e, ERR_USAGE, "unknown optimizer \"%.40s\"", setup->optimizer);
    if (r->racers == RACE_RACERS)
        return err_set(e, ERR_USAGE, "a race has at most %d racers", RACE_RACERS);
    c = calloc(1, sizeof *c);
    if (c)
        c->memory = calloc(1, sizeof *c->memory);
    if (c && c->memory) {
        c->setup = *setup;
        c->setup.optimizer = kind->name;
        c->memory->kind = kind;
    }
    if (!c || !c->memory || make_whole(r, c->memory, &setup->args) != 0) {
        racer_free(c);
        return err_memory(e, "a racer", sizeof *c);
    }
    name(r, c, kind->name);
    to_start(r, c);
    r->racer[r->racers] = c;
    return r->racers++;
}

/* ---- the race ---------------------------------------------------------------------------------- */

static int check_start(const struct surface *s, const double *start, struct err *e)
{
    double gradient[SURFACE_MOST], f = s->f(s, start, gradient, NULL);

    if (all_finite(start, s->n) && isfinite(f) && isfinite(norm(gradient, s->n)))
        return 0;
    return err_set(e, ERR_USAGE, "%s: the loss or its gradient is not finite at the start", s->name);
}

/* The surface's matrices, then the coordinates that are in none. All are hidden: there is no first or last layer. */
static void find_parts(struct race *r)
{
    const struct surface *s = r->surface;
    size_t at = 0, n = (size_t)s->n;

    for (int i = 0; i < SURFACE_MATRICES && s->matrix[i].rows; i++) {
        struct optimizer_part *p = &r->part[r->parts++];
        *p = (struct optimizer_part){.offset = at, .rows = s->matrix[i].rows, .cols = s->matrix[i].cols, .hidden = 1, .scaled = 1};
        p->count = (size_t)(p->rows * p->cols);
        at += p->count;
    }
    if (at < n)
        r->part[r->parts++] = (struct optimizer_part){.offset = at, .count = n - at, .scaled = 1};
}

int race_new(struct race **race, const struct surface *s, const double *start, struct err *e)
{
    int result = check_start(s, start, e);
    struct race *r = result == 0 ? calloc(1, sizeof *r) : NULL;

    *race = r;
    if (result != 0)
        return result;
    if (!r)
        return err_memory(e, "a race", sizeof *r);
    r->surface = s;
    r->rng.purpose = RNG_PROBE;
    find_parts(r);
    memcpy(r->start, start, (size_t)s->n * sizeof *start);
    return 0;
}

void race_free(struct race *r)
{
    for (int i = 0; r && i < r->racers; i++)
        racer_free(r->racer[i]);
    free(r);
}

void race_remove(struct race *r, int i)
{
    racer_free(r->racer[i]);
    r->racers--;
    memmove(&r->racer[i], &r->racer[i + 1], (size_t)(r->racers - i) * sizeof r->racer[0]);
}

int race_restart(struct race *r, const double *start, struct err *e)
{
    int result = start ? check_start(r->surface, start, e) : 0;

    if (result != 0)
        return result;
    if (start)
        memcpy(r->start, start, (size_t)r->surface->n * sizeof *start);
    for (int i = 0; i < r->racers; i++)
        to_start(r, r->racer[i]);
    return 0;
}

void race_noise(struct race *r, double sigma, uint64_t seed)
{
    r->sigma = sigma;
    r->rng.seed = seed;
}

void race_rate(struct race *r, int i, double lr)
{
    r->racer[i]->setup.args.lr = lr;
    set_rate(r->racer[i]);
}

void race_measure(struct race *r, int on)
{
    r->measured = on;
}

double racer_seconds(const struct racer *c)
{
    return c->measured ? c->seconds / (double)c->measured : NAN;
}

void race_stop(struct race *r, int i)
{
    if (r->racer[i]->state == RACER_RACING)
        r->racer[i]->state = RACER_STOPPED;
}

const struct racer *race_racer(const struct race *r, int i)
{
    return i >= 0 && i < r->racers ? r->racer[i] : NULL;
}

/* A racer that arrived is ahead of one that did not; of two that arrived, the one with fewer steps; else the one with
 * the lower loss. */
static int is_ahead(const struct racer *a, const struct racer *b)
{
    int a_there = a->state == RACER_STOPPED, b_there = b->state == RACER_STOPPED;

    if (a_there != b_there)
        return a_there;
    if (a_there && a->steps != b->steps)
        return a->steps < b->steps;
    return a->loss < b->loss;
}

int race_leader(const struct race *r)
{
    int best = r->racers > 0 ? 0 : -1;

    for (int i = 1; i < r->racers; i++)
        if (is_ahead(r->racer[i], r->racer[best]))
            best = i;
    return best;
}

const struct surface *race_surface(const struct race *r)
{
    return r->surface;
}
