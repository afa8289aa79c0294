/* SPDX-License-Identifier: MIT */
#include "hessian/batch-sharpness.h"

#include <stdlib.h>

#include "hessian/probe-point.h"

static double dot(int64_t n, const real *x, const real *y)
{
    double sum = 0;

    for (int64_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)y[i];
    return sum;
}

/* g and product hold n elements. A batch without a gradient has no direction, and is left out. */
static int take(const struct probe_point *p, real *g, real *product, struct batch_sharpness_sums *s, struct err *e)
{
    const struct objective *o = &p->objective;
    double f, square, ratio;
    int r = o->gradient(o, p->theta, &f, g, e);

    if (r)
        return r;
    square = dot(o->n, g, g);
    if (!isfinite(f) || !isfinite(square))
        return err_set(e, ERR_DIVERGED, "loss or gradient of a mini-batch is not finite");
    if (!(square > 0))
        return 0;
    r = o->hessian_vector(o, p->theta, g, product, e);
    if (r)
        return r;
    ratio = dot(o->n, g, product) / square;
    s->batches++;
    s->ratio += ratio;
    s->square += ratio * ratio;
    s->length += square;
    for (int64_t i = 0; i < o->n; i++)
        s->gradient[i] += (double)g[i];
    return 0;
}

static int add(const struct probe_ask *a, struct batch_sharpness_sums *s, struct err *e)
{
    struct probe_point point;
    real *g = NULL, *product = NULL;
    int r = R(probe_point).open(&point, a, e);

    if (r == 0) {
        g = R(probe_point).converted(NULL, point.objective.n);
        product = R(probe_point).converted(NULL, point.objective.n);
        r = g && product ? take(&point, g, product, s, e)
                         : err_memory(e, "a mini-batch's gradient", sizeof *g * (unsigned long long)point.objective.n);
    }
    R(probe_point).close(&point);
    free(g);
    free(product);
    return r;
}

const struct batch_sharpness_of R(batch_sharpness) = {.add = add};
