/* SPDX-License-Identifier: MIT */
/* L-BFGS (Nocedal 1980; Liu and Nocedal 1989): Newton's direction −H g, with H made of the last pairs
 *   s = θ' − θ,  y = g' − g     of moves and what they did to the gradient,
 * by the two loops of Nocedal and Wright 2006, algorithm 7.4 (newest pair first, then oldest first):
 *   q = −g;   α_i = s_i·q/(s_i·y_i),  q ← q − α_i y_i
 *   d = q s·y/y·y;   β = y_i·d/(s_i·y_i),  d ← d + (α_i − β) s_i
 * A step makes up to max_iter iterations θ ← θ + t d on one closure. t = η, the very first time
 * η min(1, 1/Σ|g|), or what a line search from there finds (wolfe.c).
 *
 * All happens on copies until the step is through, so that a step that is given up leaves no trace: new
 * pairs wait in scratch and join the ring of old ones at the end. */
#include "optim/dot.h"
#include "optim/optimizer.h"
#include "optim/wolfe.h"

#include <string.h>

enum { ITERATIONS, EVALUATIONS, STEP, DIAGONAL, PAIRS, OLDEST, RO }; /* scalars; RO: 1/(s·y) of each pair */
enum { DIRECTION, GRADIENT, PAIR };                                  /* vectors; PAIR: s and y of each pair */
enum { X, TRIAL, NEW_DIRECTION, G, G1, G2, LAST_G, NEW_PAIR };       /* scratch */
enum { GO_ON, ENOUGH, GIVEN_UP };

static const double LEAST_CURVATURE = 1e-10; /* of a pair that is kept */

struct work {
    const struct optimizer_args *a;
    const struct optimizer_closure *c;
    const struct optimizer_memory *m;
    size_t n, history, room;   /* of pairs in the ring, and in scratch */
    size_t oldest, kept, made; /* the ring's first pair and how many; pairs made in this step */
    real *x, *trial, *d, *g, *g1, *g2, *last_g;
    double f, t, diagonal, iterations;
    int evaluations; /* in this step */
};

static void defaults(struct optimizer_args *a)
{
    a->lr = 1;
    a->max_iter = 20;
    a->history_size = 100;
    a->tolerance_grad = 1e-7;
    a->tolerance_change = 1e-9;
}

static size_t history(const struct optimizer_args *a)
{
    return a->history_size > 1 ? (size_t)a->history_size : 1;
}

/* A pair is written before it is known to be kept: one more than the window, unless iterations end first. */
static size_t room(const struct optimizer_args *a)
{
    size_t iterations = a->max_iter > 1 ? (size_t)a->max_iter : 1;

    return iterations <= history(a) ? iterations : history(a) + 1;
}

static struct optimizer_size size(const struct optimizer_args *a, size_t n)
{
    (void)n;
    return (struct optimizer_size){.vectors = PAIR + 2 * history(a),
                                   .scalars = RO + history(a),
                                   .scratch = NEW_PAIR + 2 * room(a),
                                   .scratch_scalars = room(a) + history(a)};
}

/* ---- vectors: sums in double and in a fixed order ---------------------------------------------- */

enum { LANES = 8 };

static double dot(size_t n, const real *a, const real *b)
{
    return vector_dot(n, a, b);
}

static double largest(size_t n, const real *a)
{
    double run[LANES] = {0}, most = 0;
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            run[k] = fmax(run[k], fabs((double)a[i + k]));
    for (; i < n; i++)
        most = fmax(most, fabs((double)a[i]));
    for (size_t k = 0; k < LANES; k++)
        most = fmax(most, run[k]);
    return most;
}

static double absolute_sum(size_t n, const real *a)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += fabs((double)a[i]);
    return sum;
}

/* a ← a + t b */
static void add(size_t n, real *a, double t, const real *b)
{
    real step = (real)t;

    for (size_t i = 0; i < n; i++)
        a[i] += step * b[i];
}

static void scale(size_t n, real *a, double by)
{
    for (size_t i = 0; i < n; i++)
        a[i] *= (real)by;
}

static void copy(size_t n, real *to, const real *from)
{
    memcpy(to, from, n * sizeof *to);
}

/* ---- pairs: 0 the ring's oldest, on to the newest of this step ---------------------------------- */

static size_t ring_slot(const struct work *w, size_t i)
{
    return (w->oldest + i) % w->history;
}

static real *pair_s(const struct work *w, size_t i)
{
    return i < w->kept ? w->m->vector + (PAIR + 2 * ring_slot(w, i)) * w->n
                       : w->m->scratch + (NEW_PAIR + 2 * ((i - w->kept) % w->room)) * w->n;
}

static real *pair_y(const struct work *w, size_t i)
{
    return pair_s(w, i) + w->n;
}

static double *pair_ro(const struct work *w, size_t i)
{
    return i < w->kept ? w->m->scalar + RO + ring_slot(w, i) : w->m->scratch_scalar + (i - w->kept) % w->room;
}

/* Change of the gradient by the last iteration. */
static void remember(struct work *w)
{
    size_t next = w->kept + w->made;
    real *s = pair_s(w, next), *y = pair_y(w, next);
    double ys;

    for (size_t i = 0; i < w->n; i++) {
        s[i] = (real)w->t * w->d[i];
        y[i] = w->g[i] - w->last_g[i];
    }
    ys = dot(w->n, y, s);
    if (!(ys > LEAST_CURVATURE))
        return;
    *pair_ro(w, next) = 1 / ys;
    w->diagonal = ys / dot(w->n, y, y);
    w->made++;
}

/* d ← −H g, by the two loops. */
static void newton(struct work *w)
{
    size_t n = w->n, end = w->kept + w->made, first = end > w->history ? end - w->history : 0;
    double *alpha = w->m->scratch_scalar + w->room;

    for (size_t i = 0; i < n; i++)
        w->d[i] = -w->g[i];
    for (size_t i = end; i-- > first;) {
        alpha[i - first] = dot(n, pair_s(w, i), w->d) * *pair_ro(w, i);
        add(n, w->d, -alpha[i - first], pair_y(w, i));
    }
    scale(n, w->d, w->diagonal);
    for (size_t i = first; i < end; i++)
        add(n, w->d, alpha[i - first] - dot(n, pair_y(w, i), w->d) * *pair_ro(w, i), pair_s(w, i));
}

/* ---- one iteration ------------------------------------------------------------------------------ */

static double evaluate(struct work *w, const real *x, real *gradient)
{
    w->evaluations++;
    return w->c->f_and_gradient(w->c->context, x, gradient);
}

static int on_line(void *context, struct wolfe_point *p)
{
    struct work *w = context;

    copy(w->n, w->trial, w->x);
    add(w->n, w->trial, p->t, w->d);
    p->f = evaluate(w, w->trial, p->gradient);
    p->slope = dot(w->n, p->gradient, w->d);
    return isnan(p->f);
}

static int search(struct work *w, double slope)
{
    struct wolfe_line l = {.at = on_line, .context = w, .size = largest(w->n, w->d)};
    struct wolfe_point start = {.f = w->f, .slope = slope, .gradient = w->g}, found;
    void *const spare[2] = {w->g1, w->g2};

    if (strong_wolfe(&l, &start, w->t, spare, &found) != 0 || !isfinite(found.f))
        return GIVEN_UP;
    if (found.gradient == w->g1)
        w->g1 = w->g;
    else if (found.gradient == w->g2)
        w->g2 = w->g;
    w->g = found.gradient;
    w->t = found.t;
    w->f = found.f;
    add(w->n, w->x, w->t, w->d);
    return GO_ON;
}

static int move(struct work *w, double slope, int last)
{
    if (w->a->line_search_fn == OPTIMIZER_STRONG_WOLFE)
        return search(w, slope);
    add(w->n, w->x, w->t, w->d);
    if (!last) /* where the last one leads, the next step asks, perhaps on another batch */
        w->f = evaluate(w, w->x, w->g);
    return isfinite(w->f) ? GO_ON : GIVEN_UP;
}

static int iterate(struct work *w, int last)
{
    const struct optimizer_args *a = w->a;
    double slope, before = w->f;
    int most = a->max_eval > 0 ? a->max_eval : a->max_iter * 5 / 4;

    if (w->iterations++ > 0)
        remember(w);
    newton(w);
    copy(w->n, w->last_g, w->g);
    w->t = w->iterations > 1 ? a->lr : fmin(1, 1 / absolute_sum(w->n, w->g)) * a->lr;
    slope = dot(w->n, w->g, w->d);
    if (!isfinite(slope))
        return GIVEN_UP;
    if (slope > -a->tolerance_change)
        return ENOUGH;
    if (move(w, slope, last) == GIVEN_UP)
        return GIVEN_UP;
    return last || w->evaluations >= most || largest(w->n, w->g) <= a->tolerance_grad ||
                   largest(w->n, w->d) * fabs(w->t) <= a->tolerance_change ||
                   fabs(w->f - before) < a->tolerance_change
               ? ENOUGH
               : GO_ON;
}

/* ---- the step ------------------------------------------------------------------------------------ */

static void open(struct work *w, const struct optimizer_memory *m, const real *theta)
{
    real *at = m->scratch;
    size_t n = w->n;

    w->m = m;
    w->x = at + X * n, w->trial = at + TRIAL * n, w->d = at + NEW_DIRECTION * n, w->last_g = at + LAST_G * n;
    w->g = at + G * n, w->g1 = at + G1 * n, w->g2 = at + G2 * n;
    w->oldest = (size_t)m->scalar[OLDEST], w->kept = (size_t)m->scalar[PAIRS];
    w->iterations = m->scalar[ITERATIONS];
    w->diagonal = w->iterations > 0 ? m->scalar[DIAGONAL] : 1;
    w->t = m->scalar[STEP];
    copy(n, w->x, theta);
    copy(n, w->d, m->vector + DIRECTION * n);
    copy(n, w->last_g, m->vector + GRADIENT * n);
}

static void commit(const struct work *w, real *theta)
{
    size_t end = w->kept + w->made, first = end > w->history ? end - w->history : 0, n = w->n;
    double *scalar = w->m->scalar;

    copy(n, theta, w->x);
    copy(n, w->m->vector + DIRECTION * n, w->d);
    copy(n, w->m->vector + GRADIENT * n, w->last_g);
    for (size_t i = first > w->kept ? first : w->kept; i < end; i++) {
        copy(2 * n, w->m->vector + (PAIR + 2 * ring_slot(w, i)) * n, pair_s(w, i));
        scalar[RO + ring_slot(w, i)] = *pair_ro(w, i);
    }
    scalar[PAIRS] = (double)(end - first);
    scalar[OLDEST] = (double)ring_slot(w, first);
    scalar[ITERATIONS] = w->iterations;
    scalar[EVALUATIONS] += w->evaluations;
    scalar[STEP] = w->t;
    scalar[DIAGONAL] = w->diagonal;
}

static double step_whole(const struct optimizer_args *a, const struct optimizer_closure *c, size_t n,
                         real *theta, const struct optimizer_memory *m)
{
    struct work w = {.a = a, .c = c, .n = n, .history = history(a), .room = room(a)};
    int state = GO_ON;
    double f;

    open(&w, m, theta);
    f = w.f = evaluate(&w, w.x, w.g);
    if (!isfinite(f))
        return NAN;
    if (largest(n, w.g) <= a->tolerance_grad)
        state = ENOUGH;
    for (int i = 1; state == GO_ON && i <= a->max_iter; i++)
        state = iterate(&w, i == a->max_iter);
    if (state == GIVEN_UP)
        return NAN;
    commit(&w, theta);
    return f;
}

const struct optimizer R(optimizer_lbfgs) = {
    .name = "lbfgs",
    .title = "L-BFGS",
    .reads = "max_iter max_eval history_size line_search_fn tolerance_grad tolerance_change",
    .ignores = "clip_norm clip_value l1", /* its line search needs the gradient of f itself */
    .defaults = defaults,
    .size = size,
    .step_whole = step_whole,
};
