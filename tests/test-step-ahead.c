/* SPDX-License-Identifier: MIT */
/* run/step-ahead: the step it looks at is the run's next one, on the batch that the run takes it on, and the run does not
 * notice. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learnable-data.h"
#include "numbers.h"
#include "run/probe-copy.h"
#include "run/run-private.h"
#include "run/step-ahead.h"

static const struct shape_of_run {
    const char *network, *optimizer;
    int context, piece;
    double noise;
} runs[] = {
    {"linear 24 relu bn dropout | linear 17 tanh | linear 3", "sgd", 3, 0, 0}, /* 24: rows of float and double differ */
    {"linear 24 relu bn dropout | linear 17 tanh | linear 3", "adamw", 3, 0, .2},
    {"linear 10 tanh | linear 3", "sgd", 3, 0, 0},
    {"lstm 6 | center | linear 8 bn tanh | linear 3", "sgd", 5, 0, 0},
    {"lstm 20x2 bi dropout=.3 | all | linear 3", "adam", 3, 15, .1},
};

static void open_run(struct toy_run *r, struct toy *t, const struct shape_of_run *s, double rate)
{
    struct knobs k = toy_knobs();
    struct err e = {0};

    toy_init(t);
    must(knobs_parse(&k, KNOB_NETWORK, s->network, &e), &e);
    must(knobs_parse(&k, KNOB_OPTIMIZER, s->optimizer, &e), &e);
    knobs_put(&k, KNOB_CONTEXT, s->context);
    knobs_put(&k, KNOB_PIECE, s->piece);
    knobs_put(&k, KNOB_INPUT_NOISE, s->noise);
    knobs_put(&k, KNOB_LEARNING_RATE, rate);
    knobs_put(&k, KNOB_WEIGHT_DECAY, 0);
    knobs_put(&k, KNOB_PROBE_FRAMES, 200);
    knobs_put(&k, KNOB_BATCH_SIZE, s->piece ? 8 : 50);
    toy_run_open(r, t, &k, 2);
    toy_steps(r->run, 7);
}

static struct step_ahead look(struct run *l)
{
    struct probe_copy *point;
    struct run *copy;
    struct step_ahead s;
    struct err e = {0};

    must(probe_copy_take(l, &point, &e), &e);
    must(run_copy_apart(&copy, l, &e), &e);
    point->ask.pool = run_pool(l);
    must(step_ahead_look(copy, &point->ask, STEP_AHEAD_BATCHES, &s, &e), &e);
    run_free(copy);
    probe_copy_free(point);
    return s;
}

/* Gradient and update of the step that the run then makes, and the state it was in before. */
static void it_is_the_next_step(void **state)
{
    static struct toy t;

    (void)state;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        struct toy_run r;
        struct run *before;
        struct step_ahead s;
        struct err e = {0};
        double gain = 0, square = 0;
        open_run(&r, &t, &runs[i], 1e-3);
        must(run_fork(&before, r.run, &e), &e);
        s = look(r.run);
        assert_true(toy_same(before, r.run));
        assert_int_equal(run_look(r.run, &(struct gradient_stats){0}, &e), 0);
        toy_steps(r.run, 1);
        for (int64_t k = 0; k < r.run->network.parameters; k++) {
            double u = (double)state_theta(r.run->state)[k] - (double)state_theta(before->state)[k];
            gain -= (double)r.run->previous[k] * u;
            square += u * u;
        }
        near(s.own.length, sqrt(square), 1e-12 * sqrt(square), runs[i].network);
        near(s.probe.length, sqrt(square), 1e-12 * sqrt(square), runs[i].network);
        near(s.own.gain, gain, 1e-4 * fabs(gain), runs[i].network);
        near(s.own.actual, s.own.cost - s.own.gain, .05 * fabs(s.own.actual), runs[i].network);
        near(s.probe.actual, s.probe.cost - s.probe.gain, .05 * fabs(s.probe.actual), runs[i].network);
        near(s.own.sharpness, 2 * s.own.cost / square, 1e-9 * fabs(s.own.sharpness), runs[i].network);
        run_free(before);
        toy_run_close(&r);
    }
}

/* At the end of an epoch: the evaluation due is no step. */
static void an_evaluation_that_is_due_is_left_out(void **state)
{
    static struct toy t;
    struct toy_run r;
    struct run_report report;
    struct step_ahead s;
    struct err e = {0};
    int steps = 0;

    (void)state;
    open_run(&r, &t, &runs[0], 1e-3);
    while (!r.run->state->counters.evaluation_due && steps++ < 1000)
        must(run_advance(r.run, &report, &e), &e);
    assert_true(r.run->state->counters.evaluation_due);
    s = look(r.run);
    assert_true(s.own.length > 0 && r.run->state->counters.evaluation_due);
    toy_run_close(&r);
}

static void a_step_that_diverges_is_not_known(void **state)
{
    static struct toy t;
    struct toy_run r;
    struct step_ahead s;

    (void)state;
    open_run(&r, &t, &runs[2], 1e-3);
    state_theta(r.run->state)[0] = NAN;
    s = look(r.run);
    assert_true(isnan(s.own.gain) && isnan(s.probe.actual) && s.batch.batches == 0 && isnan(s.batch.mean));
    toy_run_close(&r);
}

/* Batches of the whole data have no noise; small ones of a run that has learned have much. */
static void noise_falls_with_the_batch(void **state)
{
    static struct toy t;
    double noise[3];
    static const int size[] = {4, 100, 4000};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct toy_run r;
        struct step_ahead s;
        struct err e = {0};
        open_run(&r, &t, &runs[2], 1e-2);
        toy_steps(r.run, 100);
        assert_int_equal(toy_set(r.run, KNOB_BATCH_SIZE, size[i], &e), 0);
        s = look(r.run);
        assert_int_equal(s.batch.batches, i == 2 ? 1 : STEP_AHEAD_BATCHES);
        noise[i] = s.batch.noise;
        toy_run_close(&r);
    }
    assert_true(noise[0] > noise[1] && noise[1] > noise[2] && noise[2] == 0 && noise[0] <= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_next_step),
        cmocka_unit_test(an_evaluation_that_is_due_is_left_out),
        cmocka_unit_test(a_step_that_diverges_is_not_known),
        cmocka_unit_test(noise_falls_with_the_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
