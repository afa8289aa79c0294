/* SPDX-License-Identifier: MIT */
#include "hessian/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hessian/ends.h"
#include "hessian/probe-point.h"

static const double ROUNDING = 1e-10; /* residuals below this share of the largest |λ| are rounding, as of λ = 0 */

struct run {
    const struct probe_ask *a;
    struct probe_report *r;
    struct probe_point point;
    real *gradient, *product, *scale;
    const char *what; /* is being done */
    int wanted;       /* eigenpairs of the Lanczos run in hand */
};

/* ---- the point ------------------------------------------------------------------------------ */

static int open_run(struct run *s, struct err *e)
{
    int r = R(probe_point).open(&s->point, s->a, e);
    int64_t n = s->point.network.parameters;

    if (r)
        return r;
    s->r->parameters = n;
    s->gradient = R(probe_point).converted(NULL, n);
    s->product = R(probe_point).converted(NULL, n);
    s->scale = s->a->scale ? R(probe_point).converted(s->a->scale, n) : NULL;
    if (!s->gradient || !s->product || (s->a->scale && !s->scale))
        return err_memory(e, "a probe's gradient and product", 3ull * sizeof(real) * (unsigned long long)n);
    return 0;
}

static void close_run(struct run *s)
{
    R(probe_point).close(&s->point);
    free(s->gradient);
    free(s->product);
    free(s->scale);
}

static double dot(int64_t n, const real *x, const real *y)
{
    double sum = 0;

    for (int64_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)y[i];
    return sum;
}

/* Loss, |g| and gᵀHg / |g|². */
static int look_at_gradient(struct run *s, struct err *e)
{
    int64_t n = s->point.network.parameters;
    int r = s->point.objective.gradient(&s->point.objective, s->point.theta, &s->r->loss, s->gradient, e);
    double square;

    if (r)
        return r;
    square = dot(n, s->gradient, s->gradient);
    if (!isfinite(s->r->loss) || !isfinite(square))
        return err_set(e, ERR_DIVERGED, "loss or gradient at this point is not finite");
    s->r->gradient_norm = sqrt(square);
    r = s->point.objective.hessian_vector(&s->point.objective, s->point.theta, s->gradient, s->product, e);
    if (r == 0)
        s->r->gradient_curvature = square > 0 ? dot(n, s->gradient, s->product) / square : NAN;
    return r;
}

/* ---- progress ------------------------------------------------------------------------------- */

static int told(void *context, int done, int of)
{
    struct run *s = context;
    return s->a->progress ? s->a->progress(s->a->context, s->what, done, of) : 0;
}

static int told_lanczos(void *context, int products, int most, int converged)
{
    struct run *s = context;
    char what[64];

    snprintf(what, sizeof what, "%s, %d of %d eigenvalues", s->what, converged, s->wanted);
    return s->a->progress ? s->a->progress(s->a->context, what, products, most) : 0;
}

/* ---- the verdict ---------------------------------------------------------------------------- */

static void judge(struct probe_report *r, struct verdict_tolerance tolerance)
{
    struct verdict_facts f = {
        .gradient_norm = r->gradient_norm,
        .gradient_curvature = r->gradient_curvature,
        .n = r->parameters,
        .values = r->values,
        .value = r->value,
    };
    r->verdict = verdict_of(&f, tolerance);
}

/* The eigenpairs are there. */
static void tell_found(struct run *s)
{
    judge(s->r, s->a->tolerance);
    if (s->a->found)
        s->a->found(s->a->context, s->r);
}

/* ---- both ends ------------------------------------------------------------------------------ */

static int lanczos_ends(struct run *s, const struct curvature *c, int top, int bottom,
                        struct lanczos_result *l, struct err *e)
{
    struct lanczos_ask ask = {
        .top = top,
        .bottom = bottom,
        .most_products = s->a->most_products,
        .seed = s->a->seed,
        .pool = s->a->pool,
        .progress = told_lanczos,
        .context = s,
    };

    s->wanted = top + bottom;
    return R(lanczos).run(c, &ask, l, e);
}

static int ends_of(struct run *s, int gauss_newton, int top, int bottom, struct probe_ends *ends,
                   struct err *e)
{
    struct curvature c = {.objective = &s->point.objective, .theta = s->point.theta, .gauss_newton = gauss_newton};
    struct lanczos_result l;
    int r = R(curvature).open(&c, e);

    s->what = gauss_newton ? "Gauss-Newton" : "Hessian";
    if (r)
        return r;
    r = lanczos_ends(s, &c, top, bottom, &l, e);
    if (r == 0) {
        r = R(ends).copy(ends, &l, c.n, s->a->vectors, e);
        R(lanczos).free(&l);
    }
    R(curvature).close(&c);
    return r;
}

/* ---- the spectrum --------------------------------------------------------------------------- */

/* Pair k of the whole spectrum, with a residual from a product. */
static int dense_pair(struct run *s, const struct curvature *c, const struct spectrum *w, int k,
                      struct probe_ends *ends, struct probe_pair *to, struct err *e)
{
    struct eigenpair from = {.value = w->value[k], .vector = s->gradient};
    double square = 0, most;
    int r;

    for (int i = 0; i < w->n; i++)
        s->gradient[i] = (real)w->vector[(size_t)k * (size_t)w->n + (size_t)i];
    r = R(curvature).multiply(c, s->gradient, s->product, e);
    if (r)
        return r;
    for (int i = 0; i < w->n; i++)
        square += pow((double)s->product[i] - from.value * (double)s->gradient[i], 2);
    from.residual = sqrt(square);
    most = fmax(fabs(w->value[0]), fabs(w->value[w->n - 1]));
    from.converged = from.residual <= fmax(LANCZOS_TOLERANCE * fabs(from.value), ROUNDING * most);
    return R(ends).take(ends, to, &from, w->n, e);
}

static int dense_ends(struct run *s, const struct curvature *c, const struct spectrum *w, int top, int bottom,
                      struct probe_ends *ends, struct err *e)
{
    int r;

    top = top < w->n ? top : w->n;
    bottom = bottom < w->n ? bottom : w->n;
    r = R(ends).init(ends, top, bottom, s->a->vectors, e);
    for (int i = 0; r == 0 && i < bottom; i++)
        r = dense_pair(s, c, w, i, ends, &ends->at_bottom[i], e);
    for (int i = 0; r == 0 && i < top; i++)
        r = dense_pair(s, c, w, w->n - 1 - i, ends, &ends->at_top[i], e);
    return r;
}

/* The density of a spectrum that is known: its eigenvalues, each weighing 1/n. */
static int dense_density(struct probe_report *r, struct err *e)
{
    struct density *d = &r->density;

    d->value = calloc((size_t)r->values + 1, sizeof *d->value);
    d->weight = calloc((size_t)r->values + 1, sizeof *d->weight);
    if (!d->value || !d->weight)
        return err_memory(e, "a spectral density", sizeof *d->value * (unsigned)r->values);
    d->count = r->values;
    for (int i = 0; i < r->values; i++) {
        d->value[i] = r->value[i];
        d->weight[i] = 1. / r->values;
    }
    return 0;
}

static int look_at_whole(struct run *s, struct err *e)
{
    struct curvature c = {.objective = &s->point.objective, .theta = s->point.theta};
    struct spectrum w;
    int r = R(curvature).open(&c, e);

    s->what = "Hessian";
    if (r == 0)
        r = R(spectrum).whole(&c, &w, told, s, e);
    if (r)
        return r;
    s->r->whole = 1;
    r = dense_ends(s, &c, &w, s->a->top, s->a->bottom, &s->r->hessian, e);
    s->r->hessian.products = w.n + s->r->hessian.top + s->r->hessian.bottom;
    s->r->trace = w.trace;
    s->r->trace_error = 0;
    s->r->values = w.n;
    s->r->density.shares = share_count(w.n, w.value, s->a->tolerance.zero * fmax(fabs(w.value[0]), fabs(w.value[w.n - 1])));
    s->r->value = w.value; /* handed over */
    w.value = NULL;
    R(spectrum).free(&w);
    if (r == 0)
        tell_found(s);
    if (r == 0 && s->a->density)
        r = dense_density(s->r, e);
    return r;
}

/* Shares of the Gauss–Newton matrix, whose largest eigenvalue is known: all of it where it is small, else by its density. */
static int look_at_gauss_newton_density(struct run *s, struct err *e)
{
    struct curvature c = {.objective = &s->point.objective, .theta = s->point.theta, .gauss_newton = 1};
    double zero = s->a->tolerance.zero * s->r->gauss_newton.at_top[0].value;
    struct density *d = &s->r->gauss_newton_density;
    int r = R(curvature).open(&c, e);

    s->what = "Gauss-Newton density";
    if (r == 0 && s->r->whole) {
        struct spectrum w;
        r = R(spectrum).whole(&c, &w, told, s, e);
        if (r == 0)
            d->shares = share_count(w.n, w.value, zero);
        R(spectrum).free(&w);
    } else if (r == 0)
        r = R(density).estimate(&c, probe_density_starts(c.n), PROBE_DENSITY_STEPS, zero, s->a->seed, s->a->pool, d, told, s, e);
    R(curvature).close(&c);
    return r;
}

/* Values of both ends, ascending; where the ends meet none twice. */
static int list_values(struct probe_report *r, struct err *e)
{
    const struct probe_ends *h = &r->hessian;
    int low = h->bottom;

    if ((int64_t)h->top + low > r->parameters)
        low = (int)r->parameters - h->top;
    r->value = calloc((size_t)(h->top + h->bottom) + 1, sizeof *r->value);
    if (!r->value)
        return err_memory(e, "eigenvalues", sizeof *r->value);
    for (int i = 0; i < low; i++)
        r->value[r->values++] = h->at_bottom[i].value;
    for (int i = h->top - 1; i >= 0; i--)
        r->value[r->values++] = h->at_top[i].value;
    return 0;
}

static int look_at_ends(struct run *s, struct err *e)
{
    struct curvature c = {.objective = &s->point.objective, .theta = s->point.theta};
    struct trace_estimate t;
    int samples = s->a->trace_samples > 0 ? s->a->trace_samples : PROBE_TRACE_SAMPLES, r;

    r = ends_of(s, 0, s->a->top, s->a->bottom, &s->r->hessian, e);
    if (r == 0)
        r = list_values(s->r, e);
    if (r == 0) {
        tell_found(s);
        r = R(curvature).open(&c, e);
    }
    if (r)
        return r;
    s->what = "trace";
    r = R(trace).estimate(&c, samples, s->a->seed, s->a->pool, &t, told, s, e);
    s->r->trace = t.mean;
    s->r->trace_error = t.error;
    s->what = "density";
    if (r == 0 && s->a->density)
        r = R(density).estimate(&c, probe_density_starts(c.n), PROBE_DENSITY_STEPS, s->r->verdict.zero, s->a->seed, s->a->pool,
                                &s->r->density, told, s, e);
    R(curvature).close(&c);
    return r;
}

/* ---- blocks and the preconditioned matrix --------------------------------------------------- */

static int look_at_block(struct run *s, struct probe_block *b, struct err *e)
{
    struct curvature c = {
        .objective = &s->point.objective, .theta = s->point.theta, .first = b->first, .n = b->parameters};
    struct lanczos_result l;
    struct trace_estimate t;
    int r = R(curvature).open(&c, e);

    s->what = "layers";
    if (r == 0)
        r = lanczos_ends(s, &c, 1, 0, &l, e);
    if (r == 0) {
        b->highest = l.at_top[0].value;
        b->residual = l.at_top[0].residual;
        b->converged = l.at_top[0].converged;
        R(lanczos).free(&l);
        r = R(trace).estimate(&c, PROBE_TRACE_SAMPLES, s->a->seed, s->a->pool, &t, told, s, e);
        b->trace = t.mean;
        b->trace_error = t.error;
    }
    R(curvature).close(&c);
    return r;
}

static int look_at_blocks(struct run *s, struct err *e)
{
    const struct network *n = &s->point.network;
    int r = 0;

    s->r->block = calloc((size_t)n->count, sizeof *s->r->block);
    if (!s->r->block)
        return err_memory(e, "the layers' curvature", sizeof *s->r->block);
    for (int i = 0; r == 0 && i < n->count; i++) {
        const struct layer *l = &n->layer[i];
        struct probe_block *b = &s->r->block[s->r->blocks];
        if (l->parameters == 0)
            continue;
        *b = (struct probe_block){.layer = i, .first = l->parameter[0].offset};
        for (int k = 0; k < l->parameters; k++)
            b->parameters += l->parameter[k].count;
        r = look_at_block(s, b, e);
        s->r->blocks += r == 0;
    }
    return r;
}

static int look_at_preconditioned(struct run *s, struct err *e)
{
    struct curvature c = {.objective = &s->point.objective, .theta = s->point.theta, .scale = s->scale};
    struct lanczos_result l;
    int r = R(curvature).open(&c, e);

    s->what = "preconditioned Hessian";
    if (r == 0)
        r = lanczos_ends(s, &c, 1, 0, &l, e);
    if (r == 0) {
        s->r->preconditioned = l.at_top[0].value;
        R(lanczos).free(&l);
    }
    R(curvature).close(&c);
    return r;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void free_report(struct probe_report *r)
{
    free(r->value);
    free(r->block);
    R(ends).free(&r->hessian);
    R(ends).free(&r->gauss_newton);
    R(density).free(&r->density);
    R(density).free(&r->gauss_newton_density);
    memset(r, 0, sizeof *r);
}

static int run(const struct probe_ask *a, struct probe_report *r, struct err *e)
{
    struct run s = {.a = a, .r = r};
    int result;

    memset(r, 0, sizeof *r);
    r->preconditioned = r->trace = r->trace_error = NAN;
    result = open_run(&s, e);
    if (result == 0)
        result = look_at_gradient(&s, e);
    if (result == 0)
        result = sizeof(real) == sizeof(double) && s.point.network.parameters <= SPECTRUM_MOST && !a->ends_only
                     ? look_at_whole(&s, e)
                     : look_at_ends(&s, e);
    if (result == 0 && a->gauss_newton)
        result = ends_of(&s, 1, a->top, 0, &r->gauss_newton, e);
    if (result == 0 && a->gauss_newton && a->density && r->gauss_newton.top > 0)
        result = look_at_gauss_newton_density(&s, e);
    if (result == 0 && a->blocks)
        result = look_at_blocks(&s, e);
    if (result == 0 && a->scale)
        result = look_at_preconditioned(&s, e);
    close_run(&s);
    if (result)
        free_report(r);
    return result;
}

const struct probe R(probe) = {.run = run, .free = free_report};
