/* SPDX-License-Identifier: MIT */
#include "hessian/escape.h"

#include <stdlib.h>

#include "hessian/probe-point.h"

/* Of the line search: first length as a share of |θ|; the least share of the predicted change that has to come
 * (Nocedal & Wright, Numerical Optimization, 2nd ed., algorithm 4.1); how often the length is doubled or halved.
 * On −a² + a⁴ the bottom has half of what is predicted there: it is within reach. */
static const double FIRST = 1e-3, TRUSTED = .25;
enum { TRIALS = 24, PIECE = 1 << 18 /* elements between two looks at cancel */ };

struct search {
    const struct escape_ask *a;
    struct escape_report *r;
    struct probe_point point;
    real *trial, *gradient, *v;
    double loss;  /* f(θ) */
    double side;  /* ±1: the sign of v on which the gradient falls */
};

static double dot(int64_t n, const real *x, const real *y)
{
    double sum = 0;

    for (int64_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)y[i];
    return sum;
}

/* trial = θ + by · v. */
static int move_to(struct search *s, double by, struct err *e)
{
    int r = 0;

    for (int64_t from = 0, n = s->point.objective.n; from < n && r == 0; from += PIECE) {
        r = objective_cancelled(&s->point.objective, e);
        for (int64_t i = from; r == 0 && i < n && i < from + PIECE; i++)
            s->trial[i] = (real)escape_element(s->a->point.theta[i], by, s->a->v[i]);
    }
    return r;
}

/* f(θ + alpha · side · v). */
static int loss_at(struct search *s, double alpha, double *f, struct err *e)
{
    int r = move_to(s, alpha * s->side, e);

    if (r)
        return r;
    s->r->evaluations++;
    return s->point.objective.f(&s->point.objective, s->trial, f, e);
}

/* The point's gradient and curvature along v. */
static int look(struct search *s, struct err *e)
{
    const struct objective *o = &s->point.objective;
    int r = o->gradient(o, s->point.theta, &s->loss, s->gradient, e);

    if (r)
        return r;
    s->r->slope = dot(o->n, s->gradient, s->v);
    s->side = s->r->slope > 0 ? -1 : 1;
    if (!isfinite(s->loss) || !isfinite(s->r->slope))
        return err_set(e, ERR_DIVERGED, "loss or gradient at this point is not finite");
    r = o->hessian_vector(o, s->point.theta, s->v, s->gradient, e);
    s->r->curvature = dot(o->n, s->gradient, s->v);
    /* both by the loss of one pass: that of a gradient may differ in its last digits */
    return r ? r : loss_at(s, 0, &s->loss, e);
}

/* Whether the quadratic is still of use at this length: a good part of the fall it predicts came. */
static int is_trusted(const struct search *s, double alpha, double f)
{
    double predicted = alpha * s->side * s->r->slope + .5 * alpha * alpha * s->r->curvature;

    return f < s->loss && predicted < 0 && s->loss - f >= TRUSTED * -predicted;
}

/* Three lengths with the lowest loss in the middle: the parabola's bottom may be lower still. */
static int refine(struct search *s, const double *alpha, const double *f, double *best, double *least, struct err *e)
{
    double left = alpha[1] - alpha[0], right = alpha[1] - alpha[2];
    double over = left * left * (f[1] - f[2]) - right * right * (f[1] - f[0]);
    double under = left * (f[1] - f[2]) - right * (f[1] - f[0]);
    double tried = under != 0 ? alpha[1] - .5 * over / under : NAN, there;
    int r;

    if (!(tried > alpha[0] && tried < alpha[2]))
        return 0;
    r = loss_at(s, tried, &there, e);
    if (r == 0 && there < *least && is_trusted(s, tried, there)) {
        *best = tried;
        *least = there;
    }
    return r;
}

/* Longer while that lowers the loss and the quadratic is of use; where the first length is none such, shorter
 * until one is. */
static int bracket(struct search *s, double first, double *alpha, double *f, struct err *e)
{
    int r = loss_at(s, first, &f[1], e), trials = 0;

    alpha[0] = 0;
    f[0] = s->loss;
    alpha[1] = first;
    for (; r == 0 && !is_trusted(s, alpha[1], f[1]) && trials < TRIALS; trials++) {
        alpha[2] = alpha[1];
        f[2] = f[1];
        alpha[1] /= 2;
        r = loss_at(s, alpha[1], &f[1], e);
    }
    if (r || trials > 0)
        return r;
    for (; trials < TRIALS; trials++) {
        alpha[2] = 2 * alpha[1];
        r = loss_at(s, alpha[2], &f[2], e);
        if (r || !(f[2] < f[1]) || !is_trusted(s, alpha[2], f[2]))
            break;
        alpha[0] = alpha[1];
        f[0] = f[1];
        alpha[1] = alpha[2];
        f[1] = f[2];
    }
    return r;
}

static int search(struct search *s, double *best, struct err *e)
{
    double size = sqrt(dot(s->point.objective.n, s->point.theta, s->point.theta));
    double alpha[3] = {0}, f[3] = {NAN, NAN, NAN}, least;
    int r = bracket(s, FIRST * fmax(size, 1), alpha, f, e);

    if (r)
        return r;
    if (!is_trusted(s, alpha[1], f[1]))
        return err_set(e, ERR_INPUT, "no step along the eigenvector, however short, lowers the loss as predicted");
    *best = alpha[1];
    least = f[1];
    return f[2] >= f[1] ? refine(s, alpha, f, best, &least, e) : 0;
}

/* Large vectors are written in pieces: their memory comes with the first writing. */
static int take_direction(struct search *s, struct err *e)
{
    int64_t n = s->point.objective.n;
    int r = 0;

    s->trial = R(probe_point).converted(NULL, n);
    s->gradient = R(probe_point).converted(NULL, n);
    s->v = R(probe_point).converted(NULL, n);
    if (!s->trial || !s->gradient || !s->v)
        return err_memory(e, "a trial step", 3ull * sizeof(real) * (unsigned long long)n);
    for (int64_t from = 0; from < n && r == 0; from += PIECE) {
        r = objective_cancelled(&s->point.objective, e);
        for (int64_t i = from; r == 0 && i < n && i < from + PIECE; i++)
            s->v[i] = (real)s->a->v[i];
    }
    return r;
}

static int go(struct search *s, struct err *e)
{
    struct escape_report *r = s->r;
    double alpha = s->a->alpha;
    int result = look(s, e);

    if (result == 0 && alpha == 0)
        result = search(s, &alpha, e);
    if (result == 0)
        result = loss_at(s, alpha, &r->loss, e);
    if (result)
        return result;
    r->alpha = alpha;
    r->by = alpha * s->side;
    r->slope *= r->by;
    r->curvature *= alpha * alpha;
    r->predicted = r->slope + .5 * r->curvature;
    r->came = r->loss - s->loss;
    if (!isfinite(r->loss))
        return err_set(e, ERR_DIVERGED, "a step of %.3g along the eigenvector is not taken: the loss there is not finite",
                       alpha);
    return 0;
}

static int run(const struct escape_ask *a, struct escape_report *r, struct err *e)
{
    struct search s = {.a = a, .r = r};
    int result = R(probe_point).open(&s.point, &a->point, e);

    *r = (struct escape_report){.evaluations = 0};
    if (result == 0)
        result = take_direction(&s, e);
    if (result == 0)
        result = go(&s, e);
    R(probe_point).close(&s.point);
    free(s.trial);
    free(s.gradient);
    free(s.v);
    return result;
}

const struct escape R(escape) = {.run = run};
