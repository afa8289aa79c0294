/* SPDX-License-Identifier: MIT */
/* lab/: curvature beside the training. Nothing here depends on how fast a thread is: each wait is for what must
 * come. */
#include "test.h"

#include <math.h>
#include <string.h>

#include "trainer/probe-job.h"
#include "trained-run.h"

static struct toy toy;

static void a_probe_beside_training_sees_the_state_it_was_begun_at(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    const struct curvature_view *v;
    const struct probe_report *r;
    struct probe_job *again;
    struct training s;
    struct toy_run other;
    struct err e;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_send(&s, (struct command){.kind = COMMAND_RESUME});
    training_at(&s, 7, 0);
    v = training_probe(&s, CURVATURE_WITH_DENSITY | CURVATURE_WITH_LAYERS | CURVATURE_WITH_GAUSS_NEWTON);
    training_at(&s, v->step + 5, 0); /* training has gone on */
    toy_run_open(&other, &toy, &k, 1);
    toy_steps(other.run, (int)v->step);
    assert_int_equal(probe_job_new(&again, other.run, 0, 0, &e), 0);
    assert_int_equal(probe_job_run(again, other.pool, &e), 0);
    r = &again->report;
    assert_true(v->whole && v->values == r->values && v->values == v->parameters);
    assert_memory_equal(v->value, r->value, sizeof *v->value * (size_t)v->values);
    assert_int_equal(v->top_count, 5);
    assert_int_equal(v->bottom_count, 5);
    assert_true(v->top[0].value == r->hessian.at_top[0].value && v->bottom[4].value == r->hessian.at_bottom[4].value);
    assert_true(v->loss == r->loss && v->gradient_norm == r->gradient_norm && v->trace == r->trace);
    assert_string_equal(v->verdict.evidence, r->verdict.evidence);
    assert_true(v->gauss_newton_count == 5 && v->gauss_newton[0].value > 0);
    assert_int_equal(v->layers, 3);
    assert_string_equal(v->layer[0].name, "0 linear");
    assert_int_equal(v->density_points, CURVATURE_DENSITY);
    assert_string_equal(v->optimizer, "AdamW");
    assert_true(v->preconditioned && fabs(v->stability_limit - 38) < 1e-9 && v->sharpness > 0);
    assert_true(v->sharpness == probe_job_sharpness(again));
    assert_true(v->latest.step == v->step && v->latest.highest == v->top[0].value);
    probe_job_free(again);
    toy_run_close(&other);
    training_close(&s);
}

static void training_is_the_same_with_probes_and_without(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    struct training s;

    (void)state;
    knobs_put(&k, KNOB_PROBE_EVERY, 3);
    training_open(&s, &toy, &k, NULL);
    training_steps(&s, 60);
    training_send(&s, (struct command){.kind = COMMAND_PROBE});
    training_at(&s, 60, 1);
    training_is_plain(&s, &toy, &k, 60);
    training_close(&s);
}

static void a_probe_is_called_off(void **state)
{
    struct knobs k = training_knobs(TRAINING_LARGE);
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_send(&s, (struct command){.kind = COMMAND_PROBE});
    while (trainer_curvature(s.trainer)->done < 1) /* products have been made */
        training_news(&s);
    assert_int_equal(trainer_curvature(s.trainer)->status, CURVATURE_RUNNING);
    assert_true(trainer_curvature(s.trainer)->of > 1);
    training_send(&s, (struct command){.kind = COMMAND_PROBE_CANCEL});
    training_probed(&s, CURVATURE_CANCELLED);
    assert_int_equal(trainer_curvature(s.trainer)->known, 0);
    training_close(&s);
}

/* Eigenpairs are shown, and can be escaped along, while layers and density of a large network take their time. */
static void pairs_are_shown_when_they_are_found(void **state)
{
    struct knobs k = training_knobs(TRAINING_LARGE);
    const struct curvature_view *v;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_send(&s, (struct command){.kind = COMMAND_PROBE, .count = CURVATURE_WITH_DENSITY | CURVATURE_WITH_LAYERS});
    while (!(v = trainer_curvature(s.trainer))->known)
        training_news(&s);
    assert_true(v->top_count == 5 && v->bottom_count == 5 && v->top[0].value > 0 && v->words[0]);
    assert_true(v->escape.possible == (v->bottom[0].value < -v->verdict.zero));
    if (v->status == CURVATURE_RUNNING) {
        assert_true(isnan(v->trace) && isnan(v->seconds) && v->layers == 0 && v->density_points == 0);
        training_send(&s, (struct command){.kind = COMMAND_PROBE_CANCEL});
        training_probed(&s, CURVATURE_CANCELLED);
        assert_true(trainer_curvature(s.trainer)->known && trainer_curvature(s.trainer)->top_count == 5);
    }
    training_close(&s);
}

static void quitting_ends_a_probe(void **state)
{
    struct knobs k = training_knobs(TRAINING_LARGE);
    struct training s;

    (void)state;
    for (int running = 0; running < 2; running++) {
        training_open(&s, &toy, &k, NULL);
        training_send(&s, (struct command){.kind = COMMAND_PROBE});
        if (running)
            training_send(&s, (struct command){.kind = COMMAND_RESUME});
        while (trainer_curvature(s.trainer)->status != CURVATURE_RUNNING)
            training_news(&s);
        training_close(&s);
    }
}

static void a_restart_forgets_what_was_known(void **state)
{
    struct knobs k = training_knobs(TRAINING_LARGE), small = training_knobs(TRAINING_SMALL);
    const struct curvature_view *v;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_steps(&s, 2);
    training_at(&s, 2, 1);
    training_send(&s, (struct command){.kind = COMMAND_PROBE});
    training_probed(&s, CURVATURE_RUNNING);
    training_send(&s, (struct command){.kind = COMMAND_CHANGE, .knob = KNOB_NETWORK,
                                       .setting = {.text = "linear 8 relu bn | linear 3"}});
    training_log(&s, 1);
    assert_int_equal(trainer_curvature(s.trainer)->known, 0);
    v = training_probe(&s, 0); /* while the old one may still be ending */
    assert_true(v->step == 0 && v->whole);
    training_end(&s);
    assert_string_equal(s.run.run->journal, "0 0 probe 1:hand\n");
    assert_string_equal(small.network, s.run.run->state->knobs.network);
    training_close(&s);
}

static void divergence_does_not_touch_a_probe(void **state)
{
    struct knobs k = training_knobs("linear 24 relu | linear 24 relu | linear 3");
    const struct curvature_view *v;
    struct training s;

    (void)state;
    knobs_parse(&k, KNOB_OPTIMIZER, "sgd", NULL);
    training_open(&s, &toy, &k, NULL);
    training_set(&s, KNOB_LEARNING_RATE, 1e4);
    training_send(&s, (struct command){.kind = COMMAND_PROBE});
    training_send(&s, (struct command){.kind = COMMAND_RESUME});
    while (trainer_snapshot(s.trainer)->status != RUN_DIVERGED)
        training_news(&s);
    assert_int_equal(trainer_snapshot(s.trainer)->stuck.verdict, DIAGNOSIS_DIVERGING);
    v = training_probed(&s, CURVATURE_DONE);
    assert_true(v->known && v->step == 0 && isfinite(v->loss));
    training_close(&s);
}

static void every_so_many_steps_a_point_of_the_series(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    struct training s;
    struct sample p;
    int points = 0;

    (void)state;
    knobs_put(&k, KNOB_PROBE_EVERY, 5);
    training_open(&s, &toy, &k, NULL);
    for (uint64_t step = 5; step <= 20; step += 5) {
        training_steps(&s, 5);
        training_at(&s, step, 1);
        while (trainer_curvature(s.trainer)->latest.step < step)
            training_news(&s);
    }
    while (trainer_sample(s.trainer, &p)) {
        if (p.kind != SAMPLE_PROBE)
            continue;
        points++;
        assert_int_equal(p.step, 5 * points);
        assert_true(p.probe.highest > p.probe.lowest && isfinite(p.probe.trace) && p.probe.sharpness > 0);
    }
    assert_int_equal(points, 4);
    assert_int_equal(trainer_curvature(s.trainer)->known, 0); /* a series is no full probe */
    training_close(&s);
}

/* A probe that is not done when the next falls due is not queued behind: the view tells how many were passed over. */
static void points_passed_over_are_counted(void **state)
{
    struct knobs k = training_knobs(TRAINING_LARGE);
    struct training s;

    (void)state;
    knobs_put(&k, KNOB_PROBE_EVERY, 1);
    knobs_put(&k, KNOB_EPOCHS, 1000);
    training_open(&s, &toy, &k, NULL);
    training_send(&s, (struct command){.kind = COMMAND_RESUME});
    while (trainer_curvature(s.trainer)->passed_over == 0)
        training_news(&s);
    assert_true(trainer_curvature(s.trainer)->latest.step >= 1); /* the one before was done first */
    training_close(&s);
}

/* Who hears that a probe by hand was taken sees it run, though one of the series is still ending. */
static void one_of_the_series_gives_way(void **state)
{
    struct knobs k = training_knobs(TRAINING_LARGE);
    const struct curvature_view *v;
    struct training s;

    (void)state;
    knobs_put(&k, KNOB_PROBE_EVERY, 1);
    training_open(&s, &toy, &k, NULL);
    training_steps(&s, 1);
    assert_int_equal(training_probed(&s, CURVATURE_RUNNING)->series, 1);
    training_send(&s, (struct command){.kind = COMMAND_PROBE});
    training_obeyed(&s);
    v = trainer_curvature(s.trainer);
    assert_true(v->status == CURVATURE_RUNNING && !v->series);
    while (v = trainer_curvature(s.trainer), strstr(v->text, "ending"))
        training_news(&s);
    assert_true(v->status == CURVATURE_RUNNING && !v->series);
    training_close(&s);
}

/* Another asked for by hand takes its place, and nothing is refused or forgotten. */
static void a_probe_by_hand_gives_way_to_another(void **state)
{
    struct knobs k = training_knobs(TRAINING_LARGE);
    const struct curvature_view *v;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_send(&s, (struct command){.kind = COMMAND_PROBE});
    while (trainer_curvature(s.trainer)->done < 1)
        training_news(&s);
    training_send(&s, (struct command){.kind = COMMAND_PROBE, .count = CURVATURE_WITH_DENSITY});
    training_obeyed(&s);
    assert_int_equal(trainer_snapshot(s.trainer)->log_count, 0);
    while (v = trainer_curvature(s.trainer), strstr(v->text, "ending") || v->done < 1)
        training_news(&s);
    assert_true(v->status == CURVATURE_RUNNING && !v->series && !v->known);
    training_send(&s, (struct command){.kind = COMMAND_PROBE_CANCEL});
    training_probed(&s, CURVATURE_CANCELLED);
    training_close(&s);
}

/* At the nearest keyframe, here the first: the figures are those of then, nothing goes down from them, and the training
 * neither notices nor forgets its latest point. */
static void a_past_step_is_probed_at_its_keyframe(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    const struct curvature_view *v;
    struct training s;
    double highest;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    v = training_probe(&s, 0);
    highest = v->top[0].value;
    training_steps(&s, 20);
    training_at(&s, 20, 1);
    v = training_probe(&s, 0);
    assert_true(v->step == 20 && v->top[0].value != highest);
    training_send(&s, (struct command){.kind = COMMAND_PROBE, .past = 1 + 5});
    training_obeyed(&s);
    while (v = trainer_curvature(s.trainer), v->status != CURVATURE_DONE || v->step == 20)
        training_news(&s);
    assert_true(v->step == 0 && v->top[0].value == highest);
    assert_false(v->escape.possible);
    assert_non_null(strstr(v->escape.why_not, "earlier step"));
    assert_int_equal(v->latest.step, 20);
    training_is_plain(&s, &toy, &k, 20);
    training_close(&s);
}

/* One that waits for the one in hand to end, and one that is never begun. */
static void a_past_probe_waits_its_turn(void **state)
{
    struct knobs k = training_knobs(TRAINING_LARGE);
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_steps(&s, 2);
    training_at(&s, 2, 1);
    for (int i = 0; i < 4; i++)
        training_send(&s, (struct command){.kind = COMMAND_PROBE, .past = 1 + (uint64_t)(i & 1)});
    training_obeyed(&s);
    training_send(&s, (struct command){.kind = COMMAND_PROBE_CANCEL});
    training_probed(&s, CURVATURE_CANCELLED);
    training_send(&s, (struct command){.kind = COMMAND_PROBE});
    training_send(&s, (struct command){.kind = COMMAND_PROBE, .past = 1});
    training_obeyed(&s);
    training_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_probe_beside_training_sees_the_state_it_was_begun_at),
        cmocka_unit_test(training_is_the_same_with_probes_and_without),
        cmocka_unit_test(a_probe_is_called_off),
        cmocka_unit_test(pairs_are_shown_when_they_are_found),
        cmocka_unit_test(quitting_ends_a_probe),
        cmocka_unit_test(a_restart_forgets_what_was_known),
        cmocka_unit_test(divergence_does_not_touch_a_probe),
        cmocka_unit_test(every_so_many_steps_a_point_of_the_series),
        cmocka_unit_test(points_passed_over_are_counted),
        cmocka_unit_test(one_of_the_series_gives_way),
        cmocka_unit_test(a_probe_by_hand_gives_way_to_another),
        cmocka_unit_test(a_past_step_is_probed_at_its_keyframe),
        cmocka_unit_test(a_past_probe_waits_its_turn),
    };
    toy_init(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
