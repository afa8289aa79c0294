/* SPDX-License-Identifier: MIT */
/* One definition of a weighted loss, Σ w_y L / Σ w_y over a whole set, however the set is sliced and sharded. */
#include "test.h"

#include <math.h>
#include <string.h>

#include "hessian/probe.h"
#include "learnable-data.h"
#include "run/batch.h"
#include "run/probe-input.h"

static struct toy toy;

/* Class 2 made rare and class 0 common, so that the weights of slices differ. */
static void make_unbalanced(void)
{
    toy_init(&toy);
    for (int64_t f = 0; f < toy.d.frames; f++)
        if (toy.labels[f] == 2 && (f / 5) % 8 != 0)
            toy.labels[f] = 0;
}

/* A network over sequences: its evaluations are cut into slices of batch_size, and nothing in it is random. */
static struct knobs balanced_knobs(int batch, int shards)
{
    struct knobs k = toy_knobs();

    assert_int_equal(knobs_parse(&k, KNOB_NETWORK, "rnn 6 | last | linear 3", NULL), 0);
    knobs_put(&k, KNOB_CLASS_WEIGHTS, 1);
    knobs_put(&k, KNOB_BATCH_SIZE, batch);
    knobs_put(&k, KNOB_SHARDS, shards);
    knobs_put(&k, KNOB_LEARNING_RATE, 0);
    return k;
}

/* The definition: class counts, one example at a time without weights, and the quotient of two sums in double. */
static double direct(struct run *l, const struct source *source)
{
    double count[TOY_CLASSES] = {0}, sum = 0, weights = 0;
    const struct frame_set *t = &l->split.train;
    int64_t frames;

    for (int64_t u = 0; u < t->utterances; u++)
        for (int64_t f = toy.bounds[t->utterance[u]]; f < toy.bounds[t->utterance[u] + 1]; f++)
            count[toy.labels[f]]++;
    for (int64_t i = 0; i < source_examples(source, &l->state->knobs, 0); i++) {
        struct feed feed = {.run = l, .source = source, .from = i};
        struct batch_job job = feed_job(l, &feed, 1, &frames);
        struct batch_result b;
        job.loss_args.class_weight = NULL;
        network_f.evaluate(l->workspace, l->pool, &job, &b);
        if (count[network_f.label(l->workspace, 0)] > 0) {
            sum += b.loss / count[network_f.label(l->workspace, 0)];
            weights += 1 / count[network_f.label(l->workspace, 0)];
        }
    }
    return sum / weights;
}

static void a_loss_does_not_depend_on_slices(void **state)
{
    static const int batch[] = {7, 50, 512, 5000}, shards[] = {1, 3};

    (void)state;
    for (int i = 0; i < 8; i++) {
        struct knobs k = balanced_knobs(batch[i / 2], shards[i % 2]);
        struct toy_run r;
        double loss, accuracy;
        toy_run_open(&r, &toy, &k, 2);
        assert_int_equal(run_evaluate(r.run, &r.run->validation, NULL, NULL, &loss, &accuracy), 0);
        assert_true(fabs(loss - direct(r.run, &r.run->validation)) < 1e-6);
        toy_steps(r.run, (int)ceil(run_steps_per_epoch(r.run))); /* at a rate of 0: the weights stay */
        assert_true(fabs(r.run->state->counters.validation_loss - loss) < 1e-12);
        assert_true(fabs(r.run->state->counters.last_epoch_loss - direct(r.run, &r.run->train)) < 1e-6);
        toy_run_close(&r);
    }
}

/* The same with label smoothing, where an example of a class without weight still has a loss: against one slice. */
static void smoothing_adds_up_too(void **state)
{
    double first = NAN;

    (void)state;
    for (int batch = 7; batch < 1000; batch += 300) {
        struct knobs k = balanced_knobs(batch, 3);
        struct toy_run r;
        double loss, accuracy;
        knobs_put(&k, KNOB_LABEL_SMOOTHING, .2);
        toy_run_open(&r, &toy, &k, 1);
        r.run->class_weight[1] = 0;
        assert_int_equal(run_evaluate(r.run, &r.run->validation, NULL, NULL, &loss, &accuracy), 0);
        first = isnan(first) ? loss : first;
        assert_true(fabs(loss - first) < 1e-6);
        toy_run_close(&r);
    }
}

/* A probe of the whole set is that set evaluated, in any slices, and so are gradient and curvature. */
static void a_probe_means_the_same_loss(void **state)
{
    static const int slice[] = {0, 5, 64, 1000};
    struct knobs k = balanced_knobs(50, 3);
    struct probe_report first = {0}, report;
    struct probe_batch batch;
    struct network_spec spec;
    struct probe_ask ask;
    struct toy_run r;
    struct err e = {0};

    (void)state;
    toy_run_open(&r, &toy, &k, 2);
    assert_int_equal(probe_input_batch(r.run, &r.run->validation, 1000000, 1, &batch, &e), 0);
    assert_int_equal(probe_input_ask(r.run, &batch, &spec, &ask, &e), 0);
    ask.top = ask.bottom = 2;
    for (int i = 0; i < 4; i++) {
        ask.slice = slice[i];
        assert_int_equal(probe_f.run(&ask, &report, &e), 0);
        first = i ? first : report;
        assert_true(fabs(report.loss - direct(r.run, &r.run->validation)) < 1e-5);
        assert_true(fabs(report.gradient_norm / first.gradient_norm - 1) < 1e-4);
        assert_true(fabs(report.hessian.at_top[0].value / first.hessian.at_top[0].value - 1) < 1e-3);
        if (i)
            probe_free(&report);
    }
    probe_free(&first);
    probe_batch_free(&batch);
    toy_run_close(&r);
}

static void relabel(const struct frame_set *s, uint8_t from, uint8_t to)
{
    for (int64_t u = 0; u < s->utterances; u++)
        for (int64_t f = toy.bounds[s->utterance[u]]; f < toy.bounds[s->utterance[u] + 1]; f++)
            if (from == LOSS_IGNORED || toy.labels[f] == from)
                toy.labels[f] = to;
}

/* A class that training lacks has weight 0, as in PyTorch: it neither adds to the loss nor dilutes it. Of nothing
 * else there is no loss, and no curvature; not a loss of 0. */
static void classes_that_training_lacks(void **state)
{
    struct knobs k = balanced_knobs(50, 3);
    struct toy_run r;
    struct probe_batch batch;
    struct network_spec spec;
    struct probe_ask ask;
    struct probe_report report;
    struct err e = {0};
    double loss, accuracy;

    (void)state;
    toy_run_open(&r, &toy, &k, 1);
    relabel(&r.run->split.train, 2, 1);
    toy_run_close(&r);
    toy_run_open(&r, &toy, &k, 1);
    assert_true(r.run->class_weight[2] == 0);
    assert_int_equal(run_evaluate(r.run, &r.run->validation, NULL, NULL, &loss, &accuracy), 0);
    assert_true(loss > 0 && fabs(loss - direct(r.run, &r.run->validation)) < 1e-6);
    relabel(&r.run->split.validation, LOSS_IGNORED, 2);
    assert_int_equal(run_evaluate(r.run, &r.run->validation, NULL, NULL, &loss, &accuracy), 0);
    assert_true(isnan(loss));
    toy_steps(r.run, 30);
    assert_true(isnan(r.run->state->counters.validation_loss));
    assert_true(isfinite(r.run->state->counters.validation_accuracy));
    assert_int_equal(probe_input_batch(r.run, &r.run->validation, 100, 1, &batch, &e), 0);
    assert_int_equal(probe_input_ask(r.run, &batch, &spec, &ask, &e), 0);
    assert_int_equal(probe_f.run(&ask, &report, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "weight 0"));
    probe_batch_free(&batch);
    toy_run_close(&r);
    make_unbalanced();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loss_does_not_depend_on_slices),
        cmocka_unit_test(smoothing_adds_up_too),
        cmocka_unit_test(a_probe_means_the_same_loss),
        cmocka_unit_test(classes_that_training_lacks),
    };
    make_unbalanced();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
