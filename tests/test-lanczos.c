/* SPDX-License-Identifier: MIT */
/* probe/lanczos against the whole spectrum on small networks of each kind. In double. */
#include "test.h"

#include <math.h>
#include <string.h>

#include "numbers.h"
#include "hessian/lanczos.h"
#include "network-objective.h"
#include "two-workers.h"

static void compare_ends(const struct spectrum *s, const struct lanczos_result *l, double within,
                         const char *what)
{
    double scale = fmax(fabs(s->value[0]), fabs(s->value[s->n - 1]));

    assert_int_equal(l->top, ENDS);
    for (int i = 0; i < l->top; i++)
        near(l->at_top[i].value, s->value[s->n - 1 - i], within * scale, what);
    for (int i = 0; i < l->bottom; i++)
        near(l->at_bottom[i].value, s->value[i], within * scale, what);
}

static void lanczos_finds_both_ends(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        struct lanczos_ask ask = {
            .top = ENDS, .bottom = ENDS, .tolerance = 1e-6, .most_products = 2000, .pool = pool};
        struct lanczos_result l;
        struct err e = {0};
        struct probed b;
        struct curvature c;
        struct spectrum s;
        probed_open(&b, &kinds[k], 0, 0);
        assert_true(b.f.n > 200 && b.f.n < 700);
        c = hessian_of(&b, 0);
        s = spectrum_of(&c);
        must(R(lanczos).run(&c, &ask, &l, &e), &e);
        compare_ends(&s, &l, 1e-9, kinds[k].text);
        assert_true(l.converged && l.products < 2000);
        R(lanczos).free(&l);
        ask.tolerance = 0; /* as a probe asks */
        must(R(lanczos).run(&c, &ask, &l, &e), &e);
        assert_true(l.converged);
        for (int i = 0; i < ENDS; i++) {
            near(l.at_top[i].residual, 0, .02 * fabs(l.at_top[i].value), "residual at the top");
            near(l.at_bottom[i].residual, 0, .02 * fabs(l.at_bottom[i].value), "residual at the bottom");
        }
        compare_ends(&s, &l, .001, kinds[k].text);
        assert_false(l.may_miss);
        R(lanczos).free(&l);
        R(spectrum).free(&s);
        probed_close(&b);
    }
}

/* Memory for few rows: many restarts, the same pairs. */
static void lanczos_restarts(void **state)
{
    struct lanczos_ask ask = {
        .top = ENDS, .bottom = ENDS, .tolerance = 1e-6, .most_products = 3000, .pool = pool};
    struct lanczos_result l, again;
    struct err e = {0};
    struct probed b;
    struct curvature c;
    struct spectrum s;

    (void)state;
    probed_open(&b, &kinds[1], 0, 0);
    c = hessian_of(&b, 0);
    s = spectrum_of(&c);
    ask.memory = sizeof(real) * (unsigned long long)b.f.n * 21;
    must(R(lanczos).run(&c, &ask, &l, &e), &e);
    compare_ends(&s, &l, 1e-9, "restarted");
    assert_true(l.products > 60);
    ask.pool = NULL;
    must(R(lanczos).run(&c, &ask, &again, &e), &e);
    assert_memory_equal(l.at_top[0].vector, again.at_top[0].vector, sizeof(real) * (size_t)b.f.n);
    R(lanczos).free(&again);
    ask.memory = sizeof(real) * (unsigned long long)b.f.n * 12;
    assert_int_equal(R(lanczos).run(&c, &ask, &again, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "ask for fewer"));
    R(lanczos).free(&l);
    R(spectrum).free(&s);
    probed_close(&b);
}

/* f = Σ d_i x_i² / 2 with the eigenvalues d: five at each end stand out, of which the innermost has a neighbour less than
 * a hundredth away, over a bulk that begins soon after. */
enum { DIAGONAL = 900 };

static int diagonal_product(const struct objective *o, const real *theta, const real *v, real *out, struct err *e)
{
    const double *d = o->context;

    (void)theta, (void)e;
    for (int i = 0; i < DIAGONAL; i++)
        out[i] = (real)(d[i] * (double)v[i]);
    return 0;
}

static void close_neighbours_are_not_passed_over(void **state)
{
    static const double outer[] = {1, .9, .6, .45, .262, .2605, .245, .243};
    enum { OUTER = sizeof outer / sizeof *outer };
    double d[DIAGONAL];
    struct objective f = {.n = DIAGONAL, .context = d, .hessian_vector = diagonal_product};
    real theta[DIAGONAL] = {0};

    (void)state;
    for (int i = 0; i < DIAGONAL; i++)
        d[i] = i < OUTER ? -outer[i] : DIAGONAL - 1 - i < OUTER ? 2 * outer[DIAGONAL - 1 - i] : .44 * (i - DIAGONAL / 2) / DIAGONAL;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct lanczos_ask ask = {.top = 5, .bottom = 5, .seed = seed, .pool = pool};
        struct curvature c = {.objective = &f, .theta = theta};
        struct lanczos_result l;
        struct err e = {0};
        must(R(curvature).open(&c, &e), &e);
        must(R(lanczos).run(&c, &ask, &l, &e), &e);
        assert_true(l.converged && !l.may_miss && l.products < 300);
        for (int i = 0; i < 5; i++) {
            near(l.at_top[i].value, 2 * outer[i], 1e-3 * 2 * outer[i], "at the top");
            near(l.at_bottom[i].value, -outer[i], 1e-3 * outer[i], "at the bottom");
        }
        R(lanczos).free(&l);
        R(curvature).close(&c);
    }
}

static int stop_at_three(void *context, int products, int most, int converged)
{
    (void)context, (void)most, (void)converged;
    return products == 3;
}

static void lanczos_can_be_called_off(void **state)
{
    struct lanczos_ask ask = {.top = 2, .progress = stop_at_three};
    atomic_int cancel = 1;
    struct lanczos_result l;
    struct err e = {0};
    struct probed b;
    struct curvature c;

    (void)state;
    probed_open(&b, &kinds[2], 0, 0);
    c = hessian_of(&b, 0);
    assert_int_equal(R(lanczos).run(&c, &ask, &l, &e), -ERR_CANCELLED);
    ask.progress = NULL;
    b.f.cancel = &cancel;
    assert_int_equal(R(lanczos).run(&c, &ask, &l, &e), -ERR_CANCELLED);
    probed_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lanczos_finds_both_ends),
        cmocka_unit_test(lanczos_restarts),
        cmocka_unit_test(close_neighbours_are_not_passed_over),
        cmocka_unit_test(lanczos_can_be_called_off),
    };
    return cmocka_run_group_tests(tests, workers_start, workers_end);
}
