/* SPDX-License-Identifier: MIT */
/* probe/: the race, and the figures of the lecture that come out of it. */
#include "test.h"

#include <math.h>
#include <string.h>

#include "numbers.h"
#include "race/formula.h"
#include "race/race.h"

/* ---- the race ---------------------------------------------------------------------------------- */

static struct racer_setup setup_of(const char *optimizer, double lr)
{
    const struct optimizer *o = R(optimizers).find(optimizer);
    struct racer_setup setup = {.optimizer = optimizer, .args = R(optimizers).defaults(o)};

    setup.args.lr = lr;
    return setup;
}

static struct race *race_from(const struct surface *s, double x, double y)
{
    const double start[SURFACE_MOST] = {x, y};
    struct race *r;

    assert_int_equal(race_new(&r, s, start, NULL), 0);
    return r;
}

static struct race *race_of_one(const char *surface, double x, double y, const char *optimizer, double lr)
{
    struct race *r = race_from(surface_find(surface), x, y);
    struct racer_setup setup = setup_of(optimizer, lr);

    assert_int_equal(race_add(r, &setup, NULL), 0);
    return r;
}

/* Steps until the loss is below, `most` when it never is. */
static int steps_until(struct race *r, double loss, int most)
{
    int t = 0;

    while (t < most && !(race_racer(r, 0)->loss < loss)) {
        race_step(r);
        t++;
    }
    assert_int_equal(race_racer(r, 0)->steps, t);
    race_free(r);
    return t;
}

static void gradient_descent_leaves_the_saddle(void **state)
{
    static const struct {
        double epsilon;
        int steps;
    } row[] = {{1e-1, 34}, {1e-3, 83}, {1e-6, 155}, {1e-9, 228}};
    struct race *r = race_of_one("chain", 1e-3, -1e-3, "sgd", .05);

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        assert_int_equal(
            steps_until(race_of_one("chain", row[i].epsilon, row[i].epsilon, "sgd", .05), .01, 1000),
            row[i].steps);
    for (int t = 0; t < 1000; t++) /* exactly from the other side: into it */
        race_step(r);
    close_to(race_racer(r, 0)->x[0], 0, 1e-12);
    close_to(race_racer(r, 0)->x[1], 0, 1e-12);
    close_to(race_racer(r, 0)->loss, 1, 1e-12);
    race_free(r);
}

static void a_small_rate_hardly_moves_b(void **state)
{
    struct race *r = race_of_one("regression", -120, -4, "sgd", 1e-7);

    (void)state;
    for (int t = 0; t < 100000; t++)
        race_step(r);
    close_to(race_racer(r, 0)->x[0], -123.69, .005);
    close_to(race_racer(r, 0)->x[1], 2.483, .0005);
    assert_true(race_racer(r, 0)->points <= RACE_TRAIL);
    race_free(r);
}

/* Beyond 2/λmax every step multiplies the distance by η λmax − 1 = 17,467. After two it is off any plot
 * (w near 2e9); a double holds it until the loss passes 1.8e308. */
static void a_large_rate_climbs_the_walls(void **state)
{
    struct race *r = race_of_one("regression", -120, -4, "sgd", 1e-2);

    (void)state;
    race_step(r);
    race_step(r);
    assert_true(fabs(race_racer(r, 0)->x[1]) > 1e9 && race_racer(r, 0)->loss > 1e24);
    while (race_step(r) > 0)
        assert_true(race_racer(r, 0)->steps < 50);
    assert_int_equal(race_racer(r, 0)->state, RACER_DIVERGED);
    assert_in_range(race_racer(r, 0)->steps, 33, 35);
    assert_true(isfinite(race_racer(r, 0)->loss) && isfinite(race_racer(r, 0)->x[1]));
    race_free(r);
}

/* Walk the regression; count spurts in b (moves of more than ½ after the first hundred steps, apart by more
 * than a hundred); note where each is fastest, and the middle of that move. */
static int spurts(const char *optimizer, double lr, int steps, int *at, double *b_at, int room, double *end)
{
    struct race *r = race_of_one("regression", -120, -4, optimizer, lr);
    int count = 0, last = -1000;
    double fastest = 0;

    for (int t = 1; t <= steps; t++) {
        double before = race_racer(r, 0)->x[0], moved;
        race_step(r);
        moved = fabs(race_racer(r, 0)->x[0] - before);
        if (t <= 100 || moved < .5)
            continue;
        if (t - last > 100) {
            count++;
            fastest = 0;
        }
        if (moved > fastest && count <= room) {
            fastest = moved;
            at[count - 1] = t;
            b_at[count - 1] = (before + race_racer(r, 0)->x[0]) / 2;
        }
        last = t;
    }
    *end = race_racer(r, 0)->x[0];
    race_free(r);
    return count;
}

/* In a spurt b swings by ±4 from step to step, growing out of rounding: ε or the order of a sum moves it by
 * some ten steps, and where it stands at one iteration with it. The middle is steady. */
static void the_lectures_adagrad_goes_by_spurts(void **state)
{
    static const int steps[] = {718, 1195, 1750};
    static const double b[] = {-168.7, -180.1, -187.5};
    int at[3] = {0};
    double b_at[3] = {0}, end;

    (void)state;
    assert_int_equal(spurts("adagrad_rms", 1, 2000, at, b_at, 3, &end), 3);
    for (int i = 0; i < 3; i++) {
        assert_in_range(at[i], steps[i] - 20, steps[i] + 20);
        close_to(b_at[i], b[i], 1.5);
    }
    assert_int_equal(spurts("adagrad_rms", .1, 2000, at, b_at, 0, &end), 0);
    assert_int_equal(spurts("adagrad", 1, 100000, at, b_at, 0, &end), 0);
    close_to(end, -188.37, .005);
}

/* p1 > .9 is a cross-entropy below −ln .9, and a squared error below 2 · .1². */
static void cross_entropy_arrives_long_before(void **state)
{
    (void)state;
    assert_int_equal(steps_until(race_of_one("softmax_ce", -7, 5, "sgd", .5), -log(.9), 100), 23);
    assert_int_equal(steps_until(race_of_one("softmax_ce", -10, 10, "sgd", .5), -log(.9), 100), 31);
    assert_int_equal(steps_until(race_of_one("softmax_mse", -7, 5, "sgd", .5), .02, 50000), 40720);
}

/* Every optimizer, at some rate, on every surface with a known minimum nearby: lower than where it began. */
static void every_optimizer_can_race(void **state)
{
    struct race *r = race_from(surface_find("rosenbrock"), -1.2, 1);
    const struct optimizer *o;
    int n = 0;

    (void)state;
    for (; (o = R(optimizers).at(n)) != NULL; n++) {
        struct racer_setup setup = setup_of(o->name, o->step_whole ? 1 : 1e-3);
        assert_int_equal(race_add(r, &setup, NULL), n);
        assert_string_equal(race_racer(r, n)->label, o->name);
    }
    for (int t = 0; t < 300; t++)
        assert_int_equal(race_step(r), n);
    for (int i = 0; i < n; i++)
        if (!(race_racer(r, i)->loss < 24.2))
            fail_msg("%s: %g", race_racer(r, i)->label, race_racer(r, i)->loss);
    assert_string_equal(race_racer(r, race_leader(r))->label, "lbfgs");
    race_free(r);
}

/* A restart with everything fresh goes the same way again, noise included; another seed another way. */
/* Schedule-Free goes on at y and is judged at the average x, as in training. */
static void an_average_is_what_is_shown(void **state)
{
    enum { STEPS = 6 };
    const struct surface *s = surface_find("chain");
    struct race *r = race_of_one("chain", 1, .2, "schedule-free-sgd", .1);
    const struct racer *c = race_racer(r, 0);
    double beta = c->setup.args.momentum, x[2] = {1, .2}, y[2] = {1, .2}, z[2] = {1, .2}, g[2];

    (void)state;
    for (int t = 1; t <= STEPS; t++) {
        s->f(s, y, g, NULL);
        for (int i = 0; i < 2; i++) {
            z[i] -= .1 * g[i];
            x[i] += (z[i] - x[i]) / t;
            y[i] = beta * x[i] + (1 - beta) * z[i];
        }
        race_step(r);
    }
    for (int i = 0; i < 2; i++) {
        assert_true(fabs(c->x[i] - x[i]) < 1e-12);
        assert_true(fabs(c->at[i] - y[i]) < 1e-12 && fabs(c->at[i] - c->x[i]) > 1e-3);
    }
    assert_true(fabs(c->loss - s->f(s, x, g, NULL)) < 1e-12);
    assert_true(fabs(c->gradient_norm - hypot(g[0], g[1])) < 1e-12);
    race_free(r);
}

static void a_race_is_a_function_of_its_setup(void **state)
{
    struct race *r = race_from(surface_find("himmelblau"), .1, .2);
    double once[RACE_RACERS][2];
    const struct optimizer *o;
    int n = 0;

    (void)state;
    race_noise(r, 50, 7); /* as large as the slope: signs turn too */
    for (; (o = R(optimizers).at(n)) != NULL; n++) {
        struct racer_setup setup = setup_of(o->name, o->step_whole ? .1 : 1e-3);
        race_add(r, &setup, NULL);
    }
    for (int again = 0; again < 3; again++) {
        if (again == 2)
            race_noise(r, 50, 8);
        for (int t = 0; t < 50; t++)
            race_step(r);
        for (int i = 0; i < n; i++) {
            const double *x = race_racer(r, i)->x;
            if (again == 0)
                memcpy(once[i], x, sizeof once[i]);
            if ((again < 2) != (memcmp(once[i], x, sizeof once[i]) == 0))
                fail_msg("%s, time %d", race_racer(r, i)->label, again);
        }
        assert_int_equal(race_restart(r, NULL, NULL), 0);
        assert_int_equal(race_racer(r, 0)->points, 1);
    }
    race_free(r);
}

/* Three, and how they are told apart; one diverges and is named, the others go on. */
static void who_diverges_is_named(void **state)
{
    struct race *r = race_of_one("rosenbrock", -1.2, 1, "sgd", 1e-3);
    struct racer_setup wild = setup_of("sgd", 10);
    struct racer_setup nobody = {.optimizer = "sgdd"};
    struct err e = {0};

    (void)state;
    assert_int_equal(race_add(r, &wild, NULL), 1);
    assert_int_equal(race_add(r, &nobody, &e), -ERR_USAGE);
    for (int t = 0; t < 100; t++)
        race_step(r);
    assert_int_equal(race_racer(r, 0)->state, RACER_RACING);
    assert_int_equal(race_racer(r, 0)->steps, 100);
    assert_int_equal(race_racer(r, 1)->state, RACER_DIVERGED);
    assert_non_null(strstr(race_racer(r, 1)->why, "sgd 2: step "));
    assert_true(isfinite(race_racer(r, 1)->loss));
    race_stop(r, 0);
    assert_int_equal(race_step(r), 0);
    assert_int_equal(race_racer(r, 0)->steps, 100);
    assert_null(race_racer(r, 2));
    race_free(r);
}

static void schedules_set_the_rate_of_each(void **state)
{
    struct race *r = race_from(surface_find("ill_conditioned"), -1.8, .5);
    struct racer_setup steps = setup_of("sgd", .01), flat = steps, plateau = setup_of("sgd", .03);

    (void)state;
    steps.schedule = schedule_at(schedule_find("step"));
    steps.schedule_args = schedule_defaults(steps.schedule);
    steps.schedule_args.step_size = 10;
    plateau.schedule = schedule_at(schedule_find("plateau"));
    plateau.schedule_args = schedule_defaults(plateau.schedule);
    plateau.schedule_args.patience = 2; /* .03 is beyond 2/100: the loss grows */
    race_add(r, &steps, NULL);
    race_add(r, &flat, NULL);
    race_add(r, &plateau, NULL);
    for (int t = 0; t < 20; t++)
        race_step(r);
    close_to(race_racer(r, 0)->rate, 1e-4, 1e-18);
    close_to(race_racer(r, 1)->rate, .01, 0);
    assert_true(race_racer(r, 2)->rate < .01);
    race_rate(r, 0, 1);
    close_to(race_racer(r, 0)->rate, .01, 1e-16);
    race_free(r);
}

static void the_trail_is_bounded_and_spans_the_way(void **state)
{
    struct race *r = race_of_one("saddle", 1, 1e-300, "sgd", 1e-4);
    const struct racer *c = race_racer(r, 0);

    (void)state;
    for (int t = 0; t < 10000; t++)
        race_step(r);
    assert_int_equal(c->stride, 16);
    assert_int_equal(c->points, 10000 / 16 + 1);
    for (int i = 0; i < c->points; i++) {
        assert_int_equal(c->trail[i].step, 16 * i);
        close_to(c->trail[i].x[0], pow(1 - 2e-4, 16. * i), 1e-10);
    }
    race_free(r);
}

static void a_start_without_a_value_is_refused(void **state)
{
    const double start[SURFACE_MOST] = {0, 1}, fine[SURFACE_MOST] = {1, 1};
    struct formula p;
    struct surface s;
    struct race *r;
    struct err e = {0};

    (void)state;
    assert_int_equal(formula_parse(&p, "log(x)^2+y^2", &e), 0);
    s = formula_surface(&p);
    assert_int_equal(race_new(&r, &s, start, &e), -ERR_USAGE);
    assert_null(r);
    assert_int_equal(race_new(&r, &s, fine, &e), 0);
    assert_int_equal(race_restart(r, start, &e), -ERR_USAGE);
    assert_int_equal(race_leader(r), -1);
    race_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradient_descent_leaves_the_saddle),
        cmocka_unit_test(a_small_rate_hardly_moves_b),
        cmocka_unit_test(a_large_rate_climbs_the_walls),
        cmocka_unit_test(the_lectures_adagrad_goes_by_spurts),
        cmocka_unit_test(cross_entropy_arrives_long_before),
        cmocka_unit_test(every_optimizer_can_race),
        cmocka_unit_test(an_average_is_what_is_shown),
        cmocka_unit_test(a_race_is_a_function_of_its_setup),
        cmocka_unit_test(who_diverges_is_named),
        cmocka_unit_test(schedules_set_the_rate_of_each),
        cmocka_unit_test(the_trail_is_bounded_and_spans_the_way),
        cmocka_unit_test(a_start_without_a_value_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
