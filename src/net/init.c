/* SPDX-License-Identifier: MIT */
/* With n_in columns and n_out rows:
 *   Xavier (Glorot and Bengio 2010):   variance 2/(n_in + n_out)
 *   Kaiming (He et al. 2015, for ReLU): variance 2/n_in
 * each normal, or uniform in ±√(3 variance);
 *   orthogonal (Saxe, McClelland and Ganguli 2014): rows or columns orthonormal, whichever are fewer;
 *   zero: the saddle at the origin that no gradient leaves; constant .01: all units of a layer stay alike. */
#include "net/init.h"

#include <stdlib.h>
#include <string.h>

#include "math/orthogonal.h"

/* Streams of the layers' own defaults are below this. */
enum { FIRST_STREAM = 1 << 20 };

static int fill_normal(int64_t n, double variance, const struct rng *r, uint64_t stream, real *w)
{
    for (int64_t i = 0; i < n; i++)
        w[i] = (real)(sqrt(variance) * rng_normal(r, stream, (uint64_t)i));
    return 0;
}

static int fill_uniform(int64_t n, double variance, const struct rng *r, uint64_t stream, real *w)
{
    for (int64_t i = 0; i < n; i++)
        w[i] = (real)(sqrt(3 * variance) * (2 * rng_uniform(r, stream, (uint64_t)i) - 1));
    return 0;
}

static int xavier_uniform(int64_t rows, int64_t columns, const struct rng *r, uint64_t stream, real *w)
{
    return fill_uniform(rows * columns, 2.0 / (double)(rows + columns), r, stream, w);
}

static int xavier_normal(int64_t rows, int64_t columns, const struct rng *r, uint64_t stream, real *w)
{
    return fill_normal(rows * columns, 2.0 / (double)(rows + columns), r, stream, w);
}

static int kaiming_uniform(int64_t rows, int64_t columns, const struct rng *r, uint64_t stream, real *w)
{
    return fill_uniform(rows * columns, 2.0 / (double)columns, r, stream, w);
}

static int kaiming_normal(int64_t rows, int64_t columns, const struct rng *r, uint64_t stream, real *w)
{
    return fill_normal(rows * columns, 2.0 / (double)columns, r, stream, w);
}

/* The factor is tall: of a wide matrix its transpose is taken. */
static int orthogonal(int64_t rows, int64_t columns, const struct rng *r, uint64_t stream, real *w)
{
    int64_t tall = rows > columns ? rows : columns, narrow = rows > columns ? columns : rows;
    double *a = malloc(sizeof *a * (size_t)(tall * narrow));
    int result = -1;

    if (a) {
        for (int64_t i = 0; i < tall * narrow; i++)
            a[i] = rng_normal(r, stream, (uint64_t)i);
        result = orthogonal_factor((int)tall, (int)narrow, a);
        for (int64_t i = 0; i < rows; i++)
            for (int64_t j = 0; j < columns; j++)
                w[i * columns + j] = (real)(rows > columns ? a[j * tall + i] : a[i * tall + j]);
    }
    free(a);
    return result;
}

static int zero(int64_t rows, int64_t columns, const struct rng *r, uint64_t stream, real *w)
{
    (void)r;
    (void)stream;
    for (int64_t i = 0; i < rows * columns; i++)
        w[i] = 0;
    return 0;
}

static int constant(int64_t rows, int64_t columns, const struct rng *r, uint64_t stream, real *w)
{
    (void)r;
    (void)stream;
    for (int64_t i = 0; i < rows * columns; i++)
        w[i] = (real).01;
    return 0;
}

static const struct init_kind kinds[] = {
    {"default", "default", NULL},
    {"xavier_uniform", "Xavier, uniform", xavier_uniform},
    {"xavier_normal", "Xavier, normal", xavier_normal},
    {"kaiming_uniform", "Kaiming, uniform", kaiming_uniform},
    {"kaiming_normal", "Kaiming, normal", kaiming_normal},
    {"orthogonal", "orthogonal", orthogonal},
    {"zero", "zero", zero},
    {"constant", "constant", constant},
};

static const struct init_kind *at(int i)
{
    return i >= 0 && i < (int)(sizeof kinds / sizeof *kinds) ? &kinds[i] : NULL;
}

static int apply(const struct init_kind *k, const struct network *n, uint64_t seed, real *theta, real *statistics)
{
    struct rng r = {.seed = seed, .purpose = RNG_INIT};

    R(network).init(n, seed, theta, statistics);
    for (int i = 0; k->fill && i < n->places; i++) {
        const struct place *t = &n->place[i];
        if (t->dims == 2 && k->fill(t->shape[0], t->shape[1], &r, FIRST_STREAM + (uint64_t)i, theta + t->offset) != 0)
            return -1;
        if (t->dims == 1 && strstr(t->name, ".bias"))
            memset(theta + t->offset, 0, sizeof *theta * (size_t)t->count);
    }
    return 0;
}

const struct init_registry R(inits) = {.at = at, .apply = apply};
