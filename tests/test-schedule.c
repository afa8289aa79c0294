/* SPDX-License-Identifier: MIT */
/* optim/: schedules. What PyTorch computes is tests/parity's; here stand what every one must do, and some by hand. */
#include "test.h"

#include <math.h>
#include <string.h>

#include "core/rng.h"
#include "optim/schedule.h"

/* ---- schedules -------------------------------------------------------------------------------- */

static const struct schedule *schedule_named(const char *name)
{
    return schedule_at(schedule_find(name));
}

static double at_step(const char *name, const struct schedule_args *a, double t)
{
    return schedule_rate(schedule_named(name), a, 1, t, 1);
}

enum { NUMBERS = 24 };

static double *number_of(struct schedule_args *a, uint64_t k)
{
    double *const all[NUMBERS] = {&a->warmup,         &a->step_size,     &a->gamma,
                                  &a->T_max,          &a->eta_min,       &a->T_0,
                                  &a->T_mult,         &a->power,         &a->end_factor,
                                  &a->start_factor,   &a->max_lr,        &a->total_iters,
                                  &a->total_steps,    &a->pct_start,     &a->div_factor,
                                  &a->step_size_down, &a->base_lr,       &a->final_div_factor,
                                  &a->factor,         &a->threshold,     &a->min_lr,
                                  &a->step_size_up,   &a->milestones[0], &a->milestones[1]};

    return all[k];
}

/* Whatever the numbers are. */
static void rates_are_finite_and_not_negative(void **state)
{
    static const double values[] = {0, 1e-300, 1e-9, .3, 1, 2, 7, 1e9}, ticks[] = {1, 1e-3},
                        times[] = {0, 1e-9, .5, 1, 2, 6.999, 7, 100, 1e6, 1e15, 1e300};
    const struct schedule *s;
    struct rng r = {.seed = 11, .purpose = RNG_INIT};

    (void)state;
    for (int i = 0; (s = schedule_at(i)) != NULL; i++)
        for (uint64_t trial = 0; trial < 3000; trial++) {
            struct schedule_args a = schedule_defaults(s);
            for (uint64_t k = 0; k < NUMBERS; k++)
                if (rng_uniform(&r, trial, k) < .7)
                    *number_of(&a, k) = values[rng_word(&r, trial, 100 + k) % 8];
            a.milestone_count = 2;
            a.cyclic_mode = (int)(trial % 3);
            a.three_phase = a.anneal_strategy = (int)(trial % 2);
            for (size_t t = 0; t < sizeof times / sizeof *times; t++) {
                double rate = schedule_rate(s, &a, trial % 5 ? .1 : 0, times[t], ticks[trial % 2]);
                if (!(rate >= 0 && rate < INFINITY))
                    fail_msg("%s: %g at %g, trial %d", s->name, rate, times[t], (int)trial);
            }
        }
}

/* One number 0 or next to it: not even the formula itself leaves the numbers, without schedule_rate's guard.
 */
static void one_number_too_small_is_harmless(void **state)
{
    static const double values[] = {0, 1e-9};
    const struct schedule *s;

    (void)state;
    for (int i = 0; (s = schedule_at(i)) != NULL; i++)
        for (uint64_t k = 0; k < 2 * NUMBERS; k++)
            for (double t = 0; t < 40; t += .5) {
                struct schedule_args a = schedule_defaults(s);
                double rate;
                *number_of(&a, k / 2) = values[k % 2];
                rate = s->rate(&a, .1, t);
                if (!(rate >= 0 && rate < 1e12))
                    fail_msg("%s: %g at %g, number %d", s->name, rate, t, (int)k / 2);
            }
}

static void schedules_are_found_and_named(void **state)
{
    const struct schedule *s;
    int count = 0;

    (void)state;
    for (; (s = schedule_at(count)) != NULL; count++)
        assert_int_equal(schedule_find(s->name), count);
    assert_true(count >= 12);
    assert_int_equal(schedule_find("steps"), -1);
    assert_null(schedule_at(-1));
}

/* Before any: (t + 1)/W of the base, then the schedule from its beginning. */
static void warm_up_comes_first(void **state)
{
    const struct schedule *s;

    (void)state;
    for (int i = 0; (s = schedule_at(i)) != NULL; i++) {
        struct schedule_args a = schedule_defaults(s), plain = a;
        a.warmup = 4;
        for (int t = 0; t < 4; t++)
            assert_true(fabs(schedule_rate(s, &a, .2, t, 1) - .05 * (t + 1)) < 1e-15);
        for (int t = 4; t < 30 && strcmp(s->name, "inverse_sqrt") != 0; t++)
            assert_true(schedule_rate(s, &a, .2, t, 1) == schedule_rate(s, &plain, .2, t - 4, 1));
        a.warmup = 1;
        assert_true(fabs(schedule_rate(s, &a, .2, .5, .01) - .2 * .51) < 1e-15);
    }
}

static void rates_by_hand(void **state)
{
    struct schedule_args a = schedule_defaults(schedule_named("multistep"));

    (void)state;
    a.gamma = .5;
    a.milestones[0] = 8;
    a.milestones[1] = 3;
    a.milestone_count = 2;
    assert_true(at_step("multistep", &a, 2.9) == 1);
    assert_true(at_step("multistep", &a, 3) == .5);
    assert_true(at_step("multistep", &a, 9) == .25);
    a = schedule_defaults(schedule_named("onecycle"));
    a.total_steps = 101;
    a.pct_start = 31. / 101; /* up in 30 steps, down in 70 */
    assert_true(fabs(at_step("onecycle", &a, 0) - .04) < 1e-15);
    assert_true(fabs(at_step("onecycle", &a, 30) - 1) < 1e-15);
    assert_true(fabs(at_step("onecycle", &a, 65) - (1 + 4e-6) / 2) < 1e-15);
    assert_true(fabs(at_step("onecycle", &a, 100) - 4e-6) < 1e-15);
    assert_true(fabs(at_step("onecycle", &a, 500) - 4e-6) < 1e-15);
    a = schedule_defaults(schedule_named("cyclic"));
    a.base_lr = .2;
    a.step_size_up = 4;
    a.cyclic_mode = SCHEDULE_TRIANGULAR2;
    assert_true(fabs(at_step("cyclic", &a, 4) - 1) < 1e-15);
    assert_true(fabs(at_step("cyclic", &a, 8) - .2) < 1e-15);
    assert_true(fabs(at_step("cyclic", &a, 12) - .6) < 1e-15);
    a = schedule_defaults(schedule_named("inverse_sqrt"));
    a.warmup = 9;
    assert_true(fabs(at_step("inverse_sqrt", &a, 8) - 1) < 1e-15);
    assert_true(fabs(at_step("inverse_sqrt", &a, 35) - .5) < 1e-15);
}

/* Patience 1, cooldown 2, factor ½, floor .2: falls at the second bad one in a row, then waits. */
static void plateau_by_hand(void **state)
{
    static const struct {
        double metric, factor;
    } row[] = {{1, 1},    {.9, 1},   {.9, 1},   {.95, .5}, {.95, .5}, {.95, .5}, {.95, .5}, {NAN, .25},
               {.1, .25}, {.5, .25}, {.5, .25}, {.5, .2},  {.5, .2},  {.5, .2},  {.5, .2},  {.5, .2}};
    const struct schedule *s = schedule_named("plateau");
    struct schedule_args a = schedule_defaults(s);
    struct schedule_state now = schedule_begin();

    (void)state;
    a.patience = 1;
    a.cooldown = 2;
    a.factor = .5;
    a.min_lr = .2;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        s->feed(&a, 1, row[i].metric, &now);
        if (fabs(now.factor - row[i].factor) > 1e-15)
            fail_msg("after evaluation %d: factor %g, expected %g", (int)i, now.factor, row[i].factor);
    }
    assert_true(schedule_rate(s, &a, 3 * now.factor, 5, 1) == schedule_rate(s, &a, 3 * now.factor, 500, 1));
    assert_true(now.best == .1);
    assert_int_equal(now.reductions, 3);
}

static void plateau_of_a_score_that_climbs(void **state)
{
    const struct schedule *s = schedule_named("plateau");
    struct schedule_args a = schedule_defaults(s);
    struct schedule_state now = schedule_begin();

    (void)state;
    a.plateau_mode = SCHEDULE_MAX;
    a.threshold_mode = SCHEDULE_ABS;
    a.threshold = .1;
    a.patience = 0;
    s->feed(&a, 1, .5, &now);
    s->feed(&a, 1, .7, &now);
    assert_true(now.factor == 1);
    s->feed(&a, 1, .75, &now); /* better, but not by a tenth */
    assert_true(now.factor == .1 && now.best == .7);
    a.factor = 3; /* never climbs */
    s->feed(&a, 1, 0, &now);
    assert_true(now.factor == .1);
    now = schedule_begin();
    s->feed(&a, 0, 0, &now);
    s->feed(&a, 0, 0, &now); /* a base rate of 0 */
    assert_true(now.factor == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedules_are_found_and_named),
        cmocka_unit_test(rates_are_finite_and_not_negative),
        cmocka_unit_test(one_number_too_small_is_harmless),
        cmocka_unit_test(warm_up_comes_first),
        cmocka_unit_test(rates_by_hand),
        cmocka_unit_test(plateau_by_hand),
        cmocka_unit_test(plateau_of_a_score_that_climbs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
