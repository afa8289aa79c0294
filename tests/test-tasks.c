/* SPDX-License-Identifier: MIT */
/* Tasks beside the training: what they find is what the run itself says, they end when they are to, and nobody keeps
 * what is released. */
#include "test.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "lecture/batch-task.h"
#include "lecture/data-task.h"
#include "lecture/theory-task.h"
#include "sweep/range-task.h"
#include "trained-run.h"

static struct toy toy;

static void ask(struct training *t, struct task *task)
{
    task_share(task);
    training_send(t, (struct command){.kind = COMMAND_TASK, .task = task});
}

static void await(struct training *t, const struct task *task)
{
    while (task_is_busy(task))
        training_news(t);
}

static struct data_task *ask_data(struct training *t, enum run_set_id set, const char *recording)
{
    struct data_task *task;
    struct err e;

    assert_int_equal(data_task_new(&task, set, recording, &e), 0);
    ask(t, &task->task);
    return task;
}

/* A test split whose speakers are in no other. */
static void set_apart(struct toy *t)
{
    for (int u = 0; u < TOY_UTTERANCES; u++)
        t->speaker[u] = t->role[u] == ROLE_TEST;
    t->d.speakers.count = 2;
}

static void predictions_are_those_of_the_run(void **state)
{
    static const char *const networks[] = {"linear 8 relu bn dropout | linear 3", "gru 8 bi | linear 3", "lstm 8 bi | linear 3"};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct knobs k = training_knobs(networks[i]);
        struct data_task *task;
        struct data_result *r;
        struct training s;
        double loss, accuracy, test;
        int64_t right = 0;
        knobs_put(&k, KNOB_CONTEXT, i == 1 ? 5 : 1);
        knobs_put(&k, KNOB_PIECE, i == 2 ? 16 : 0);
        training_open(&s, &toy, &k, NULL);
        training_steps(&s, 30);
        training_at(&s, 30, 1);
        task = ask_data(&s, RUN_VALIDATION, NULL);
        await(&s, &task->task);
        r = &task->result;
        assert_int_equal(task_status(&task->task), TASK_DONE);
        assert_true(task->task.step == 30 && task->task.run == 0 && task->task.data == &toy.d);
        training_is_plain(&s, &toy, &k, 30);
        assert_int_equal(run_evaluate(s.run.run, run_source(s.run.run, RUN_VALIDATION), NULL, NULL, &loss, &accuracy), 0);
        assert_int_equal(run_evaluate(s.run.run, run_source(s.run.run, RUN_TEST), NULL, NULL, &loss, &test), 0);
        assert_int_equal(r->frames, run_source(s.run.run, RUN_VALIDATION)->frames->frames);
        for (int64_t u = 0; u < r->utterances; u++)
            for (int64_t f = r->first[u]; f < r->first[u + 1]; f++) {
                assert_int_equal(r->label[f], toy.labels[r->begin[u] + f - r->first[u]]);
                assert_true(r->probability[f] > .3F && r->probability[f] <= 1);
                right += r->label[f] == r->predicted[f];
            }
        assert_int_equal(right, r->confusion.correct);
        assert_true(right > r->frames / 2);
        if (i != 1) /* whose accuracy counts every answer of a window */
            assert_true(r->validation == accuracy && accuracy == (double)right / (double)r->frames);
        assert_true(r->unheard == test && !r->no_unheard);
        task_release(&task->task);
        training_close(&s);
    }
}

static void count_looks(void *context, const struct observation *o)
{
    if (o->kind == OBSERVED_LOOK)
        atomic_fetch_add((atomic_int *)context, 1);
}

static void look_at(struct training *s, enum run_set_id set)
{
    struct data_task *task = ask_data(s, set, NULL);

    await(s, &task->task);
    assert_int_equal(task_status(&task->task), TASK_DONE);
    task_release(&task->task);
}

/* Of the test split, and of unheard voices beside another. */
static void looks_at_the_test_set_are_counted(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    atomic_int looks = 0;
    struct training s = {0};
    const struct trainer_options o = {.recipe = "toy", .paused = 1, .observer = {count_looks, &looks}};
    struct err e;

    (void)state;
    toy_run_open(&s.run, &toy, &k, 1);
    assert_int_equal(trainer_start_with(&s.trainer, &s.run.run, &o, &e), 0);
    look_at(&s, RUN_TEST);
    assert_int_equal(atomic_load(&looks), 1);
    look_at(&s, RUN_VALIDATION);
    assert_int_equal(atomic_load(&looks), 2);
    training_send(&s, (struct command){.kind = COMMAND_MEASURE});
    for (const struct snapshot *now = training_obeyed(&s); now->measured.status != MEASURED_DONE; now = trainer_snapshot(s.trainer))
        training_news(&s);
    assert_int_equal(atomic_load(&looks), 3);
    training_close(&s);
}

static void features_are_those_of_the_utterance(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    float features[TOY_FRAMES * TOY_DIMS];
    struct data_task *task;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    task = ask_data(&s, RUN_TEST, NULL);
    await(&s, &task->task);
    assert_int_equal(task->result.utterances, 10);
    data_task_features(task, 3, 2, TOY_FRAMES - 2, features);
    assert_memory_equal(features, toy.features + (task->result.begin[3] + 2) * TOY_DIMS, sizeof features - 2 * TOY_DIMS * sizeof *features);
    task_release(&task->task);
    training_close(&s);
}

static void failures_say_why(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    struct data_task *task;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    task = ask_data(&s, RUN_TEST, "/nowhere/a.wav");
    await(&s, &task->task);
    assert_int_equal(task_status(&task->task), TASK_FAILED);
    assert_non_null(strstr(task->task.error.text, "/nowhere/a.wav"));
    task_release(&task->task);
    training_close(&s);
}

/* In one slot the newest is done, those before it are cancelled; a large network takes long enough to be in hand. */
static void the_newest_takes_the_place_of_others(void **state)
{
    struct knobs k = training_knobs(TRAINING_LARGE);
    struct data_task *task[3];
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    for (int i = 0; i < 3; i++)
        task[i] = ask_data(&s, RUN_TRAIN, NULL);
    await(&s, &task[2]->task);
    assert_int_equal(task_status(&task[2]->task), TASK_DONE);
    for (int i = 0; i < 3; i++) {
        assert_false(task_is_busy(&task[i]->task));
        task_release(&task[i]->task);
    }
    training_close(&s);
}

static void a_task_can_be_cancelled(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    struct batch_task *task;
    struct training s;
    struct err e;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    assert_int_equal(batch_task_new(&task, 60, &e), 0);
    ask(&s, &task->task);
    training_send(&s, (struct command){.kind = COMMAND_TASK_CANCEL, .count = TASK_BATCH});
    await(&s, &task->task);
    assert_int_equal(task_status(&task->task), TASK_CANCELLED);
    task_release(&task->task);
    training_close(&s);
}

/* The trainer ends with one in hand and others not heard. */
static void the_end_leaves_nothing(void **state)
{
    struct knobs k = training_knobs(TRAINING_LARGE);
    struct data_task *task[4];
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    for (int i = 0; i < 4; i++)
        task[i] = ask_data(&s, RUN_TRAIN, NULL);
    training_end(&s);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(atomic_load(&task[i]->task.owners), 1);
        task_release(&task[i]->task);
    }
    training_close(&s);
}

static void tasks_wait_for_no_dropped_run(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    struct data_task *task;
    struct training s;
    struct err e;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    assert_int_equal(data_task_new(&task, RUN_TRAIN, NULL, &e), 0);
    task_share(&task->task);
    training_send(&s, (struct command){.kind = COMMAND_TASK, .task = &task->task, .run = 3});
    await(&s, &task->task);
    assert_int_equal(task_status(&task->task), TASK_FAILED);
    task_release(&task->task);
    training_close(&s);
}

static void theory_of_the_lecture(void **state)
{
    const struct theory_settings settings = {.hypotheses = 10000, .samples = 500, .epsilon = .1, .delta = .1, .draw = 2};
    struct knobs k = training_knobs(TRAINING_SMALL);
    struct theory_task *task;
    const struct theory_result *r;
    struct training s;
    struct err e;
    int n;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    assert_int_equal(theory_task_new(&task, &settings, &e), 0);
    ask(&s, &task->task);
    await(&s, &task->task);
    assert_int_equal(task_status(&task->task), TASK_DONE);
    r = &task->result;
    assert_true(fabs(r->bound - .908) < 5e-4 && fabs(r->needed - 610.3) < .05);
    assert_true(r->frames == toy.d.frames && r->bad_share >= 0 && r->bad_share <= r->bound);
    assert_true(r->trained_drawn <= r->best_loss + r->worst && r->trained_all >= r->best_loss);
    assert_int_equal(r->points, r->distinct < THEORY_POINTS ? r->distinct : THEORY_POINTS);
    for (int i = 1; i < r->points; i++)
        assert_true(r->threshold[i] > r->threshold[i - 1]);
    n = atomic_load(&task->samples_rows);
    assert_int_equal(n, 11);
    for (int i = 1; i < n; i++)
        assert_true(r->by_samples[i].bad_share <= r->by_samples[i - 1].bad_share + .05);
    assert_true(r->by_samples[n - 1].bad_share == 0 && r->by_samples[0].bad_share > .5);
    n = atomic_load(&task->hypotheses_rows);
    assert_int_equal(n, 5);
    for (int i = 1; i < n; i++)
        assert_true(r->by_hypotheses[i].best <= r->by_hypotheses[i - 1].best);
    assert_true(r->by_hypotheses[n - 1].gap > r->by_hypotheses[0].gap);
    task_release(&task->task);
    training_close(&s);
}

static void batches_are_timed(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    struct batch_task *task;
    struct training s;
    struct err e;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    assert_int_equal(batch_task_new(&task, 60, &e), 0);
    ask(&s, &task->task);
    await(&s, &task->task);
    assert_int_equal(task_status(&task->task), TASK_DONE);
    assert_true(atomic_load(&task->noise_known) && task->noise.batches >= 2);
    assert_int_equal(atomic_load(&task->rows), BATCH_TASK_SIZES);
    for (int i = 0; i < BATCH_TASK_SIZES; i++) {
        assert_int_equal(task->row[i].size, batch_task_size(i));
        assert_int_equal(task->row[i].updates > 0, batch_task_size(i) <= 1280); /* an epoch */
    }
    task_release(&task->task);
    training_close(&s);
}

/* It finds what the test by itself finds on the same run, which goes on to the bit as if nothing had been asked. */
static void a_range_test_leaves_the_run_alone(void **state)
{
    const struct range_test_options o = {.low = 1e-5, .high = 1, .steps = 60};
    struct knobs k = training_knobs(TRAINING_SMALL);
    struct range_task *task;
    struct range_test alone;
    struct toy_run plain;
    struct training s;
    struct err e;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_steps(&s, 20);
    training_at(&s, 20, 1);
    assert_int_equal(range_task_new(&task, &o, &e), 0);
    ask(&s, &task->task);
    training_steps(&s, 15); /* beside it */
    await(&s, &task->task);
    training_at(&s, 35, 1);
    assert_int_equal(task_status(&task->task), TASK_DONE);
    assert_true(task->task.step == 20 && task->task.run == 0);
    training_is_plain(&s, &toy, &k, 35);
    toy_run_open(&plain, &toy, &k, 1);
    toy_steps(plain.run, 20);
    assert_int_equal(range_test(&alone, plain.run, &o, &e), 0);
    assert_true(alone.count > 20 && alone.steepest > 0);
    assert_int_equal(atomic_load(&task->points), alone.count);
    assert_int_equal(task->test.steepest, alone.steepest);
    assert_memory_equal(task->test.loss, alone.loss, sizeof *alone.loss * (size_t)alone.count);
    range_test_free(&alone);
    toy_run_close(&plain);
    task_release(&task->task);
    training_close(&s);
}

static void a_range_test_is_cancelled(void **state)
{
    struct range_test_options o = {.low = 1e-7, .high = 1e-3, .steps = RANGE_TASK_MOST};
    struct knobs k = training_knobs(TRAINING_LARGE);
    struct range_task *task;
    struct training s;
    struct err e;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    assert_int_equal(range_task_new(&task, &o, &e), 0);
    ask(&s, &task->task);
    while (!atomic_load(&task->points))
        training_news(&s);
    training_send(&s, (struct command){.kind = COMMAND_TASK_CANCEL, .count = TASK_RANGE});
    await(&s, &task->task);
    assert_int_equal(task_status(&task->task), TASK_CANCELLED);
    task_release(&task->task);
    training_close(&s);
    o.steps = RANGE_TASK_MOST + 1;
    assert_int_equal(range_task_new(&task, &o, &e), -ERR_USAGE);
    o.steps = 20, o.high = o.low;
    assert_int_equal(range_task_new(&task, &o, &e), -ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_at_the_test_set_are_counted),
        cmocka_unit_test(predictions_are_those_of_the_run), cmocka_unit_test(features_are_those_of_the_utterance),
        cmocka_unit_test(failures_say_why),                 cmocka_unit_test(the_newest_takes_the_place_of_others),
        cmocka_unit_test(a_task_can_be_cancelled),          cmocka_unit_test(the_end_leaves_nothing),
        cmocka_unit_test(tasks_wait_for_no_dropped_run),    cmocka_unit_test(theory_of_the_lecture),
        cmocka_unit_test(batches_are_timed),                cmocka_unit_test(a_range_test_leaves_the_run_alone),
        cmocka_unit_test(a_range_test_is_cancelled),
    };

    toy_init(&toy);
    set_apart(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
