/* SPDX-License-Identifier: MIT */
/* lecture/: the bound on bad samples and draws beside it; times by batch size; the gradient noise scale;
 * MSE against cross-entropy. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learnable-data.h"
#include "lecture/batch-time.h"
#include "lecture/loss-descent.h"
#include "lecture/theory.h"
#include "run/noise-scale.h"

static struct toy toy;

static int set_up(void **state)
{
    (void)state;
    toy_init(&toy);
    return 0;
}

/* ---- theory --------------------------------------------------------------------------------- */

static void the_lectures_bounds_come_out(void **state)
{
    static const struct {
        double samples, bound, to;
    } rows[] = {{100, 2706.7, .05}, {500, .908, .0005}, {1000, 4.12e-5, 5e-8}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(fabs(theory_bound(10000, .1, rows[i].samples) - rows[i].bound) < rows[i].to);
    assert_true(fabs(theory_samples_needed(10000, .1, .1) - 610.3) < .05);
    assert_true(fabs(theory_bound(10000, .1, theory_samples_needed(10000, .1, .1)) / .1 - 1) < 1e-12);
    assert_true(theory_samples_needed(1, .5, .999) > 0);
}

/* The error rate of [x ≥ t] on all frames, counted one by one. */
static double counted_loss(const struct dataset *d, int feature, int class, float t)
{
    const float *x = d->features;
    int wrong = 0;

    for (int64_t i = 0; i < d->frames; i++)
        wrong += (x[i * d->dims + feature] >= t) == (d->labels[i] == class);
    return (double)wrong / (double)d->frames;
}

static void losses_of_thresholds_are_those_counted(void **state)
{
    static const int64_t counts[] = {1, 2, 7, 1000, 1000000000000};
    struct thresholds t;
    struct err e = {0};

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        assert_int_equal(thresholds_init(&t, &toy.d, 3, 1, counts[i], &e), 0);
        assert_in_range(t.count, 1, counts[i]);
        if (counts[i] < 10)
            assert_int_equal(t.count, counts[i]); /* 2,000 values leave none of them together */
        for (int k = 0; k < t.count; k++) {
            assert_true(k == 0 || t.threshold[k] > t.threshold[k - 1]);
            if (k % 17 == 0)
                assert_true(fabs(t.loss[k] - counted_loss(&toy.d, 3, 1, t.threshold[k])) < 1e-12);
        }
        thresholds_free(&t);
    }
}

/* Thresholds in the middle and at the ends of the range, on frames with the values 0, 1 … 4. */
static void thresholds_are_spread_over_the_range(void **state)
{
    static const struct {
        int64_t hypotheses;
        const char *values;
    } rows[] = {{1, "2"}, {2, "04"}, {3, "024"}, {4, "0234"}, {5, "01234"}, {6, "01234"}, {1000, "01234"}};
    float values[] = {3, 0, 4, 1, 2, 2, 0, 1};
    uint8_t labels[8] = {0};
    struct dataset d = {.path = "values", .type = FEATURE_F32, .features = values, .labels = labels, .frames = 8, .dims = 1};
    struct thresholds t;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(thresholds_init(&t, &d, 0, 0, rows[i].hypotheses, NULL), 0);
        assert_int_equal(t.count, strlen(rows[i].values));
        for (int k = 0; k < t.count; k++)
            assert_int_equal('0' + (int)t.threshold[k], rows[i].values[k]);
        thresholds_free(&t);
    }
    for (int i = 0; i < 8; i++)
        values[i] = 7;
    assert_int_equal(thresholds_init(&t, &d, 0, 0, 10, NULL), 0);
    assert_int_equal(t.count, 1);
    thresholds_free(&t);
}

static void a_feature_that_is_no_number_is_refused(void **state)
{
    float values[] = {1, NAN};
    uint8_t labels[2] = {0};
    struct dataset d = {.path = "values", .type = FEATURE_F32, .features = values, .labels = labels, .frames = 2, .dims = 1};
    struct thresholds t;
    struct err e = {0};

    (void)state;
    assert_int_equal(thresholds_init(&t, &d, 0, 0, 10, &e), -ERR_INPUT);
    assert_string_equal(e.text, "values: feature 0 of frame 1 is not finite");
    thresholds_free(&t);
}

/* With one hypothesis, the share of bad draws is a sum of binomial probabilities. */
static void one_hypothesis_is_binomial(void **state)
{
    const struct theory_draws plan = {.samples = 40, .draws = 20000, .epsilon = .1, .seed = 3};
    struct theory_report r;
    struct thresholds t;
    struct err e = {0};
    double p, bad = 0;

    (void)state;
    assert_int_equal(thresholds_init(&t, &toy.d, 0, 0, 1, &e), 0);
    p = t.loss[0];
    for (int k = 0; k <= 40; k++)
        if (fabs(k / 40.0 - p) > .1)
            bad += exp(lgamma(41) - lgamma(k + 1) - lgamma(41 - k) + k * log(p) + (40 - k) * log1p(-p));
    assert_int_equal(theory_draw(&r, &t, &plan, &e), 0);
    assert_true(bad > .02 && bad < theory_bound(1, .1, 40));
    assert_true(fabs(r.bad_share - bad) < 4 * sqrt(bad * (1 - bad) / plan.draws));
    assert_true(fabs(r.mean_trained_draw - p) < .005);
    assert_true(r.trained_all == p && r.best_loss == p);
    thresholds_free(&t);
}

static void a_draw_is_a_function_of_the_seed(void **state)
{
    struct theory_draws plan = {.samples = 30, .draws = 50, .epsilon = .1, .seed = 3};
    struct theory_report a, b, c;
    struct thresholds t;
    struct err e = {0};

    (void)state;
    assert_int_equal(thresholds_init(&t, &toy.d, 0, 0, 100, &e), 0);
    assert_int_equal(theory_draw(&a, &t, &plan, &e), 0);
    assert_int_equal(theory_draw(&b, &t, &plan, &e), 0);
    plan.seed = 4;
    assert_int_equal(theory_draw(&c, &t, &plan, &e), 0);
    assert_memory_equal(&a, &b, sizeof a);
    assert_true(a.mean_trained_draw != c.mean_trained_draw);
    assert_true(a.trained_draw <= a.trained_all + a.worst && a.mean_trained_draw < a.mean_trained_all);
    plan.samples = THEORY_MOST_WORK;
    assert_int_equal(theory_draw(&c, &t, &plan, &e), -ERR_USAGE);
    thresholds_free(&t);
}

/* ---- batches -------------------------------------------------------------------------------- */

static void sizes_are_timed_or_skipped(void **state)
{
    static const struct {
        const char *network, *words; /* of the reason; "": it is timed */
        int size;
        double limit, before; /* seconds of an update of 64 examples, measured before; 0: nothing was */
    } rows[] = {
        {"linear 9 relu | linear 3", "", 1, 60, 0},
        {"linear 9 relu | linear 3", "", 50, 60, 0},
        {"linear 9 relu | linear 3", "", 600, 60, 0}, /* its second batch of an epoch is smaller */
        {"linear 9 relu | linear 3", "an epoch has 1440 examples", 1441, 60, 0},
        {"linear 9 relu | linear 3", "2 updates need up to 2 s; the limit is 1.5 s", 640, 1.5, .1},
        {"linear 9 relu | linear 3", "2 updates need about", 50, 0, 0},
        {"linear 9 relu | linear 3", "2 updates take more than 1e-06 s", 50, 1e-6, 0},
        {"linear 9 | linear 60000 | linear 60000 | linear 3", " of memory", 1, 60, 0},
    };
    struct knobs k = toy_knobs();
    struct toy_run r;
    struct err e = {0};

    (void)state;
    knobs_put(&k, KNOB_SPLIT_RATIO, .9);
    toy_run_open(&r, &toy, &k, 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct batch_timing how = {.data = &toy.d, .knobs = &k, .pool = r.pool, .limit = rows[i].limit};
        struct batch_time t, before = {.size = 64, .updates = 1, .update = rows[i].before};
        assert_int_equal(knobs_parse(&k, KNOB_NETWORK, rows[i].network, &e), 0);
        assert_int_equal(batch_time(&t, &how, rows[i].size, rows[i].before > 0 ? &before : NULL, &e), 0);
        assert_int_equal(t.size, rows[i].size);
        if (*rows[i].words ? !strstr(t.skipped, rows[i].words) : *t.skipped)
            fail_msg("batches of %d: %s", t.size, t.skipped);
        assert_int_equal(t.updates > 0, !*rows[i].words);
        if (t.updates > 0)
            assert_true(t.update > 0 && fabs(t.epoch / t.update - 1440.0 / t.size) < 1e-9);
    }
    toy_run_close(&r);
}

static void timing_can_be_stopped(void **state)
{
    const atomic_int stop = 1;
    struct knobs k = toy_knobs();
    struct toy_run r;
    struct batch_time t;
    struct err e = {0};

    (void)state;
    toy_run_open(&r, &toy, &k, 2);
    assert_int_equal(
        batch_time(&t, &(struct batch_timing){.data = &toy.d, .knobs = &k, .pool = r.pool, .limit = 60, .stop = &stop}, 50,
                   NULL, &e),
        -ERR_CANCELLED);
    toy_run_close(&r);
}

/* Of a network without hidden layers, each example's gradient is (p − onehot) [x, 1]: |G|² and tr Σ over the training set,
 * Σ with the divisor n − 1, in double. */
static void linear_network_noise(const struct run *l, double *gradient_squared, double *trace)
{
    const struct frame_set *f = run_source(l, RUN_TRAIN)->frames;
    const float *theta = state_theta(run_state(l));
    double sum[TOY_CLASSES][TOY_DIMS + 1] = {{0}}, squares = 0, whole = 0;
    int64_t n = f->frames;

    for (int64_t i = 0; i < n; i++) {
        int64_t begin, end, frame = frame_set_locate(f, &toy.d, i, &begin, &end);
        const float *x = toy.features + frame * TOY_DIMS;
        double p[TOY_CLASSES], total = 0;
        for (int c = 0; c < TOY_CLASSES; c++) {
            p[c] = (double)theta[TOY_CLASSES * TOY_DIMS + c];
            for (int d = 0; d < TOY_DIMS; d++)
                p[c] += (double)theta[c * TOY_DIMS + d] * (double)x[d];
            total += p[c] = exp(p[c]);
        }
        for (int c = 0; c < TOY_CLASSES; c++)
            for (int d = 0; d <= TOY_DIMS; d++) {
                double g = (p[c] / total - (toy.labels[frame] == c)) * (d < TOY_DIMS ? (double)x[d] : 1);
                sum[c][d] += g;
                squares += g * g;
            }
    }
    for (int c = 0; c < TOY_CLASSES; c++)
        for (int d = 0; d <= TOY_DIMS; d++)
            whole += sum[c][d] / (double)n * (sum[c][d] / (double)n);
    *gradient_squared = whole;
    *trace = (squares - (double)n * whole) / (double)(n - 1);
}

static void the_noise_scale_is_the_known_one(void **state)
{
    struct noise_scale_plan plan = {.batch = 1, .batches = 1000000, .seconds = 60};
    struct knobs k = toy_knobs();
    struct noise_scale n;
    struct toy_run r, other;
    struct err e = {0};
    double squared, trace;

    (void)state;
    assert_int_equal(knobs_parse(&k, KNOB_NETWORK, "linear 3", &e), 0);
    knobs_put(&k, KNOB_CONTEXT, 1);
    toy_run_open(&r, &toy, &k, 2);
    toy_run_open(&other, &toy, &k, 2);
    toy_steps(r.run, 3);
    toy_steps(other.run, 3);
    linear_network_noise(r.run, &squared, &trace);

    /* every example alone: nothing is estimated */
    assert_int_equal(noise_scale(&n, r.run, &plan, &e), 0);
    assert_int_equal(n.batch, 1);
    assert_int_equal(n.batches, run_source(r.run, RUN_TRAIN)->frames->frames);
    assert_true(fabs(n.trace / trace - 1) < 1e-4);
    assert_true(fabs(n.gradient_squared / (squared - trace / n.batches) - 1) < 1e-4);

    /* batches: the relative standard error of S over K batches of d numbers is below sqrt(2 / (K - 1)) */
    plan.batch = 8;
    assert_int_equal(noise_scale(&n, r.run, &plan, &e), 0);
    assert_true(n.batches >= 100 && fabs(n.trace / trace - 1) < 2 * sqrt(2.0 / (n.batches - 1)));
    assert_true(fabs(n.scale / (trace / squared) - 1) < .5);

    toy_steps(r.run, 3);
    toy_steps(other.run, 3);
    assert_true(toy_same(r.run, other.run));
    toy_run_close(&r);
    toy_run_close(&other);
}

static void too_little_to_know_the_noise_from(void **state)
{
    static const struct noise_scale_plan plans[] = {{1, 1, 60}, {8, 8, 0}};
    struct knobs k = toy_knobs();
    struct noise_scale n;
    struct toy_run r;
    struct err e = {0};

    (void)state;
    toy_run_open(&r, &toy, &k, 2);
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        assert_int_equal(noise_scale(&n, r.run, &plans[i], &e), 0);
        assert_true(n.batches < 2 && isnan(n.scale) && isnan(n.trace));
    }
    toy_run_close(&r);
}

/* ---- MSE against cross-entropy --------------------------------------------------------------- */

static void the_lectures_gradients_come_out(void **state)
{
    static const struct {
        double y1, y2, mse, cross_entropy, to;
    } rows[] = {{-10, 10, 1.17e-8, 1.414, .005e-8}, {-7, 5, 3.5e-5, 1.414, .05e-5}, {0, 0, .7071, .7071, 5e-5}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct plane_point mse = plane_point_at(PLANE_MSE, rows[i].y1, rows[i].y2);
        struct plane_point ce = plane_point_at(PLANE_CROSS_ENTROPY, rows[i].y1, rows[i].y2);
        assert_true(fabs(mse.norm - rows[i].mse) < rows[i].to);
        assert_true(fabs(ce.norm - rows[i].cross_entropy) < 5e-4);
        assert_true(mse.p == ce.p && mse.gradient[0] < 0 && mse.gradient[1] > 0);
    }
}

static uint64_t steps_from(enum plane_loss which, double y1, double y2)
{
    struct loss_descent d;

    loss_descent_begin(&d, which, y1, y2, .5, .9);
    assert_true(loss_descent_run(&d, UINT64_MAX));
    assert_true(plane_point_at(which, d.y[0], d.y[1]).p > .9);
    return d.steps;
}

static void the_lectures_descents_come_out(void **state)
{
    (void)state;
    assert_int_equal(steps_from(PLANE_CROSS_ENTROPY, -7, 5), 23);
    assert_int_equal(steps_from(PLANE_MSE, -7, 5), 40720);
    assert_int_equal(steps_from(PLANE_CROSS_ENTROPY, -10, 10), 31);
    assert_int_equal(steps_from(PLANE_MSE, -10, 10), 121291340);
}

/* The written-out step is that of the surface, and a descent in pieces the one in a piece. */
static void a_descent_is_that_on_the_surface(void **state)
{
    (void)state;
    for (int which = 0; which < PLANE_LOSSES; which++)
        for (double y1 = -9; y1 < 10; y1 += 3)
            for (double y2 = -9; y2 < 10; y2 += 3) {
                struct plane_point at = plane_point_at((enum plane_loss)which, y1, y2);
                struct loss_descent whole, parts;
                loss_descent_begin(&whole, (enum plane_loss)which, y1, y2, .5, .9);
                parts = whole;
                loss_descent_run(&whole, 1);
                assert_true(whole.steps == (at.p <= .9));
                for (int k = 0; k < 2 && whole.steps; k++)
                    assert_true(fabs(whole.y[k] - whole.start[k] + .5 * at.gradient[k]) <= 1e-14 * (1 + fabs(whole.start[k])));
                loss_descent_run(&whole, 999);
                for (int k = 0; k < 100; k++)
                    loss_descent_run(&parts, 10);
                assert_true(whole.steps == parts.steps && whole.arrived == parts.arrived);
                assert_true(whole.y[0] == parts.y[0] && whole.y[1] == parts.y[1]);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lectures_bounds_come_out),
        cmocka_unit_test(losses_of_thresholds_are_those_counted),
        cmocka_unit_test(thresholds_are_spread_over_the_range),
        cmocka_unit_test(a_feature_that_is_no_number_is_refused),
        cmocka_unit_test(one_hypothesis_is_binomial),
        cmocka_unit_test(a_draw_is_a_function_of_the_seed),
        cmocka_unit_test(sizes_are_timed_or_skipped),
        cmocka_unit_test(timing_can_be_stopped),
        cmocka_unit_test(the_noise_scale_is_the_known_one),
        cmocka_unit_test(too_little_to_know_the_noise_from),
        cmocka_unit_test(the_lectures_gradients_come_out),
        cmocka_unit_test(the_lectures_descents_come_out),
        cmocka_unit_test(a_descent_is_that_on_the_surface),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
