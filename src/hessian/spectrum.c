/* SPDX-License-Identifier: MIT */
/* Column i of the matrix is its product with the i-th unit vector; (H + Hᵀ)/2 goes to the dense solver. */
#include "hessian/spectrum.h"

#include <stdlib.h>
#include <string.h>

#include "math/eigen.h"

static void spectrum_free(struct spectrum *s)
{
    free(s->value);
    free(s->vector);
    memset(s, 0, sizeof *s);
}

/* Rows of the matrix, one product each, into s->vector. */
static int columns(const struct curvature *c, struct spectrum *s, real *unit, real *out,
                   probe_progress *progress, void *context, struct err *e)
{
    for (int i = 0; i < s->n; i++) {
        int r;
        unit[i] = 1;
        r = R(curvature).multiply(c, unit, out, e);
        unit[i] = 0;
        if (r)
            return r;
        for (int j = 0; j < s->n; j++)
            s->vector[(size_t)i * (size_t)s->n + (size_t)j] = (double)out[j];
        if (progress && progress(context, i + 1, s->n))
            return err_set(e, ERR_CANCELLED, "cancelled");
    }
    return 0;
}

static void symmetrise(struct spectrum *s)
{
    size_t n = (size_t)s->n;
    double *h = s->vector;

    for (size_t i = 0; i < n; i++) {
        s->trace += h[i * n + i];
        for (size_t j = 0; j < i; j++) {
            double differ = fabs(h[i * n + j] - h[j * n + i]);
            s->asymmetry = differ > s->asymmetry ? differ : s->asymmetry;
            h[i * n + j] = h[j * n + i] = (h[i * n + j] + h[j * n + i]) / 2;
        }
    }
}

struct waiting { /* for the dense solver: its stop is a progress that has come to its end */
    probe_progress *progress;
    void *context;
    int n;
};

static int called_off(void *context)
{
    const struct waiting *w = context;
    return w->progress ? w->progress(w->context, w->n, w->n) : 0;
}

static int whole(const struct curvature *c, struct spectrum *s, probe_progress *progress, void *context,
                 struct err *e)
{
    struct waiting w = {progress, context, (int)c->n};
    size_t n = (size_t)c->n;
    real *unit, *out;
    int r;

    memset(s, 0, sizeof *s);
    if (c->n > SPECTRUM_MOST)
        return err_set(e, ERR_INPUT, "all eigenvalues are computed for up to %d parameters, not %lld",
                       SPECTRUM_MOST, (long long)c->n);
    s->n = (int)c->n;
    s->value = calloc(n, sizeof *s->value);
    s->vector = calloc(n * n, sizeof *s->vector);
    unit = calloc(2 * n, sizeof *unit);
    out = unit + n;
    if (s->value && s->vector && unit)
        r = columns(c, s, unit, out, progress, context, e);
    else
        r = err_memory(e, "a whole spectrum", n * n * sizeof *s->vector);
    free(unit);
    if (r == 0) {
        symmetrise(s);
        r = eigen_symmetric_large(s->n, s->vector, s->value, called_off, &w, e);
    }
    if (r)
        spectrum_free(s);
    return r;
}

const struct spectrum_ops R(spectrum) = {.whole = whole, .free = spectrum_free};
