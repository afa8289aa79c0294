/* SPDX-License-Identifier: MIT */
/* What landscapes are made of, on functions whose answers are known: directions, principal components, and
 * the sharpness under them. In double. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/network.h"
#include "numbers.h"
#include "surface-objective.h"
#include "landscape/directions.h"
#include "landscape/pca.h"
#include "landscape/sharpness.h"
#include "two-workers.h"

/* ---- directions ----------------------------------------------------------------------------- */

static void the_gradient_and_its_turn(void **state)
{
    const struct surface *s = surface_find("rosenbrock");
    struct objective o = on("rosenbrock");
    const real at[2] = {-1.2, 1}, flat[2] = {1, 1};
    real g[2], u[2], v[2];
    struct err e = {0};
    double f;
    int turns;

    (void)state;
    must(R(directions).gradient(&o, at, 1, u, v, &turns, &e), &e);
    o.gradient(&o, at, &f, g, &e);
    near(u[0] * g[1] - u[1] * g[0], 0, 1e-12 * 233, "u is along the gradient");
    assert_true(u[0] * g[0] > 0 && turns);
    near(R(directions).dot(2, u, v), 0, 1e-15, "v is orthogonal");
    near(R(directions).dot(2, v, v), 1, 1e-14, "and of length 1");
    real hg[2];
    o.hessian_vector(&o, at, g, hg, &e);
    assert_true(R(directions).dot(2, v, hg) > 0);
    assert_int_equal(R(directions).gradient(&o, flat, 1, u, v, &turns, &e), -ERR_INPUT);
    assert_true(s->n == 2);
}

/* Where H g is along g, the second direction is a random one across. */
static void a_gradient_that_does_not_turn(void **state)
{
    static const struct bowl b = {.a = {2, 0, 0, 0, 2, 0, 0, 0, 2}};
    struct surface s = {.name = "bowl", .n = 3, .f = bowl_f, .data = &b};
    struct objective o = on_surface(&s);
    const real at[3] = {1, 2, 3};
    real u[3], v[3];
    struct err e = {0};
    int turns;

    (void)state;
    must(R(directions).gradient(&o, at, 1, u, v, &turns, &e), &e);
    assert_false(turns);
    near(R(directions).dot(3, u, v), 0, 1e-15, "orthogonal");
    near(R(directions).dot(3, v, v), 1, 1e-14, "of length 1");
}

static void random_directions_are_normalised_by_filter(void **state)
{
    struct network_spec spec;
    struct network net;
    struct err e = {0};
    real *theta, *u, *v, *other, *statistics;
    size_t n;

    (void)state;
    must(spec_parse(&spec, "lstm 5 bi | last | linear 7 bn relu | linear 3", &e), &e);
    must(R(network).build(&net, &spec, (struct shape){4, 6}, &e), &e);
    n = (size_t)net.parameters;
    theta = calloc(4 * n, sizeof *theta);
    statistics = calloc((size_t)net.statistics + 1, sizeof *statistics);
    u = theta + n, v = u + n, other = v + n;
    R(network).init(&net, 1, theta, statistics);
    R(directions).random(net.places, net.place, theta, 3, u, v);
    for (int i = 0; i < net.places; i++) {
        const struct place *p = &net.place[i];
        int64_t columns = p->dims == 2 ? p->shape[1] : p->count;
        for (int64_t at = p->offset; at < p->offset + p->count; at += columns) {
            double length = p->dims == 2 ? sqrt(R(directions).dot(columns, theta + at, theta + at)) : 0;
            near(sqrt(R(directions).dot(columns, u + at, u + at)), length, 1e-12, p->name);
            near(sqrt(R(directions).dot(columns, v + at, v + at)), length, 1e-12, p->name);
            near(R(directions).dot(columns, u + at, v + at), 0, 1e-12, p->name);
        }
    }
    near(R(directions).dot(net.parameters, u, v), 0, 1e-12, "orthogonal as a whole");
    R(directions).random(net.places, net.place, theta, 4, other, v);
    assert_true(memcmp(other, u, sizeof *u * n) != 0);
    R(directions).random(net.places, net.place, theta, 3, other, v);
    assert_memory_equal(other, u, sizeof *u * n);
    free(theta);
    free(statistics);
    R(network).free(&net);
}

/* ---- principal components ------------------------------------------------------------------- */

enum { LONG = 70000, PATH = 12 }; /* more than one piece */

static void a_straight_path_has_one_component(void **state)
{
    static real store[PATH][LONG], u[LONG], v[LONG];
    const real *point[PATH];
    double at[PATH][2], share[2];
    struct err e = {0};

    (void)state;
    for (int i = 0; i < PATH; i++) {
        for (int k = 0; k < LONG; k++)
            store[i][k] = noise(1, (uint64_t)k) + (i * i - 121) * .01 * noise(2, (uint64_t)k);
        point[i] = store[i];
    }
    must(R(pca).axes(LONG, PATH, point, 1, pool, u, v, at, share, &e), &e);
    near(share[0], 1, 1e-9, "one axis explains all");
    near(share[1], 0, 1e-9, "the other nothing");
    near(R(directions).dot(LONG, u, v), 0, 1e-12, "orthogonal");
    near(R(directions).dot(LONG, v, v), 1, 1e-12, "of length 1");
    for (int i = 0; i < PATH; i++) {
        real d[LONG];
        for (int k = 0; k < LONG; k++)
            d[k] = store[i][k] - store[PATH - 1][k];
        near(-at[i][0], sqrt(R(directions).dot(LONG, d, d)), 1e-8, "a coordinate is a distance");
        near(at[i][1], 0, 1e-8, "no other coordinate");
    }
    for (int i = 0; i < PATH; i++)
        point[i] = store[3];
    assert_int_equal(R(pca).axes(LONG, PATH, point, 1, pool, u, v, at, share, &e), -ERR_INPUT);
    assert_int_equal(R(pca).axes(LONG, 1, point, 1, pool, u, v, at, share, &e), -ERR_INPUT);
}

/* Points of an ellipse in a plane of many dimensions: the half axes' squares are the shares, and the
 * coordinates bring the points back. */
static void a_plane_path_is_found_again(void **state)
{
    enum { M = 8, N = 50 };
    real store[M][N], a[N] = {0}, b[N] = {0}, u[N], v[N];
    const real *point[M];
    double at[M][2], share[2];
    struct err e = {0};

    (void)state;
    a[3] = .6, a[20] = .8;
    b[3] = .8, b[20] = -.6;
    for (int i = 0; i < M; i++) {
        double angle = 2 * M_PI * i / M;
        for (int k = 0; k < N; k++)
            store[i][k] = k + 3 * cos(angle) * a[k] + sin(angle) * b[k];
        point[i] = store[i];
    }
    must(R(pca).axes(N, M, point, 1, NULL, u, v, at, share, &e), &e);
    near(share[0], .9, 1e-12, "3² of 3² + 1²");
    near(share[1], .1, 1e-12, "1² of it");
    near(fabs(R(directions).dot(N, u, a)), 1, 1e-12, "the long axis");
    near(fabs(R(directions).dot(N, v, b)), 1, 1e-12, "the short one");
    assert_true(at[M - 1][0] == 0 && at[M - 1][1] == 0 && at[0][0] <= 0 && at[0][1] <= 0);
    for (int i = 0; i < M; i++)
        for (int k = 0; k < N; k++)
            near(store[M - 1][k] + at[i][0] * u[k] + at[i][1] * v[k], store[i][k], 1e-12, "a point");
    store[2][7] = NAN;
    assert_int_equal(R(pca).axes(N, M, point, 1, NULL, u, v, at, share, &e), -ERR_DIVERGED);
}

/* ---- sharpness ------------------------------------------------------------------------------ */

static struct sharpness_report sharpness(const struct bowl *b, int n, const real *x, const real *along,
                                         double epsilon)
{
    struct surface s = {.name = "bowl", .n = n, .f = bowl_f, .data = b};
    struct objective o = on_surface(&s);
    struct sharpness_report r;
    struct err e = {0};

    must(R(sharpness).find(&o, x, along, epsilon, &r, NULL, NULL, &e), &e);
    return r;
}

/* The largest value of a quadratic that curves upwards lies in a corner of the box, and of eight the test can
 * try all. */
static double by_corners(const struct bowl *b, int n, const real *x, double epsilon)
{
    struct surface s = {.n = n, .data = b};
    double best = bowl_f(&s, x, NULL, NULL), here = best;

    for (int mask = 0; mask < 1 << n; mask++) {
        real y[3];
        for (int i = 0; i < n; i++)
            y[i] = x[i] + (mask >> i & 1 ? 1 : -1) * epsilon * (fabs(x[i]) + 1);
        best = fmax(best, bowl_f(&s, y, NULL, NULL));
    }
    return 100 * (best - here) / (1 + here);
}

static void sharpness_of_quadratics(void **state)
{
    static const struct bowl round = {.a = {10, 0, 0, 0, 4, 0, 0, 0, 1}, .c = 1},
                             coupled = {.a = {2, 1, .5, 1, 3, -1, .5, -1, 4}, .c = .5},
                             valley = {.a = {2, 1, 1, 2}, .c = 0}, saddle = {.a = {1, 0, 0, -9}, .c = 3};
    const real zero[3] = {0, 0, 0}, away[3] = {.4, -2, 1}, top[2] = {1, 1};
    struct sharpness_report r;

    (void)state;
    /* from 0 with a hint: ½ ε² (10 + 4 + 1), of 1 + 1 */
    r = sharpness(&round, 3, zero, away, 1e-2);
    near(r.percent, 100 * .5 * 1e-4 * 15 / 2, 1e-12, "round, at its minimum");
    assert_true(r.settled && r.loss == 1 && r.epsilon == 1e-2);
    r = sharpness(&round, 3, away, NULL, 0);
    near(r.percent, by_corners(&round, 3, away, 1e-3), 1e-12, "round, on its slope");
    assert_true(r.settled && r.epsilon == SHARPNESS_EPSILON);
    r = sharpness(&coupled, 3, away, NULL, .1);
    near(r.percent, by_corners(&coupled, 3, away, .1), 1e-9, "coupled");
    /* without a hint there is nothing to follow at a minimum; with it 3 ε² */
    assert_true(sharpness(&valley, 2, zero, NULL, 1e-3).percent == 0);
    near(sharpness(&valley, 2, zero, top, 1e-3).percent, 100 * 3e-6, 1e-12, "a valley along its top");
    /* a saddle: up along the first alone, the second stays where it is */
    r = sharpness(&saddle, 2, (const real[]){.5, 0}, NULL, .01);
    near(r.percent, 100 * .5 * (.515 * .515 - .25) / (1 + 3.125), 1e-9, "a saddle");
}

static int late_nan(const struct objective *o, const real *x, double *f, struct err *e)
{
    (void)o, (void)e;
    *f = x[0] > 1 ? NAN : x[0];
    return 0;
}

static int late_nan_gradient(const struct objective *o, const real *x, double *f, real *g, struct err *e)
{
    g[0] = 1;
    return late_nan(o, x, f, e);
}

static void a_box_that_holds_nan_is_infinitely_sharp(void **state)
{
    struct objective o = {.n = 1, .f = late_nan, .gradient = late_nan_gradient};
    struct sharpness_report r;
    struct err e = {0};

    (void)state;
    must(R(sharpness).find(&o, (const real[]){.99}, NULL, .01, &r, NULL, NULL, &e), &e);
    assert_true(isinf(r.percent));
    assert_int_equal(R(sharpness).find(&o, (const real[]){2}, NULL, .01, &r, NULL, NULL, &e), -ERR_DIVERGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gradient_and_its_turn),
        cmocka_unit_test(a_gradient_that_does_not_turn),
        cmocka_unit_test(random_directions_are_normalised_by_filter),
        cmocka_unit_test(a_straight_path_has_one_component),
        cmocka_unit_test(a_plane_path_is_found_again),
        cmocka_unit_test(sharpness_of_quadratics),
        cmocka_unit_test(a_box_that_holds_nan_is_infinitely_sharp),
    };
    return cmocka_run_group_tests(tests, workers_start, workers_end);
}
