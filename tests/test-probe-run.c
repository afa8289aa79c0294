/* SPDX-License-Identifier: MIT */
/* probe/probe on small networks: float against double, and verdicts. In double; probe_f comes in through its neutral
 * door. */
#include "test.h"

#include <math.h>
#include <string.h>

#include "numbers.h"
#include "hessian/probe.h"
#include "network-objective.h"
#include "two-workers.h"

static struct probe_ask ask_of(const struct probed *b)
{
    return (struct probe_ask){.spec = &b->spec,
                              .theta = b->theta,
                              .statistics = b->statistics,
                              .batch = &b->batch,
                              .loss = "cross_entropy",
                              .top = ENDS,
                              .bottom = ENDS,
                              .tolerance = VERDICT_TOLERANCE,
                              .vectors = 1,
                              .density = 1,
                              .gauss_newton = 1,
                              .blocks = 1,
                              .shards = 2,
                              .pool = pool};
}

/* An estimate beside shares that are counted. */
static void same_shares(const struct shares *estimate, const struct shares *counted)
{
    assert_true(estimate->known && counted->known && share_error(counted->positive) == 0);
    assert_true(share_error(estimate->positive) > 0 && share_error(estimate->positive) < .1);
    near(estimate->positive.value, counted->positive.value, 3 * share_error(estimate->positive), "positive share");
    near(estimate->negative.value, counted->negative.value, 3 * share_error(estimate->negative) + 1e-6, "negative share");
}

static void float_and_double_say_the_same(void **state)
{
    struct probe_report d, f;
    struct probe_ask ask;
    struct err e = {0};
    struct probed b;
    double cosine = 0;

    (void)state;
    probed_open(&b, &kinds[1], 0, 0);
    ask = ask_of(&b);
    must(probe_run(&ask, &d, &e), &e);
    must(probe_f.run(&ask, &f, &e), &e);
    assert_true(d.whole && !f.whole && d.values == d.parameters && f.values == 2 * ENDS);
    assert_true(d.hessian.converged && f.hessian.converged);
    near(f.loss, d.loss, 1e-5, "loss");
    near(f.gradient_norm, d.gradient_norm, 1e-5, "|g|");
    for (int i = 0; i < ENDS; i++) {
        near(f.hessian.at_top[i].value, d.hessian.at_top[i].value, .01 * d.hessian.at_top[0].value, "top");
        near(f.hessian.at_bottom[i].value, d.hessian.at_bottom[i].value, .01 * d.hessian.at_top[0].value,
             "bottom");
    }
    near(f.hessian.at_top[0].value, d.hessian.at_top[0].value, .01 * d.hessian.at_top[0].value, "λmax");
    for (int64_t i = 0; i < d.parameters; i++)
        cosine += (double)d.hessian.at_top[0].vector[i] * (double)f.hessian.at_top[0].vector[i];
    near(fabs(cosine), 1, .02, "cosine of the first eigenvectors");
    near(f.trace, d.trace, 5 * f.trace_error, "trace");
    assert_int_equal(d.blocks, 4);
    assert_true(d.block[0].highest <= d.hessian.at_top[0].value * (1 + 1e-9));
    assert_int_equal(f.verdict.verdict, d.verdict.verdict);
    same_shares(&f.density.shares, &d.density.shares);
    same_shares(&f.gauss_newton_density.shares, &d.gauss_newton_density.shares);
    assert_true(d.density.shares.positive.value == d.verdict.ratio_all && d.gauss_newton_density.shares.negative.value == 0);
    probe_free(&d);
    probe_free(&f);
    probed_close(&b);
}

/* What is handed out once the pairs are found. */
struct handed {
    struct probe_report pairs;
    int times;
};

static void keep_pairs(void *context, const struct probe_report *so_far)
{
    struct handed *h = context;

    h->times++;
    assert_true(so_far->blocks == 0 && so_far->gauss_newton.top == 0 && so_far->density.count == 0);
    assert_int_equal(probe_copy_pairs(so_far, &h->pairs, NULL), 0);
}

/* Eigenpairs and verdict come before the rest is computed, and are those of the end. */
static void pairs_come_first(void **state)
{
    (void)state;
    for (int whole = 0; whole < 2; whole++) {
        struct handed h = {.times = 0};
        struct probe_report r;
        struct probe_ask ask;
        struct err e = {0};
        struct probed b;
        probed_open(&b, &kinds[1], 0, 0);
        ask = ask_of(&b);
        ask.ends_only = !whole;
        ask.found = keep_pairs;
        ask.context = &h;
        must(probe_run(&ask, &r, &e), &e);
        assert_int_equal(h.times, 1);
        assert_true(whole ? h.pairs.trace_error == 0 : isnan(h.pairs.trace));
        assert_true(!isnan(r.trace) && r.blocks > 0 && h.pairs.values == r.values);
        assert_memory_equal(h.pairs.value, r.value, sizeof *r.value * (size_t)r.values);
        assert_true(h.pairs.hessian.at_bottom[0].value == r.hessian.at_bottom[0].value);
        assert_memory_equal(h.pairs.hessian.at_bottom[0].vector, r.hessian.at_bottom[0].vector,
                            sizeof(float) * (size_t)r.parameters);
        assert_string_equal(h.pairs.verdict.evidence, r.verdict.evidence);
        probe_free(&h.pairs);
        probe_free(&r);
        probed_close(&b);
    }
}

/* Behind dead ReLUs only the last bias is left: all other eigenvalues are zero. They are converged, and the point is
 * flat, not like a minimum. */
static void dead_relus_are_flat(void **state)
{
    const struct example x = {"linear 20 relu | linear 3", 1, 6};
    struct probe_report r;
    struct probe_ask ask;
    struct err e = {0};
    struct probed b;

    (void)state;
    probed_open(&b, &x, 0, 0);
    for (int i = 0; i < EXAMPLES; i++)
        b.batch.labels[i] = (uint8_t)(i % 3);
    for (int64_t i = 0; i < b.f.n; i++)
        b.theta[i] = i >= 120 && i < 140 ? -1000 : 0; /* the biases of the first layer */
    ask = ask_of(&b);
    for (int ends = 0; ends < 2; ends++) {
        ask.ends_only = ends;
        must(probe_run(&ask, &r, &e), &e);
        assert_int_equal(r.verdict.verdict, VERDICT_FLAT);
        assert_true(r.hessian.converged);
        probe_free(&r);
    }
    probed_close(&b);
}

/* Points of each kind on a network. */
static struct verdict_report judge_network(struct probed *b, const char *loss)
{
    struct probe_ask ask = ask_of(b);
    struct probe_report report;
    struct verdict_report v;
    struct err e = {0};

    ask.gauss_newton = ask.blocks = ask.density = ask.vectors = 0;
    ask.loss = loss;
    must(probe_run(&ask, &report, &e), &e);
    v = report.verdict;
    probe_free(&report);
    return v;
}

static void balanced_labels(struct probed *b)
{
    for (int i = 0; i < EXAMPLES; i++)
        b->batch.labels[i] = (uint8_t)(i % 3);
}

/* With all weights zero and classes of one size the gradient is zero, but the two layers lean on each other.
 */
static void a_network_of_zeros_is_a_saddle(void **state)
{
    const struct example x = {"linear 4 tanh | linear 3", 1, 6};
    struct verdict_report v;
    struct probed b;

    (void)state;
    probed_open(&b, &x, 0, 0);
    balanced_labels(&b);
    assert_int_equal(judge_network(&b, "cross_entropy").verdict, VERDICT_SLOPE);
    memset(b.theta, 0, sizeof *b.theta * (size_t)b.f.n);
    v = judge_network(&b, "cross_entropy");
    assert_int_equal(v.verdict, VERDICT_SADDLE);
    assert_true(v.negative > 0 && v.zeros > 0 && v.asymmetry > .1 && v.ratio_all < v.ratio_signed);
    b.theta[b.f.n - 3] = 60; /* sure of the first class, for a squared error on probabilities to be flat */
    assert_int_equal(judge_network(&b, "mse_softmax").verdict, VERDICT_PLATEAU);
    probed_close(&b);
}

/* Of a network that is linear in its weights cross-entropy is convex: gradient descent ends where it is
 * least. */
static void the_end_of_a_convex_descent_is_like_a_minimum(void **state)
{
    const struct example x = {"linear 3", 1, 2};
    struct verdict_report v;
    struct err e = {0};
    struct probed b;
    real g[9];
    double f;

    (void)state;
    probed_open(&b, &x, 0, 0);
    balanced_labels(&b);
    for (int t = 0; t < 400; t++) {
        must(b.f.gradient(&b.f, b.point, &f, g, &e), &e);
        for (int i = 0; i < 9; i++)
            b.point[i] -= g[i];
    }
    for (int i = 0; i < 9; i++)
        b.theta[i] = (float)b.point[i];
    v = judge_network(&b, "cross_entropy");
    assert_int_equal(v.verdict, VERDICT_MINIMUM);
    assert_int_equal(v.zeros, 3); /* what adds one number to all logits changes nothing */
    near(v.ratio_signed, 1, 0, "none below zero");
    probed_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(float_and_double_say_the_same),
        cmocka_unit_test(pairs_come_first),
        cmocka_unit_test(dead_relus_are_flat),
        cmocka_unit_test(a_network_of_zeros_is_a_saddle),
        cmocka_unit_test(the_end_of_a_convex_descent_is_like_a_minimum),
    };
    return cmocka_run_group_tests(tests, workers_start, workers_end);
}
