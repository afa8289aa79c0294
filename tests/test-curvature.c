/* SPDX-License-Identifier: MIT */
/* probe/ on networks: slices of a batch, the matrices as they are multiplied with, trace and density against the whole
 * spectrum on small networks of each kind. In double. */
#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "numbers.h"
#include "hessian/density.h"
#include "hessian/trace.h"
#include "network-objective.h"
#include "two-workers.h"

/* ---- the objective -------------------------------------------------------------------------- */

/* Value, gradient and both products of the batch whole and in slices of 7; the gradient against differences.
 */
static void slices_add_up(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        struct probed whole, sliced;
        struct err e = {0};
        int64_t n;
        double f[3];
        real *v, *out[2];
        probed_open(&whole, &kinds[k], EXAMPLES, 0);
        probed_open(&sliced, &kinds[k], 7, 0);
        n = whole.f.n;
        v = calloc((size_t)n, sizeof *v);
        for (int i = 0; i < 2; i++)
            out[i] = calloc((size_t)n, sizeof *v);
        for (int64_t i = 0; i < n; i++)
            v[i] = made(3, (uint64_t)i);
        must(whole.f.f(&whole.f, whole.point, &f[0], &e), &e);
        must(sliced.f.f(&sliced.f, whole.point, &f[1], &e), &e);
        near(f[1], f[0], 1e-12, kinds[k].text);
        for (int what = 0; what < 3; what++) {
            for (int i = 0; i < 2; i++) {
                const struct objective *o = i ? &sliced.f : &whole.f;
                if (what == 0)
                    must(o->gradient(o, whole.point, &f[2], out[i], &e), &e);
                else
                    must((what == 1 ? o->hessian_vector : o->gauss_newton_vector)(o, whole.point, v, out[i],
                                                                                  &e),
                         &e);
            }
            near(f[2], f[0], 1e-12, kinds[k].text);
            for (int64_t i = 0; i < n; i++)
                near(out[1][i], out[0][i], 1e-11, kinds[k].text);
        }
        free(v);
        free(out[0]);
        free(out[1]);
        probed_close(&whole);
        probed_close(&sliced);
    }
}

/* Batch norm by the batch: another loss, and its product is still the difference of its gradients. */
static void a_whole_batch_may_be_asked_for(void **state)
{
    const double h = 1e-5;
    struct probed rest, batch;
    struct err e = {0};
    double a, b, c;
    real *v, *hv, *up, *down;
    size_t n;

    (void)state;
    probed_open(&rest, &kinds[0], 7, 0);
    probed_open(&batch, &kinds[0], 7, 1);
    n = (size_t)batch.f.n;
    v = calloc(4 * n, sizeof *v);
    hv = v + n, up = hv + n, down = up + n;
    must(rest.f.f(&rest.f, rest.point, &a, &e), &e);
    must(batch.f.f(&batch.f, rest.point, &b, &e), &e);
    assert_true(fabs(a - b) > 1e-3);
    for (size_t i = 0; i < n; i++)
        v[i] = made(3, i);
    must(batch.f.hessian_vector(&batch.f, batch.point, v, hv, &e), &e);
    for (size_t i = 0; i < n; i++)
        batch.point[i] += h * v[i];
    must(batch.f.gradient(&batch.f, batch.point, &c, up, &e), &e);
    for (size_t i = 0; i < n; i++)
        batch.point[i] -= 2 * h * v[i];
    must(batch.f.gradient(&batch.f, batch.point, &c, down, &e), &e);
    for (size_t i = 0; i < n; i++)
        near(hv[i], (up[i] - down[i]) / (2 * h), 1e-4 * (1 + fabs(hv[i])), "H v by the batch");
    free(v);
    probed_close(&rest);
    probed_close(&batch);
}

/* ---- matrices -------------------------------------------------------------------------------- */

static void gauss_newton_is_never_negative(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        struct probed b;
        struct curvature c;
        struct spectrum s;
        probed_open(&b, &kinds[k], 0, 0);
        c = hessian_of(&b, 1);
        s = spectrum_of(&c);
        assert_true(s.value[0] > -1e-12 * s.value[s.n - 1] && s.asymmetry < 1e-12 * s.value[s.n - 1]);
        R(spectrum).free(&s);
        probed_close(&b);
    }
}

/* ---- trace, density, blocks ------------------------------------------------------------------ */

/* Of n values, weighing 1/n each unless told. */
static double share_above(int n, const double *value, const double *weight, double x)
{
    double share = 0;

    for (int i = 0; i < n; i++)
        share += value[i] > x ? weight ? weight[i] : 1. / n : 0;
    return share;
}

static void trace_and_density_agree_with_the_spectrum(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        struct probed b;
        struct curvature c;
        struct spectrum s;
        struct trace_estimate t;
        struct density d;
        struct err e = {0};
        double sum = 0, mean = 0, squares = 0, at[3] = {.02, .1, .3};
        probed_open(&b, &kinds[k], 0, 0);
        c = hessian_of(&b, 0);
        s = spectrum_of(&c);
        must(R(trace).estimate(&c, 64, 3, pool, &t, NULL, NULL, &e), &e);
        near(t.mean, s.trace, 4 * t.error, "trace");
        for (int i = 0; i < s.n; i++)
            squares += s.value[i] * s.value[i];
        assert_true(t.error > 0 && t.error < 1.5 * sqrt(2 * squares / 64)); /* variance 2 Σ_{i≠j} H_ij² */
        must(R(density).estimate(&c, 8, 30, 0, 3, pool, &d, NULL, NULL, &e), &e);
        must(R(trace).estimate(&c, 8, 3, pool, &t, NULL, NULL, &e), &e);
        for (int i = 0; i < d.count; i++) {
            sum += d.weight[i];
            mean += d.weight[i] * d.value[i];
        }
        near(sum, 1, 1e-12, "weight");
        near(mean * s.n, t.mean, 1e-9 * s.n, "mean of the density, of the same random vectors");
        for (int i = 0; i < 3; i++)
            near(share_above(d.count, d.value, d.weight, at[i] * s.value[s.n - 1]),
                 share_above(s.n, s.value, NULL, at[i] * s.value[s.n - 1]), .03,
                 "share of the eigenvalues above");
        R(density).free(&d);
        R(spectrum).free(&s);
        probed_close(&b);
    }
}

/* ---- shares --------------------------------------------------------------------------------- */

static void share_holds(struct share got, struct share truth, const char *what)
{
    near(got.value, truth.value, 3 * share_error(got) + 1e-12, what);
    assert_true(share_error(got) < .3);
}

static void shares_hold(const struct curvature *c, int n, const double *value, double zero, const char *what)
{
    struct shares truth = share_count(n, value, zero);
    double loose = 1;

    for (int steps = 40; steps <= 160; steps *= 2)
        for (uint64_t seed = 1; seed <= 3; seed++) {
            struct density d;
            struct err e = {0};
            must(R(density).estimate(c, 3, steps, zero, seed, pool, &d, NULL, NULL, &e), &e);
            assert_true(d.shares.known && d.shares.positive.truncation <= loose);
            if (steps >= 80) {
                share_holds(d.shares.positive, truth.positive, what);
                share_holds(d.shares.negative, truth.negative, what);
                share_holds(d.shares.of_signed, truth.of_signed, what);
            }
            if (seed == 3)
                loose = fmax(d.shares.positive.truncation * 1.2, 1e-9);
            R(density).free(&d);
        }
}

/* The true share lies within three errors of the estimate, for H and for the Gauss–Newton matrix of each kind of network;
 * and more steps narrow it. */
static void shares_agree_with_the_spectrum(void **state)
{
    (void)state;
    for (int k = 0; k < 2 * KINDS; k++) {
        struct probed b;
        struct curvature c;
        struct spectrum s;
        probed_open(&b, &kinds[k / 2], 0, 0);
        c = hessian_of(&b, k % 2);
        s = spectrum_of(&c);
        shares_hold(&c, s.n, s.value, 1e-4 * s.value[s.n - 1], kinds[k / 2].text);
        R(spectrum).free(&s);
        probed_close(&b);
    }
}

enum { KNOWN = 1000 };

static int known_product(const struct objective *o, const real *theta, const real *v, real *out, struct err *e)
{
    const double *d = o->context;

    (void)theta, (void)e;
    for (int i = 0; i < KNOWN; i++)
        out[i] = (real)d[i] * v[i];
    return 0;
}

/* Far more zeros than others; two signs in a row of sizes; few values, of which the space closes. */
static double known_value(int which, int i)
{
    double u = (i + .5) / KNOWN;

    if (which == 0)
        return i < 900 ? 0 : i < 930 ? -exp(-(i - 899) / 9.) : 5 * exp(-(i - 930) / 12.);
    if (which == 1)
        return (i % 3 ? 1 : -.5) * exp(-7 * u);
    return i < 250 ? -1 : i < 600 ? 2 : 0;
}

static void shares_of_known_spectra(void **state)
{
    (void)state;
    for (int which = 0; which < 3; which++) {
        double d[KNOWN], value[KNOWN], share[3] = {.07, 2. / 3, .35};
        struct objective f = {.n = KNOWN, .context = d, .hessian_vector = known_product};
        real theta[KNOWN] = {0};
        struct curvature c = {.objective = &f, .theta = theta};
        struct err e = {0};
        for (int i = 0; i < KNOWN; i++)
            value[i] = d[i] = known_value(which, i);
        near(share_count(KNOWN, value, 1e-4).positive.value, share[which], 1e-3, "the share that is known");
        must(R(curvature).open(&c, &e), &e);
        shares_hold(&c, KNOWN, value, 1e-4, "a known spectrum");
        R(curvature).close(&c);
    }
}

/* A diagonal matrix is seen by vectors of ±1 without any variance: what is left is the truncation, and it is a bound. */
static void truncation_bounds_what_few_steps_miss(void **state)
{
    double d[KNOWN];
    struct objective f = {.n = KNOWN, .context = d, .hessian_vector = known_product};
    real theta[KNOWN] = {0};
    struct curvature c = {.objective = &f, .theta = theta};
    struct density few;
    struct err e = {0};

    (void)state;
    for (int i = 0; i < KNOWN; i++)
        d[i] = known_value(1, i);
    must(R(curvature).open(&c, &e), &e);
    for (int steps = 5; steps <= 100; steps += 5)
        for (int t = -3; t <= 3; t++) {
            double zero = pow(10, t - 4);
            struct shares truth = share_count(KNOWN, d, zero);
            must(R(density).estimate(&c, 1, steps, zero, 7, pool, &few, NULL, NULL, &e), &e);
            near(few.shares.positive.value, truth.positive.value, few.shares.positive.truncation + 1e-3, "above");
            near(few.shares.negative.value, truth.negative.value, few.shares.negative.truncation + 1e-3, "below");
            R(density).free(&few);
        }
    R(curvature).close(&c);
}

/* From one start in the whole space, the quadrature is exact: its moments are those of zᵀ Aᵏ z. */
static void density_closes_with_the_space(void **state)
{
    struct curvature c;
    struct density d;
    struct err e = {0};
    struct probed b;
    double mean = 0, curve[201], sum = 0;
    struct trace_estimate t;

    (void)state;
    probed_open(&b, &kinds[4], 0, 0);
    c = (struct curvature){.objective = &b.f, .theta = b.point, .first = 10, .n = 12};
    must(R(curvature).open(&c, &e), &e);
    must(R(density).estimate(&c, 1, 100, 0, 3, NULL, &d, NULL, NULL, &e), &e);
    must(R(trace).estimate(&c, 1, 3, NULL, &t, NULL, NULL, &e), &e);
    assert_true(d.count <= 12 && isnan(t.error));
    for (int i = 0; i < d.count; i++)
        mean += d.weight[i] * d.value[i];
    near(mean * 12, t.mean, 1e-12, "zᵀ A z");
    R(density).smooth(&d, d.value[0] - 5, d.value[d.count - 1] + 5, .5, 201, curve);
    for (int i = 0; i < 201; i++)
        sum += curve[i] * (10 + d.value[d.count - 1] - d.value[0]) / 200;
    near(sum, 1, 1e-6, "area under the curve");
    R(density).free(&d);
    R(curvature).close(&c);
    probed_close(&b);
}

/* A block is that part of the whole matrix; a scaled one S H S. */
static void blocks_are_parts_of_the_matrix(void **state)
{
    struct curvature whole, part;
    struct err e = {0};
    struct probed b;
    real v[12], out[12], *full, *product, *scale;

    (void)state;
    probed_open(&b, &kinds[4], 0, 0);
    whole = hessian_of(&b, 0);
    full = calloc(3 * (size_t)b.f.n, sizeof *full);
    product = full + b.f.n;
    scale = product + b.f.n;
    for (int64_t i = 0; i < b.f.n; i++)
        scale[i] = 1 + .5 * sin((double)i);
    part = (struct curvature){.objective = &b.f, .theta = b.point, .first = 30, .n = 12, .scale = scale};
    must(R(curvature).open(&part, &e), &e);
    for (int i = 0; i < 12; i++) {
        v[i] = made(6, (uint64_t)i);
        full[30 + i] = v[i] * scale[30 + i];
    }
    must(R(curvature).multiply(&whole, full, product, &e), &e);
    must(R(curvature).multiply(&part, v, out, &e), &e);
    for (int i = 0; i < 12; i++)
        near(out[i], product[30 + i] * scale[30 + i], 1e-14, "block");
    R(curvature).close(&part);
    part.first = b.f.n - 3;
    part.n = 4;
    assert_int_equal(R(curvature).open(&part, &e), -ERR_INPUT);
    free(full);
    probed_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_add_up),
        cmocka_unit_test(a_whole_batch_may_be_asked_for),
        cmocka_unit_test(gauss_newton_is_never_negative),
        cmocka_unit_test(trace_and_density_agree_with_the_spectrum),
        cmocka_unit_test(shares_agree_with_the_spectrum),
        cmocka_unit_test(shares_of_known_spectra),
        cmocka_unit_test(truncation_bounds_what_few_steps_miss),
        cmocka_unit_test(density_closes_with_the_space),
        cmocka_unit_test(blocks_are_parts_of_the_matrix),
    };
    return cmocka_run_group_tests(tests, workers_start, workers_end);
}
