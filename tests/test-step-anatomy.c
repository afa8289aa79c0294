/* SPDX-License-Identifier: MIT */
/* hessian/step-anatomy and hessian/batch-sharpness: exact on quadratics, within their order on networks. In double. */
#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "hessian/batch-sharpness.h"
#include "hessian/step-anatomy.h"
#include "network-objective.h"
#include "numbers.h"
#include "two-workers.h"

/* ---- quadratics: ½ xᵀAx + bᵀx, A dense, symmetric and indefinite ----------------------------- */

enum { N = 7 };

static double entry(int i, int k)
{
    return noise(i < k ? (uint64_t)i : (uint64_t)k, (uint64_t)(i < k ? k : i));
}

static int product(const struct objective *o, const real *theta, const real *v, real *out, struct err *e)
{
    (void)o, (void)theta, (void)e;
    for (int i = 0; i < N; i++) {
        out[i] = 0;
        for (int k = 0; k < N; k++)
            out[i] += entry(i, k) * v[k];
    }
    return 0;
}

static int gradient(const struct objective *o, const real *theta, double *f, real *g, struct err *e)
{
    product(o, theta, theta, g, e);
    *f = 0;
    for (int i = 0; i < N; i++) {
        *f += theta[i] * (.5 * g[i] + noise(20, (uint64_t)i));
        g[i] += noise(20, (uint64_t)i);
    }
    return 0;
}

static int value(const struct objective *o, const real *theta, double *f, struct err *e)
{
    real g[N];

    return gradient(o, theta, f, g, e);
}

static void exact_on_quadratics(void **state)
{
    struct objective o = {.n = N, .f = value, .gradient = gradient, .hessian_vector = product};
    struct err e = {0};

    (void)state;
    for (uint64_t trial = 0; trial < 20; trial++) {
        real theta[N], u[N], g[N], hu[N];
        double scale = pow(10, (double)(trial % 5) - 3), f, gu = 0, uhu = 0, uu = 0;
        struct step_anatomy a;
        for (uint64_t i = 0; i < N; i++) {
            theta[i] = noise(30 + trial, i);
            u[i] = scale * noise(60 + trial, i);
        }
        must(R(step_anatomy_of)(&o, theta, u, &a, &e), &e);
        gradient(&o, theta, &f, g, &e);
        product(&o, theta, u, hu, &e);
        for (int i = 0; i < N; i++) {
            gu += g[i] * u[i];
            uhu += u[i] * hu[i];
            uu += u[i] * u[i];
        }
        close_to(a.gain, -gu, 1e-12 * fmax(1, fabs(gu)));
        close_to(a.cost, .5 * uhu, 1e-12 * fmax(1, fabs(uhu)));
        close_to(a.sharpness, uhu / uu, 1e-12 * fabs(uhu / uu) + 1e-12);
        close_to(a.length, sqrt(uu), 1e-12 * fmax(1, sqrt(uu)));
        close_to(a.actual, a.cost - a.gain, 1e-10 * fmax(1, fabs(a.cost - a.gain)));
    }
}

static void a_step_of_no_length_has_no_direction(void **state)
{
    struct objective o = {.n = N, .f = value, .gradient = gradient, .hessian_vector = product};
    real theta[N] = {1, 2, 3}, u[N] = {0};
    struct step_anatomy a;
    struct err e = {0};

    (void)state;
    must(R(step_anatomy_of)(&o, theta, u, &a, &e), &e);
    assert_true(a.gain == 0 && a.cost == 0 && a.actual == 0 && a.length == 0 && isnan(a.sharpness));
}

/* ---- networks ------------------------------------------------------------------------------- */

static struct probe_ask ask_of(const struct probed *b)
{
    return (struct probe_ask){.spec = &b->spec,
                              .theta = b->theta,
                              .statistics = b->statistics,
                              .batch = &b->batch,
                              .loss = "cross_entropy",
                              .shards = 2,
                              .pool = pool};
}

/* By gradient descent at a small rate: gain, cost and change, and what is beyond the second order falls with the cube of
 * the rate. In batch mode too. */
static void networks_follow_the_quadratic_at_small_rates(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++)
        for (int batch_statistics = 0; batch_statistics < 2; batch_statistics++) {
            struct probed b;
            struct err e = {0};
            double f, rest[2];
            real *g, *u;
            probed_open(&b, &kinds[k], 0, batch_statistics);
            g = calloc((size_t)b.f.n, sizeof *g);
            u = calloc((size_t)b.f.n, sizeof *u);
            must(b.f.gradient(&b.f, b.point, &f, g, &e), &e);
            for (int half = 0; half < 2; half++) {
                double rate = half ? 5e-4 : 1e-3;
                struct step_anatomy a;
                for (int64_t i = 0; i < b.f.n; i++)
                    u[i] = -rate * g[i];
                must(R(step_anatomy_of)(&b.f, b.point, u, &a, &e), &e);
                assert_true(a.gain > 0 && a.actual < 0);
                near(a.actual, a.cost - a.gain, .05 * fabs(a.actual), kinds[k].text);
                near(a.actual + a.gain, a.cost, .05 * fabs(a.cost), kinds[k].text);
                rest[half] = fabs(a.actual - (a.cost - a.gain));
            }
            near(rest[0] / rest[1], 8, 2, kinds[k].text);
            free(g);
            free(u);
            probed_close(&b);
        }
}

/* ---- batch sharpness ------------------------------------------------------------------------ */

static void of_one_batch_it_is_the_curvature_along_its_gradient(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        struct probed b;
        struct probe_report r;
        struct probe_ask ask;
        struct err e = {0};
        struct batch_sharpness_sums sums = {0};
        struct batch_sharpness s;
        probed_open(&b, &kinds[k], 0, 0);
        sums.gradient = calloc((size_t)b.f.n, sizeof *sums.gradient);
        ask = ask_of(&b);
        ask.top = ask.bottom = 1;
        must(probe_run(&ask, &r, &e), &e);
        must(batch_sharpness_add(&ask, &sums, &e), &e);
        s = batch_sharpness_mean(&sums, b.f.n);
        assert_true(s.batches == 1 && isnan(s.error) && isnan(s.noise));
        near(s.mean, r.gradient_curvature, 1e-9 * fabs(s.mean), kinds[k].text);
        must(batch_sharpness_add(&ask, &sums, &e), &e); /* the same again: no noise, no error */
        s = batch_sharpness_mean(&sums, b.f.n);
        near(s.mean, r.gradient_curvature, 1e-9 * fabs(s.mean), kinds[k].text);
        near(s.error, 0, 1e-6 * fabs(s.mean), "error");
        near(s.noise, 0, 1e-9, "noise");
        free(sums.gradient);
        probe_free(&r);
        probed_close(&b);
    }
}

/* Sums of known gradients: the mean's square without bias. */
static void noise_is_what_batches_do_not_share(void **state)
{
    double shared[2] = {6, 0}, opposed[2] = {0, 0};
    struct batch_sharpness_sums same = {.batches = 3, .ratio = 9, .square = 29, .length = 12, .gradient = shared},
                                none = {.batches = 2, .ratio = 4, .square = 10, .length = 2, .gradient = opposed},
                                empty = {.batches = 0};
    struct batch_sharpness s = batch_sharpness_mean(&same, 2);

    (void)state;
    close_to(s.mean, 3, 1e-15); /* three gradients of length 2 along one axis; ratios 2, 3, 4 */
    close_to(s.error, sqrt(1 / 3.), 1e-12);
    close_to(s.noise, 0, 1e-15);
    s = batch_sharpness_mean(&none, 2); /* two of length 1 that cancel */
    close_to(s.noise, 1, 1e-15);
    s = batch_sharpness_mean(&empty, 0);
    assert_true(s.batches == 0 && isnan(s.mean) && isnan(s.noise));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_on_quadratics),
        cmocka_unit_test(a_step_of_no_length_has_no_direction),
        cmocka_unit_test(networks_follow_the_quadratic_at_small_rates),
        cmocka_unit_test(of_one_batch_it_is_the_curvature_along_its_gradient),
        cmocka_unit_test(noise_is_what_batches_do_not_share),
    };
    return cmocka_run_group_tests(tests, workers_start, workers_end);
}
