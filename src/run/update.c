/* SPDX-License-Identifier: MIT */
#include "run/update.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "math/products.h"
#include "run/hyperparameter.h"
#include "optim/sam.h"
#include "run/run-private.h"
#include "run/run-ranks.h"

/* What an optimizer needs under given knobs. */
struct plan {
    const struct optimizer *kind;
    unsigned used;                   /* slots, bit by bit; 0 when it steps on whole vectors */
    struct optimizer_size size;
};

static struct optimizer_args args_of(const struct run *l, const struct knobs *k)
{
    struct optimizer_args a = knobs_optimizer(k);

    a.part = l->part;
    a.parts = l->parts;
    a.pool = l->pool;
    a.products = products_blas_f((enum products_source)k->value[KNOB_PRODUCTS]);
    return a;
}

static struct plan plan_of(const struct run *l, const struct knobs *k)
{
    struct optimizer_args a = args_of(l, k);
    struct plan p = {.kind = optimizers_f.at((int)k->value[KNOB_OPTIMIZER])};

    if (p.kind->size) {
        p.size = p.kind->size(&a, (size_t)l->network.parameters);
    } else {
        p.used = optimizers_f.slots_used(p.kind, &a);
        p.size.vectors = (size_t)__builtin_popcount(p.used);
        p.size.scalars = p.kind->begin ? OPTIMIZER_SCALARS : 0;
    }
    if (a.sam != OPTIMIZER_SAM_OFF) { /* behind the optimizer's own */
        p.size.scratch++;
        p.size.scratch_scalars += sam_f.sums((size_t)l->network.parameters);
    }
    return p;
}

/* Where slot k stands among those in use; −1 when it is not. */
static int place_of(unsigned used, int k)
{
    return used >> k & 1 ? __builtin_popcount(used & ((1u << k) - 1)) : -1;
}

static struct state_shape shape_of(const struct run *l, const struct knobs *k, const struct plan *p)
{
    return (struct state_shape){.parameters = l->network.parameters,
                                .statistics = l->network.statistics,
                                .vectors = (int64_t)p->size.vectors,
                                .scalars = (int64_t)p->size.scalars,
                                .ema = k->value[KNOB_EMA] > 0 && knobs_read(k, KNOB_EMA),
                                .best = k->value[KNOB_EARLY_STOPPING] > 0};
}

size_t update_vectors(const struct run *l, const struct knobs *k)
{
    struct plan p = plan_of(l, k);

    return p.size.vectors + p.size.scratch + (k->value[KNOB_EMA] > 0) + (k->value[KNOB_EARLY_STOPPING] > 0);
}

float *update_average(const struct run *l)
{
    return l->optimizer->average && l->state->counters.optimizer_steps > 0
               ? state_vector(l->state, l->optimizer->average - 1)
               : NULL;
}

int update_points(const struct run *l)
{
    return update_average(l) ? l->optimizer->average : 0;
}

static struct state *fitted_state(const struct run *l, const struct plan *p, const struct state_shape *shape,
                                  int fresh)
{
    int from[OPTIMIZER_SLOTS];
    struct state *s;

    for (int k = 0; k < OPTIMIZER_SLOTS; k++)
        if (place_of(p->used, k) >= 0)
            from[place_of(p->used, k)] = fresh ? -1 : place_of(l->slots_used, k);
    s = state_reshaped(l->state, shape, p->used ? from : NULL);
    if (s && p->kind->size && !fresh) /* its vectors are no slots: they stay as they are */
        memcpy(state_vector(s, 0), state_vector(l->state, 0),
               sizeof(float) * (size_t)(shape->vectors * shape->parameters));
    return s;
}

/* The slots as the optimizer counts them, from element `at` on; NULL where one is not in use. */
static void slots_at(const struct run *l, int64_t at, float **slot)
{
    for (int k = 0; k < OPTIMIZER_SLOTS; k++)
        slot[k] = place_of(l->slots_used, k) < 0 ? NULL
                                                 : state_vector(l->state, place_of(l->slots_used, k)) + at;
}

static void start(struct run *l, const struct knobs *k)
{
    struct optimizer_args a = args_of(l, k);
    float *slot[OPTIMIZER_SLOTS];

    l->state->counters.optimizer_steps = 0;
    for (int64_t i = 0; i < l->state->shape.scalars; i++)
        state_scalars(l->state)[i] = 0;
    slots_at(l, 0, slot);
    if (l->optimizer->start)
        l->optimizer->start(&a, (size_t)l->state->shape.parameters, slot);
}

static int scratch_bytes(const struct run *l, const struct plan *p, size_t *vectors, size_t *scalars)
{
    return memory_product(p->size.scratch, (size_t)l->network.parameters, 0, vectors) ||
           memory_product(*vectors, sizeof(float), 0, vectors) ||
           memory_product(p->size.scratch_scalars, sizeof(double), 0, scalars);
}

/* The optimizer's scratch memory. */
static int make_scratch(const struct run *l, const struct plan *p, float **vectors, double **scalars)
{
    size_t vector_bytes, scalar_bytes;

    *vectors = NULL;
    *scalars = NULL;
    if (scratch_bytes(l, p, &vector_bytes, &scalar_bytes) != 0)
        return -1;
    *vectors = memory_zeroed(vector_bytes);
    *scalars = memory_zeroed(scalar_bytes);
    return *vectors && *scalars ? 0 : -1;
}

/* The state as it becomes, and the scratch memory; those of before are still there. */
static int check_memory(const struct run *l, const struct plan *p, struct err *e)
{
    double bytes = sizeof(float) * (double)l->network.parameters * (double)(1 + p->size.vectors + p->size.scratch);
    char what[64];

    snprintf(what, sizeof what, "%s with %.4g million parameters", p->kind->title, 1e-6 * (double)l->network.parameters);
    return memory_need(what, bytes < 1e18 ? (unsigned long long)bytes : (unsigned long long)1e18, e);
}

int update_fit(struct run *l, const struct knobs *k, int fresh, struct err *e)
{
    struct plan p = plan_of(l, k);
    struct state_shape shape = shape_of(l, k, &p);
    struct state *s;
    float *scratch = NULL;
    double *scratch_scalar = NULL;

    if (!fresh && p.kind == l->optimizer && p.used == l->slots_used && p.size.scratch == l->scratch_vectors &&
        p.size.scratch_scalars == l->scratch_scalars && memcmp(&shape, &l->state->shape, sizeof shape) == 0)
        return 0;
    if (p.kind->size && (shape.vectors != l->state->shape.vectors || shape.scalars != l->state->shape.scalars))
        fresh = 1;
    if (check_memory(l, &p, e) != 0)
        return -e->code;
    s = fitted_state(l, &p, &shape, fresh);
    if (!s || make_scratch(l, &p, &scratch, &scratch_scalar) != 0) {
        free(s);
        free(scratch);
        free(scratch_scalar);
        return err_set(e, ERR_RUNTIME, "not enough memory for %s: %zu vectors of %lld numbers", p.kind->title,
                       p.size.vectors + p.size.scratch, (long long)l->network.parameters);
    }
    s->counters.fresh_slots = (fresh ? p.used : s->counters.fresh_slots | (p.used & ~l->slots_used)) & p.used;
    update_free(l);
    free(l->state);
    l->state = s;
    l->average_known = 0;
    l->ready = 0;
    l->optimizer = p.kind;
    l->slots_used = p.used;
    l->scratch = scratch;
    l->scratch_scalar = scratch_scalar;
    l->scratch_vectors = p.size.scratch;
    l->scratch_scalars = p.size.scratch_scalars;
    if (fresh)
        start(l, k);
    return 0;
}

int update_adopt(struct run *l, const struct run *from, struct err *e)
{
    struct plan p = plan_of(l, &l->state->knobs);

    l->optimizer = from->optimizer;
    l->slots_used = from->slots_used;
    l->scratch_vectors = p.size.scratch;
    l->scratch_scalars = p.size.scratch_scalars;
    if (make_scratch(l, &p, &l->scratch, &l->scratch_scalar) == 0)
        return 0;
    return err_memory(e, "the optimizer's scratch vectors", sizeof(float) * (p.size.scratch * (size_t)l->network.parameters));
}

void update_free(struct run *l)
{
    free(l->scratch);
    free(l->scratch_scalar);
    l->scratch = NULL;
    l->scratch_scalar = NULL;
}

/* ---- element by element --------------------------------------------------------------------- */

/* Clip by norm, clip by value, then L1. */
static void regularise(struct run *l, int64_t from, int64_t to)
{
    const float *theta = state_theta(l->state);
    float most = (float)l->state->knobs.value[KNOB_CLIP_VALUE], l1 = (float)l->state->knobs.value[KNOB_L1];
    float *g = l->gradient;

    for (int64_t i = from; l->clip < 1 && i < to; i++)
        g[i] *= (float)l->clip;
    for (int64_t i = from; most > 0 && i < to; i++)
        g[i] = g[i] > most ? most : g[i] < -most ? -most : g[i];
    for (int64_t i = from; l1 > 0 && i < to; i++)
        g[i] += theta[i] > 0 ? l1 : theta[i] < 0 ? -l1 : 0;
}

/* The average of the weights (Polyak and Juditsky 1992), exponential: e ← d e + (1 − d) θ. */
static void average(struct run *l, int64_t from, int64_t to)
{
    const float *theta = state_theta(l->state);
    float d = (float)l->state->knobs.value[KNOB_EMA], *ema = state_ema(l->state);

    for (int64_t i = from; l->state->shape.ema && i < to; i++)
        ema[i] = d * ema[i] + (1 - d) * theta[i];
}

static int called_off(const struct run *l)
{
    return l->cancel && atomic_load(l->cancel);
}

static int parts_of(const struct run *l)
{
    return (int)l->state->knobs.value[KNOB_SHARDS];
}

/* Where a part begins, and the one before it ends. Parts begin on cache lines and do not touch each other. */
static int64_t part_begin(const struct run *l, int part)
{
    int64_t n = l->network.parameters, lines = (n + REAL_PAD - 1) / REAL_PAD;
    int64_t begin = lines * part / parts_of(l) * REAL_PAD;

    return begin < n ? begin : n;
}

enum { PAGE = 4096 / sizeof(float) }; /* elements that come with the first one written, at least */

/* Every page is written as it is, one float of it. */
static void touch_part(void *context, int part)
{
    struct run *l = context;
    int64_t from = part_begin(l, part), to = part_begin(l, part + 1);
    float *slot[OPTIMIZER_SLOTS];

    slots_at(l, from, slot);
    for (int k = 0; k < OPTIMIZER_SLOTS; k++)
        for (int64_t i = 0; slot[k] && i < to - from && !called_off(l); i += PAGE) {
            volatile float *at = slot[k] + i;
            *at = *at;
        }
}

int update_ready(struct run *l)
{
    if (!l->ready && l->optimizer->step) /* the steps of the others can be cancelled themselves */
        pool_run(l->pool, touch_part, l, parts_of(l));
    if (called_off(l))
        return -1;
    l->ready = 1;
    return 0;
}

static void average_part(void *context, int part)
{
    average(context, part_begin(context, part), part_begin(context, part + 1));
}

/* One part of the update; somebody who looks does so in the same go. */
static void update_part(void *context, int part)
{
    struct run *l = context;
    int64_t from = part_begin(l, part), to = part_begin(l, part + 1);
    float *slot[OPTIMIZER_SLOTS];

    slots_at(l, from, slot);
    if (l->seen && !l->seen_already)
        gradient_stats_part(l, part, from, to);
    regularise(l, from, to);
    if (!l->optimizer->step)
        return;
    l->optimizer->step(&l->optimizer_args, (size_t)(to - from), state_theta(l->state) + from, l->gradient + from,
                       slot);
    average(l, from, to);
}

/* ---- whole vectors -------------------------------------------------------------------------- */

struct trial { /* what closures compute on */
    struct run *run;
    struct batch_job job;
    struct batch_result result; /* of the last gradient */
    int no_memory;
};

static double f_and_gradient(void *context, const float *theta, float *gradient)
{
    struct trial *t = context;

    t->job.theta = theta;
    network_f.gradient(t->run->workspace, t->run->pool, &t->job, gradient, &t->result);
    run_ranks_agree(t->run, &t->result);
    if (t->result.cancelled || run_ranks_check_data(t->run, NULL))
        return NAN;
    return isfinite(t->result.gradient_norm) ? t->result.loss : INFINITY;
}

static int hessian_vector(void *context, const float *theta, const float *v, float *out)
{
    struct trial *t = context;
    struct batch_result b = {0};
    int r;

    t->job.theta = theta;
    r = network_f.hessian_vector(t->run->workspace, t->run->pool, &t->job, v, out);
    t->no_memory |= run_ranks_most(t->run, r == -ERR_RUNTIME);
    b.cancelled = r != 0;
    run_ranks_agree(t->run, &b);
    return t->no_memory || b.cancelled || run_ranks_check_data(t->run, NULL);
}

static void look_part(void *context, int part)
{
    gradient_stats_part(context, part, part_begin(context, part), part_begin(context, part + 1));
}

static struct optimizer_memory memory_of(const struct run *l)
{
    return (struct optimizer_memory){.vector = state_vector(l->state, 0),
                                     .scalar = state_scalars(l->state),
                                     .scratch = l->scratch,
                                     .scratch_scalar = l->scratch_scalar};
}

/* Behind the optimizer's own scratch. */
static struct sam_memory sam_memory(const struct run *l)
{
    size_t n = (size_t)l->network.parameters;

    return (struct sam_memory){.point = l->scratch + (l->scratch_vectors - 1) * n,
                               .sum = l->scratch_scalar + (l->scratch_scalars - sam_f.sums(n))};
}

/* l->gradient becomes the one at SAM's point. */
static int look_around(struct run *l, struct trial *t)
{
    struct sam_memory memory = sam_memory(l);

    sam_f.point(&l->optimizer_args, (size_t)l->network.parameters, state_theta(l->state), l->gradient, &memory);
    if (!isfinite(f_and_gradient(t, memory.point, l->gradient)))
        return -1;
    l->clip = optimizer_clip(l->state->knobs.value[KNOB_CLIP_NORM], t->result.gradient_norm);
    return 0;
}

static int update_whole(struct run *l, struct trial *t)
{
    struct optimizer_closure closure = {f_and_gradient, hessian_vector, t};
    struct optimizer_memory memory = memory_of(l);
    size_t n = (size_t)l->network.parameters;
    struct sam_closure sam = {.a = &l->optimizer_args, .inner = closure, .n = n};

    if (l->optimizer_args.sam != OPTIMIZER_SAM_OFF) {
        sam.memory = sam_memory(l);
        closure = sam_f.closure(&sam);
    }
    return isnan(l->optimizer->step_whole(&l->optimizer_args, &closure, n, state_theta(l->state), &memory)) ? -1 : 0;
}

static int update_vector(struct run *l, struct trial *t)
{
    struct optimizer_closure closure = {f_and_gradient, hessian_vector, t};
    struct optimizer_memory memory = memory_of(l);

    return l->optimizer->step_vector(&l->optimizer_args, &closure, (size_t)l->network.parameters, state_theta(l->state),
                                     l->gradient, &memory);
}

/* ---- the step ------------------------------------------------------------------------------- */

/* The gradient's figures; beside the update itself where that is made in the same go. */
static void look(struct run *l, int examples)
{
    l->seen_already = 0;
    if (!l->seen)
        return;
    network_f.gather_rows(l->workspace);
    gradient_stats_begin(l, examples);
    l->seen_already = l->optimizer->step_whole || l->optimizer_args.sam != OPTIMIZER_SAM_OFF;
    if (l->seen_already)
        pool_run(l->pool, look_part, l, parts_of(l));
}

/* The optimizer's move, once the running statistics have the batch at θ. */
static int move(struct run *l, struct trial *t)
{
    int sam = l->optimizer_args.sam != OPTIMIZER_SAM_OFF;

    if (l->optimizer->step_whole)
        return update_whole(l, t);
    if (sam && look_around(l, t) != 0)
        return -1;
    if (l->optimizer->begin)
        l->optimizer->begin(&l->optimizer_args, state_scalars(l->state));
    pool_run(l->pool, update_part, l, parts_of(l));
    return l->optimizer->step ? 0 : update_vector(l, t);
}

int update_apply(struct run *l, const struct batch_job *job, double lr, double norm)
{
    struct trial t = {.run = l, .job = *job};
    size_t bytes = sizeof(float) * (size_t)l->network.statistics;
    float *statistics = state_statistics(l->state);
    int r, last = l->optimizer->step_whole != NULL; /* the batch at the last point tried is what counts */

    l->average_known = 0;
    l->optimizer_args = args_of(l, &l->state->knobs);
    l->optimizer_args.lr = lr;
    l->optimizer_args.t = l->state->counters.optimizer_steps + 1;
    l->optimizer_args.fresh = (unsigned)l->state->counters.fresh_slots;
    last = last && l->optimizer_args.sam == OPTIMIZER_SAM_OFF;
    l->clip = optimizer_clip(l->state->knobs.value[KNOB_CLIP_NORM], norm);
    look(l, job->examples);
    memcpy(l->kept_statistics, statistics, bytes);
    if (!last)
        network_f.commit(l->workspace, statistics);
    r = move(l, &t);
    if (l->seen)
        gradient_stats_end(l);
    if (r) {
        memcpy(statistics, l->kept_statistics, bytes);
        return t.no_memory ? -ERR_RUNTIME : -ERR_DIVERGED;
    }
    if (last)
        network_f.commit(l->workspace, statistics);
    if (!l->optimizer->step && l->state->shape.ema)
        pool_run(l->pool, average_part, l, parts_of(l));
    return 0;
}
