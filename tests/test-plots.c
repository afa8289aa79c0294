/* The plots over the run's steps: the cross-hair, the part that is shown, and what titles and legends say of both. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "panel/panel.h"
#include "stage.h"

/* The screen as text; the caller frees. */
static char *screen_of(const struct stage *s, int w, int h, enum charset charset)
{
    struct canvas c;
    char *text;

    assert_int_equal(canvas_init(&c, w, h, charset), 0);
    app_draw(&s->app, &c);
    text = canvas_to_text(&c);
    canvas_free(&c);
    return text;
}

static void expect_on_screen(const struct stage *s, int w, int h, const char *words, int there)
{
    char *text = screen_of(s, w, h, CHARSET_BRAILLE);

    if ((strstr(text, words) != NULL) != there)
        fail_msg("\"%s\" is %son the screen\n%s", words, there ? "not " : "", text);
    free(text);
}

static void expect_in_pane(const struct stage *s, enum pane pane, int w, const char *words, int there)
{
    struct canvas c;
    char *text;

    assert_int_equal(canvas_init(&c, w, 12, CHARSET_BRAILLE), 0);
    panel_at(pane)->draw(&s->app.model, &c);
    text = canvas_to_text(&c);
    if ((strstr(text, words) != NULL) != there)
        fail_msg("\"%s\" is %sin\n%s", words, there ? "not " : "", text);
    free(text);
    canvas_free(&c);
}

/* ---- the cross-hair and the part that is shown ---- */

static double last_step(const struct stage *s)
{
    const struct track *t = &s->app.history->track[TRACK_LOSS];

    return t->count ? t->step[t->count - 1] : 0;
}

/* A run that begins again has none of the places of the one before. */
static void a_restart_drops_the_cross_hair(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 1000 steps><Tab><Tab>:zoom 200 800<Enter><Left>");
    assert_true(isfinite(s.app.model.ui.cross));
    stage_play(&s, "ry<wait 100 steps>");
    assert_true(isnan(s.app.model.ui.cross));
    assert_true(s.app.model.ui.range_to == 0);
    expect_on_screen(&s, 80, 24, "at ", 0);
    stage_free(&s);
}

/* Steps that are taken back take the cross-hair along. */
static void the_cross_hair_goes_no_further_than_the_run(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 1000 steps><Tab><Tab><Left>");
    assert_true(s.app.model.ui.cross > 900);
    fake_trainer_draft(s.trainer)->step = 399; /* and on from there */
    stage_play(&s, "<wait 1 steps>");
    assert_true(last_step(&s) == 400 && s.app.model.ui.cross == 400);
    stage_free(&s);
}

/* Where the loss curve's axis has a step: 0 … 1 in sight. */
static double place_of(const struct stage *s, double step)
{
    struct panel_plot p;

    assert_true(loss_panel.plot(&s->app.model, &p));
    return axis_place(&p.plot.x, step);
}

static int in_sight(const struct stage *s, double step)
{
    double place = place_of(s, step);

    return place >= 0 && place <= 1;
}

static void zooming_keeps_the_cross_hair_where_it_is(void **state)
{
    static const int back[] = {1, 3, 20, 40};
    struct stage s;

    (void)state;
    for (int i = 0; i < 4; i++) {
        double place, cross;
        stage_init(&s, "<wait 4000 steps><Tab><Tab>");
        for (int k = 0; k < back[i]; k++)
            stage_play(&s, "<Left>");
        cross = s.app.model.ui.cross;
        place = place_of(&s, cross);
        for (int zoom = 0; zoom < 4; zoom++) {
            stage_play(&s, "+");
            assert_true(s.app.model.ui.cross == cross);
            assert_float_equal(place_of(&s, cross), place, 1e-6);
        }
        expect_on_screen(&s, 80, 24, "at ", 1);
        stage_play(&s, "--");
        assert_float_equal(place_of(&s, cross), place, 1e-6);
        stage_play(&s, "---");
        assert_true(place_of(&s, 0) == 0 && in_sight(&s, 4000)); /* all of the run again */
        stage_free(&s);
    }
}

static void the_wheel_zooms_around_the_pointer(void **state)
{
    static const enum pane panes[] = {PANE_LOSS, PANE_ACCURACY};
    struct stage s;

    (void)state;
    for (int i = 0; i < 2; i++)
        for (int column = 12; column < 36; column += 6) {
            struct rect r;
            struct event wheel = {HAND_WHEEL_UP, 0, 5};
            double before, after;
            stage_init(&s, "<wait 1400 steps><Tab><Tab><Left>");
            r = app_layout(&s.app, 80, 24).pane[panes[i]];
            wheel.x = r.x + column;
            before = panel_hit(&s.app.model, panes[i], r, column, 5 - r.y, CHARSET_BRAILLE).step;
            for (int zoom = 0; zoom < 3; zoom++) {
                app_handle(&s.app, &wheel);
                after = panel_hit(&s.app.model, panes[i], r, column, 5 - r.y, CHARSET_BRAILLE).step;
                assert_float_equal(after, before, 1);
            }
            assert_false(in_sight(&s, 0) && in_sight(&s, 1400));
            stage_free(&s);
        }
}

/* Titles speak of a cross-hair that is in sight; the arrows move none that is not. */
static void arrows_begin_where_one_looks(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 4000 steps><Tab><Tab><Left>");
    stage_play(&s, "++[[[[[[[[[[[[[[[[[[[[");
    assert_false(in_sight(&s, s.app.model.ui.cross));
    expect_in_pane(&s, PANE_LOSS, 60, "at ", 0);
    expect_in_pane(&s, PANE_ACCURACY, 60, "at ", 0);
    stage_play(&s, "<Left>");
    assert_true(in_sight(&s, s.app.model.ui.cross) && s.app.model.ui.cross < 2000);
    for (int i = 0; i < 100; i++) { /* and what is shown goes along, to both ends */
        stage_play(&s, i < 40 ? "<Left>" : "<Right><Right><Right><Right>");
        assert_true(in_sight(&s, s.app.model.ui.cross));
    }
    assert_true(s.app.model.ui.cross == 4000);
    stage_free(&s);
}

/* A value of the past says when it was; "now" is said of the present only. */
static void titles_say_when_their_values_were(void **state)
{
    static const enum pane panes[] = {PANE_LOSS, PANE_ACCURACY, PANE_RATE, PANE_GRADIENT, PANE_CONTRAST, PANE_LAYERS};
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 1000 steps><Tab><Tab>");
    for (int cross = 0; cross < 2; cross++, stage_play(&s, "<Left><Left>"))
        for (size_t i = 0; i < sizeof panes / sizeof *panes; i++)
            for (int w = 46; w < 130; w += 7)
                if (cross) {
                    expect_in_pane(&s, panes[i], w, "at 966", 1);
                    expect_in_pane(&s, panes[i], w, " now ", 0);
                } else
                    expect_in_pane(&s, panes[i], w, "at ", 0);
    stage_free(&s);
}

/* ---- the first line ---- */

/* Evaluations of a few tenths of a second leave it as it is; longer ones are told with their share. */
static void only_long_evaluations_are_told(void **state)
{
    static const double seconds[] = {0, .2, .49, .5, 3};
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 400 steps>");
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        struct snapshot *d = fake_trainer_draft(s.trainer);
        d->status = RUN_EVALUATING;
        d->evaluated = .29;
        d->evaluation_seconds = seconds[i];
        fake_trainer_publish(s.trainer);
        app_gather(&s.app);
        expect_on_screen(&s, 80, 24, "▶ training", seconds[i] < .5);
        expect_on_screen(&s, 80, 24, "◌ eval 29 %", seconds[i] >= .5);
    }
    stage_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_drops_the_cross_hair),
        cmocka_unit_test(the_cross_hair_goes_no_further_than_the_run),
        cmocka_unit_test(zooming_keeps_the_cross_hair_where_it_is),
        cmocka_unit_test(the_wheel_zooms_around_the_pointer),
        cmocka_unit_test(arrows_begin_where_one_looks),
        cmocka_unit_test(titles_say_when_their_values_were),
        cmocka_unit_test(only_long_evaluations_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
