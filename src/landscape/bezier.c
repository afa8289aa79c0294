/* SPDX-License-Identifier: MIT */
#include "landscape/bezier.h"

#include <stdlib.h>
#include <string.h>

#include "core/kernel.h"
#include "core/memory.h"
#include "core/rng.h"
#include "optim/optimizer.h"

enum { PIECE = 65536 }; /* elements of a task; a multiple of REAL_PAD */

/* ---- a point of it -------------------------------------------------------------------------- */

struct move {
    const struct bezier *b;
    double t;
    real *out;
};

KERNEL static void mix(int64_t n, real a, const real *x, real b, const real *y, real c, const real *z, real *restrict out)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = a * x[i] + b * y[i] + c * z[i];
}

static void move_piece(void *context, int piece)
{
    const struct move *m = context;
    const struct bezier *b = m->b;
    int64_t at = (int64_t)piece * PIECE, left = b->objective->n - at, n = left < PIECE ? left : PIECE;
    double t = m->t;

    if (t == 0 || t == 1)
        memcpy(m->out + at, (t == 1 ? b->to : b->from) + at, sizeof *m->out * (size_t)n);
    else
        mix(n, (real)((1 - t) * (1 - t)), b->from + at, (real)(2 * t * (1 - t)), b->control + at, (real)(t * t), b->to + at,
            m->out + at);
}

static void in_pieces(const struct bezier *b, pool_task *task, void *context)
{
    int pieces = (int)((b->objective->n + PIECE - 1) / PIECE);

    if (b->pool)
        pool_run(b->pool, task, context, pieces);
    else
        for (int i = 0; i < pieces; i++)
            task(context, i);
}

static void point(const struct bezier *b, double t, real *out)
{
    struct move m = {b, t, out};

    in_pieces(b, move_piece, &m);
}

/* ---- its training --------------------------------------------------------------------------- */

struct training {
    const struct bezier *b;
    const struct optimizer *adam;
    struct optimizer_args args;
    double scalar[OPTIMIZER_SCALARS];
    real *memory, *at, *gradient, *moment[OPTIMIZER_SLOTS];
    double factor; /* dφ/dθ */
};

static void step_piece(void *context, int piece)
{
    const struct training *s = context;
    int64_t at = (int64_t)piece * PIECE, left = s->b->objective->n - at, n = left < PIECE ? left : PIECE;
    real *slot[OPTIMIZER_SLOTS] = {s->moment[0] + at, s->moment[1] + at, NULL};

    for (int64_t i = at; i < at + n; i++)
        s->gradient[i] *= (real)s->factor;
    s->adam->step(&s->args, (size_t)n, s->b->control + at, s->gradient + at, slot);
}

static int make_step(struct training *s, int step, struct err *e)
{
    const struct bezier *b = s->b;
    struct rng draw = {.seed = b->seed, .purpose = RNG_CURVE};
    double t = rng_uniform(&draw, (uint64_t)step, 0), loss;
    int r;

    if (b->next)
        b->next(b->context, step);
    point(b, t, s->at);
    r = b->objective->gradient(b->objective, s->at, &loss, s->gradient, e);
    if (r)
        return r;
    if (!isfinite(loss))
        return err_set(e, ERR_DIVERGED, "the loss along the curve is not finite after %d steps", step);
    s->factor = 2 * t * (1 - t);
    s->args.t = (uint64_t)step + 1;
    s->args.lr = b->rate * (1 - (double)step / b->steps);
    s->args.fresh = step == 0 ? ~0u : 0;
    if (s->adam->begin)
        s->adam->begin(&s->args, s->scalar);
    in_pieces(b, step_piece, s);
    return 0;
}

static int train(const struct bezier *b, struct err *e)
{
    struct training s = {.b = b, .adam = R(optimizers).find("adam")};
    int64_t n = b->objective->n, stride = (n + REAL_PAD - 1) / REAL_PAD * REAL_PAD;
    size_t bytes = 4 * sizeof *s.memory * (size_t)stride;
    int r = 0;

    s.memory = memory_zeroed(bytes);
    if (!s.memory)
        return err_memory(e, "the training of a curve", bytes);
    s.at = s.memory;
    s.gradient = s.at + stride;
    s.moment[0] = s.gradient + stride;
    s.moment[1] = s.moment[0] + stride;
    s.args = R(optimizers).defaults(s.adam);
    for (int64_t i = 0; i < n; i++)
        b->control[i] = (b->from[i] + b->to[i]) / 2;
    for (int i = 0; r == 0 && i < b->steps; i++) {
        r = objective_cancelled(b->objective, e);
        if (r == 0)
            r = make_step(&s, i, e);
        if (r == 0 && b->progress && b->progress(b->context, i + 1, b->steps))
            r = err_set(e, ERR_CANCELLED, "cancelled");
    }
    free(s.memory);
    return r;
}

const struct bezier_ops R(bezier) = {.point = point, .train = train};
