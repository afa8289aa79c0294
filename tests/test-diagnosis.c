/* SPDX-License-Identifier: MIT */
/* lab/stuck: what a run is stuck on, told from made runs of each kind. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trainer/diagnosis.h"
#include "learnable-data.h"

static const struct diagnosis_facts unknown = {
    .tolerance = {.gradient = 1e-2, .curvature = 1e-3, .zero = 1e-4},
    .highest = NAN,
    .lowest = NAN,
    .sharpness = NAN,
    .limit = NAN,
    .gradient = NAN,
};

/* Gradient descent in the plane, as it is seen by the detector. */
typedef double surface(const double *x, double *gradient);

static double descend(struct diagnosis_history *h, surface *f, double *x, double rate, int steps)
{
    double g[2], before[2] = {0, 0}, loss = 0;

    for (int t = 0; t < steps; t++) {
        double norm, last = hypot(before[0], before[1]);
        loss = f(x, g);
        norm = hypot(g[0], g[1]);
        diagnosis_note(h, loss, norm, last > 0 ? (g[0] * before[0] + g[1] * before[1]) / norm / last : NAN);
        for (int i = 0; i < 2; i++) {
            x[i] -= rate * g[i];
            before[i] = g[i];
        }
    }
    return loss;
}

static void expect(const struct diagnosis_history *h, const struct diagnosis_facts *f, enum diagnosis verdict)
{
    struct diagnosis_report r = diagnosis_report(h, f);

    if (r.verdict != verdict)
        fail_msg("%s, not %s: %s", diagnosis_name(r.verdict), diagnosis_name(verdict), r.evidence);
    assert_true(strlen(r.evidence) > 0);
}

/* 1 + a valley: steep across, hardly falling along it. */
static double valley(const double *x, double *g)
{
    g[0] = 10 * tanh(x[0]);
    g[1] = 1e-7;
    return 1 + 10 * log(cosh(x[0])) + 1e-7 * x[1];
}

static double bowl(const double *x, double *g)
{
    g[0] = 10 * x[0];
    g[1] = .1 * x[1];
    return .5 * (10 * x[0] * x[0] + .1 * x[1] * x[1]);
}

/* 1 + x² − y²: with y = 0 the way ends in the saddle. */
static double saddle(const double *x, double *g)
{
    g[0] = 2 * x[0];
    g[1] = -2 * x[1];
    return 1 + x[0] * x[0] - x[1] * x[1];
}

/* Far out on a loss that has saturated. */
static double shelf(const double *x, double *g)
{
    double s = 1 / (1 + exp(x[0]));

    g[0] = -s * (1 - s);
    g[1] = 0;
    return s;
}

static void too_few_steps_say_nothing(void **state)
{
    struct diagnosis_history h = {0};
    double x[2] = {1, 1};

    (void)state;
    expect(&h, &unknown, DIAGNOSIS_UNKNOWN);
    descend(&h, bowl, x, .01, DIAGNOSIS_LEAST - 1);
    expect(&h, &unknown, DIAGNOSIS_UNKNOWN);
}

static void a_loss_that_falls_is_not_stuck(void **state)
{
    struct diagnosis_history h = {0};
    double x[2] = {1, 5};

    (void)state;
    descend(&h, bowl, x, .01, 100);
    expect(&h, &unknown, DIAGNOSIS_FALLING);
}

/* Above 2/λmax the way across does not converge; the walls' slope is bounded, so that it does not diverge either. */
static void too_long_steps_bounce(void **state)
{
    struct diagnosis_history h = {0};
    struct diagnosis_facts f = unknown;
    struct diagnosis_report r;
    double x[2] = {.5, 0};

    (void)state;
    descend(&h, valley, x, .3, 300); /* λmax is 10 at the bottom: η λmax = 3 */
    f.highest = 10;
    f.lowest = 0;
    f.sharpness = 3;
    f.limit = 2;
    expect(&h, &f, DIAGNOSIS_BOUNCING);
    r = diagnosis_report(&h, &f);
    assert_true(r.cosine < -.9 && r.gradient > 1);
    assert_non_null(strstr(r.evidence, "η λmax 3 (limit 2)"));
    memset(&h, 0, sizeof h);
    x[0] = .5;
    descend(&h, valley, x, .05, 300); /* half of it comes to rest at the bottom */
    expect(&h, &f, DIAGNOSIS_CRITICAL);
}

static void a_saddle_is_a_critical_point(void **state)
{
    struct diagnosis_history h = {0};
    struct diagnosis_report r;
    double x[2] = {1, 0};

    (void)state;
    descend(&h, saddle, x, .1, 200);
    expect(&h, &unknown, DIAGNOSIS_CRITICAL);
    r = diagnosis_report(&h, &unknown);
    assert_true(r.gradient < 1e-6 && r.gradient_scale > 1);
    x[1] = 1e-3; /* off the ridge it goes down again */
    descend(&h, saddle, x, .1, 40);
    expect(&h, &unknown, DIAGNOSIS_FALLING);
}

static void where_all_is_flat_is_a_plateau(void **state)
{
    struct diagnosis_history h = {0};
    struct diagnosis_facts f = unknown;
    double x[2] = {-12, 0};

    (void)state;
    descend(&h, shelf, x, .1, 100);
    expect(&h, &f, DIAGNOSIS_CRITICAL); /* nobody has looked at the curvature */
    f.highest = 6e-6;
    f.lowest = -6e-6;
    expect(&h, &f, DIAGNOSIS_PLATEAU);
}

/* Batches of which each pulls another way: the loss is noise around one level. */
static void gradients_without_a_common_direction_are_a_plateau(void **state)
{
    struct diagnosis_history h = {0};
    struct rng r = {.seed = 3, .purpose = RNG_PROBE};

    (void)state;
    for (uint64_t t = 0; t < 400; t++)
        diagnosis_note(&h, 1 + .05 * rng_normal(&r, 0, t), 2 + .1 * rng_normal(&r, 1, t), .1 * rng_normal(&r, 2, t));
    expect(&h, &unknown, DIAGNOSIS_PLATEAU);
}

/* … and the same noise on a slow fall is told from it, over a longer stretch. */
static void a_slow_fall_is_seen_through_noise(void **state)
{
    struct diagnosis_history h = {0};
    struct rng r = {.seed = 3, .purpose = RNG_PROBE};

    (void)state;
    for (uint64_t t = 0; t < 400; t++)
        diagnosis_note(&h, 2 - .0007 * (double)t + .05 * rng_normal(&r, 0, t), 2, .1 * rng_normal(&r, 2, t));
    expect(&h, &unknown, DIAGNOSIS_FALLING);
    assert_true(diagnosis_report(&h, &unknown).steps >= 64);
}

static void a_rising_loss_is_divergence(void **state)
{
    struct diagnosis_history h = {0};
    double x[2] = {1e-3, 1};

    (void)state;
    descend(&h, bowl, x, .21, 150); /* η λmax = 2.1 */
    expect(&h, &unknown, DIAGNOSIS_DIVERGING);
    memset(&h, 0, sizeof h);
    diagnosis_note_divergence(&h);
    expect(&h, &unknown, DIAGNOSIS_DIVERGING);
}

/* The mini-batch's gradient is a 20th of the largest; what the probe of these weights says goes before that, until it
 * is of another stretch. */
static void a_probe_nearby_decides_on_the_gradient(void **state)
{
    struct diagnosis_history h = {0};
    struct diagnosis_facts f = unknown;
    struct diagnosis_report r;

    (void)state;
    for (int t = 0; t < 400; t++)
        diagnosis_note(&h, 1, t < 100 ? 4 : .08, NAN);
    expect(&h, &f, DIAGNOSIS_CRITICAL);
    f.highest = 3, f.lowest = -1, f.gradient = .05, f.ago = 30; /* the verdict of that: slope */
    expect(&h, &f, DIAGNOSIS_PLATEAU);
    r = diagnosis_report(&h, &f);
    assert_non_null(strstr(r.evidence, "probe batch |g| = 0.05"));
    assert_non_null(strstr(r.evidence, "mini-batch |g| = 0.08"));
    f.gradient = .005;
    expect(&h, &f, DIAGNOSIS_CRITICAL);
    f.gradient = .05, f.ago = 500;
    expect(&h, &f, DIAGNOSIS_CRITICAL);
}

/* ---- on a network --------------------------------------------------------------------------- */

/* A run's steps as the trainer notes them. */
static void train(struct run *l, struct diagnosis_history *h, struct gradient_stats *seen, int steps)
{
    struct run_report r;
    struct err e;

    while (steps > 0 || l->state->counters.evaluation_due) {
        if (run_advance(l, &r, &e) != 0)
            fail_msg("%s", e.text);
        if (r.did != RUN_STEP)
            continue;
        diagnosis_note(h, r.loss, r.gradient_norm, seen->cosine);
        steps--;
    }
}

static void cosines_of_a_networks_gradients(void **state)
{
    static struct toy toy;
    struct knobs k = toy_knobs();
    struct diagnosis_history h = {0};
    struct gradient_stats seen;
    struct toy_run r;
    struct err e;
    double dot = 0, a = 0, b = 0;
    float *before;
    int64_t n;

    (void)state;
    toy_init(&toy);
    toy_run_open(&r, &toy, &k, 2);
    assert_int_equal(run_look(r.run, &seen, &e), 0);
    train(r.run, &h, &seen, 1);
    assert_true(isnan(seen.cosine));
    n = r.run->network.parameters;
    before = malloc(sizeof *before * (size_t)n);
    memcpy(before, r.run->previous, sizeof *before * (size_t)n);
    train(r.run, &h, &seen, 1);
    for (int64_t i = 0; i < n; i++) {
        dot += (double)before[i] * (double)r.run->previous[i];
        a += (double)before[i] * (double)before[i];
        b += (double)r.run->previous[i] * (double)r.run->previous[i];
    }
    assert_true(fabs(seen.cosine - dot / sqrt(a) / sqrt(b)) < 1e-6);
    train(r.run, &h, &seen, 60);
    expect(&h, &unknown, DIAGNOSIS_FALLING);
    free(before);
    toy_run_close(&r);
}

/* Full batches, and a rate above 2/λmax: the network comes to where it can go no further down. */
static void a_network_bounces(void **state)
{
    static struct toy toy;
    struct knobs k = toy_knobs();
    struct diagnosis_history h = {0};
    struct gradient_stats seen;
    struct toy_run r;
    struct err e;

    (void)state;
    toy_init(&toy);
    knobs_parse(&k, KNOB_NETWORK, "linear 3", &e);
    knobs_parse(&k, KNOB_OPTIMIZER, "sgd", &e);
    knobs_put(&k, KNOB_BATCH_SIZE, 5000);
    knobs_put(&k, KNOB_DROPOUT, 0);
    knobs_put(&k, KNOB_LABEL_SMOOTHING, .5); /* so that there is a minimum */
    knobs_put(&k, KNOB_LEARNING_RATE, 20);
    toy_run_open(&r, &toy, &k, 2);
    assert_int_equal(run_look(r.run, &seen, &e), 0);
    train(r.run, &h, &seen, 300);
    expect(&h, &unknown, DIAGNOSIS_BOUNCING);
    toy_run_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_few_steps_say_nothing),
        cmocka_unit_test(a_loss_that_falls_is_not_stuck),
        cmocka_unit_test(too_long_steps_bounce),
        cmocka_unit_test(a_saddle_is_a_critical_point),
        cmocka_unit_test(where_all_is_flat_is_a_plateau),
        cmocka_unit_test(gradients_without_a_common_direction_are_a_plateau),
        cmocka_unit_test(a_slow_fall_is_seen_through_noise),
        cmocka_unit_test(a_rising_loss_is_divergence),
        cmocka_unit_test(a_probe_nearby_decides_on_the_gradient),
        cmocka_unit_test(cosines_of_a_networks_gradients),
        cmocka_unit_test(a_network_bounces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
