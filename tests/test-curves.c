/* SPDX-License-Identifier: MIT */
/* The curves' memory: bounded, and nothing that matters is lost when neighbours are merged. */
#include "test.h"

#include <math.h>

#include "app/curves.h"

static struct sample step_sample(uint64_t step, float loss)
{
    struct sample s = {.kind = SAMPLE_STEP, .step = step, .epoch = (double)step / 100};

    s.at_step.loss = s.at_step.accuracy = s.at_step.learning_rate = s.at_step.gradient_norm = loss;
    return s;
}

static void history_keeps_every_extreme(void **state)
{
    struct history *h = history_new();
    const struct track *t = &h->track[TRACK_LOSS];
    float lo = INFINITY, hi = -INFINITY;

    (void)state;
    for (uint64_t i = 1; i <= 100000; i++) {
        struct sample s = step_sample(i, i == 33333 ? 99 : i == 77777 ? -99 : 1);
        history_add(h, &s);
        assert_true(t->count <= TRACK_POINTS);
    }
    for (int i = 0; i < t->count; i++) {
        lo = fminf(lo, t->lo[i]);
        hi = fmaxf(hi, t->hi[i]);
        assert_true(i == 0 || t->step[i] > t->step[i - 1]);
    }
    assert_true(lo == -99 && hi == 99);
    assert_true(t->count > TRACK_POINTS / 2 && t->step[t->count - 1] == 100000);
    history_free(h);
}

static float smoothed(const struct history *h)
{
    const struct track *t = &h->track[TRACK_LOSS];

    return t->y[t->count - 1];
}

static void smoothing_has_no_bias(void **state)
{
    struct history *h = history_new();

    (void)state;
    for (uint64_t i = 1; i <= 3000; i++) {
        struct sample s = step_sample(i, 3);
        history_add(h, &s);
        assert_true(fabsf(smoothed(h) - 3) < 1e-5f);
    }
    history_free(h);
}

/* On a straight line the average is as late as its window is long: a twentieth of the run, and no longer than fifty
 * steps, the window of .98. */
static void smoothing_hardly_lags_early_on(void **state)
{
    struct history *h = history_new();

    (void)state;
    for (uint64_t i = 1; i <= 5000; i++) {
        struct sample s = step_sample(i, (float)i);
        double lag;
        history_add(h, &s);
        lag = (double)i - smoothed(h);
        assert_true(lag >= 0 && lag <= fmin((double)i / 20, 50));
        assert_true(i < 2000 || lag > 48);
    }
    history_free(h);
}

/* Once the window has its length it is the plain exponential average, whatever came first. */
static void smoothing_ends_as_the_plain_average(void **state)
{
    struct history *h = history_new();
    double plain = 0;
    uint64_t noise = 1;

    (void)state;
    for (uint64_t i = 1; i <= 3000; i++) {
        struct sample s;
        float value;
        noise = noise * 6364136223846793005u + 1442695040888963407u;
        value = 2 + (float)(noise >> 40) / (1 << 24);
        plain = .98 * plain + .02 * value;
        s = step_sample(i, value);
        history_add(h, &s);
        if (i == 100)
            assert_true(fabs(smoothed(h) - plain) > .1);
        if (i > 1800)
            assert_true(fabs(smoothed(h) - plain) < 1e-3);
    }
    history_free(h);
}

static void going_back_forgets_what_came_after(void **state)
{
    struct history *h = history_new();
    struct sample s, edit = {.kind = SAMPLE_EDIT};

    (void)state;
    for (uint64_t i = 1; i <= 100; i++) {
        s = step_sample(i, 1);
        history_add(h, &s);
        edit.step = i;
        if (i % 40 == 0)
            history_add(h, &edit);
    }
    s = step_sample(50, 2);
    history_add(h, &s);
    assert_int_equal(h->track[TRACK_LOSS].count, 50);
    assert_int_equal(h->mark_count, 1);
    history_free(h);
}

static void probes_come_late_and_stand_where_they_belong(void **state)
{
    static const uint64_t steps[] = {10, 30, 20, 30};
    struct history *h = history_new();
    const struct track *t = &h->track[TRACK_LOWEST];
    struct sample s, probe = {.kind = SAMPLE_PROBE};

    (void)state;
    for (uint64_t i = 1; i <= 50; i++) {
        s = step_sample(i, 1);
        history_add(h, &s);
    }
    for (int i = 0; i < 4; i++) {
        probe.step = steps[i];
        probe.probe.lowest = -(double)steps[i] - i;
        history_add(h, &probe);
    }
    assert_int_equal(h->track[TRACK_LOSS].count, 50);
    assert_int_equal(t->count, 3);
    assert_true(t->step[0] == 10 && t->step[1] == 20 && t->step[2] == 30);
    assert_true(t->y[0] == -10 && t->y[1] == -22 && t->y[2] == -33);
    s = step_sample(15, 1);
    history_add(h, &s);
    assert_int_equal(t->count, 1);
    for (uint64_t i = 0; i < 5000; i++) { /* more than there is room for, each before the last */
        probe.step = 100000 - (i ^ 1);
        history_add(h, &probe);
    }
    assert_true(t->count <= TRACK_POINTS && t->count > TRACK_POINTS / 2);
    for (int i = 1; i < t->count; i++)
        assert_true(t->step[i] > t->step[i - 1]);
    history_free(h);
}

static struct sample sample_of_layers(uint64_t step, float norm)
{
    struct sample s = {.kind = SAMPLE_STEP, .step = step};

    for (int i = 0; i < GRADIENT_STATS_LAYERS; i++)
        s.at_step.layer_norm[i] = norm;
    return s;
}

/* A spike and a value that is not finite outlive all merging; points stay in order and few. */
static void layers_keep_what_is_worst(void **state)
{
    enum { STEPS = 100000, SPIKE = 777, WRONG = 50001 };
    struct history *h = history_new();
    int spikes = 0, wrong = 0;

    (void)state;
    for (int step = 1; step <= STEPS; step++) {
        struct sample s = sample_of_layers((uint64_t)step, 1);
        if (step == SPIKE)
            s.at_step.layer_norm[3] = 1000;
        if (step == WRONG)
            s.at_step.layer_norm[5] = NAN;
        history_add(h, &s);
    }
    assert_in_range(h->layers.count, LAYER_POINTS / 2, LAYER_POINTS);
    assert_float_equal(h->layers.step[h->layers.count - 1], STEPS, 0);
    for (int i = 0; i < h->layers.count; i++) {
        assert_true(i == 0 || h->layers.step[i] > h->layers.step[i - 1]);
        assert_float_equal(h->layers.norm[i][0], 1, 0);
        spikes += h->layers.norm[i][3] == 1000;
        wrong += isnan(h->layers.norm[i][5]);
    }
    assert_int_equal(spikes, 1);
    assert_int_equal(wrong, 1);
    history_free(h);
}

static void layers_of_steps_taken_back_are_forgotten(void **state)
{
    struct history *h = history_new();
    struct sample s;

    (void)state;
    for (uint64_t step = 1; step <= 100; step++) {
        s = sample_of_layers(step, 1);
        history_add(h, &s);
    }
    s = sample_of_layers(41, 9);
    history_add(h, &s);
    assert_int_equal(h->layers.count, 41);
    assert_float_equal(h->layers.norm[40][0], 9, 0);
    assert_float_equal(h->layers.norm[39][0], 1, 0);
    s = (struct sample){.kind = SAMPLE_RESTART};
    history_add(h, &s);
    assert_int_equal(h->layers.count, 0);
    history_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(history_keeps_every_extreme),
        cmocka_unit_test(smoothing_has_no_bias),
        cmocka_unit_test(smoothing_hardly_lags_early_on),
        cmocka_unit_test(smoothing_ends_as_the_plain_average),
        cmocka_unit_test(going_back_forgets_what_came_after),
        cmocka_unit_test(probes_come_late_and_stand_where_they_belong),
        cmocka_unit_test(layers_keep_what_is_worst),
        cmocka_unit_test(layers_of_steps_taken_back_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
