/* SPDX-License-Identifier: MIT */
/* The race as a view keeps it: the lecture's figures through it, what it is told, and that it is a function of that. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run/racer-options.h"

static int setup(void **state)
{
    struct err e;

    *state = race_model_new(&racer_options_words, &e);
    assert_non_null(*state);
    return 0;
}

static int teardown(void **state)
{
    race_model_free(*state);
    return 0;
}

static void told(int result, const struct err *e)
{
    if (result)
        fail_msg("%s", e->text);
}

static int steps_of(const struct race_model *s, int i)
{
    assert_string_equal(race_model_state(s, i), "arrived");
    return (int)race_racer(s->race, i)->steps;
}

static void gradient_descent_leaves_the_saddle(void **state)
{
    static const struct {
        const char *start;
        int steps;
    } row[] = {{"1e-1,1e-1", 34}, {"1e-3,1e-3", 83}, {"1e-6,1e-6", 155}, {"1e-9,1e-9", 228}};
    struct race_model *s = *state;
    struct err e;

    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        told(race_model_start(s, row[i].start, &e), &e);
        race_model_step(s, 1000, 0);
        assert_string_equal(s->name[0], "sgd");
        assert_int_equal(steps_of(s, 0), row[i].steps);
    }
    told(race_model_start(s, "1e-3,-1e-3", &e), &e); /* into it */
    race_model_step(s, 1000, 0);
    assert_string_equal(race_model_state(s, 0), "racing");
    assert_true(race_racer(s->race, 0)->gradient_norm < 1e-9);
}

/* Five side by side from 1e-9 beside it, whatever was raced before; one undo brings that back. */
static void five_leave_the_saddle_side_by_side(void **state)
{
    static const struct {
        const char *name;
        int steps; /* 0: a kick decides */
    } row[] = {{"sgd", 228}, {"momentum", 92}, {"adam", 21}, {"perturbed", 0}, {"saddle-free", 35}};
    struct race_model *s = *state;
    const char *what;
    struct err e;

    told(race_model_surface(s, "rosenbrock", &e), &e);
    told(race_model_saddle(s, &e), &e);
    assert_string_equal(s->surface->name, "chain");
    assert_int_equal(s->racers, 5);
    race_model_step(s, 1000, 0);
    for (int i = 0; i < 5; i++) {
        assert_string_equal(s->name[i], row[i].name);
        if (row[i].steps)
            assert_int_equal(steps_of(s, i), row[i].steps);
        else
            assert_true(steps_of(s, i) < 228);
        assert_true(isnan(racer_seconds(race_racer(s->race, i)))); /* only what runs by the clock is measured */
    }
    assert_true(race_model_undo(s, 1, &what, &e) >= 0);
    assert_string_equal(s->surface->name, "rosenbrock");
    told(race_model_surface(s, "factorization", &e), &e);
    race_model_step(s, 40, 1000);
    for (int i = 0; i < s->racers; i++)
        assert_true(racer_seconds(race_racer(s->race, i)) > 0);
}

static void cross_entropy_arrives_long_before(void **state)
{
    struct race_model *s = *state;
    struct err e;

    told(race_model_surface(s, "softmax_ce", &e), &e);
    race_model_step(s, 1000, 0);
    assert_int_equal(steps_of(s, 0), 23);
    told(race_model_surface(s, "softmax_mse", &e), &e);
    race_model_step(s, 50000, 0);
    assert_int_equal(steps_of(s, 0), 40720);
}

/* The lecture's κ and the limit 2/λmax, at the point and against the rate. */
static void the_point_tells_the_limit(void **state)
{
    struct race_model *s = *state;
    struct err e;

    told(race_model_surface(s, "regression", &e), &e);
    while (s->racers > 1)
        race_model_remove(s, 1);
    race_model_step(s, 10, 0);
    assert_true(s->looked && s->leader == 0);
    assert_true(fabs(s->point.eigenvalue[1] / s->point.eigenvalue[0] - 313418) < 1);
    assert_true(fabs(s->point.limit - 1.145e-6) < 1e-9);
    assert_true(fabs(s->edge.reached - 1e-7 * s->point.eigenvalue[1]) < 1e-9 && s->edge.limit == 2);
    assert_int_equal(s->verdict.verdict, VERDICT_SLOPE);
    race_model_rate(s, 0, 2e-6); /* beyond the limit */
    assert_true(s->edge.reached > s->edge.limit);
    race_model_step(s, 100000, 0);
    assert_string_equal(race_model_state(s, 0), "diverged");
}

/* To have arrived first counts, however far below the bound the others end. */
static void the_first_to_arrive_leads(void **state)
{
    struct race_model *s = *state;
    struct err e;
    uint64_t first = UINT64_MAX;
    double arrived;
    int lower = 0;

    told(race_model_until(s, " loss < .1 ", &e), &e);
    race_model_step(s, 1000, 0);
    arrived = race_racer(s->race, s->leader)->loss;
    for (int i = 0; i < s->racers; i++) {
        const struct racer *r = race_racer(s->race, i);
        assert_string_equal(race_model_state(s, i), "arrived");
        first = r->steps < first ? r->steps : first;
        lower += r->loss < arrived;
    }
    assert_true(lower > 0);
    assert_int_equal(steps_of(s, s->leader), first);
}

/* At the chain's saddle (1, 1)/√2 belongs to −2. */
static void the_way_out_of_the_saddle_is_known(void **state)
{
    struct race_model *s = *state;
    struct err e;

    told(race_model_start(s, "1e-9,1e-9", &e), &e);
    assert_true(fabs(s->point.eigenvalue[0] + 2) < 1e-6 && fabs(s->point.eigenvalue[1] - 2) < 1e-6);
    assert_true(fabs(s->direction[0] - sqrt(.5)) < 1e-6 && fabs(s->direction[1] - sqrt(.5)) < 1e-6);
    assert_true(fabs(s->direction[2] + s->direction[3]) < 1e-6);
    assert_int_equal(s->verdict.verdict, VERDICT_SADDLE);
    race_model_step(s, 1000, 0);
    race_model_centre(s);
    assert_true(fabs((s->x.lo + s->x.hi) / 2 - race_racer(s->race, s->leader)->x[0]) < 1e-12 && s->x.hi - s->x.lo == 4);
}

/* A preconditioned limit is looked at with the preconditioner: on a quadratic whose axes are the coordinates, Adam's
 * S H S = λ / (√v̂ + ε). */
static void adams_limit_is_preconditioned(void **state)
{
    struct race_model *s = *state;
    struct err e;
    double v = 0, expected, g[2], x[2];

    told(race_model_surface(s, "x^2 + y^2", &e), &e);
    while (s->racers > 0)
        race_model_remove(s, 0);
    told(race_model_add(s, "adam:lr=.1", &e), &e);
    told(race_model_start(s, "1,.5", &e), &e);
    x[0] = 1, x[1] = .5;
    s->surface->f(s->surface, x, g, NULL);
    race_model_step(s, 1, 0);
    assert_true(s->edge.preconditioned && fabs(s->edge.limit - 38) < 1e-9);
    v = fabs(g[1]); /* √v̂ after one step; the smaller one's direction is the sharper */
    expected = .1 * 2 / (v + 1e-8);
    assert_true(fabs(s->edge.reached / expected - 1) < 1e-6);
}

static void the_same_words_give_the_same_race(void **state)
{
    struct race_model *s = *state;
    double once[4][2];
    struct err e;

    for (int again = 0; again < 2; again++) {
        told(race_model_surface(s, "himmelblau", &e), &e);
        told(race_model_noise(s, "20", &e), &e);
        told(race_model_until(s, "never", &e), &e);
        for (int slice = 0; slice < 4; slice++)
            race_model_step(s, again ? 50 : 25, again ? 1000 : 0); /* cut differently */
        race_model_step(s, again ? 0 : 100, 0);
        assert_int_equal(s->steps, 200);
        for (int i = 0; i < 4; i++) {
            if (!again)
                memcpy(once[i], race_racer(s->race, i)->x, sizeof once[i]);
            assert_memory_equal(once[i], race_racer(s->race, i)->x, sizeof once[i]);
        }
    }
    told(race_model_noise(s, "0", &e), &e);
    race_model_step(s, 200, 0);
    assert_memory_not_equal(once[0], race_racer(s->race, 0)->x, sizeof once[0]);
}

static void a_bad_word_is_told_and_changes_nothing(void **state)
{
    static const struct {
        int (*tell)(struct race_model *s, const char *text, struct err *e);
        const char *text, *says;
    } row[] = {
        {race_model_surface, "chains", "unknown surface \"chains\"; choose from chain, regression"},
        {race_model_surface, "'x + * y'", "character 5"},
        {race_model_surface, "log(x - 100)", "not finite at the start"},
        {race_model_start, "1,2,3", "expected 2 numbers"},
        {race_model_start, "5", "expected 2 numbers"},
        {race_model_start, "one", "expected 2 numbers"},
        {race_model_start, "1e200,1e200", "not finite at the start"},
        {race_model_add, "sgdd", "there is no \"sgdd\"; choose from sgd"},
        {race_model_add, "sgd:beta1=.9", "does not read \"beta1\""},
        {race_model_until, "loss < .1 2", "until loss < .1 2: expected loss, gradient, w1 or w2"},
        {race_model_until, "loss .1", "until loss .1: expected loss, gradient, w1 or w2"},
        {race_model_until, "los<.1", "until los<.1: expected loss, gradient, w1 or w2"},
        {race_model_noise, "-1", "0 or more"},
    };
    struct race_model *s = *state;
    struct err e;

    race_model_step(s, 10, 0);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        assert_true(row[i].tell(s, row[i].text, &e) < 0);
        if (!strstr(e.text, row[i].says))
            fail_msg("%s: \"%s\"", row[i].text, e.text);
        assert_string_equal(s->surface->name, "chain");
        assert_int_equal(s->steps, 10);
        assert_int_equal(s->racers, 4);
        assert_int_equal(race_racer(s->race, 0)->steps, 10);
    }
}

/* Typing a second formula that cannot be read leaves the first where it was. */
static void a_formula_survives_a_bad_one(void **state)
{
    struct race_model *s = *state;
    struct err e;

    told(race_model_surface(s, "'(1 - x*y)^2'", &e), &e);
    told(race_model_start(s, ".001,.001", &e), &e);
    told(race_model_until(s, "loss<.01", &e), &e);
    told(race_model_change(s, 0, "sgd:lr=.05", &e), &e);
    assert_true(race_model_surface(s, "(1 - x*", &e) < 0 && race_model_surface(s, "sqrt(-9 - x^2)", &e) < 0);
    assert_string_equal(s->surface->formula, "(1 - x*y)^2");
    race_model_step(s, 1000, 0);
    assert_int_equal(steps_of(s, 0), 83);
}

static void racers_come_and_go(void **state)
{
    struct race_model *s = *state;
    struct err e;

    assert_string_equal(s->name[1], "momentum");
    told(race_model_add(s, "sgd:lr=.1", &e), &e);
    assert_string_equal(s->name[4], "sgd 2");
    race_model_step(s, 5, 0);
    told(race_model_next(s, 4, 1, &e), &e); /* everyone back to the start */
    assert_int_equal(s->steps, 0);
    assert_true(strcmp(s->setup[4].optimizer, "sgd") != 0 && s->setup[4].args.lr == .1);
    told(race_model_schedule(s, 0, "exponential:gamma=.5", &e), &e);
    race_model_step(s, 3, 0);
    assert_true(fabs(race_racer(s->race, 0)->rate - .05 / 8) < 1e-12);
    s->chosen = 4;
    race_model_remove(s, 0);
    assert_string_equal(s->name[0], "momentum");
    assert_int_equal(s->chosen, 3);
    assert_int_equal(race_racer(s->race, 0)->steps, 3); /* the others are where they were */
    while (s->racers < RACE_RACERS)
        told(race_model_add(s, "adam", &e), &e);
    assert_true(race_model_add(s, "adam", &e) < 0 && strstr(e.text, "at most 24 racers"));
    while (s->racers)
        race_model_remove(s, 0);
    assert_int_equal(race_model_step(s, 10, 0), 0);
    assert_int_equal(s->leader, -1);
    assert_false(s->looked);
}

/* Every surface has its heights and its race; a long way ends where the racer is; the window moves. */
static void what_is_seen_follows(void **state)
{
    struct race_model *s = *state;
    struct err e;

    for (int i = 0; surface_at(i); i++) {
        int known = 0;
        told(race_model_surface(s, surface_at(i)->name, &e), &e);
        for (int k = 0; k < RACE_ROWS * RACE_COLUMNS; k++)
            known += isfinite(s->z[k]);
        assert_int_equal(known, RACE_ROWS * RACE_COLUMNS);
        assert_true(s->racers >= 3 && s->until[0]);
        race_model_step(s, 3, 0);
    }
    told(race_model_surface(s, "regression", &e), &e);
    race_model_step(s, 5001, 0);
    assert_true(s->curve[0].count <= RACE_TRAIL + 1);
    assert_true(s->curve[0].step[s->curve[0].count - 1] == 5001);
    assert_true(s->curve[0].x[s->curve[0].count - 1] == race_racer(s->race, 0)->x[0]);
    race_model_zoom(s, 1);
    assert_true(s->x.hi - s->x.lo == 50);
    race_model_pan(s, 1, -1);
    assert_true(s->x.lo == -162.5 && s->y.lo == -3.75);
    for (int i = 0; i < 200; i++)
        race_model_zoom(s, 1);
    assert_true(s->x.hi > s->x.lo);
    race_model_whole(s);
    assert_true(s->x.lo == -200 && s->y.hi == 5);
    race_model_zoom_at(s, 1, -200, 5); /* a corner stays */
    assert_true(s->x.lo == -200 && s->x.hi == -150 && s->y.lo == 0 && s->y.hi == 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gradient_descent_leaves_the_saddle, setup, teardown),
        cmocka_unit_test_setup_teardown(five_leave_the_saddle_side_by_side, setup, teardown),
        cmocka_unit_test_setup_teardown(cross_entropy_arrives_long_before, setup, teardown),
        cmocka_unit_test_setup_teardown(the_point_tells_the_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(the_first_to_arrive_leads, setup, teardown),
        cmocka_unit_test_setup_teardown(the_way_out_of_the_saddle_is_known, setup, teardown),
        cmocka_unit_test_setup_teardown(adams_limit_is_preconditioned, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_words_give_the_same_race, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bad_word_is_told_and_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_formula_survives_a_bad_one, setup, teardown),
        cmocka_unit_test_setup_teardown(racers_come_and_go, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_seen_follows, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
