/* SPDX-License-Identifier: MIT */
#include "landscape/sharpness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CLIMBS = 3 };
/* Of the rise so far: what the linear model may still promise, and what a step may still gain, at the end. */
static const double PROMISE = 1e-6, GAIN = 5e-3;

struct climb {
    const struct objective *o;
    const real *x;
    double epsilon;
    struct sharpness_report *r;
    real *at, *corner, *gradient, *trial;
    int of;
    int (*progress)(void *context, int done, int of);
    void *context;
};

/* Half the side of the box. */
static double half(const struct climb *c, int64_t i)
{
    return c->epsilon * (fabs((double)c->x[i]) + 1);
}

/* The corner of the box on d's side; where d is 0, as `from`. */
static void corner_towards(const struct climb *c, const real *d, double sign, const real *from, real *corner)
{
    for (int64_t i = 0; i < c->o->n; i++) {
        double side = sign * (double)d[i];
        corner[i] = side > 0   ? (real)((double)c->x[i] + half(c, i))
                    : side < 0 ? (real)((double)c->x[i] - half(c, i))
                               : from[i];
    }
}

/* Keeps f when it is the largest so far; one that is not finite is larger than all. */
static void note(struct climb *c, double f)
{
    if (!isfinite(f))
        f = INFINITY;
    if (f > c->r->highest)
        c->r->highest = f;
}

static int gradient_here(struct climb *c, double *f, struct err *e)
{
    int r = objective_cancelled(c->o, e);

    if (r == 0)
        r = c->o->gradient(c->o, c->at, f, c->gradient, e);
    if (r)
        return r;
    c->r->gradients++;
    if (c->progress && c->progress(c->context, c->r->gradients, c->of) != 0)
        return err_set(e, ERR_CANCELLED, "cancelled");
    return 0;
}

/* Increase that the linear model predicts on the way to the corner; never negative. */
static double promise(const struct climb *c)
{
    double sum = 0;

    for (int64_t i = 0; i < c->o->n; i++)
        sum += (double)c->gradient[i] * ((double)c->corner[i] - (double)c->at[i]);
    return sum;
}

/* From c->at, whose value is f, towards the corner: *moved is 0 when nothing on the way is higher. */
static int step(struct climb *c, double *f, int *moved, struct err *e)
{
    double share = 1, g;

    *moved = 0;
    for (int k = 0; k <= SHARPNESS_HALVINGS && !*moved; k++, share /= 2) {
        const real *to = c->corner;
        int r;
        if (k > 0) {
            for (int64_t i = 0; i < c->o->n; i++)
                c->trial[i] = (real)((double)c->at[i] + share * ((double)c->corner[i] - (double)c->at[i]));
            to = c->trial;
        }
        r = c->o->f(c->o, to, &g, e);
        if (r)
            return r;
        note(c, g);
        *moved = g > *f;
        if (*moved)
            memcpy(c->at, to, sizeof *c->at * (size_t)c->o->n);
    }
    *f = *moved ? g : *f;
    return 0;
}

/* Uphill from c->at. */
static int climb(struct climb *c, struct err *e)
{
    double f = 0, before;
    int moved = 1, r;

    for (int k = 0; k < SHARPNESS_STEPS && moved; k++) {
        r = gradient_here(c, &f, e);
        if (r)
            return r;
        note(c, f);
        if (!isfinite(f))
            return 0;
        corner_towards(c, c->gradient, 1, c->at, c->corner);
        before = f;
        if (!(promise(c) > PROMISE * (c->r->highest - c->r->loss)))
            return 0;
        r = step(c, &f, &moved, e);
        if (r)
            return r;
        moved = moved && f - before > GAIN * (c->r->highest - c->r->loss);
    }
    c->r->settled = c->r->settled && !moved;
    return 0;
}

static int climbs(struct climb *c, const real *along, struct err *e)
{
    size_t bytes = sizeof *c->at * (size_t)c->o->n;
    int r;

    memcpy(c->at, c->x, bytes);
    r = climb(c, e);
    for (double sign = 1; r == 0 && along && sign >= -1; sign -= 2) {
        corner_towards(c, along, sign, c->x, c->at);
        r = climb(c, e);
    }
    return r;
}

static int find(const struct objective *o, const real *x, const real *along, double epsilon,
                struct sharpness_report *r, int (*progress)(void *context, int done, int of), void *context,
                struct err *e)
{
    struct climb c = {.o = o, .x = x, .r = r, .progress = progress, .context = context};
    size_t bytes = sizeof(real) * (size_t)o->n;
    int result;

    *r = (struct sharpness_report){.epsilon = epsilon > 0 ? epsilon : SHARPNESS_EPSILON, .settled = 1};
    c.epsilon = r->epsilon;
    c.of = SHARPNESS_STEPS * (along ? CLIMBS : 1);
    result = o->f(o, x, &r->loss, e);
    if (result == 0 && !isfinite(r->loss))
        result = err_set(e, ERR_DIVERGED, "the loss at this point is not finite");
    if (result)
        return result;
    r->highest = r->loss;
    c.at = malloc(4 * bytes + 1);
    if (!c.at)
        return err_memory(e, "the box of the sharpness", 4 * bytes);
    c.corner = c.at + o->n;
    c.gradient = c.corner + o->n;
    c.trial = c.gradient + o->n;
    result = climbs(&c, along, e);
    r->percent = 100 * (r->highest - r->loss) / (1 + r->loss);
    free(c.at);
    return result;
}

const struct sharpness_ops R(sharpness) = {.find = find};
