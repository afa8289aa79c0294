/* SPDX-License-Identifier: MIT */
/* The range test of the Train view: whole screens against golden ones, and what its keys and commands ask of the trainer. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/tasks.h"
#include "finished-task.h"
#include "golden.h"
#include "train/panes.h"

static const struct dataset data = {.name = "sample", .path = "sample"};

/* A fall around 3e-3, and a rise from .1 on; `points` of 60 steps are made. */
static struct range_task *a_range(int points)
{
    const struct range_test_options o = {.low = 1e-6, .high = 1, .steps = 60};
    struct range_task *t;
    struct range_test *r;
    struct err e;

    assert_int_equal(range_task_new(&t, &o, &e), 0);
    r = &t->test;
    for (int i = 0; i < points; i++) {
        r->rate[i] = pow(10, -6 + 6. * i / 59);
        r->smoothed[i] = 2.4 - .6 * tanh((i - 34) / 6.) + (i > 48 ? .06 * (i - 48) * (i - 48) : 0);
        r->loss[i] = r->smoothed[i] + (i * 7 % 11 - 5) * .03;
    }
    r->count = points;
    r->steepest = range_test_steepest(r->rate, r->smoothed, points);
    r->suggestion = r->steepest < 0 ? NAN : r->rate[r->steepest];
    r->end = RANGE_TEST_ROSE;
    atomic_store(&t->points, points);
    atomic_store(&t->task.done, points);
    atomic_store(&t->task.of, 60);
    return t;
}

static void begin(struct stage *s, const char *key)
{
    char script[64];

    snprintf(script, sizeof script, "<wait 1412 steps>%s", key);
    stage_init(s, script);
}

static void range_screens(void **state)
{
    struct stage s;

    (void)state;
    begin(&s, ":range-test<Enter>");
    assert_true(pane_focused(&s.app.model) == &range_pane);
    golden_sweep(&s);
    finished_task(&s, &a_range(1)->task, TASK_RUNNING, &data);
    golden_sweep(&s);
    finished_task(&s, &a_range(30)->task, TASK_RUNNING, &data);
    golden_sweep(&s);
    finished_task(&s, &a_range(58)->task, TASK_DONE, &data);
    golden_screen("range-test", &s, 80, 24, CHARSET_BRAILLE);
    golden_screen("range-test", &s, 120, 40, CHARSET_BRAILLE);
    golden_sweep(&s);
    stage_play(&s, "L:describe<Enter>");
    assert_non_null(strstr(s.app.model.ui.message, "range test, learning rate 1e-6 to 1: smoothed "));
    stage_free(&s);
}

static void a_range_test_is_asked_for_and_adopted(void **state)
{
    const struct task *asked;
    struct stage s;
    struct command c;
    int taken;

    (void)state;
    begin(&s, "2:range-test 1e-5 .5 200<Enter>");
    c = fake_trainer_last(s.trainer);
    assert_true(c.kind == COMMAND_TASK && view_shown(&s.app.model) == &train_view);
    asked = s.app.model.task[TASK_RANGE].asked;
    assert_non_null(asked);
    assert_true(((const struct range_task *)asked)->options.low == 1e-5 && ((const struct range_task *)asked)->options.high == .5 &&
                ((const struct range_task *)asked)->options.steps == 200);
    stage_play(&s, "=");
    assert_non_null(strstr(s.app.model.ui.message, "no range test yet"));
    stage_play(&s, "<Esc>");
    c = fake_trainer_last(s.trainer);
    assert_true(c.kind == COMMAND_TASK_CANCEL && c.count == TASK_RANGE);
    taken = fake_trainer_taken(s.trainer);
    stage_play(&s, ":range-test 1 1e-3<Enter>");
    assert_non_null(strstr(s.app.model.ui.message, "from a lower to a higher"));
    stage_play(&s, "<Esc>");
    stage_play(&s, ":range-test all<Enter>");
    assert_non_null(strstr(s.app.model.ui.message, "expected two learning rates"));
    stage_play(&s, "<Esc>");
    assert_int_equal(fake_trainer_taken(s.trainer), taken);
    finished_task(&s, &a_range(58)->task, TASK_DONE, &data);
    stage_play(&s, "=");
    c = fake_trainer_last(s.trainer);
    assert_true(c.kind == COMMAND_SET && c.knob == KNOB_LEARNING_RATE && c.setting.number == range_suggestion(&s.app.model));
    assert_true(c.setting.number > 1e-3 && c.setting.number < 1e-2);
    stage_free(&s);
}

/* Of a run that is not in focus, and of a loss that falls nowhere, there is nothing to adopt. */
static void only_its_own_run_adopts_a_rate(void **state)
{
    struct range_task *t = a_range(58);
    struct stage s;
    int taken;

    (void)state;
    begin(&s, "1");
    finished_task(&s, &t->task, TASK_DONE, &data);
    t->task.run = 1;
    taken = fake_trainer_taken(s.trainer);
    stage_play(&s, ":range-test adopt<Enter>");
    assert_non_null(strstr(s.app.model.ui.message, "was of run B"));
    t->task.run = 0;
    t->test.steepest = -1;
    stage_play(&s, ":range-test adopt<Enter>");
    assert_non_null(strstr(s.app.model.ui.message, "suggests no learning rate"));
    assert_int_equal(fake_trainer_taken(s.trainer), taken);
    stage_free(&s);
}

static void the_pane_stays_inside(void **state)
{
    struct stage s;

    (void)state;
    begin(&s, "1");
    for (int filled = 0; filled < 2; filled++) {
        for (int w = 1; w <= 64; w += 3)
            for (int h = 1; h <= 30; h++)
                golden_guarded(&s.app.model, &range_pane, w, h, (enum charset)((w + h) % 3));
        finished_task(&s, &a_range(58)->task, TASK_DONE, &data);
    }
    stage_free(&s);
}

static char heard[2048];

static void hear(void *context, const char *text)
{
    (void)context;
    snprintf(heard + strlen(heard), sizeof heard - strlen(heard), "%s\n", text);
}

static void the_result_is_told_once_in_lines(void **state)
{
    static const char *const says[] = {
        "range test on a copy of run A at step 1,412, learning rates 1e-06 to 1\n", "learning rate 4.08e-06: loss ",
        "stopped after 58 steps: ", "suggested learning rate 0.0029, where the loss falls most steeply\nrange-test adopt sets it\n",
    };
    const struct text_sink out = {hear, NULL};
    struct stage s;

    (void)state;
    begin(&s, "1");
    finished_task(&s, &a_range(58)->task, TASK_DONE, &data);
    heard[0] = '\0';
    train_view.text(&s.app.model, &out);
    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        if (!strstr(heard, says[i]))
            fail_msg("not told: %s\n%s", says[i], heard);
    heard[0] = '\0';
    train_view.text(&s.app.model, &out);
    assert_string_equal(heard, "");
    stage_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(range_screens),
        cmocka_unit_test(a_range_test_is_asked_for_and_adopted),
        cmocka_unit_test(only_its_own_run_adopts_a_rate),
        cmocka_unit_test(the_pane_stays_inside),
        cmocka_unit_test(the_result_is_told_once_in_lines),
        cmocka_unit_test(golden_all_drawn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
