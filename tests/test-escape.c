/* SPDX-License-Identifier: MIT */
/* lab/: the way out of a saddle. Nothing here depends on how fast a thread is: each wait is for what must come. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trainer/replay.h"
#include "trainer/trainer-private.h"
#include "trained-run.h"

static struct toy toy;

static const char *logged(const struct snapshot *s, uint64_t entry)
{
    return s->log[entry % SNAPSHOT_LOG].text;
}

/* With all weights zero nothing but the last biases can learn: they find the classes' shares, and the run stands
 * on a strict saddle. */
static void open_at_saddle(struct training *s, struct knobs *k)
{
    *k = training_knobs("linear 6 tanh | linear 3");
    knobs_parse(k, KNOB_INIT, "zero", NULL);
    knobs_parse(k, KNOB_OPTIMIZER, "sgd", NULL);
    knobs_put(k, KNOB_DROPOUT, 0);
    knobs_put(k, KNOB_LEARNING_RATE, 1);
    knobs_put(k, KNOB_BATCH_SIZE, 5000); /* all of training */
    knobs_put(k, KNOB_PROBE_FRAMES, 5000);
    knobs_put(k, KNOB_EVAL_EVERY, 1000);
    training_open(s, &toy, k, NULL);
    training_steps(s, 100);
    training_at(s, 100, 1);
}

static void an_escape_leaves_a_saddle(void **state)
{
    const struct curvature_view *v;
    const struct snapshot *now;
    struct knobs k;
    struct training s;
    struct sample p;
    double before;

    (void)state;
    open_at_saddle(&s, &k);
    now = training_at(&s, 100, 1);
    assert_int_equal(now->stuck.verdict, DIAGNOSIS_CRITICAL);
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE});
    now = training_log(&s, 1);
    assert_string_equal(logged(now, 0), "probe the curvature first");
    v = training_probe(&s, 0);
    assert_int_equal(v->verdict.verdict, VERDICT_SADDLE);
    assert_true(v->escape.possible && v->escape.lowest == v->bottom[0].value && v->escape.probed == 100);
    before = v->loss;
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .01});
    now = training_log(&s, 3);
    assert_memory_equal(logged(now, 2), "escape: loss -", 14); /* what came; the length is last */
    assert_non_null(strstr(logged(now, 2), "; 0.01 along"));
    v = trainer_curvature(s.trainer);
    assert_true(v->moved && v->escape.moved && !v->escape.over);
    assert_true(v->escape.count == 1 && v->escape.alpha == .01 && v->escape.came < 0);
    assert_true(fabs(v->escape.came / v->escape.predicted - 1) < .05); /* so short a step is a parabola's */
    assert_true(fabs(v->escape.loss - before - v->escape.came) < 1e-9);
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE}); /* as far as it goes down */
    training_log(&s, 4);
    v = trainer_curvature(s.trainer);
    assert_true(v->escape.count == 2 && v->escape.searched && v->escape.alpha > .01 && v->escape.came < -.001);
    assert_true(v->escape.came <= .25 * v->escape.predicted); /* where the quadratic is of use */
    training_steps(&s, 200);
    now = training_at(&s, 300, 1);
    assert_true(now->train_loss < before - .2); /* training goes on where it had stood still */
    while (trainer_sample(s.trainer, &p) && p.kind != SAMPLE_ESCAPE)
        ;
    assert_true(p.kind == SAMPLE_ESCAPE && p.step == 100 && p.escape.alpha == .01);
    training_close(&s);
}

/* Refused, and said; the weights stay where they are. */
static void without_a_look_there_is_no_escape(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    const struct snapshot *now;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_steps(&s, 5);
    training_at(&s, 5, 1);
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .3});
    now = training_log(&s, 1);
    assert_string_equal(logged(now, 0), "probe the curvature first");
    assert_int_equal(now->undos, 0);
    training_is_plain(&s, &toy, &k, 5);
    training_close(&s);
}

static void an_escape_is_taken_back_to_the_bit(void **state)
{
    const struct curvature_view *v;
    struct knobs k;
    struct training s;

    (void)state;
    open_at_saddle(&s, &k);
    training_probe(&s, 0);
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .3});
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = -.2});
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    training_send(&s, (struct command){.kind = COMMAND_REDO});
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    training_log(&s, 7);
    v = trainer_curvature(s.trainer);
    assert_true(v->escape.taken_back && !v->moved && !v->escape.moved); /* where the probe looked, again */
    v = training_probe(&s, 0);
    assert_true(v->escape.over);
    training_steps(&s, 10);
    training_at(&s, 110, 1);
    training_is_plain(&s, &toy, &k, 110);
    training_close(&s);
}

static void undone_later_the_run_goes_back_to_before_it(void **state)
{
    const struct snapshot *now;
    struct knobs k;
    struct training s;

    (void)state;
    open_at_saddle(&s, &k);
    training_probe(&s, 0);
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .3});
    training_steps(&s, 7);
    training_at(&s, 107, 1);
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    now = training_log(&s, 3);
    assert_string_equal(logged(now, 2), "undo: escape, back at step 100, with its weights");
    training_is_plain(&s, &toy, &k, 100);
    training_close(&s);
}

/* Where a run cannot go back: steps that hardly move follow the escape, and the same step is subtracted. */
static void taken_back_later_it_is_subtracted(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    struct saddle_escape x = {.by = .3};
    struct toy_run r;
    struct err e;
    double moved = 0;
    float *before, *v;
    int64_t n;

    (void)state;
    knobs_put(&k, KNOB_LEARNING_RATE, 1e-8);
    toy_run_open(&r, &toy, &k, 1);
    toy_steps(r.run, 3);
    n = r.run->network.parameters;
    before = malloc(sizeof *before * (size_t)n);
    v = calloc((size_t)n, sizeof *v);
    memcpy(before, state_theta(r.run->state), sizeof *before * (size_t)n);
    v[2] = 1;
    x.along = escape_direction_new(1, 3, -1, n, v);
    assert_int_equal(saddle_escape(r.run, &x, &e), 0);
    assert_true(fabs((double)state_theta(r.run->state)[2] - (double)before[2] - .3) < 1e-6);
    toy_steps(r.run, 1);
    assert_int_equal(saddle_escape_back(r.run, &x, &e), 0);
    for (int64_t i = 0; i < n; i++)
        moved = fmax(moved, fabs((double)state_theta(r.run->state)[i] - (double)before[i]));
    assert_true(moved < 1e-6);
    assert_non_null(strstr(r.run->journal, "4 0 escape 1:-"));
    escape_direction_drop(x.along);
    free(x.before);
    free(before);
    free(v);
    toy_run_close(&r);
}

static void the_journal_makes_escapes_again(void **state)
{
    struct knobs k;
    struct training s;
    struct toy_run again;
    struct err e = {0};

    (void)state;
    open_at_saddle(&s, &k);
    training_probe(&s, CURVATURE_WITH_DENSITY);
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE});
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .05});
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    training_set(&s, KNOB_PROBE_EVERY, 7);
    training_set(&s, KNOB_LEARNING_RATE, .5);
    training_steps(&s, 5);
    training_at(&s, 105, 1);
    while (trainer_curvature(s.trainer)->latest.step < 105)
        training_news(&s);
    training_steps(&s, 2);
    training_at(&s, 107, 1);
    assert_int_equal(trainer_curvature(s.trainer)->escape.possible, 1); /* along the series' eigenvector, here */
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .02});
    training_steps(&s, 6);
    training_at(&s, 113, 1);
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    training_send(&s, (struct command){.kind = COMMAND_UNDO});
    training_send(&s, (struct command){.kind = COMMAND_REDO});
    training_steps(&s, 18); /* from step 100 on */
    training_at(&s, 118, 1);
    training_end(&s);
    toy_run_open(&again, &toy, &k, 1);
    if (run_replay(again.run, s.run.run->journal, 118, &e) != 0)
        fail_msg("%s in\n%s", e.text, s.run.run->journal);
    assert_true(toy_same(s.run.run, again.run));
    assert_string_equal(again.run->journal, s.run.run->journal);
    toy_run_close(&again);
    training_close(&s);
}

static void a_step_that_is_not_finite_is_not_made(void **state)
{
    const struct snapshot *now;
    struct knobs k;
    struct training s;

    (void)state;
    open_at_saddle(&s, &k);
    training_probe(&s, 0);
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = 1e39});
    now = training_log(&s, 2);
    assert_non_null(strstr(logged(now, 1), "not finite"));
    training_send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = NAN});
    training_log(&s, 3);
    training_is_plain(&s, &toy, &k, 100);
    training_close(&s);
}

/* ---- … that take long ----------------------------------------------------------------------- */

/* A network that a probe has just seen quickly, and an escape of it, over all of training, that takes seconds. */
static void begin_long_escape(struct training *s, struct knobs *k, int running)
{
    *k = training_knobs(TRAINING_LARGE);
    knobs_put(k, KNOB_PROBE_FRAMES, 16);
    knobs_put(k, KNOB_PROBE_PAIRS, 1);
    knobs_put(k, KNOB_EVAL_EVERY, 1e6);
    training_open(s, &toy, k, NULL);
    training_steps(s, 1);
    training_at(s, 1, 1);
    training_probe(s, 0);
    assert_int_equal(trainer_curvature(s->trainer)->escape.possible, 1);
    training_set(s, KNOB_PROBE_FRAMES, 5000);
    if (running)
        training_send(s, (struct command){.kind = COMMAND_RESUME});
    training_send(s, (struct command){.kind = COMMAND_ESCAPE});
    while (!strstr(trainer_snapshot(s->trainer)->note, "escape"))
        training_news(s);
}

/* The run without it. */
static void nothing_has_moved(struct training *s, const struct knobs *k)
{
    uint64_t steps = s->run.run->state->counters.step;
    struct toy_run plain;
    struct err e;

    assert_null(strstr(s->run.run->journal, "escape"));
    toy_run_open(&plain, &toy, k, 2);
    toy_steps(plain.run, (int)steps);
    assert_int_equal(toy_set(plain.run, KNOB_PROBE_FRAMES, 5000, &e), 0);
    assert_true(toy_same(s->run.run, plain.run));
    toy_run_close(&plain);
}

static void a_pause_calls_an_escape_off(void **state)
{
    const struct snapshot *now;
    struct knobs k;
    struct training s;

    (void)state;
    begin_long_escape(&s, &k, 1);
    training_send(&s, (struct command){.kind = COMMAND_TOGGLE});
    now = training_log(&s, 3);
    assert_string_equal(logged(now, 2), "the escape is cancelled: the weights are as they were");
    while (now = trainer_snapshot(s.trainer), now->status != RUN_PAUSED)
        training_news(&s);
    assert_string_equal(now->note, "");
    assert_int_equal(trainer_curvature(s.trainer)->escape.count, 0);
    training_end(&s);
    nothing_has_moved(&s, &k);
    training_close(&s);
}

static void leaving_calls_an_escape_off(void **state)
{
    struct knobs k;
    struct training s;

    (void)state;
    begin_long_escape(&s, &k, 0);
    training_end(&s);
    nothing_has_moved(&s, &k);
    training_close(&s);
}

/* Where the run is paused, what makes it go on waits; and of what was sent before nothing is left that calls off. */
static void going_on_waits_for_an_escape(void **state)
{
    const struct snapshot *now;
    struct knobs k;
    struct training s;

    (void)state;
    open_at_saddle(&s, &k);
    training_send(&s, (struct command){.kind = COMMAND_RESTART});
    training_send(&s, (struct command){.kind = COMMAND_PAUSE});
    training_send(&s, (struct command){.kind = COMMAND_TOGGLE});
    training_send(&s, (struct command){.kind = COMMAND_TOGGLE});
    training_steps(&s, 100);
    training_log(&s, 1); /* it has begun again */
    training_at(&s, 100, 1);
    training_probe(&s, 0);
    for (int begun = 0; begun < 2; begun++) { /* on its way as the escape begins: to go on, to begin again */
        atomic_fetch_add(begun ? &s.trainer->mail.ending : &s.trainer->mail.stopping, 1);
        training_send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .01});
        now = training_log(&s, 3 + (uint64_t)begun);
        assert_non_null(strstr(logged(now, 2 + (uint64_t)begun), begun ? "cancelled" : "escape: loss -"));
        atomic_fetch_sub(begun ? &s.trainer->mail.ending : &s.trainer->mail.stopping, 1);
    }
    assert_int_equal(atomic_load(&s.trainer->mail.stopping), 0);
    assert_int_equal(atomic_load(&s.trainer->mail.ending), 0);
    training_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_escape_leaves_a_saddle),
        cmocka_unit_test(without_a_look_there_is_no_escape),
        cmocka_unit_test(an_escape_is_taken_back_to_the_bit),
        cmocka_unit_test(undone_later_the_run_goes_back_to_before_it),
        cmocka_unit_test(taken_back_later_it_is_subtracted),
        cmocka_unit_test(the_journal_makes_escapes_again),
        cmocka_unit_test(a_step_that_is_not_finite_is_not_made),
        cmocka_unit_test(a_pause_calls_an_escape_off),
        cmocka_unit_test(leaving_calls_an_escape_off),
        cmocka_unit_test(going_on_waits_for_an_escape),
    };
    toy_init(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
