/* SPDX-License-Identifier: MIT */
/* lab/run-probe: the probe batch is what evaluation sees, and the point is the run's. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run/probe-input.h"
#include "numbers.h"
#include "learnable-data.h"

static const struct shape_of_run {
    const char *network;
    int context, piece;
    const char *loss, *optimizer;
} runs[] = {
    {"linear 10 relu bn dropout | linear 3", 3, 0, "cross_entropy", NULL},
    {"linear 10 relu bn | linear 3", 3, 0, "cross_entropy", "schedule-free-adamw"},
    {"lstm 6 | center | linear 8 bn tanh | linear 3", 5, 0, "mse_softmax", NULL},
    {"gru 6 bi | all | linear 3", 3, 0, "cross_entropy", NULL},
    {"lstm 6 bi | all | linear 3", 3, 15, "cross_entropy", NULL},
};

static struct knobs knobs_of(const struct shape_of_run *s)
{
    struct knobs k = toy_knobs();
    struct err e = {0};

    must(knobs_parse(&k, KNOB_NETWORK, s->network, &e), &e);
    must(knobs_parse(&k, KNOB_LOSS, s->loss, &e), &e);
    if (s->optimizer)
        must(knobs_parse(&k, KNOB_OPTIMIZER, s->optimizer, &e), &e);
    knobs_put(&k, KNOB_CONTEXT, s->context);
    knobs_put(&k, KNOB_PIECE, s->piece);
    knobs_put(&k, KNOB_LABEL_SMOOTHING, .1);
    return k;
}

/* All frames of a set probed are that set evaluated. */
static void a_probe_sees_what_evaluation_sees(void **state)
{
    static struct toy t;

    (void)state;
    toy_init(&t);
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        struct knobs k = knobs_of(&runs[i]);
        struct toy_run r;
        struct probe_batch batch;
        struct network_spec spec;
        struct probe_ask ask;
        struct probe_report report;
        struct err e = {0};
        double loss, accuracy;
        toy_run_open(&r, &t, &k, 2);
        toy_steps(r.run, 5);
        must(probe_input_batch(r.run, &r.run->validation, 1000000, 1, &batch, &e), &e);
        assert_int_equal(run_measure_shown(r.run), 0);
        must(probe_input_ask(r.run, &batch, &spec, &ask, &e), &e);
        ask.top = ask.bottom = 2;
        must(probe_f.run(&ask, &report, &e), &e);
        assert_int_equal(run_evaluate(r.run, &r.run->validation, NULL, NULL, &loss, &accuracy), 0);
        if (!(fabs(report.loss - loss) < 1e-5))
            fail_msg("%s: %g, evaluated %g", runs[i].network, report.loss, loss);
        probe_free(&report);
        probe_batch_free(&batch);
        toy_run_close(&r);
    }
}

static void the_preconditioner_is_the_optimizers(void **state)
{
    static struct toy t;
    struct knobs k = toy_knobs();
    struct toy_run r;
    struct stability s;
    struct err e = {0};
    float *scale;

    (void)state;
    toy_init(&t);
    toy_run_open(&r, &t, &k, 1);
    must(probe_input_stability(r.run, &s, &scale, &e), &e);
    assert_null(scale);
    toy_steps(r.run, 10);
    must(probe_input_stability(r.run, &s, &scale, &e), &e);
    assert_true(s.preconditioned && fabs(s.limit - 38) < 1e-9);
    for (int64_t i = 0; i < r.run->network.parameters; i++) {
        double v = (double)state_vector(r.run->state, 1)[i] / (1 - pow(.999, 10));
        assert_true(fabs((double)scale[i] * sqrt(sqrt(v) + k.value[KNOB_EPS]) - 1) < 1e-5);
    }
    free(scale);
    assert_int_equal(toy_set_text(r.run, KNOB_OPTIMIZER, "sgd", &e), 0);
    must(probe_input_stability(r.run, &s, &scale, &e), &e);
    assert_true(!s.preconditioned && !scale);
    toy_run_close(&r);
}

static void a_set_without_frames_is_refused(void **state)
{
    static struct toy t;
    struct knobs k = toy_knobs();
    struct toy_run r;
    struct frame_set none = {0};
    struct source empty = {.frames = &none};
    struct probe_batch batch;
    struct err e = {0};

    (void)state;
    toy_init(&t);
    toy_run_open(&r, &t, &k, 1);
    assert_int_equal(probe_input_batch(r.run, &empty, 10, 1, &batch, &e), -ERR_INPUT);
    must(probe_input_batch(r.run, &r.run->train, 10, 1, &batch, &e), &e);
    assert_int_equal(batch.examples, 10);
    probe_batch_free(&batch);
    toy_run_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_probe_sees_what_evaluation_sees),
        cmocka_unit_test(the_preconditioner_is_the_optimizers),
        cmocka_unit_test(a_set_without_frames_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
