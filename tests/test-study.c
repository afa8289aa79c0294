/* lab/: curvature beside the training, and the way out of a saddle. Nothing here depends on how fast a thread is:
 * each wait is for what must come. */
#include "test.h"

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/probe-study.h"
#include "lab/replay.h"
#include "lab/trainer.h"
#include "toy.h"

static struct toy toy;

static const char SMALL[] = "linear 8 relu bn | linear 3", /* its whole spectrum is soon known */
    LARGE[] = "linear 700 relu x3 | linear 3";             /* a probe of it takes seconds */

struct session {
    struct toy_run run;
    struct trainer *trainer;
};

static struct knobs knobs_of(const char *network)
{
    struct knobs k = toy_knobs();
    struct err e = {0};

    if (knobs_parse(&k, KNOB_NETWORK, network, &e) != 0)
        fail_msg("%s", e.text);
    k.value[KNOB_PROBE_FRAMES] = 200;
    k.value[KNOB_EPOCHS] = 1e6;
    return k;
}

static void open_session(struct session *s, const struct knobs *k)
{
    struct err e;

    toy_run_open(&s->run, &toy, k, 2);
    assert_int_equal(trainer_start(&s->trainer, s->run.lane, "toy", NULL, 1, &e), 0);
}

/* The trainer ends, its lane stays to be looked at. */
static void end_training(struct session *s)
{
    struct err e;

    assert_int_equal(trainer_stop(s->trainer, &e), 0);
    s->trainer = NULL;
}

static void close_session(struct session *s)
{
    if (s->trainer)
        end_training(s);
    toy_run_close(&s->run);
}

static void send(struct session *s, struct command c)
{
    assert_true(trainer_send(s->trainer, &c));
}

static void send_steps(struct session *s, uint64_t count)
{
    send(s, (struct command){.kind = COMMAND_STEPS, .count = count});
}

static void set_knob(struct session *s, enum knob_id id, double value)
{
    send(s, (struct command){.kind = COMMAND_SET, .knob = id, .value = value});
}

/* Wait until something was published that was not there yet. */
static void wait_for_news(struct session *s)
{
    struct pollfd p = {.fd = trainer_event_fd(s->trainer), .events = POLLIN};
    uint64_t rung;

    if (poll(&p, 1, 30000) != 1)
        fail_msg("the trainer has been silent for 30 s at step %d", (int)trainer_snapshot(s->trainer)->step);
    assert_int_equal(read(p.fd, &rung, sizeof rung), sizeof rung);
}

static const struct snapshot *wait_for_step(struct session *s, uint64_t step, int paused)
{
    const struct snapshot *now;

    while (now = trainer_snapshot(s->trainer), now->step < step || (paused && now->status != RUN_PAUSED))
        wait_for_news(s);
    return now;
}

static const struct snapshot *wait_for_log(struct session *s, uint64_t entries)
{
    const struct snapshot *now;

    while (now = trainer_snapshot(s->trainer), now->log_count < entries)
        wait_for_news(s);
    return now;
}

static const char *logged(const struct snapshot *s, uint64_t entry)
{
    return s->log[entry % SNAPSHOT_LOG].text;
}

static const struct curvature_view *wait_for_status(struct session *s, enum curvature_status status)
{
    const struct curvature_view *now;

    while (now = trainer_curvature(s->trainer), now->status != status) {
        if (now->status == CURVATURE_FAILED)
            fail_msg("%s", now->text);
        wait_for_news(s);
    }
    return now;
}

/* By hand, and wait until its figures are there. */
static const struct curvature_view *probe(struct session *s, unsigned with)
{
    uint64_t before = trainer_snapshot(s->trainer)->log_count;

    send(s, (struct command){.kind = COMMAND_PROBE, .count = with});
    wait_for_log(s, before + 1); /* it is told when it is done */
    return wait_for_status(s, CURVATURE_DONE);
}

/* ---- probes --------------------------------------------------------------------------------- */

static void a_probe_beside_training_sees_the_state_it_was_begun_at(void **state)
{
    struct knobs k = knobs_of(SMALL);
    const struct curvature_view *v;
    const struct probe_report *r;
    struct probe_study *again;
    struct session s;
    struct toy_run other;
    struct err e;

    (void)state;
    open_session(&s, &k);
    send(&s, (struct command){.kind = COMMAND_RESUME});
    wait_for_step(&s, 7, 0);
    v = probe(&s, CURVATURE_WITH_DENSITY | CURVATURE_WITH_LAYERS | CURVATURE_WITH_GAUSS_NEWTON);
    wait_for_step(&s, v->step + 5, 0); /* training has gone on */
    toy_run_open(&other, &toy, &k, 1);
    toy_steps(other.lane, (int)v->step);
    assert_int_equal(probe_study_new(&again, other.lane, 0, 0, &e), 0);
    assert_int_equal(probe_study_run(again, other.pool, &e), 0);
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
    assert_true(v->sharpness == probe_study_sharpness(again));
    assert_true(v->latest.step == v->step && v->latest.highest == v->top[0].value);
    probe_study_free(again);
    toy_run_close(&other);
    close_session(&s);
}

static void training_is_the_same_with_probes_and_without(void **state)
{
    struct knobs k = knobs_of(SMALL);
    struct session s;
    struct toy_run plain;

    (void)state;
    k.value[KNOB_PROBE_EVERY] = 3;
    open_session(&s, &k);
    send_steps(&s, 60);
    send(&s, (struct command){.kind = COMMAND_PROBE});
    wait_for_step(&s, 60, 1);
    toy_run_open(&plain, &toy, &k, 1);
    toy_steps(plain.lane, 60);
    end_training(&s);
    assert_true(toy_same(s.run.lane, plain.lane));
    toy_run_close(&plain);
    close_session(&s);
}

static void a_probe_is_called_off(void **state)
{
    struct knobs k = knobs_of(LARGE);
    struct session s;

    (void)state;
    open_session(&s, &k);
    send(&s, (struct command){.kind = COMMAND_PROBE});
    while (trainer_curvature(s.trainer)->done < 1) /* products have been made */
        wait_for_news(&s);
    assert_int_equal(trainer_curvature(s.trainer)->status, CURVATURE_RUNNING);
    assert_true(trainer_curvature(s.trainer)->of > 1);
    send(&s, (struct command){.kind = COMMAND_PROBE_CANCEL});
    wait_for_status(&s, CURVATURE_CANCELLED);
    assert_int_equal(trainer_curvature(s.trainer)->known, 0);
    close_session(&s);
}

static void quitting_ends_a_probe(void **state)
{
    struct knobs k = knobs_of(LARGE);
    struct session s;

    (void)state;
    for (int running = 0; running < 2; running++) {
        open_session(&s, &k);
        send(&s, (struct command){.kind = COMMAND_PROBE});
        if (running)
            send(&s, (struct command){.kind = COMMAND_RESUME});
        while (trainer_curvature(s.trainer)->status != CURVATURE_RUNNING)
            wait_for_news(&s);
        close_session(&s);
    }
}

static void a_restart_forgets_what_was_known(void **state)
{
    struct knobs k = knobs_of(LARGE), small = knobs_of(SMALL);
    const struct curvature_view *v;
    struct session s;

    (void)state;
    open_session(&s, &k);
    send_steps(&s, 2);
    wait_for_step(&s, 2, 1);
    send(&s, (struct command){.kind = COMMAND_PROBE});
    wait_for_status(&s, CURVATURE_RUNNING);
    send(&s, (struct command){.kind = COMMAND_CHANGE, .knob = KNOB_NETWORK, .text = "linear 8 relu bn | linear 3"});
    wait_for_log(&s, 1);
    assert_int_equal(trainer_curvature(s.trainer)->known, 0);
    v = probe(&s, 0); /* while the old one may still be ending */
    assert_true(v->step == 0 && v->whole);
    end_training(&s);
    assert_string_equal(s.run.lane->journal, "0 0 probe 1:hand\n");
    assert_string_equal(small.network, s.run.lane->state->knobs.network);
    close_session(&s);
}

static void divergence_does_not_touch_a_probe(void **state)
{
    struct knobs k = knobs_of("linear 24 relu | linear 24 relu | linear 3");
    const struct curvature_view *v;
    struct session s;

    (void)state;
    knobs_parse(&k, KNOB_OPTIMIZER, "sgd", NULL);
    open_session(&s, &k);
    set_knob(&s, KNOB_LEARNING_RATE, 1e4);
    send(&s, (struct command){.kind = COMMAND_PROBE});
    send(&s, (struct command){.kind = COMMAND_RESUME});
    while (trainer_snapshot(s.trainer)->status != RUN_DIVERGED)
        wait_for_news(&s);
    assert_int_equal(trainer_snapshot(s.trainer)->stuck.verdict, STUCK_DIVERGING);
    v = wait_for_status(&s, CURVATURE_DONE);
    assert_true(v->known && v->step == 0 && isfinite(v->loss));
    close_session(&s);
}

static void every_so_many_steps_a_point_of_the_series(void **state)
{
    struct knobs k = knobs_of(SMALL);
    struct session s;
    struct sample p;
    int points = 0;

    (void)state;
    k.value[KNOB_PROBE_EVERY] = 5;
    open_session(&s, &k);
    for (uint64_t step = 5; step <= 20; step += 5) {
        send_steps(&s, 5);
        wait_for_step(&s, step, 1);
        while (trainer_curvature(s.trainer)->latest.step < step)
            wait_for_news(&s);
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
    close_session(&s);
}

/* A probe that is not done when the next falls due is not queued behind: the view tells how many were passed over. */
static void points_passed_over_are_counted(void **state)
{
    struct knobs k = knobs_of(LARGE);
    struct session s;

    (void)state;
    k.value[KNOB_PROBE_EVERY] = 1;
    k.value[KNOB_EPOCHS] = 1000;
    open_session(&s, &k);
    send(&s, (struct command){.kind = COMMAND_RESUME});
    while (trainer_curvature(s.trainer)->passed_over == 0)
        wait_for_news(&s);
    assert_true(trainer_curvature(s.trainer)->latest.step >= 1); /* the one before was done first */
    close_session(&s);
}

/* Who hears that a probe by hand was taken sees it run, though one of the series is still ending. */
static void one_of_the_series_gives_way(void **state)
{
    struct knobs k = knobs_of(LARGE);
    const struct curvature_view *v;
    struct session s;

    (void)state;
    k.value[KNOB_PROBE_EVERY] = 1;
    open_session(&s, &k);
    send_steps(&s, 1);
    assert_int_equal(wait_for_status(&s, CURVATURE_RUNNING)->series, 1);
    send(&s, (struct command){.kind = COMMAND_PROBE});
    while (trainer_snapshot(s.trainer)->commands < 2)
        wait_for_news(&s);
    v = trainer_curvature(s.trainer);
    assert_true(v->status == CURVATURE_RUNNING && !v->series);
    while (v = trainer_curvature(s.trainer), strstr(v->text, "ending"))
        wait_for_news(&s);
    assert_true(v->status == CURVATURE_RUNNING && !v->series);
    close_session(&s);
}

/* Another asked for by hand takes its place, and nothing is refused or forgotten. */
static void a_probe_by_hand_gives_way_to_another(void **state)
{
    struct knobs k = knobs_of(LARGE);
    const struct curvature_view *v;
    struct session s;

    (void)state;
    open_session(&s, &k);
    send(&s, (struct command){.kind = COMMAND_PROBE});
    while (trainer_curvature(s.trainer)->done < 1)
        wait_for_news(&s);
    send(&s, (struct command){.kind = COMMAND_PROBE, .count = CURVATURE_WITH_DENSITY});
    while (trainer_snapshot(s.trainer)->commands < 2)
        wait_for_news(&s);
    assert_int_equal(trainer_snapshot(s.trainer)->log_count, 0);
    while (v = trainer_curvature(s.trainer), strstr(v->text, "ending") || v->done < 1)
        wait_for_news(&s);
    assert_true(v->status == CURVATURE_RUNNING && !v->series && !v->known);
    send(&s, (struct command){.kind = COMMAND_PROBE_CANCEL});
    wait_for_status(&s, CURVATURE_CANCELLED);
    close_session(&s);
}

/* ---- escapes -------------------------------------------------------------------------------- */

/* With all weights zero nothing but the last biases can learn: they find the classes' shares, and the run stands
 * on a strict saddle. */
static void open_at_saddle(struct session *s, struct knobs *k)
{
    *k = knobs_of("linear 6 tanh | linear 3");
    knobs_parse(k, KNOB_INIT, "zero", NULL);
    knobs_parse(k, KNOB_OPTIMIZER, "sgd", NULL);
    k->value[KNOB_MOMENTUM] = k->value[KNOB_WEIGHT_DECAY] = k->value[KNOB_DROPOUT] = 0;
    k->value[KNOB_LEARNING_RATE] = 1;
    k->value[KNOB_BATCH_SIZE] = k->value[KNOB_PROBE_FRAMES] = 5000; /* all of training */
    k->value[KNOB_EVAL_EVERY] = 1000;
    open_session(s, k);
    send_steps(s, 100);
    wait_for_step(s, 100, 1);
}

static void an_escape_leaves_a_saddle(void **state)
{
    const struct curvature_view *v;
    const struct snapshot *now;
    struct knobs k;
    struct session s;
    struct sample p;
    double before;

    (void)state;
    open_at_saddle(&s, &k);
    now = wait_for_step(&s, 100, 1);
    assert_int_equal(now->stuck.verdict, STUCK_CRITICAL);
    send(&s, (struct command){.kind = COMMAND_ESCAPE});
    now = wait_for_log(&s, 1);
    assert_string_equal(logged(now, 0), "look at the curvature first");
    v = probe(&s, 0);
    assert_int_equal(v->verdict.verdict, VERDICT_SADDLE);
    assert_true(v->escape.possible && v->escape.lowest == v->bottom[0].value && v->escape.probed == 100);
    before = v->loss;
    send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .01});
    now = wait_for_log(&s, 3);
    assert_memory_equal(logged(now, 2), "escape: loss -", 14); /* what came; the length is last */
    assert_non_null(strstr(logged(now, 2), "; 0.01 along"));
    v = trainer_curvature(s.trainer);
    assert_true(v->moved && v->escape.moved && !v->escape.over);
    assert_true(v->escape.count == 1 && v->escape.alpha == .01 && v->escape.came < 0);
    assert_true(fabs(v->escape.came / v->escape.predicted - 1) < .05); /* so short a step is a parabola's */
    assert_true(fabs(v->escape.loss - before - v->escape.came) < 1e-9);
    send(&s, (struct command){.kind = COMMAND_ESCAPE}); /* as far as it goes down */
    wait_for_log(&s, 4);
    v = trainer_curvature(s.trainer);
    assert_true(v->escape.count == 2 && v->escape.searched && v->escape.alpha > .01 && v->escape.came < -.001);
    assert_true(v->escape.came <= .25 * v->escape.predicted); /* where the quadratic is of use */
    send_steps(&s, 200);
    now = wait_for_step(&s, 300, 1);
    assert_true(now->train_loss < before - .2); /* training goes on where it had stood still */
    while (trainer_sample(s.trainer, &p) && p.kind != SAMPLE_ESCAPE)
        ;
    assert_true(p.kind == SAMPLE_ESCAPE && p.step == 100 && p.escape.alpha == .01);
    close_session(&s);
}

static void an_escape_is_taken_back_to_the_bit(void **state)
{
    const struct curvature_view *v;
    struct knobs k;
    struct session s;
    struct toy_run plain;

    (void)state;
    open_at_saddle(&s, &k);
    probe(&s, 0);
    send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .3});
    send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = -.2});
    send(&s, (struct command){.kind = COMMAND_UNDO});
    send(&s, (struct command){.kind = COMMAND_UNDO});
    send(&s, (struct command){.kind = COMMAND_REDO});
    send(&s, (struct command){.kind = COMMAND_UNDO});
    wait_for_log(&s, 7);
    v = trainer_curvature(s.trainer);
    assert_true(v->escape.taken_back && !v->moved && !v->escape.moved); /* where the probe looked, again */
    v = probe(&s, 0);
    assert_true(v->escape.over);
    send_steps(&s, 10);
    wait_for_step(&s, 110, 1);
    end_training(&s);
    toy_run_open(&plain, &toy, &k, 1);
    toy_steps(plain.lane, 110);
    assert_true(toy_same(s.run.lane, plain.lane));
    toy_run_close(&plain);
    close_session(&s);
}

static void taken_back_later_it_is_subtracted(void **state)
{
    struct knobs k;
    struct session s;
    double moved = 0;
    float *before;
    int64_t n;

    (void)state;
    open_at_saddle(&s, &k);
    probe(&s, 0);
    set_knob(&s, KNOB_LEARNING_RATE, 1e-8); /* steps that hardly move */
    wait_for_log(&s, 2);
    n = s.run.lane->network.parameters;
    before = malloc(sizeof *before * (size_t)n);
    memcpy(before, state_theta(s.run.lane->state), sizeof *before * (size_t)n); /* the trainer sleeps */
    send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .3});
    send_steps(&s, 1);
    wait_for_step(&s, 101, 1);
    send(&s, (struct command){.kind = COMMAND_UNDO});
    wait_for_log(&s, 4);
    end_training(&s);
    for (int64_t i = 0; i < n; i++)
        moved = fmax(moved, fabs((double)state_theta(s.run.lane->state)[i] - (double)before[i]));
    assert_true(moved < 1e-6);
    assert_non_null(strstr(s.run.lane->journal, "101 0 escape 1:-"));
    free(before);
    close_session(&s);
}

static void the_journal_makes_escapes_again(void **state)
{
    struct knobs k;
    struct session s;
    struct toy_run again;
    struct err e = {0};

    (void)state;
    open_at_saddle(&s, &k);
    probe(&s, CURVATURE_WITH_DENSITY);
    send(&s, (struct command){.kind = COMMAND_ESCAPE});
    send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .05});
    send(&s, (struct command){.kind = COMMAND_UNDO});
    set_knob(&s, KNOB_PROBE_EVERY, 7);
    set_knob(&s, KNOB_LEARNING_RATE, .5);
    send_steps(&s, 5);
    wait_for_step(&s, 105, 1);
    while (trainer_curvature(s.trainer)->latest.step < 105)
        wait_for_news(&s);
    send_steps(&s, 2);
    wait_for_step(&s, 107, 1);
    assert_int_equal(trainer_curvature(s.trainer)->escape.possible, 1); /* along the series' eigenvector, here */
    send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = .02});
    send_steps(&s, 6);
    wait_for_step(&s, 113, 1);
    send(&s, (struct command){.kind = COMMAND_UNDO});
    send(&s, (struct command){.kind = COMMAND_UNDO});
    send(&s, (struct command){.kind = COMMAND_REDO});
    send_steps(&s, 5);
    wait_for_step(&s, 118, 1);
    end_training(&s);
    toy_run_open(&again, &toy, &k, 1);
    if (lane_replay(again.lane, s.run.lane->journal, 118, &e) != 0)
        fail_msg("%s in\n%s", e.text, s.run.lane->journal);
    assert_true(toy_same(s.run.lane, again.lane));
    assert_string_equal(again.lane->journal, s.run.lane->journal);
    toy_run_close(&again);
    close_session(&s);
}

static void a_step_that_is_not_finite_is_not_made(void **state)
{
    const struct snapshot *now;
    struct knobs k;
    struct session s;
    struct toy_run plain;

    (void)state;
    open_at_saddle(&s, &k);
    probe(&s, 0);
    send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = 1e39});
    now = wait_for_log(&s, 2);
    assert_non_null(strstr(logged(now, 1), "not finite"));
    send(&s, (struct command){.kind = COMMAND_ESCAPE, .value = NAN});
    wait_for_log(&s, 3);
    end_training(&s);
    toy_run_open(&plain, &toy, &k, 1);
    toy_steps(plain.lane, 100);
    assert_true(toy_same(s.run.lane, plain.lane));
    toy_run_close(&plain);
    close_session(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_probe_beside_training_sees_the_state_it_was_begun_at),
        cmocka_unit_test(training_is_the_same_with_probes_and_without),
        cmocka_unit_test(a_probe_is_called_off),
        cmocka_unit_test(quitting_ends_a_probe),
        cmocka_unit_test(a_restart_forgets_what_was_known),
        cmocka_unit_test(divergence_does_not_touch_a_probe),
        cmocka_unit_test(every_so_many_steps_a_point_of_the_series), cmocka_unit_test(points_passed_over_are_counted),
        cmocka_unit_test(every_so_many_steps_a_point_of_the_series), cmocka_unit_test(one_of_the_series_gives_way),
        cmocka_unit_test(a_probe_by_hand_gives_way_to_another),
        cmocka_unit_test(an_escape_leaves_a_saddle),
        cmocka_unit_test(an_escape_is_taken_back_to_the_bit),
        cmocka_unit_test(taken_back_later_it_is_subtracted),
        cmocka_unit_test(the_journal_makes_escapes_again),
        cmocka_unit_test(a_step_that_is_not_finite_is_not_made),
    };
    toy_init(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
