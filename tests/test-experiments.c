/* SPDX-License-Identifier: MIT */
/* Runs side by side on the screen: the curves of all of them in each plot, keys and what they send, the list of
 * comparisons, the difference of two runs, the first line and the settings. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/compare-menu.h"
#include "app/overlay.h"
#include "app/view.h"
#include "curvature/curvature.h"
#include "draw/plot-svg.h"
#include "golden.h"
#include "run/comparison.h"
#include "scripted-app.h"
#include "train/panes.h"
#include "two-runs.h"

/* ---- all runs in one plot ----------------------------------------------------------------------- */

static const struct pane *const plots[] = {&loss_pane, &accuracy_pane, &rate_pane, &gradient_pane, &logit_gradient_pane,
                                           &eigenvalues_pane, &sharpness_pane};

static void add_probes(struct stage *s)
{
    for (int run = 0; run < 2; run++)
        run_curves_add(&s->app.curves, &(struct sample){.kind = SAMPLE_PROBE, .run = run, .step = 400, .epoch = 2,
                                                        .probe = {.highest = 10 + run, .lowest = -1, .trace = 5, .sharpness = 1}});
}

/* In each plot both runs end in their letters and have their colours; the one in focus is drawn last. */
static void every_plot_shows_every_run(void **state)
{
    struct stage s;

    (void)state;
    two_runs_begin(&s, "");
    add_probes(&s);
    for (size_t i = 0; i < sizeof plots / sizeof *plots; i++) {
        struct pane_plot p;
        assert_int_equal(plots[i]->plot(&s.app.model, &p), 1);
        assert_true(p.plot.series_count <= PLOT_SERIES);
        if (!two_runs_series(&p, 'A') || !two_runs_series(&p, 'B'))
            fail_msg("%s does not show both runs", plots[i]->name);
        assert_int_equal(two_runs_series(&p, 'A')->style, STYLE_BESIDE_A);
        assert_int_equal(two_runs_series(&p, 'B')->style, STYLE_RUN_B);
        assert_true(two_runs_series(&p, 'B') > two_runs_series(&p, 'A'));
        assert_true(two_runs_series(&p, 'B')->strong && !two_runs_series(&p, 'A')->strong);
        assert_int_equal(p.own, two_runs_series(&p, 'A') - p.series + 1);
    }
    stage_free(&s);
}

static float loss_of(const struct run_curves *c, int run, int i)
{
    return c->of[run]->track[TRACK_LOSS].y[i];
}

static void curves_are_those_of_their_run(void **state)
{
    struct pane_plot p;
    const struct series *a, *b;
    struct stage s;

    (void)state;
    two_runs_begin(&s, "");
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    a = two_runs_series(&p, 'A'), b = two_runs_series(&p, 'B');
    assert_int_equal(a->count, 600);
    assert_int_equal(b->count, 600);
    for (int i = 0; i < 600; i++) {
        assert_true(a->y[i] == loss_of(&s.app.curves, 0, i) && b->y[i] == loss_of(&s.app.curves, 1, i));
        assert_true(i >= 300 || a->y[i] == b->y[i]); /* a fork shares its past */
    }
    assert_true(b->y[599] > a->y[599]);
    stage_free(&s);
}

/* A single run looks as if there could be no other. */
static void one_run_is_as_ever(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 300 steps>");
    for (size_t i = 0; i < 5; i++) {
        struct pane_plot p;
        assert_int_equal(plots[i]->plot(&s.app.model, &p), 1);
        assert_int_equal(p.own, 0);
        for (int k = 0; k < p.plot.series_count; k++)
            assert_true(!p.series[k].end && !p.series[k].strong && p.series[k].style < STYLE_RUN_A);
    }
    stage_free(&s);
}

static void ghosts_are_behind_and_begin_where_they_left(void **state)
{
    struct pane_plot p;
    struct stage s;

    (void)state;
    two_runs_begin(&s, ":back 400<Enter><wait 50 steps>");
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_int_equal(p.series[0].style, STYLE_GHOST);
    assert_true(p.series[0].x[0] >= 399 && p.series[0].x[0] <= 400);
    assert_true(p.series[0].x[p.series[0].count - 1] == 600);
    assert_true(p.plot.x.hi >= 600 && s.app.model.snapshot->step == 450); /* the others are in sight */
    stage_play(&s, ":drop ghosts<Enter>");
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_int_equal(p.series[0].end, 'A');
    stage_free(&s);
}

static void a_dropped_run_is_a_ghost(void **state)
{
    struct pane_plot p;
    struct stage s;

    (void)state;
    two_runs_begin(&s, "Ky");
    assert_int_equal(two_runs_last(&s).kind, COMMAND_DROP);
    assert_int_equal(two_runs_last(&s).count, 1);
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_int_equal(p.series[0].style, STYLE_GHOST);
    assert_null(two_runs_series(&p, 'A')); /* a single run again */
    stage_free(&s);
}

/* Values of another loss do not compare. */
static void another_loss_is_not_drawn(void **state)
{
    struct pane_plot p;
    struct stage s;

    (void)state;
    two_runs_begin(&s, "");
    knobs_put(&fake_trainer_runs(s.trainer)->run[0].knobs, KNOB_LOSS, knob_choice_find(KNOB_LOSS, "mse_softmax"));
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_null(two_runs_series(&p, 'A'));
    two_runs_hold(&s, 120, 40, "A: MSE on softmax, does not compare");
    assert_int_equal(accuracy_pane.plot(&s.app.model, &p), 1);
    assert_non_null(two_runs_series(&p, 'A'));
    stage_free(&s);
}

/* The homework's data of 2023 has baselines of its own; other data has those of 2022, and the last one says so. */
static void baselines_are_those_of_the_data(void **state)
{
    struct pane_plot p;
    struct stage s;

    (void)state;
    two_runs_begin(&s, "");
    assert_int_equal(accuracy_pane.plot(&s.app.model, &p), 1);
    assert_true(p.levels[1].y == .69747);
    assert_string_equal(p.levels[3].name, "boss, full data");
    for (int i = 0; i < 2; i++) {
        fake_trainer_runs(s.trainer)->run[i].train_frames = 2000000;
        fake_trainer_runs(s.trainer)->run[i].validation_frames = 116794;
    }
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    assert_int_equal(accuracy_pane.plot(&s.app.model, &p), 1);
    assert_true(p.levels[0].y == .49798 && p.levels[1].y == .66440 && p.levels[2].y == .74944 && p.levels[3].y == .83017);
    assert_string_equal(p.levels[3].name, "boss");
    stage_free(&s);
}

/* One that diverged does not press the others flat. */
static void a_diverged_run_leaves_the_range(void **state)
{
    struct pane_plot p;
    struct stage s;

    (void)state;
    two_runs_begin(&s, "");
    run_curves_add(&s.app.curves, &(struct sample){.kind = SAMPLE_STEP, .run = 0, .step = 601, .epoch = 3.005,
                                                   .at_step = {.loss = 1e9f, .gradient_norm = 1e9f}});
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_true(p.plot.y.hi < 100);
    assert_int_equal(gradient_pane.plot(&s.app.model, &p), 1);
    assert_true(p.plot.y.hi < 1000);
    stage_free(&s);
}

static void level_by_examples_is_over_epochs(void **state)
{
    struct pane_plot p;
    struct stage s;

    (void)state;
    two_runs_begin(&s, ":level examples<Enter>");
    assert_int_equal(two_runs_last(&s).kind, COMMAND_LEVEL);
    assert_int_equal(two_runs_last(&s).count, 1);
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_string_equal(p.plot.x.unit, "epoch");
    assert_true(two_runs_series(&p, 'A')->x[599] == 3);
    stage_play(&s, ":level steps<Enter>");
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_string_equal(p.plot.x.unit, "step");
    stage_free(&s);
}

/* Of each run it has the gradient by either loss: a run is not named after one of them, least of all the other's. */
static void the_logit_gradient_names_runs_apart_from_losses(void **state)
{
    struct pane_plot p;
    struct stage s;

    (void)state;
    two_runs_begin(&s, ":loss mse_softmax<Enter><wait 100 steps>");
    assert_int_equal(logit_gradient_pane.plot(&s.app.model, &p), 1);
    assert_string_equal(two_runs_series(&p, 'B')->name, "B by CE");
    assert_string_equal(two_runs_series(&p, 'A')->name, "A");
    assert_string_equal(two_runs_series(&p, 'B')[-1].name, "by MSE");
    s.app.model.ui.view = 0;
    for (int i = 0; views[0]->panes[i]; i++)
        s.app.model.ui.focus = views[0]->panes[i] == &logit_gradient_pane ? i : s.app.model.ui.focus;
    two_runs_hold(&s, 80, 24, "B by CE");
    two_runs_hold(&s, 80, 24, "by MSE");
    stage_free(&s);
}

static void pictures_show_all_runs(void **state)
{
    struct pane_plot p;
    struct stage s;
    char *svg;

    (void)state;
    two_runs_begin(&s, "");
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    svg = plot_to_svg(&p.plot, "loss", THEME_LIGHT);
    assert_non_null(svg);
    assert_non_null(strstr(svg, ">A</text>"));
    assert_non_null(strstr(svg, ">B</text>"));
    assert_non_null(strstr(svg, "B train, smoothed"));
    free(svg);
    stage_free(&s);
}

/* Letters stand beside each other where curves end in one place. */
static void letters_do_not_hide_each_other(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 300 steps>ff");
    two_runs_hold(&s, 80, 24, "BAC");
    stage_free(&s);
}

/* ---- keys ---------------------------------------------------------------------------------------- */

static void keys_fork_and_give_the_focus(void **state)
{
    struct stage *s = *state;

    stage_play(s, "f");
    assert_int_equal(two_runs_last(s).kind, COMMAND_FORK);
    assert_int_equal(s->app.model.snapshot->run, 1);
    stage_play(s, "f<lt>");
    assert_int_equal(two_runs_last(s).kind, COMMAND_FOCUS);
    assert_int_equal(two_runs_last(s).count, 1);
    stage_play(s, "<lt><lt>");
    assert_int_equal(two_runs_last(s).count, 2); /* before the first comes the last */
    stage_play(s, ">");
    assert_int_equal(two_runs_last(s).count, 0);
    assert_int_equal(s->app.model.snapshot->run, 0);
}

/* Faster than snapshots: each press goes on from the last. */
static void the_focus_moves_before_it_is_answered(void **state)
{
    struct stage *s = *state;
    struct event next = {.key = '>'};

    stage_play(s, "ff>");
    app_handle(&s->app, &next);
    app_handle(&s->app, &next);
    assert_int_equal(two_runs_last(s).count, 2);
}

static void one_run_has_nowhere_to_go(void **state)
{
    struct stage *s = *state;
    int taken = fake_trainer_taken(s->trainer);

    stage_play(s, ">");
    assert_non_null(strstr(s->app.model.ui.message, "f forks it"));
    stage_play(s, "K");
    assert_non_null(strstr(s->app.model.ui.message, "only run"));
    stage_play(s, "m");
    assert_non_null(strstr(s->app.model.ui.message, "no other run"));
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
}

static void dropping_asks(void **state)
{
    struct stage *s = *state;
    int taken;

    stage_play(s, "fK");
    taken = fake_trainer_taken(s->trainer);
    assert_int_equal(s->app.model.ui.mode, MODE_ASK);
    two_runs_hold(s, 80, 24, "Drop run B without saving it?");
    two_runs_hold(s, 30, 8, "y yes");
    stage_play(s, "n");
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
    stage_play(s, "<Del>y");
    assert_int_equal(two_runs_last(s).kind, COMMAND_DROP);
}

static void enter_in_a_plot_goes_back_to_the_cross_hair(void **state)
{
    struct stage s;
    double cross;

    (void)state;
    two_runs_begin(&s, "<Tab><Tab><Enter>");
    assert_non_null(strstr(s.app.model.ui.message, "move the cross-hair"));
    stage_play(&s, "<Left><Left><Left><Enter>");
    cross = s.app.model.ui.cross;
    assert_int_equal(s.app.model.ui.mode, MODE_ASK);
    assert_non_null(strstr(s.app.model.ui.message, "Continue from step"));
    stage_play(&s, "y");
    assert_int_equal(two_runs_last(&s).kind, COMMAND_BACK);
    assert_true((double)two_runs_last(&s).count == cross && cross < 600);
    assert_int_equal(two_runs_last(&s).run, 2); /* B, whoever has the focus when it is obeyed */
    assert_true(isnan(s.app.model.ui.cross));
    stage_play(&s, "<Tab><S-Tab><S-Tab><S-Tab><Enter>"); /* a setting's value is typed as ever */
    assert_int_equal(s.app.model.ui.mode, MODE_TYPING);
    stage_free(&s);
}

static void a_run_cannot_go_back_beyond_its_beginning(void **state)
{
    struct stage s;

    (void)state;
    two_runs_begin(&s, "");
    fake_trainer_draft(s.trainer)->first_step = 590;
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    stage_play(&s, "<Tab><Tab><Left><Left><Left><Enter>");
    assert_int_equal(s.app.model.ui.mode, MODE_NORMAL);
    assert_non_null(strstr(s.app.model.ui.message, "step 590 at the earliest"));
    stage_free(&s);
}

static void a_divergence_offers_the_last_good_step(void **state)
{
    struct stage s;
    struct snapshot *d;

    (void)state;
    stage_init(&s, "<wait 300 steps>b");
    assert_non_null(strstr(s.app.model.ui.message, "no keyframe"));
    d = fake_trainer_draft(s.trainer);
    d->status = RUN_DIVERGED;
    d->last_good = 250;
    snprintf(d->note, sizeof d->note, "step 301 is not applied: loss NaN");
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    stage_play(&s, "<Down>");
    two_runs_hold(&s, 120, 40, "b goes back to step 250");
    two_runs_hold(&s, 80, 24, "b goes back to step 250");
    stage_play(&s, "b");
    assert_int_equal(s.app.model.ui.mode, MODE_ASK);
    stage_play(&s, "<Enter>");
    assert_int_equal(two_runs_last(&s).kind, COMMAND_BACK);
    assert_int_equal(two_runs_last(&s).count, 250);
    stage_free(&s);
}

/* ---- the list of comparisons ----------------------------------------------------------------------- */

static void the_list_begins_comparisons(void **state)
{
    struct stage *s = *state;
    int rows = 0;

    stage_play(s, "F");
    assert_int_equal(s->app.model.ui.mode, MODE_COMPARE);
    for (const struct comparison *c; (c = comparison_at(rows)); rows++)
        two_runs_hold(s, 80, 24, c->title);
    assert_int_equal(s->app.model.ui.compare_count, rows);
    two_runs_hold(s, 80, 24, "batch 64 · batch 4,096");
    stage_play(s, "<Down><Enter>");
    assert_int_equal(two_runs_last(s).kind, COMMAND_COMPARE);
    assert_string_equal(two_runs_last(s).text, "batch");
    stage_play(s, "F8");
    assert_string_equal(two_runs_last(s).text, "depth");
    stage_play(s, "Fkk<Enter>"); /* where it was last */
    assert_string_equal(two_runs_last(s).text, "batch-norm");
    stage_play(s, "F<Esc>");
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
    stage_play(s, ":compare<Enter>");
    assert_int_equal(s->app.model.ui.mode, MODE_COMPARE);
}

static struct event click_at(const struct stage *s, const char *title)
{
    struct canvas c;
    struct event none = {0};

    assert_int_equal(canvas_init(&c, 80, 24, CHARSET_BRAILLE), 0);
    app_draw(&s->app, &c);
    for (int y = 0; y < 24; y++) {
        struct canvas row = canvas_part(&c, (struct rect){0, y, 80, 1});
        char *text = canvas_to_text(&row);
        int here = strstr(text, title) != NULL;
        free(text);
        if (!here)
            continue;
        canvas_free(&c);
        return (struct event){.key = INPUT_PRESS, .x = 40, .y = y};
    }
    fail_msg("\"%s\" is not on the screen", title);
    return none;
}

/* A click selects, another one begins, one beside the list leaves it. */
static void the_list_takes_the_mouse(void **state)
{
    struct stage *s = *state;
    const char *title = comparison_at(2)->title;
    struct event click;

    app_resize(&s->app, 80, 24);
    stage_play(s, "F");
    click = click_at(s, title);
    app_handle(&s->app, &click);
    assert_int_equal(s->app.model.ui.mode, MODE_COMPARE);
    assert_int_equal(s->app.model.ui.compare_chosen, 2);
    app_handle(&s->app, &(struct event){.key = INPUT_WHEEL_DOWN, .x = 40, .y = 10});
    assert_int_equal(s->app.model.ui.compare_chosen, 3);
    app_handle(&s->app, &(struct event){.key = INPUT_WHEEL_UP, .x = 40, .y = 10});
    click = click_at(s, title);
    app_handle(&s->app, &click);
    assert_int_equal(two_runs_last(s).kind, COMMAND_COMPARE);
    assert_string_equal(two_runs_last(s).text, comparison_at(2)->name);
    stage_play(s, "F");
    app_handle(&s->app, &(struct event){.key = INPUT_PRESS, .x = 0, .y = 1});
    assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
}

static void the_list_says_why_not(void **state)
{
    struct stage *s = *state;
    int taken;

    stage_play(s, "ffF2");
    taken = fake_trainer_taken(s->trainer);
    assert_int_equal(s->app.model.ui.mode, MODE_COMPARE);
    two_runs_hold(s, 80, 24, "K drops one");
    stage_play(s, "<Enter>");
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    stage_play(s, "1"); /* this one needs a single place */
    assert_int_equal(fake_trainer_taken(s->trainer), taken + 1);
    stage_play(s, "<Esc>:network lstm 16 | linear 41<Enter>y");
    golden_sweep(s);
    stage_play(s, "F");
    golden_sweep(s);
}

/* Every pane stays within its bounds with all that there can be in it. */
static void crowds_fit(void **state)
{
    static const int sizes[][2] = {{1, 1}, {3, 3}, {20, 6}, {40, 10}, {60, 20}, {120, 38}};
    struct stage s;

    (void)state;
    two_runs_begin(&s, "ff:back 350<Enter>:back 340<Enter>:back 330<Enter>:back 320<Enter><wait 100 steps>");
    assert_int_equal(s.app.curves.ghosts, GHOSTS_MOST);
    for (int i = 0; every_pane(i); i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
            for (int charset = CHARSET_BRAILLE; charset <= CHARSET_ASCII; charset++)
                golden_guarded(&s.app.model, every_pane(i), sizes[k][0], sizes[k][1], (enum charset)charset);
    golden_sweep(&s);
    stage_play(&s, "m");
    golden_sweep(&s);
    stage_play(&s, ":level examples<Enter>");
    golden_sweep(&s);
    stage_free(&s);
}

/* ---- the difference ------------------------------------------------------------------------------ */

static void the_difference_is_at_equal_steps(void **state)
{
    struct pane_plot p;
    const struct series *d;
    struct stage s;

    (void)state;
    two_runs_begin(&s, ":minus A<Enter>");
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_int_equal(p.plot.series_count, 2);
    d = &p.series[1];
    assert_int_equal(d->count, 600);
    for (int i = 0; i < 600; i++)
        assert_true(d->y[i] == (float)((double)loss_of(&s.app.curves, 1, i) - loss_of(&s.app.curves, 0, i)));
    assert_true(d->y[299] == 0 && d->y[599] > 0);
    assert_true(p.plot.y.lo <= 0 && p.plot.y.hi >= d->y[599] && p.levels[0].y == 0);
    two_runs_hold(&s, 120, 40, "B − A · train +0.");
    assert_int_equal(accuracy_pane.plot(&s.app.model, &p), 1);
    assert_true(p.series[1].y[599] < 0);
    stage_play(&s, "<lt>"); /* A less itself is no difference */
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_non_null(two_runs_series(&p, 'A'));
    stage_play(&s, ">:minus off<Enter>");
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_non_null(two_runs_series(&p, 'B'));
    stage_free(&s);
}

/* Where the other has no value there is none. */
static void the_difference_ends_with_the_shorter_run(void **state)
{
    struct pane_plot p;
    struct stage s;

    (void)state;
    two_runs_begin(&s, "<lt>:back 400<Enter><wait 50 steps>>m");
    assert_int_equal(s.app.model.snapshot->run, 1);
    assert_int_equal(s.app.model.ui.minus, 1);
    assert_int_equal(loss_pane.plot(&s.app.model, &p), 1);
    assert_true(isfinite(p.series[1].y[449]));
    assert_true(isnan(p.series[1].y[450]) && isnan(p.series[1].y[649]));
    stage_play(&s, "m");
    assert_int_equal(s.app.model.ui.minus, 0);
    stage_free(&s);
}

static void a_wrong_difference_is_refused(void **state)
{
    static const char *const lines[] = {"minus", "minus B", "minus C", "minus E", "minus 1", "level", "level time"};
    struct stage s;

    (void)state;
    two_runs_begin(&s, "");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        command_line_run(&s.app, lines[i]);
        if (!strstr(s.app.model.ui.message, "expected"))
            fail_msg("%s: \"%s\"", lines[i], s.app.model.ui.message);
        assert_int_equal(s.app.model.ui.minus, 0);
    }
    stage_free(&s);
}

/* ---- the first line and the settings ------------------------------------------------------------- */

static void the_first_line_lists_the_runs(void **state)
{
    struct stage s;
    struct snapshots *all;

    (void)state;
    two_runs_begin(&s, "f");
    all = fake_trainer_runs(s.trainer);
    all->run[0].status = RUN_PAUSED;
    all->run[2].status = RUN_DIVERGED;
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    two_runs_hold(&s, 120, 40, "A‖ B▶ [C]✗");
    two_runs_hold(&s, 80, 24, "A‖ B▶ [C]✗");
    all->run[2].identical = 3;
    all->run[2].identical_at = 1000;
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    two_runs_hold(&s, 160, 40, "C identical to A, B (step 1,000)");
    two_runs_hold(&s, 80, 24, "C = A = B");
    stage_free(&s);
}

/* One step is a turn; more is waited for, of the run that is furthest behind. */
static void a_run_that_waits_says_so(void **state)
{
    struct stage s;
    struct snapshots *all;

    (void)state;
    two_runs_begin(&s, "f");
    all = fake_trainer_runs(s.trainer);
    for (int i = 0; i < 3; i++) {
        all->run[i].status = RUN_TRAINING;
        all->run[i].step = 300;
    }
    all->run[0].step = 299;
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    two_runs_lack(&s, 120, 40, "waits for");
    all->run[0].step = 200;
    all->run[1].step = 100;
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    two_runs_hold(&s, 120, 40, "waits for B");
    all->run[1].status = RUN_PAUSED;
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    two_runs_hold(&s, 120, 40, "waits for A");
    stage_free(&s);
}

static void settings_that_differ_are_marked(void **state)
{
    struct stage s;

    (void)state;
    two_runs_begin(&s, ":lr 3e-3<Enter>");
    two_runs_hold(&s, 80, 24, "≠▸● learning rate");
    two_runs_hold(&s, 80, 24, "A 1e-3 · B 3e-3");
    stage_play(&s, "<Down>");
    two_runs_hold(&s, 80, 24, " B learning rate 1e-3 → 3e-3"); /* the log */
    two_runs_hold(&s, 80, 24, "≠ ● learning rate");
    two_runs_hold(&s, 80, 24, "unused hidden");
    stage_free(&s);
}

/* ---- looks ----------------------------------------------------------------------------------------- */

static void states_have_their_screens(void **state)
{
    struct stage s;

    (void)state;
    two_runs_begin(&s, ":lr 3e-3<Enter><wait 200 steps>");
    golden_screen("experiment", &s, 80, 24, CHARSET_BRAILLE);
    golden_screen("experiment", &s, 80, 24, CHARSET_ASCII);
    stage_play(&s, "F");
    golden_screen("compare", &s, 80, 24, CHARSET_BRAILLE);
    stage_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_plot_shows_every_run),
        cmocka_unit_test(curves_are_those_of_their_run),
        cmocka_unit_test(one_run_is_as_ever),
        cmocka_unit_test(ghosts_are_behind_and_begin_where_they_left),
        cmocka_unit_test(a_dropped_run_is_a_ghost),
        cmocka_unit_test(another_loss_is_not_drawn),
        cmocka_unit_test(baselines_are_those_of_the_data),
        cmocka_unit_test(a_diverged_run_leaves_the_range),
        cmocka_unit_test(level_by_examples_is_over_epochs),
        cmocka_unit_test(the_logit_gradient_names_runs_apart_from_losses),
        cmocka_unit_test(pictures_show_all_runs),
        cmocka_unit_test(letters_do_not_hide_each_other),
        WITH_APP(keys_fork_and_give_the_focus),
        WITH_APP(the_focus_moves_before_it_is_answered),
        WITH_APP(one_run_has_nowhere_to_go),
        WITH_APP(dropping_asks),
        cmocka_unit_test(enter_in_a_plot_goes_back_to_the_cross_hair),
        cmocka_unit_test(a_run_cannot_go_back_beyond_its_beginning),
        cmocka_unit_test(a_divergence_offers_the_last_good_step),
        WITH_APP(the_list_begins_comparisons),
        WITH_APP(the_list_takes_the_mouse),
        WITH_APP(the_list_says_why_not),
        cmocka_unit_test(crowds_fit),
        cmocka_unit_test(the_difference_is_at_equal_steps),
        cmocka_unit_test(the_difference_ends_with_the_shorter_run),
        cmocka_unit_test(a_wrong_difference_is_refused),
        cmocka_unit_test(the_first_line_lists_the_runs),
        cmocka_unit_test(a_run_that_waits_says_so),
        cmocka_unit_test(settings_that_differ_are_marked),
        cmocka_unit_test(states_have_their_screens),
        cmocka_unit_test(golden_all_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
