/* SPDX-License-Identifier: MIT */
/* net/: batches of one, with examples that do not count, padded, cancelled; what is left out; dropout. Compiled
 * twice. */
#include "test.h"

#include <math.h>

#include "numbers.h"
#include "network-with-batch.h"
#include "two-workers.h"

/* ---- batches -------------------------------------------------------------------------------- */

/* Batch norm of a single row: its variance is 0, the running one stays. */
static void a_batch_of_one_is_finite(void **state)
{
    struct tried b;
    real before;

    (void)state;
    tried_open(&b, "linear 6 bn relu linear 3", (struct shape){1, WIDTH}, 2, 1);
    before = b.statistics[b.net.statistic[1].offset];
    assert_true(isfinite(loss_at(&b, b.gradient)));
    assert_true(isfinite(largest(b.gradient, b.n)));
    R(network).commit(b.work, b.statistics);
    assert_true(b.statistics[b.net.statistic[1].offset] == before);
    tried_close(&b);
}

static void ignored_examples_do_not_count(void **state)
{
    double within = sizeof(real) == sizeof(double) ? 1e-12 : 1e-5, few;
    struct tried b;

    (void)state;
    tried_open(&b, "rnn 4 | all | linear 3", (struct shape){STEPS, WIDTH}, 2, EXAMPLES);
    b.job.examples = EXAMPLES - 2;
    few = loss_at(&b, b.gradient);
    b.job.examples = EXAMPLES;
    b.ignored = 2;
    near(loss_at(&b, b.out), few, within, "loss");
    for (int64_t i = 0; i < b.n; i++)
        near(b.out[i], b.gradient[i], within, "gradient");
    tried_close(&b);
}

/* A padded batch is its sequences one by one, each a batch of its own length. */
static void padding_changes_nothing(void **state)
{
    static const char *const nets[] = {"rnn 4x2 bi | all | linear 3", "lstm 4x2 bi | all | linear 3",
                                       "linear 5 tanh gru 4x2 bi ln | linear 3"};
    double within = sizeof(real) == sizeof(double) ? 1e-12 : 1e-4;

    (void)state;
    for (size_t k = 0; k < sizeof nets / sizeof *nets; k++) {
        struct tried b;
        double sum = 0, frames = 0;
        tried_open(&b, nets[k], (struct shape){STEPS, WIDTH}, 2, EXAMPLES);
        b.job.lengths = lengths;
        sum -= loss_at(&b, b.gradient);
        R(network).hessian_vector(b.work, pool, &b.job, b.v, b.out);
        for (int i = 0; i < EXAMPLES; i++)
            frames += lengths[i];
        for (int i = 0; i < EXAMPLES; i++) {
            struct tried one;
            tried_open(&one, nets[k], (struct shape){lengths[i], WIDTH}, 1, 1);
            one.skip = i;
            one.whole = EXAMPLES;
            sum += loss_at(&one, one.gradient) * lengths[i] / frames;
            R(network).hessian_vector(one.work, pool, &one.job, one.v, one.out);
            for (int64_t j = 0; j < b.n; j++) {
                b.gradient[j] -= one.gradient[j] * (real)(lengths[i] / frames);
                b.out[j] -= one.out[j] * (real)(lengths[i] / frames);
            }
            tried_close(&one);
        }
        near(sum, 0, within, nets[k]);
        near(largest(b.gradient, b.n), 0, within, nets[k]);
        near(largest(b.out, b.n), 0, 10 * within, nets[k]);
        tried_close(&b);
    }
}

/* Steps above the chosen one cannot matter to one direction, and what is left out is not read. */
static void steps_that_reach_no_loss_are_left_out(void **state)
{
    struct tried b;

    (void)state;
    tried_open(&b, "lstm 4x3 | center | linear 3", (struct shape){STEPS, WIDTH}, 1, 2);
    assert_int_equal(b.net.layer[0].need_first, STEPS / 2);
    assert_int_equal(b.net.layer[0].need_last, STEPS / 2);
    tried_close(&b);
    tried_open(&b, "lstm 4 bi tanh | last | linear 3", (struct shape){STEPS, WIDTH}, 1, 2);
    assert_int_equal(b.net.layer[0].need_first, STEPS - 1);
    tried_close(&b);
    tried_open(&b, "lstm 4 bi bn | last | linear 3", (struct shape){STEPS, WIDTH}, 1, 2);
    assert_int_equal(b.net.layer[0].need_first, 0);
    tried_close(&b);
}

/* Called off before it began, a pass says so, and the next one is whole. */
static void a_pass_can_be_called_off(void **state)
{
    atomic_int cancel = 1;
    struct batch_result r;
    struct tried b;
    double loss;

    (void)state;
    tried_open(&b, "lstm 4 | all | linear 6 bn relu | linear 3", (struct shape){STEPS, WIDTH}, 2, EXAMPLES);
    loss = loss_at(&b, b.gradient);
    b.job.cancel = &cancel;
    R(network).gradient(b.work, pool, &b.job, b.gradient, &r);
    assert_true(r.cancelled);
    assert_int_equal(R(network).hessian_vector(b.work, pool, &b.job, b.v, b.out), -ERR_CANCELLED);
    cancel = 0;
    R(network).gradient(b.work, pool, &b.job, b.gradient, &r);
    assert_true(!r.cancelled && r.loss == loss);
    tried_close(&b);
}

/* ---- dropout -------------------------------------------------------------------------------- */

/* The factor by which a network of nothing but dropout multiplied each input. */
static void dropped(struct tried *b, uint64_t step, double *out)
{
    b->job.step = step;
    loss_at(b, b->out);
    for (int i = 0; i < b->job.examples; i++)
        for (int j = 0; j < b->net.classes; j++)
            out[i * b->net.classes + j] =
                (double)R(network).logits(b->work, i)[j] / (double)(real)noise(1, (uint64_t)(i * 1000 + j));
}

static void dropout_keeps_the_mean_and_its_mask(void **state)
{
    enum { N = 48, B = 200 };
    static double one[B * N], same[B * N], other[B * N];
    double mean = 0, differ = 0;
    struct tried a, b;

    (void)state;
    tried_open(&a, "dropout=.25", (struct shape){1, N}, 1, B);
    tried_open(&b, "dropout=.25", (struct shape){1, N}, 3, B);
    dropped(&a, 4, one);
    dropped(&b, 4, same);
    dropped(&b, 5, other);
    for (int i = 0; i < B * N; i++) {
        assert_true(one[i] == 0 || fabs(one[i] - 1 / .75) < 1e-5);
        assert_true(one[i] == same[i]);
        mean += one[i] / (B * N);
        differ += one[i] != other[i];
    }
    near(mean, 1, .025, "mean of the mask");
    near(differ / (B * N), 2 * .25 * .75, .025, "share of places where two steps differ");
    b.job.no_masks = 1;
    dropped(&b, 4, one);
    near(one[17], 1, 1e-6, "without masks");
    tried_close(&a);
    tried_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_of_one_is_finite),
        cmocka_unit_test(ignored_examples_do_not_count),
        cmocka_unit_test(padding_changes_nothing),
        cmocka_unit_test(steps_that_reach_no_loss_are_left_out),
        cmocka_unit_test(a_pass_can_be_called_off),
        cmocka_unit_test(dropout_keeps_the_mean_and_its_mask),
    };
    return cmocka_run_group_tests(tests, workers_start, workers_end);
}
