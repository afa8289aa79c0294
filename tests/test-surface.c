/* SPDX-License-Identifier: MIT */
/* probe/: surfaces seen whole. The registry is walked: a new surface is tested by being listed. */
#include "test.h"

#include <math.h>
#include <string.h>

#include "core/rng.h"
#include "derivatives.h"
#include "numbers.h"

/* ---- every surface ---------------------------------------------------------------------------- */

static void random_point(const struct surface *s, uint64_t k, double *x)
{
    struct rng r = {.seed = 3, .purpose = RNG_PROBE};

    for (int i = 0; i < s->n; i++) {
        int axis = i < 2 ? i : 1;
        x[i] = s->window[axis].low +
               (s->window[axis].high - s->window[axis].low) * rng_uniform(&r, k, (uint64_t)i);
    }
}

static void derivatives_are_exact(void **state)
{
    const struct surface *s;

    (void)state;
    for (int i = 0; (s = surface_at(i)) != NULL; i++)
        for (uint64_t k = 0; k < 50; k++) {
            double x[SURFACE_MOST] = {0};
            random_point(s, k, x);
            check_derivatives(s, x, 2e-6);
        }
}

/* What is not asked for is not needed, and the Hessian is symmetric to the bit. */
static void parts_are_the_same_alone(void **state)
{
    const struct surface *s;

    (void)state;
    for (int i = 0; (s = surface_at(i)) != NULL; i++) {
        double g[SURFACE_MOST], alone[SURFACE_MOST], h[SURFACE_MOST * SURFACE_MOST];
        double f = s->f(s, s->start, g, h);
        assert_true(f == s->f(s, s->start, NULL, NULL) && f == s->f(s, s->start, alone, NULL));
        assert_memory_equal(g, alone, (size_t)s->n * sizeof *g);
        for (int k = 0; k < s->n * s->n; k++)
            close_to(h[k], h[k % s->n * s->n + k / s->n], 1e-12 * scale_of(h, s->n * s->n));
    }
}

static void descriptors_are_whole(void **state)
{
    const struct surface *s;
    int count = 0;

    (void)state;
    for (; (s = surface_at(count)) != NULL; count++) {
        assert_ptr_equal(surface_find(s->name), s);
        assert_true(s->n >= 1 && s->n <= SURFACE_MOST && s->optima <= SURFACE_OPTIMA);
        assert_true(s->title && s->formula && s->axis[0] && s->axis[1]);
        for (int i = 0; i < 2 && i < s->n; i++) {
            assert_true(s->window[i].low < s->window[i].high);
            assert_true(s->start[i] >= s->window[i].low && s->start[i] <= s->window[i].high);
        }
    }
    assert_true(count >= 15);
    assert_null(surface_find("chains"));
    assert_null(surface_at(-1));
}

/* At each: no slope, nothing curves down, nothing in the window is lower. */
static void optima_are_optima(void **state)
{
    const struct surface *s;

    (void)state;
    for (int i = 0; (s = surface_at(i)) != NULL; i++)
        for (int k = 0; k < s->optima; k++) {
            struct surface_point p;
            double x[SURFACE_MOST];
            assert_int_equal(surface_look(s, s->optimum[k], &p, NULL), 0);
            close_to(p.gradient_norm, 0, 1e-12 * p.eigenvalue[s->n - 1] * (1 + fabs(s->optimum[k][0])));
            assert_true(p.eigenvalue[0] >= -1e-12 * p.eigenvalue[s->n - 1]);
            for (uint64_t t = 0; t < 200; t++) {
                random_point(s, t, x);
                assert_true(s->f(s, x, NULL, NULL) >= p.f);
            }
        }
}

/* ---- the lecture's figures at a point --------------------------------------------------------- */

static struct surface_point look(const char *name, double x, double y)
{
    const double at[SURFACE_MOST] = {x, y};
    struct surface_point p;

    assert_int_equal(surface_look(surface_find(name), at, &p, NULL), 0);
    return p;
}

static void the_chain_at_its_saddle(void **state)
{
    struct surface_point p = look("chain", 0, 0);

    (void)state;
    close_to(p.f, 1, 0);
    close_to(p.gradient_norm, 0, 0);
    close_to(p.eigenvalue[0], -2, 1e-15);
    close_to(p.eigenvalue[1], 2, 1e-15);
    close_to(p.limit, 1, 1e-15);
    /* along (1, 1)/√2 by the length a√2, where the quadratic model says 1 − 2a² */
    close_to(look("chain", .1, .1).f, .9801, 1e-15);
    close_to(look("chain", .4, .4).f, .7056, 1e-15);
    close_to(look("chain", 1, 1).f, 0, 0);
}

static void the_regression_is_elongated(void **state)
{
    struct surface_point p = look("regression", -120, -4);

    (void)state;
    close_to(p.eigenvalue[1], 1.74683e6, 5);
    close_to(p.eigenvalue[0], 5.573, 5e-4);
    close_to(p.eigenvalue[1] / p.eigenvalue[0], 313418, .5);
    close_to(p.limit, 1.145e-6, 5e-10);
}

static void squared_error_is_flat_where_it_is_wrong(void **state)
{
    static const struct {
        double y1, y2, mse, ce;
    } row[] = {{-10, 10, 1.17e-8, 1.414}, {-7, 5, 3.5e-5, 1.414}, {0, 0, .7071, .7071}};

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        close_to(look("softmax_mse", row[i].y1, row[i].y2).gradient_norm, row[i].mse, .01 * row[i].mse);
        close_to(look("softmax_ce", row[i].y1, row[i].y2).gradient_norm, row[i].ce, 3e-4);
    }
}

static void a_value_that_is_not_finite_is_told(void **state)
{
    const double far[SURFACE_MOST] = {1e200, 1e200};
    struct surface_point p;
    struct err e = {0};

    (void)state;
    assert_int_equal(surface_look(surface_find("rosenbrock"), far, &p, &e), -ERR_DIVERGED);
    assert_non_null(strstr(e.text, "rosenbrock"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptors_are_whole),
        cmocka_unit_test(derivatives_are_exact),
        cmocka_unit_test(parts_are_the_same_alone),
        cmocka_unit_test(optima_are_optima),
        cmocka_unit_test(the_chain_at_its_saddle),
        cmocka_unit_test(the_regression_is_elongated),
        cmocka_unit_test(squared_error_is_flat_where_it_is_wrong),
        cmocka_unit_test(a_value_that_is_not_finite_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
