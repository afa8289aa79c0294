/* SPDX-License-Identifier: MIT */
/* The Diagnosis view through the real key handler: whole screens, what its keys ask of the trainer, and its thresholds. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "diagnosis/panes.h"
#include "golden.h"
#include "two-runs.h"

static const struct tree_loss none = {NAN, NAN};

static void show(struct stage *s)
{
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
}

/* An evaluation's losses, on a scale whose guessing loss is 4. */
static void evaluated(struct stage *s, double train, double validation)
{
    struct snapshot *d = fake_trainer_draft(s->trainer);

    d->scale = (struct tree_figures){.train = none, .validation = none, .unheard = none, .against = none, .guess = 4};
    d->part_loss = train, d->part_accuracy = .8;
    d->validation_loss = validation, d->validation_accuracy = .6;
    show(s);
}

static void measured(struct stage *s, double train, double validation, double unheard)
{
    struct snapshot *d = fake_trainer_draft(s->trainer);

    evaluated(s, train, validation);
    d->measured = (struct measured){.status = MEASURED_DONE, .known = 1, .step = d->step, .epoch = d->epoch, .layers = 5};
    d->measured.figures = (struct tree_figures){.train = {train, .8}, .validation = {validation, .6}, .unheard = {unheard, .5},
                                                .against = none, .guess = 4};
    for (int i = 0; i < 5; i++)
        d->measured.layer[i] = (struct layer_health){.update = 1e-3 / (1 + i), .gradient = .1 * i, .saturated = NAN};
    d->measured.layer[0].units = d->measured.layer[2].units = 256;
    d->measured.layer[2].dead = 200;
    d->measured.layer[4].update = 1e-7;
    show(s);
}

static int set_up(void **state)
{
    stage_begin(state);
    stage_play(*state, "<wait 190 steps>5");
    return 0;
}

static void the_view_at_all_sizes(void **state)
{
    struct stage *s = *state;

    golden_sweep(s);
    measured(s, .1, 2.1, 2.4);
    golden_screen("diagnosis", s, 80, 24, CHARSET_BRAILLE);
    golden_screen("diagnosis", s, 80, 24, CHARSET_ASCII);
    golden_screen("diagnosis", s, 120, 40, CHARSET_BRAILLE);
    golden_sweep(s);
    for (int i = 0; i < 4; i++) {
        stage_play(s, "<Tab>");
        golden_sweep(s);
    }
}

static void panels_stay_inside(void **state)
{
    static const struct pane *const panes[] = {&diagnosis_tree_pane, &diagnosis_evidence_pane, &diagnosis_layers_pane};
    struct stage *s = *state;

    for (int full = 0; full < 2; full++, measured(s, 3, 3.1, 3.2))
        for (int k = 0; k < 3; k++)
            for (int w = 1; w <= 94; w += 3)
                for (int h = 1; h <= 26; h++)
                    golden_guarded(&s->app.model, panes[k], w, h, (enum charset)((w + h) % 3));
}

static void an_empty_view_says_how_to_fill_it(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 10 steps>5");
    fake_trainer_draft(s.trainer)->part_loss = NAN;
    show(&s);
    golden_screen("diagnosis-empty", &s, 80, 24, CHARSET_BRAILLE);
    stage_free(&s);
}

static void the_branch_is_lit_and_said(void **state)
{
    static const struct {
        double train, validation, unheard, against;
        const char *leaf, *words;
    } rows[] = {
        {.1, 2.1, 0, 0, "more: overfitting ◂ here", "training 0.100, validation 2.10: overfitting"},
        {.8, 1, 1.1, 0, "less: healthy ◂ here", "validation 1.00: healthy"},
        {.8, 1, 3, 0, "more: mismatch ◂ here", "unheard voices 3.00: mismatch"},
        {3, 3, 0, 2, "lower: optimization ◂ here", "of the smaller network 2.00: optimization"},
        {3, 3, 0, 3.5, "higher: model bias ◂ here", "of the smaller network 3.50: model bias"},
        {3, 3, 0, 0, "smaller network – (none)", "cannot be told apart without"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stage s;
        struct snapshot *d;
        stage_init(&s, "<wait 200 steps>5");
        if (rows[i].unheard > 0)
            measured(&s, rows[i].train, rows[i].validation, rows[i].unheard);
        else
            evaluated(&s, rows[i].train, rows[i].validation);
        d = fake_trainer_draft(s.trainer);
        if (rows[i].against > 0) {
            struct snapshots *all = fake_trainer_runs(s.trainer);
            all->run[1] = *d;
            all->run[1].run = 1;
            all->run[1].part_loss = rows[i].against;
            all->there = 3;
            d->smaller = 2;
            show(&s);
            two_runs_hold(&s, 120, 40, "smaller, B");
        }
        two_runs_hold(&s, 120, 40, rows[i].leaf);
        two_runs_hold(&s, 200, 50, rows[i].words);
        if (!strstr(rows[i].leaf, "here"))
            two_runs_lack(&s, 120, 40, "◂ here");
        stage_free(&s);
    }
}

static void keys_measure_test_and_cure(void **state)
{
    struct stage *s = *state;

    stage_play(s, "<Enter>");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_MEASURE);
    evaluated(s, 3, 3);
    stage_play(s, "t");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_COMPARE);
    assert_string_equal(fake_trainer_last(s->trainer).text, "shallower");
    evaluated(s, .1, 2.1);
    stage_play(s, "t");
    assert_int_equal(s->app.model.ui.mode, MODE_COMPARE);
    stage_play(s, "5");
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
    assert_string_equal(fake_trainer_last(s->trainer).text, "more-weight-decay");
    stage_play(s, "F1"); /* the list of comparisons is another one */
    assert_string_equal(fake_trainer_last(s->trainer).text, "loss");
    evaluated(s, .5, .6);
    stage_play(s, "t");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_MEASURE);
    fake_trainer_draft(s->trainer)->measured.status = MEASURED_RUNNING;
    snprintf(fake_trainer_draft(s->trainer)->measured.text, SNAPSHOT_TEXT, "validation loss");
    fake_trainer_draft(s->trainer)->measured.done = 1;
    show(s);
    two_runs_hold(s, 120, 40, "measuring validation loss, 2 of 4");
    stage_play(s, "<Esc>");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_MEASURE_CANCEL);
}

static void cures_are_a_list(void **state)
{
    struct stage *s = *state;

    evaluated(s, .1, 2.1);
    stage_play(s, "c");
    golden_screen("cures", s, 80, 24, CHARSET_BRAILLE);
    golden_sweep(s);
    stage_play(s, "8"); /* all data is used: it says so, and stays */
    assert_int_equal(s->app.model.ui.mode, MODE_COMPARE);
    two_runs_hold(s, 80, 24, "all training utterances are used already");
    stage_play(s, "<Esc>");
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
}

static void thresholds_are_settings(void **state)
{
    struct stage *s = *state;

    evaluated(s, .5, .9);
    two_runs_hold(s, 120, 40, "validation +0.1 (> 0.15?)");
    stage_play(s, ":diagnosis gap .05<Enter>");
    two_runs_hold(s, 120, 40, "(> 0.05?)");
    two_runs_hold(s, 120, 40, "more: overfitting ◂ here");
    stage_play(s, ":diagnosis large .01<Enter>");
    two_runs_hold(s, 120, 40, "(large > 0.01)");
    two_runs_lack(s, 120, 40, "◂ here");
    assert_float_equal(s->app.model.knobs.value[KNOB_DIAGNOSIS_GAP], .05, 0);
    stage_play(s, ":diagnosis gap x<Enter>");
    assert_true(s->app.model.ui.warning && strstr(s->app.model.ui.message, "\"x\" is not a number"));
    stage_play(s, "<Esc>:diagnosis nothing<Enter>");
    assert_true(s->app.model.ui.warning);
    stage_play(s, "<Esc>");
}

/* What was measured of unheard voices is kept when the run has gone on, with its step; and what was said meanwhile goes. */
static void an_old_measurement_is_kept_with_its_step(void **state)
{
    struct stage *s = *state;

    measured(s, .1, .12, 2.4);
    two_runs_hold(s, 120, 40, "2.40");
    stage_play(s, "<wait 400 steps>");
    evaluated(s, .1, .12);
    two_runs_hold(s, 120, 40, "2.40");
    two_runs_hold(s, 120, 40, "* measured at step 200");
    fake_trainer_draft(s->trainer)->measured.status = MEASURED_RUNNING;
    stage_play(s, "<Enter>");
    show(s);
    assert_string_equal(s->app.model.ui.message, DIAGNOSIS_MEASURING);
    fake_trainer_draft(s->trainer)->measured.status = MEASURED_DONE;
    show(s);
    assert_string_equal(s->app.model.ui.message, "");
}

/* Bouncing, critical or falling: what to do stands beside it. */
static void stuck_has_its_advice(void **state)
{
    static const struct {
        enum diagnosis verdict;
        const char *words;
    } rows[] = {{DIAGNOSIS_FALLING, "still falling"}, {DIAGNOSIS_BOUNCING, "reduce the learning rate"},
                {DIAGNOSIS_CRITICAL, "probe it"},     {DIAGNOSIS_PLATEAU, "a higher rate"}};
    struct stage *s = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fake_trainer_draft(s->trainer)->stuck.verdict = rows[i].verdict;
        show(s);
        two_runs_hold(s, 200, 50, rows[i].words);
    }
}

struct lines {
    int count;
    char last[DIAGNOSIS_TEXT];
};

static void take_line(void *context, const char *text)
{
    struct lines *l = context;

    l->count++;
    snprintf(l->last, sizeof l->last, "%s", text);
}

static void lines_say_the_same(void **state)
{
    struct stage *s = *state;
    struct lines l = {0};
    const struct text_sink sink = {take_line, &l};

    evaluated(s, .1, 4.1);
    diagnosis_view.text(&s->app.model, &sink);
    diagnosis_view.text(&s->app.model, &sink);
    assert_int_equal(l.count, 1);
    assert_non_null(strstr(l.last, "diagnosis: training 0.100, validation 4.10: overfitting"));
}

#define ON_VIEW(f) cmocka_unit_test_setup_teardown(f, set_up, stage_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_VIEW(the_view_at_all_sizes),
        ON_VIEW(panels_stay_inside),
        cmocka_unit_test(an_empty_view_says_how_to_fill_it),
        cmocka_unit_test(the_branch_is_lit_and_said),
        ON_VIEW(keys_measure_test_and_cure),
        ON_VIEW(cures_are_a_list),
        ON_VIEW(thresholds_are_settings),
        ON_VIEW(an_old_measurement_is_kept_with_its_step),
        ON_VIEW(stuck_has_its_advice),
        ON_VIEW(lines_say_the_same),
        cmocka_unit_test(golden_all_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
