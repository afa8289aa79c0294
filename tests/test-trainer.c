/* SPDX-License-Identifier: MIT */
/* lab/trainer: commands, snapshots and samples between two threads. Nothing here depends on how fast
 * the thread is: each wait is for what must come. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/fair-share.h"
#include "libriphone-folder.h"
#include "run/checkpoint.h"
#include "trainer/background-job.h"
#include "trained-run.h"

static struct toy toy;

/* Wait until a published snapshot fits. */
static const struct snapshot *wait_for(struct training *s, int (*fits)(const struct snapshot *, double), double x)
{
    const struct snapshot *now;

    while (now = trainer_snapshot(s->trainer), now->version == 0 || !fits(now, x))
        training_news(s);
    return now;
}

static int paused_at(const struct snapshot *s, double step)
{
    return s->status == RUN_PAUSED && (double)s->step == step;
}

static int has_status(const struct snapshot *s, double status)
{
    return s->status == (enum run_status)status;
}

static int beyond(const struct snapshot *s, double step)
{
    return (double)s->step > step;
}

static int logged(const struct snapshot *s, double count)
{
    return (double)s->log_count >= count;
}

static void steps_are_counted_one_by_one(void **state)
{
    struct knobs k = toy_knobs();
    struct training s;
    struct sample sample;
    int steps = 0, evaluations = 0;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_steps(&s, 1);
    wait_for(&s, paused_at, 1);
    training_steps(&s, 40);
    wait_for(&s, paused_at, 41);
    while (trainer_sample(s.trainer, &sample)) {
        if (sample.kind == SAMPLE_STEP)
            assert_int_equal(sample.step, ++steps);
        evaluations += sample.kind == SAMPLE_EVALUATION;
    }
    assert_int_equal(steps, 41);
    assert_int_equal(evaluations, 3); /* 25.6 steps an epoch, evaluated every half */
    training_close(&s);
}

/* The second command comes while the first one's steps are made; after a pause those that were left are forgotten. */
static void steps_are_added_to_those_in_hand(void **state)
{
    struct knobs k = training_knobs(TRAINING_LARGE);
    struct training s;
    uint64_t step;

    (void)state;
    knobs_put(&k, KNOB_EVAL_EVERY, 1e6);
    training_open(&s, &toy, &k, NULL);
    for (int i = 0; i < 5; i++)
        training_steps(&s, 3);
    training_at(&s, 15, 1);
    training_steps(&s, 1000000);
    training_send(&s, (struct command){.kind = COMMAND_PAUSE});
    step = training_obeyed(&s)->step;
    training_steps(&s, 1);
    training_at(&s, step + 1, 1);
    training_close(&s);
}

static void an_edit_is_marked_logged_and_journaled(void **state)
{
    struct knobs k = toy_knobs();
    const struct snapshot *now;
    struct sample sample;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_steps(&s, 3);
    wait_for(&s, paused_at, 3);
    training_set(&s, KNOB_LEARNING_RATE, 3e-2);
    now = wait_for(&s, logged, 1);
    assert_string_equal(now->log[0].text, "learning rate 0.01 → 0.03");
    assert_int_equal(now->log[0].kind, LOG_EDIT);
    assert_true(now->knobs.value[KNOB_LEARNING_RATE] == 3e-2);
    assert_true(now->learning_rate == 3e-2);
    while (trainer_sample(s.trainer, &sample) && sample.kind != SAMPLE_EDIT)
        ;
    assert_int_equal(sample.kind, SAMPLE_EDIT);
    assert_int_equal(sample.step, 3);
    assert_true(sample.edit.before == k.value[KNOB_LEARNING_RATE] && sample.edit.after == 3e-2);
    assert_int_equal(sample.edit.standard, !k.set[KNOB_LEARNING_RATE]);
    training_set(&s, KNOB_DROPOUT, 7);
    now = wait_for(&s, logged, 2);
    assert_int_equal(now->log[1].kind, LOG_NOTE); /* refused, and said */
    assert_true(now->knobs.value[KNOB_DROPOUT] == k.value[KNOB_DROPOUT]);
    training_close(&s);
}

static void divergence_pauses_and_names_step_and_tensor(void **state)
{
    struct knobs k = toy_knobs();
    const struct snapshot *now;
    struct training s;

    (void)state;
    knobs_parse(&k, KNOB_OPTIMIZER, "sgd", NULL);
    knobs_parse(&k, KNOB_NETWORK, "linear 24 relu | linear 24 relu | linear 3", NULL);
    training_open(&s, &toy, &k, NULL);
    training_set(&s, KNOB_LEARNING_RATE, 1e4);
    training_send(&s, (struct command){.kind = COMMAND_RESUME});
    now = wait_for(&s, has_status, RUN_DIVERGED);
    assert_non_null(strstr(now->note, "is not applied"));
    assert_non_null(strstr(now->note, "layers."));
    /* it still answers */
    training_set(&s, KNOB_LEARNING_RATE, 1e-3);
    wait_for(&s, logged, (double)now->log_count + 1);
    training_close(&s);
}

static void the_end_of_the_recipe_pauses_and_goes_on(void **state)
{
    struct knobs k = toy_knobs();
    const struct snapshot *now;
    struct training s;

    (void)state;
    knobs_put(&k, KNOB_EPOCHS, 2);
    training_open(&s, &toy, &k, NULL);
    training_send(&s, (struct command){.kind = COMMAND_TOGGLE});
    now = wait_for(&s, has_status, RUN_FINISHED);
    assert_int_equal(now->step, 2 * (unsigned)ceil(now->steps_per_epoch));
    assert_false(isnan(now->validation_accuracy));
    training_send(&s, (struct command){.kind = COMMAND_TOGGLE});
    wait_for(&s, beyond, (double)now->step);
    training_close(&s);
}

/* Out of a divergence: the edit that led there is taken back with all that came of it, and the run goes on as the one
 * that was never led astray, to the bit. */
static void undo_leads_back_out_of_a_divergence(void **state)
{
    static const double rates[] = {1e4, 1e3};
    struct knobs k = toy_knobs();
    const struct snapshot *now;
    struct toy_run straight;
    struct sample sample;
    struct training s;
    uint64_t back = 0;

    (void)state;
    knobs_parse(&k, KNOB_OPTIMIZER, "sgd", NULL);
    knobs_parse(&k, KNOB_NETWORK, "linear 24 relu | linear 24 relu | linear 3", NULL);
    toy_run_open(&straight, &toy, &k, 2);
    toy_steps(straight.run, 30);
    training_open(&s, &toy, &k, NULL);
    training_send(&s, (struct command){.kind = COMMAND_STEPS, .count = 10});
    wait_for(&s, paused_at, 10);
    for (int i = 0; i < 2; i++) { /* the second where the run has diverged already: it has no way back of its own */
        training_set(&s, KNOB_LEARNING_RATE, rates[i]);
        training_send(&s, (struct command){.kind = COMMAND_RESUME});
        wait_for(&s, logged, 2 * i + 2);
    }
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    now = wait_for(&s, paused_at, 10);
    assert_true(now->knobs.value[KNOB_LEARNING_RATE] == k.value[KNOB_LEARNING_RATE]);
    assert_string_equal(now->note, "");
    assert_string_equal(now->log[(now->log_count - 1) % SNAPSHOT_LOG].text,
                        "undo: learning rate 10,000 → 0.01, back at step 10, with its weights");
    while (trainer_sample(s.trainer, &sample))
        if (sample.kind == SAMPLE_BACK)
            back = sample.step;
    assert_int_equal(back, 10);
    training_send(&s, (struct command){.kind = COMMAND_STEPS, .count = 20});
    wait_for(&s, paused_at, 30);
    assert_true(toy_same(s.run.run, straight.run));
    assert_string_equal(s.run.run->journal, straight.run->journal);
    training_close(&s);
    toy_run_close(&straight);
}

static void edits_are_taken_back_and_made_again(void **state)
{
    struct knobs k = toy_knobs();
    const struct snapshot *now;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_send(&s, (struct command){.kind = COMMAND_SET, .knob = KNOB_LEARNING_RATE, .setting = {.number = 2e-2}, .count = 1});
    training_send(&s, (struct command){.kind = COMMAND_SET, .knob = KNOB_LEARNING_RATE, .setting = {.number = 3e-2}, .count = 1});
    training_send(&s, (struct command){.kind = COMMAND_SET, .knob = KNOB_MILESTONES, .setting = {.text = "3,4"}});
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    now = wait_for(&s, logged, 6);
    assert_true(now->knobs.value[KNOB_LEARNING_RATE] == 1e-2);
    assert_string_equal(now->knobs.milestones, "");
    assert_string_equal(now->log[4].text, "undo: learning rate 0.03 → 0.01, back at step 0, with its weights");
    assert_string_equal(now->log[5].text, "nothing to undo");
    assert_int_equal(now->redos, 2);
    training_send(&s, (struct command){.kind = COMMAND_REDO});
    training_set(&s, KNOB_DROPOUT, .5);
    now = wait_for(&s, logged, 8);
    assert_true(now->knobs.value[KNOB_LEARNING_RATE] == 3e-2);
    assert_int_equal(now->redos, 0);
    assert_int_equal(now->undos, 2);
    /* What is typed and what is turned are no one edit. */
    training_send(&s, (struct command){.kind = COMMAND_SET, .knob = KNOB_DROPOUT, .setting = {.number = .4}, .count = 1});
    training_set(&s, KNOB_DROPOUT, .3);
    now = wait_for(&s, logged, 10);
    assert_int_equal(now->undos, 4);
    training_close(&s);
}

static void a_restart_is_a_new_run(void **state)
{
    struct knobs k = toy_knobs();
    const struct snapshot *now;
    struct sample sample;
    struct training s, fresh;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_steps(&s, 15);
    wait_for(&s, paused_at, 15);
    training_send(&s, (struct command){.kind = COMMAND_CHANGE, .knob = KNOB_NETWORK, .setting = {.text = "linear 7"}});
    now = wait_for(&s, logged, 1);
    assert_int_equal(now->step, 15); /* it does not fit the data: said, and the run stays */
    training_send(&s, (struct command){.kind = COMMAND_CHANGE, .knob = KNOB_NETWORK,
                                       .setting = {.text = "linear 9 tanh | linear 3"}});
    training_send(&s, (struct command){.kind = COMMAND_RESTART, .count = 1});
    now = wait_for(&s, logged, 3);
    assert_string_equal(now->log[2].text, "restarted: seed 2");
    assert_int_equal(now->step, 0);
    training_steps(&s, 5);
    wait_for(&s, paused_at, 5);
    while (trainer_sample(s.trainer, &sample) && sample.kind != SAMPLE_RESTART)
        ;
    assert_int_equal(sample.kind, SAMPLE_RESTART);
    knobs_put(&k, KNOB_SEED, 2);
    knobs_parse(&k, KNOB_NETWORK, "linear 9 tanh | linear 3", NULL);
    training_open(&fresh, &toy, &k, NULL);
    training_steps(&fresh, 5);
    wait_for(&fresh, paused_at, 5);
    assert_true(toy_same(s.run.run, fresh.run.run));
    training_close(&fresh);
    training_close(&s);
}

/* Background threads enter the pool; one that finds no entrance left reports it and takes none away. */
static void a_background_thread_that_cannot_start_leaves_nothing(void **state)
{
    struct background *first, *extra;
    struct pool *p, *entrance[FAIR_SHARE_MOST];
    struct err e;
    int n = 0;

    (void)state;
    assert_int_equal(pool_new(&p, 1, &e), 0);
    while (n < FAIR_SHARE_MOST && pool_enter(&entrance[n], p, &e) == 0)
        n++;
    for (int i = 0; i < 3; i++)
        assert_int_equal(background_new(&extra, p, -1, &e), -ERR_RUNTIME);
    pool_free(entrance[--n]);
    assert_int_equal(background_new(&first, p, -1, &e), 0);
    background_free(first);
    while (n > 0)
        pool_free(entrance[--n]);
    pool_free(p);
}

/* A rate is set and the run paused in the midst of an evaluation: the pause is obeyed at once, the rate after it.
 * No snapshot may claim the rate obeyed while the old one is in force. */
static void a_command_counts_as_obeyed_when_it_is_in_force(void **state)
{
    struct knobs k = training_knobs("linear 1500 relu | linear 3");
    const struct snapshot *now;
    struct training s;
    int held = 0;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    for (int i = 1; !held; i++) { /* until the pause was seen to overtake the rate */
        double rate = 1e-3 * (1 + i % 2);
        uint64_t set;
        training_send(&s, (struct command){.kind = COMMAND_RESUME});
        training_obeyed(&s);
        wait_for(&s, has_status, RUN_EVALUATING);
        training_set(&s, KNOB_LEARNING_RATE, rate);
        set = s.sent;
        training_send(&s, (struct command){.kind = COMMAND_PAUSE});
        assert_int_equal(s.sent, set + 1);
        while (now = trainer_snapshot(s.trainer), now->obeyed < s.sent) {
            held |= now->obeyed < set && strcmp(now->note, "pausing after this evaluation") == 0;
            assert_true(now->obeyed < set || now->knobs.value[KNOB_LEARNING_RATE] == rate);
            training_news(&s);
        }
        assert_true(now->knobs.value[KNOB_LEARNING_RATE] == rate);
        assert_int_equal(now->status, RUN_PAUSED);
    }
    training_close(&s);
}

static void early_stopping_tells_the_weights_it_goes_back_to(void **state)
{
    struct knobs k = toy_knobs();
    const struct snapshot *now;
    const char *text;
    char expected[SNAPSHOT_TEXT];
    struct sample sample, last = {.kind = SAMPLE_STEP};
    struct training s;

    (void)state;
    knobs_put(&k, KNOB_EARLY_STOPPING, 2);
    knobs_put(&k, KNOB_EPOCHS, 1e6);
    training_open(&s, &toy, &k, NULL);
    training_steps(&s, 50);
    training_at(&s, 50, 1);
    training_set(&s, KNOB_LEARNING_RATE, 1); /* it gets worse from here */
    training_send(&s, (struct command){.kind = COMMAND_RESUME});
    now = wait_for(&s, has_status, RUN_FINISHED);
    assert_true(now->best_step < now->step);
    assert_true(now->validation_accuracy == now->best_accuracy);
    assert_true(isnan(now->train_loss) && isnan(now->train_accuracy) && isnan(now->gradient_norm));
    text = now->log[(now->log_count - 1) % SNAPSHOT_LOG].text;
    snprintf(expected, sizeof expected, "stopped early: back to the weights of step %llu, validation accuracy %.2f %%",
             (unsigned long long)now->best_step, 100 * now->best_accuracy);
    assert_string_equal(text, expected);
    while (trainer_sample(s.trainer, &sample)) /* the curve shows what was measured */
        if (sample.kind == SAMPLE_EVALUATION) {
            assert_true(sample.seconds > last.seconds && sample.seconds <= now->seconds);
            last = sample;
        }
    assert_int_equal(last.step, now->step);
    assert_true((double)last.evaluation.accuracy < now->best_accuracy);
    training_close(&s);
}

static void stopping_saves_the_run(void **state)
{
    char *dir = temporary_folder(), path[256];
    struct knobs k = toy_knobs();
    struct checkpoint c;
    struct training s;
    struct err e;

    (void)state;
    snprintf(path, sizeof path, "%s/run.safetensors", dir);
    training_open(&s, &toy, &k, path);
    training_steps(&s, 13); /* an evaluation falls due here */
    wait_for(&s, beyond, 12);
    training_close(&s);
    assert_int_equal(checkpoint_open(&c, path, &e), 0);
    assert_non_null(safetensors_find(c.file, "layers.0.weight"));
    assert_non_null(safetensors_find(c.file, "layers.2.num_batches_tracked"));
    checkpoint_close(&c);
    remove_folder(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_counted_one_by_one),
        cmocka_unit_test(steps_are_added_to_those_in_hand),
        cmocka_unit_test(an_edit_is_marked_logged_and_journaled),
        cmocka_unit_test(divergence_pauses_and_names_step_and_tensor),
        cmocka_unit_test(the_end_of_the_recipe_pauses_and_goes_on),
        cmocka_unit_test(edits_are_taken_back_and_made_again),
        cmocka_unit_test(undo_leads_back_out_of_a_divergence),
        cmocka_unit_test(a_restart_is_a_new_run),
        cmocka_unit_test(a_background_thread_that_cannot_start_leaves_nothing),
        cmocka_unit_test(a_command_counts_as_obeyed_when_it_is_in_force),
        cmocka_unit_test(early_stopping_tells_the_weights_it_goes_back_to),
        cmocka_unit_test(stopping_saves_the_run),
    };
    toy_init(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
