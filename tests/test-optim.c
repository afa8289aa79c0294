/* SPDX-License-Identifier: MIT */
/* optim/: what every optimizer of the registry must do. Compiled twice, as the numeric rooms are. What PyTorch computes
 * is tests/parity's. */
#include "test.h"

#include <math.h>

#include "core/rng.h"
#include "descent.h"

static void registry_finds_each_by_name(void **state)
{
    const struct optimizer *o;
    int count = 0;

    (void)state;
    for (; (o = R(optimizers).at(count)) != NULL; count++) {
        assert_ptr_equal(R(optimizers).find(o->name), o);
        assert_int_equal((o->step != NULL) + (o->step_vector != NULL) + (o->step_whole != NULL), 1);
        assert_true((o->size != NULL) == (o->step == NULL));
    }
    assert_true(count >= 21);
    assert_null(R(optimizers).find("sgdd"));
}

/* The least f within `steps`, at whichever of some rates gets there. */
static double lowest(const struct optimizer *o, const struct ground *s, int steps)
{
    struct asked q = {.on = s};
    struct descent r;
    double least = INFINITY;

    for (double lr = 1; lr > 5e-4; lr /= 3) {
        struct optimizer_args a = R(optimizers).defaults(o);
        a.lr = lr;
        descent_start(&r, o, &a, s->n);
        descent_to_start(&r, s);
        for (int t = 0; t < steps; t++) {
            double f = descent_step(&r, &q);
            least = f < least ? f : least;
        }
    }
    return least;
}

static void each_goes_down(void **state)
{
    const struct optimizer *o;

    (void)state;
    for (int i = 0; (o = R(optimizers).at(i)) != NULL; i++) {
        double bowl = lowest(o, &grounds[0], 2000), valley = lowest(o, &grounds[1], 2000);
        if (!(bowl < .01 * 27.5 && valley < .05 * 24.2))
            fail_msg("%s: %g on the quadratic, %g on Rosenbrock", o->name, bowl, valley);
    }
}

/* Default numbers, and everything switched on. */
static struct optimizer_args variant(const struct optimizer *o, int which)
{
    struct optimizer_args a = R(optimizers).defaults(o);

    if (which == 0)
        return a;
    a.weight_decay = .01;
    a.amsgrad = which & 1;
    a.centered = which >> 1 & 1;
    a.nesterov = which & 1;
    a.momentum = which & 2 ? .9 : 0;
    a.line_search_fn = which & 1;
    return a;
}

enum { VARIANTS = 4 };

static void random_gradient(real *gradient, size_t n, int t)
{
    struct rng r = {.seed = 5, .purpose = RNG_INIT};

    for (size_t i = 0; i < n; i++)
        gradient[i] = (real)rng_normal(&r, (uint64_t)t, i);
}

/* Parts begin on whole vectors, as optimizer.h asks. */
static void a_step_in_parts_has_the_same_bits(void **state)
{
    static const size_t whole[] = {103}, parts[] = {16, 32, 64, 103};
    const struct optimizer *o;
    struct descent a, b;
    real gradient[MOST];

    (void)state;
    for (int i = 0; (o = R(optimizers).at(i)) != NULL; i++)
        for (int v = 0; o->step && v < VARIANTS; v++) {
            struct optimizer_args numbers = variant(o, v);
            descent_start(&a, o, &numbers, 103);
            descent_start(&b, o, &numbers, 103);
            for (int t = 0; t < 12; t++) {
                random_gradient(gradient, 103, t);
                descent_parts(&a, gradient, whole, 1);
                descent_parts(&b, gradient, parts, 4);
            }
            assert_memory_equal(a.theta, b.theta, sizeof a.theta);
            assert_memory_equal(a.slot, b.slot, sizeof a.slot);
        }
}

/* θ, slots and scalars are all there is: a copy of them goes on with the same bits. */
static void saved_state_goes_on_the_same(void **state)
{
    const struct optimizer *o;
    struct descent a, b;

    (void)state;
    for (int i = 0; (o = R(optimizers).at(i)) != NULL; i++)
        for (int v = 0; v < VARIANTS; v++) {
            struct optimizer_args numbers = variant(o, v);
            struct asked q = {.on = &grounds[1]};
            numbers.max_iter = 3;
            numbers.lr = o->step_whole ? .5 : 1e-3;
            descent_start(&a, o, &numbers, 2);
            descent_to_start(&a, q.on);
            for (int t = 0; t < 4; t++)
                descent_step(&a, &q);
            b = a;
            b.a = numbers;
            b.a.history_size = a.a.history_size;
            b.a.t = a.a.t;
            for (int t = 0; t < 4; t++) {
                descent_step(&a, &q);
                descent_step(&b, &q);
            }
            assert_memory_equal(a.theta, b.theta, sizeof a.theta);
        }
}

static void unused_slots_are_not_needed(void **state)
{
    static const struct {
        const char *name;
        int variant;
        unsigned used;
    } rows[] = {{"sgd", 0, 0},     {"sgd", 2, 1},     {"adam", 0, 3},  {"adam", 1, 7},    {"adamw", 1, 7},
                {"rmsprop", 0, 1}, {"rmsprop", 2, 7}, {"lbfgs", 0, 0}, {"adagrad", 0, 1}, {"nadam", 3, 3}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct optimizer *o = R(optimizers).find(rows[i].name);
        struct optimizer_args a = variant(o, rows[i].variant);
        assert_int_equal(R(optimizers).slots_used(o, &a), rows[i].used);
    }
}

static void clipping_keeps_the_norm(void **state)
{
    (void)state;
    assert_true(optimizer_clip(0, 5) == 1);
    assert_true(optimizer_clip(1, .5) == 1);
    assert_true(fabs(optimizer_clip(1, 4) - .25) < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registry_finds_each_by_name),
        cmocka_unit_test(each_goes_down),
        cmocka_unit_test(a_step_in_parts_has_the_same_bits),
        cmocka_unit_test(saved_state_goes_on_the_same),
        cmocka_unit_test(unused_slots_are_not_needed),
        cmocka_unit_test(clipping_keeps_the_norm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
