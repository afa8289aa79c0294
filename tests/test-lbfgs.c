/* SPDX-License-Identifier: MIT */
/* optim/optimizer-lbfgs: its bottom, its search, and a step that is given up. Compiled twice. */
#include "test.h"

#include <math.h>

#include "descent.h"

static void lbfgs_start(struct descent *r, const struct ground *s, int search)
{
    const struct optimizer *o = R(optimizers).find("lbfgs");
    struct optimizer_args a = R(optimizers).defaults(o);

    a.line_search_fn = search;
    a.max_iter = 8;
    descent_start(r, o, &a, s->n);
    descent_to_start(r, s);
}

static void lbfgs_finds_the_bottom(void **state)
{
    struct asked q;
    struct descent r;

    (void)state;
    for (int s = 0; s < 2; s++) {
        q = (struct asked){.on = &grounds[s]};
        lbfgs_start(&r, q.on, OPTIMIZER_STRONG_WOLFE);
        for (int t = 0; t < 20; t++)
            descent_whole(&r, &q);
        for (size_t i = 0; i < r.n; i++)
            assert_true(fabs((double)r.theta[i] - 1) < (sizeof(real) == 8 ? 1e-4 : 1e-2));
        assert_int_equal((int)r.scalars[1], q.times); /* evaluations, kept in the state */
    }
}

/* Whichever evaluation gives NaN, θ and state are to the bit what they were. */
static void a_step_given_up_leaves_no_trace(void **state)
{
    (void)state;
    for (int search = 0; search < 2; search++)
        for (int at = 1; at < 9; at++) {
            struct asked q = {.on = &grounds[1]};
            struct descent r, before, clean;
            lbfgs_start(&r, q.on, search);
            r.a.lr = .5;
            descent_whole(&r, &q);
            descent_whole(&r, &q);
            clean = before = r;
            q.nan_at = q.times + at;
            assert_true(isnan(descent_whole(&r, &q)));
            assert_memory_equal(r.theta, before.theta, sizeof r.theta);
            assert_memory_equal(r.vector, before.vector, sizeof r.vector);
            assert_memory_equal(r.scalars, before.scalars, sizeof r.scalars);
            descent_whole(&r, &q);
            descent_whole(&clean, &q);
            assert_memory_equal(r.theta, clean.theta, sizeof r.theta);
        }
}

/* x − log x: infinite where x ≤ 0, to where a full step leads. */
static double barrier(const double *x, double *gradient)
{
    gradient[0] = x[0] > 0 ? 1 - 1 / x[0] : 0;
    return x[0] > 0 ? x[0] - log(x[0]) : INFINITY;
}

static void a_search_comes_back_from_infinity(void **state)
{
    static const struct ground wall = {1, {9}, barrier};
    struct asked q = {.on = &wall};
    struct descent r;

    (void)state;
    lbfgs_start(&r, &wall, OPTIMIZER_STRONG_WOLFE);
    r.a.lr = 40;
    for (int t = 0; t < 10; t++)
        assert_true(isfinite(descent_whole(&r, &q)));
    assert_true(fabs((double)r.theta[0] - 1) < 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lbfgs_finds_the_bottom),
        cmocka_unit_test(a_step_given_up_leaves_no_trace),
        cmocka_unit_test(a_search_comes_back_from_infinity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
