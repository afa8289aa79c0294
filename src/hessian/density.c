/* SPDX-License-Identifier: MIT */
#include "hessian/density.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "math/eigen.h"
#include "hessian/basis.h"
#include "hessian/trace.h"

static const unsigned long long MEMORY = 1000000000ull;

static void free_density(struct density *d)
{
    free(d->value);
    free(d->weight);
    memset(d, 0, sizeof *d);
}

struct run {
    const struct curvature *c;
    struct basis b;
    int steps, starts, done;
    double *t, *vector; /* [steps][steps] T, and the eigenvectors of T */
    double next;        /* the norm that the step after the last began with; 0: the space closed */
    double zero;
    struct share_sample *sample; /* [starts] */
    probe_progress *progress;
    void *context;
};

/* Lanczos without restart from the start in row 0; returns how many steps were made before the space closed,
 * or an error. T stands in the lower triangle of t[made][made] afterwards. */
static int walk(struct run *s, struct err *e)
{
    size_t m = (size_t)s->steps;
    double taken[s->steps + 1], beta = 0, most = 0;
    int j = 0;

    memset(s->t, 0, sizeof *s->t * m * m);
    s->next = 0;
    while (j < s->steps) {
        real *next = basis_row(&s->b, j + 1);
        int r = R(curvature).multiply(s->c, basis_row(&s->b, j), next, e);
        if (r)
            return r;
        beta = R(basis).orthogonalise(&s->b, j + 1, next, taken);
        if (!isfinite(beta))
            return err_set(e, ERR_DIVERGED, "a product with the Hessian is not finite");
        for (int i = 0; i <= j; i++) {
            s->t[(size_t)j * m + (size_t)i] = taken[i];
            most = fmax(most, fabs(taken[i]));
        }
        j++;
        s->done++;
        if (s->progress && s->progress(s->context, s->done, s->starts * s->steps))
            return err_set(e, ERR_CANCELLED, "cancelled");
        if (beta <= 4 * (double)(sizeof(real) == sizeof(double) ? DBL_EPSILON : FLT_EPSILON) * most)
            break;
        s->next = j == s->steps ? beta : 0;
        R(basis).scale(&s->b, next, 1 / beta);
    }
    for (int i = 0; i < j; i++)
        memmove(s->t + (size_t)i * (size_t)j, s->t + (size_t)i * m, sizeof *s->t * (size_t)j);
    return j;
}

/* Nodes, weights and shares of one start. */
static int sample(struct run *s, uint64_t seed, int start, struct density *d, struct err *e)
{
    double value[s->steps + 1];
    real *z = basis_row(&s->b, 0);
    int made, r;

    R(trace).signs(s->c->n, seed, start, z);
    R(basis).scale(&s->b, z, 1 / sqrt((double)s->c->n));
    made = walk(s, e);
    if (made < 0)
        return made;
    memcpy(s->vector, s->t, sizeof *s->t * (size_t)made * (size_t)made);
    r = eigen_symmetric(made, s->vector, value, 1, e);
    if (r == 0) {
        struct lanczos_steps l = {made, s->t, s->next, value, s->vector};
        r = share_sample_take(&l, s->zero, &s->sample[start], e);
    }
    for (int i = 0; r == 0 && i < made; i++) {
        double first = s->vector[(size_t)i * (size_t)made];
        d->value[d->count] = value[i];
        d->weight[d->count++] = first * first / s->starts;
    }
    return r;
}

struct node {
    double value, weight;
};

static int by_value(const void *a, const void *b)
{
    double x = ((const struct node *)a)->value, y = ((const struct node *)b)->value;
    return (x > y) - (x < y);
}

static int sort_nodes(struct density *d, struct err *e)
{
    struct node *n = malloc(sizeof *n * (size_t)(d->count + 1));

    if (!n)
        return err_memory(e, "a spectral density", sizeof *n * (unsigned)d->count);
    for (int i = 0; i < d->count; i++)
        n[i] = (struct node){d->value[i], d->weight[i]};
    qsort(n, (size_t)d->count, sizeof *n, by_value);
    for (int i = 0; i < d->count; i++) {
        d->value[i] = n[i].value;
        d->weight[i] = n[i].weight;
    }
    free(n);
    return 0;
}

static int fitting_steps(int64_t n, int steps)
{
    unsigned long long rows = MEMORY / (sizeof(real) * (unsigned long long)n);
    int most = (int64_t)steps < n ? steps : (int)n;

    return rows > (unsigned long long)most ? most : rows > 0 ? (int)rows - 1 : 0;
}

/* Room for the results and the basis. */
static int open_run(struct run *s, struct density *d, struct pool *p, struct err *e)
{
    size_t nodes = (size_t)s->starts * (size_t)s->steps + 1, square = (size_t)s->steps * (size_t)s->steps + 1;

    d->value = calloc(nodes, sizeof *d->value);
    d->weight = calloc(nodes, sizeof *d->weight);
    s->t = calloc(2 * square, sizeof *s->t);
    s->vector = s->t ? s->t + square : NULL;
    s->sample = calloc((size_t)s->starts, sizeof *s->sample);
    if (!d->value || !d->weight || !s->t || !s->sample)
        return err_memory(e, "a spectral density", (nodes + square) * 16ull);
    return R(basis).init(&s->b, s->c->n, s->steps + 1, p, e);
}

static int estimate(const struct curvature *c, int starts, int steps, double zero, uint64_t seed, struct pool *p,
                    struct density *d, probe_progress *progress, void *context, struct err *e)
{
    struct run s = {.c = c, .starts = starts, .zero = zero, .progress = progress, .context = context};
    int r;

    memset(d, 0, sizeof *d);
    s.steps = fitting_steps(c->n, steps);
    if (s.steps < 2 && c->n >= 2)
        return err_set(e, ERR_INPUT,
                       "the density of %lld parameters needs more than the 1 GB a probe may use",
                       (long long)c->n);
    r = open_run(&s, d, p, e);
    for (int k = 0; r == 0 && k < starts; k++)
        r = sample(&s, seed, k, d, e);
    if (r == 0)
        r = sort_nodes(d, e);
    if (r == 0)
        d->shares = share_mean(starts, s.sample, c->n, zero);
    R(basis).free(&s.b);
    free(s.t);
    free(s.sample);
    if (r)
        free_density(d);
    return r;
}

static void smooth(const struct density *d, double a, double b, double width, int points, double *out)
{
    const double root_two_pi = 2.5066282746310002;

    for (int k = 0; k < points; k++) {
        double x = points > 1 ? a + (b - a) * k / (points - 1) : a;
        out[k] = 0;
        for (int i = 0; i < d->count; i++) {
            double u = (x - d->value[i]) / width;
            out[k] += d->weight[i] * exp(-u * u / 2) / (width * root_two_pi);
        }
    }
}

const struct density_ops R(density) = {.steps = fitting_steps, .estimate = estimate, .free = free_density, .smooth = smooth};
