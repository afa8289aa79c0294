/* SPDX-License-Identifier: MIT */
/* The Losses view through the real key handler: whole screens, the lecture's figures on them, and the paired fork. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "golden.h"
#include "losses/panes.h"
#include "two-runs.h"

static int set_up(void **state)
{
    stage_begin(state);
    stage_play(*state, "6");
    return 0;
}

static void the_view_at_all_sizes(void **state)
{
    struct stage *s = *state;

    golden_screen("losses", s, 80, 24, CHARSET_BRAILLE);
    golden_sweep(s);
    stage_play(s, "o");
    golden_screen("losses", s, 120, 40, CHARSET_BRAILLE);
    golden_sweep(s);
    for (int i = 0; i < 4; i++) {
        stage_play(s, "<Tab>");
        golden_sweep(s);
    }
}

static void panels_stay_inside(void **state)
{
    static const struct pane *const panes[] = {&losses_mse_pane, &losses_cross_entropy_pane, &losses_figures_pane,
                                               &logit_gradient_pane};
    struct stage *s = *state;

    for (int k = 0; k < 4; k++)
        for (int w = 1; w <= 70; w += 3)
            for (int h = 1; h <= 24; h++)
                golden_guarded(&s->app.model, panes[k], w, h, (enum charset)((w + h) % 3));
}

static void the_lectures_figures_are_on_the_screen(void **state)
{
    struct stage *s = *state;

    two_runs_hold(s, 120, 40, "|gradient| 3.476e-5 · 40,720 steps");
    two_runs_hold(s, 120, 40, "|gradient| 1.414 · 23 steps");
    stage_play(s, "o");
    two_runs_hold(s, 120, 40, "|gradient| 1.166e-8 · more than 100,000 steps");
    two_runs_hold(s, 120, 40, "|gradient| 1.414 · 31 steps");
    stage_play(s, "o");
    two_runs_hold(s, 120, 40, "|gradient| 0.707 · 17 steps");
}

/* A long descent goes on between frames, and never begins anew. */
static void a_long_descent_goes_on_by_itself(void **state)
{
    struct stage *s = *state;
    struct losses_ui *ui = losses_ui(&s->app.model);
    uint64_t steps;

    assert_false(losses_view.has_ticks(&s->app.model));
    stage_play(s, "o");
    assert_true(losses_view.has_ticks(&s->app.model));
    steps = ui->descent[PLANE_MSE].steps;
    assert_true(losses_view.tick(&s->app) && ui->descent[PLANE_MSE].steps > steps);
    assert_int_equal(ui->descent[PLANE_CROSS_ENTROPY].steps, 31);
    stage_play(s, ":losses point -8,6<Enter>");
    for (int i = 0; i < 100000 && losses_is_busy(ui); i++)
        losses_view.tick(&s->app);
    assert_true(ui->descent[PLANE_MSE].arrived && ui->descent[PLANE_MSE].steps > 300000);
    assert_false(losses_view.tick(&s->app));
}

static void keys_move_the_point_and_turn_the_rate(void **state)
{
    struct stage *s = *state;
    struct losses_ui *ui = losses_ui(&s->app.model);

    stage_play(s, "<Right><Up><Up><Left><Left>");
    assert_true(fabs(ui->y[0] + 8) < 1e-9 && fabs(ui->y[1] - 7) < 1e-9);
    for (int i = 0; i < 30; i++)
        stage_play(s, "<Left><Up>");
    assert_true(fabs(ui->y[0] + 10) < 1e-9 && fabs(ui->y[1] - 10) < 1e-9);
    stage_play(s, "+");
    assert_true(fabs(ui->rate - 1) < 1e-9 && ui->descent[PLANE_CROSS_ENTROPY].steps < 31);
    stage_play(s, "---------");
    assert_true(fabs(ui->rate - .05) < 1e-9);
    stage_play(s, ":losses rate .5<Enter>:losses point -7,5<Enter>");
    assert_int_equal(ui->descent[PLANE_MSE].steps, 40720);
    stage_play(s, ":losses point 11,0<Enter>");
    assert_true(s->app.model.ui.warning && strstr(s->app.model.ui.message, "from -10 to 10"));
    stage_play(s, "<Esc>:losses rate 0<Enter>");
    assert_true(s->app.model.ui.warning && strstr(s->app.model.ui.message, "above 0"));
    stage_play(s, "<Esc>:losses sideways<Enter>");
    assert_true(s->app.model.ui.warning);
    assert_true(fabs(ui->y[0] + 7) < 1e-9 && fabs(ui->rate - .5) < 1e-9);
}

static void the_mouse_puts_the_point(void **state)
{
    struct stage *s = *state;
    struct losses_ui *ui = losses_ui(&s->app.model);

    app_resize(&s->app, 80, 24);
    stage_play(s, "<click 50 4>");
    assert_int_equal(s->app.model.ui.focus, LOSSES_CROSS_ENTROPY);
    assert_true(ui->y[0] < 0 && ui->y[1] > 0 && fabs(ui->y[0] + 7) + fabs(ui->y[1] - 5) > .4);
}

/* The fork is the list's first comparison; where there is no place for it, that is said. */
static void one_key_makes_the_paired_fork(void **state)
{
    struct stage *s = *state;
    struct command c;

    stage_play(s, "x");
    c = fake_trainer_last(s->trainer);
    assert_true(c.kind == COMMAND_COMPARE && strcmp(c.text, "loss") == 0);
    fake_trainer_runs(s->trainer)->there = 15;
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    stage_play(s, "x");
    assert_int_equal(fake_trainer_taken(s->trainer), 1);
    assert_true(s->app.model.ui.warning && strstr(s->app.model.ui.message, "it needs 1 more run"));
}

struct lines {
    int count;
    char last[LOSSES_TEXT];
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

    losses_view.text(&s->app.model, &sink);
    losses_view.text(&s->app.model, &sink);
    assert_int_equal(l.count, 1);
    assert_string_equal(l.last, "losses at (-7, 5), p(true) 6.14e-6: |gradient| of MSE 3.48e-5, of cross-entropy 1.41; at rate 0.5 "
                                "until p > 0.9 MSE takes 40,720 steps, cross-entropy 23 steps");
    stage_play(s, "<Right>1");
    losses_view.text(&s->app.model, &sink);
    assert_int_equal(l.count, 1);
}

#define ON_VIEW(f) cmocka_unit_test_setup_teardown(f, set_up, stage_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_VIEW(the_view_at_all_sizes),
        ON_VIEW(panels_stay_inside),
        ON_VIEW(the_lectures_figures_are_on_the_screen),
        ON_VIEW(a_long_descent_goes_on_by_itself),
        ON_VIEW(keys_move_the_point_and_turn_the_rate),
        ON_VIEW(the_mouse_puts_the_point),
        ON_VIEW(one_key_makes_the_paired_fork),
        ON_VIEW(lines_say_the_same),
        cmocka_unit_test(golden_all_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
