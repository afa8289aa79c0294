/* SPDX-License-Identifier: MIT */
/* lab/ahead: the rate that a screen draws for the future is the one that comes, of every schedule in the registry. */
#include "test.h"

#include <math.h>
#include <string.h>

#include "trainer/rate-preview.h"
#include "numbers.h"
#include "optim/schedule.h"
#include "learnable-data.h"

enum { BEGIN = 3, END = 25 }; /* steps, all of the first epoch */

static struct toy toy;

/* Courses of about an epoch, which turn at no whole step. */
static struct knobs knobs_of(int steps, double warmup)
{
    static const enum knob_id lengths[] = {KNOB_T_MAX, KNOB_TOTAL_ITERS, KNOB_TOTAL_STEPS};
    double unit = steps ? END : 1;
    struct knobs k = toy_knobs();

    knobs_put(&k, KNOB_EVAL_EVERY, 1000);
    knobs_put(&k, KNOB_SCHEDULE_UNIT, steps);
    knobs_put(&k, KNOB_WARMUP, warmup * unit);
    knobs_put(&k, KNOB_STEP_SIZE, .3 * unit);
    knobs_put(&k, KNOB_STEP_SIZE_UP, .3 * unit);
    knobs_put(&k, KNOB_T_0, .42 * unit);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        knobs_put(&k, lengths[i], unit);
    knobs_put(&k, KNOB_GAMMA, steps ? .9 : .1);
    assert_int_equal(knobs_parse(&k, KNOB_MILESTONES, steps ? "5.5,12.5" : "0.22,0.5", NULL), 0);
    return k;
}

static struct snapshot seen(const struct run *l)
{
    return (struct snapshot){.step = l->state->counters.step,
                             .epoch = run_epoch(l),
                             .knobs = l->state->knobs,
                             .schedule_start = run_schedule_start(l),
                             .schedule_factor = l->state->schedule.factor,
                             .steps_per_epoch = run_steps_per_epoch(l)};
}

/* Chosen when the run has gone some steps; returns how often its rate was another than at the step before. */
static int foresee(const struct knobs *k, int schedule)
{
    struct run_report did = {0};
    struct err e = {0};
    struct snapshot s;
    struct toy_run r;
    double before = NAN;
    int turns = -1;

    toy_run_open(&r, &toy, k, 1);
    toy_steps(r.run, BEGIN);
    must(toy_set(r.run, KNOB_SCHEDULE, schedule, &e), &e);
    s = seen(r.run);
    for (int step = BEGIN; step < END; step++) {
        double foreseen = rate_preview(&s, run_epoch(r.run));
        must(run_advance(r.run, &did, &e), &e);
        assert_int_equal(did.did, RUN_STEP);
        near(foreseen, did.learning_rate, 1e-9 * did.learning_rate, schedule_at(schedule)->name);
        turns += did.learning_rate != before;
        before = did.learning_rate;
    }
    toy_run_close(&r);
    return turns;
}

static void foresee_all(int steps)
{
    for (int i = 0; schedule_at(i); i++)
        for (int warm = 0; warm < 2; warm++) {
            struct knobs k = knobs_of(steps, warm ? .22 : 0);
            const char *name = schedule_at(i)->name;
            int flat = !warm && (strcmp(name, "constant") == 0 || schedule_at(i)->feed);
            int turns = foresee(&k, i);
            if (flat ? turns != 0 : turns < 1)
                fail_msg("%s: its rate turned %d times", name, turns);
        }
}

static void what_is_foreseen_comes_by_epochs(void **state)
{
    (void)state;
    foresee_all(0);
}

static void what_is_foreseen_comes_by_steps(void **state)
{
    (void)state;
    foresee_all(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_foreseen_comes_by_epochs),
        cmocka_unit_test(what_is_foreseen_comes_by_steps),
    };
    toy_init(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
