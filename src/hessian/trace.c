/* SPDX-License-Identifier: MIT */
#include "hessian/trace.h"

#include "core/rng.h"
#include "hessian/basis.h"

/* Streams of RNG_PROBE: Lanczos draws its vectors from the first ones. */
enum { SIGN_STREAM = 1 << 20 };

static void signs(int64_t n, uint64_t seed, int sample, real *z)
{
    struct rng r = {.seed = seed, .purpose = RNG_PROBE};
    uint32_t word[4];

    for (int64_t i = 0; i < n; i++) {
        if (i % 128 == 0)
            rng_block(&r, SIGN_STREAM + (uint64_t)sample, (uint64_t)(i / 128), word);
        z[i] = word[i / 32 % 4] >> (i % 32) & 1 ? 1 : -1;
    }
}

static int estimate(const struct curvature *c, int samples, uint64_t seed, struct pool *p,
                    struct trace_estimate *t, probe_progress *progress, void *context, struct err *e)
{
    double sum = 0, squares = 0, mean;
    struct basis b;
    int r = R(basis).init(&b, c->n, 2, p, e);

    for (int k = 0; r == 0 && k < samples; k++) {
        real *z = basis_row(&b, 0), *az = basis_row(&b, 1);
        double value;
        signs(c->n, seed, k, z);
        r = R(curvature).multiply(c, z, az, e);
        if (r)
            break;
        value = R(basis).dot(&b, z, az);
        sum += value;
        squares += value * value;
        if (progress && progress(context, k + 1, samples))
            r = err_set(e, ERR_CANCELLED, "cancelled");
    }
    R(basis).free(&b);
    mean = sum / samples;
    *t = (struct trace_estimate){.mean = mean, .error = NAN, .samples = samples};
    if (samples > 1)
        t->error = sqrt(fmax(0, squares / samples - mean * mean) / (samples - 1));
    return r;
}

const struct trace_ops R(trace) = {.estimate = estimate, .signs = signs};
