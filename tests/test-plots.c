/* SPDX-License-Identifier: MIT */
/* The plots over the run's steps: the cross-hair, the part that is shown, and what titles and legends say of both. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/whole-run.h"
#include "core/file.h"
#include "train/panes.h"
#include "scripted-app.h"
#include "draw/glyph.h"

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

static void expect_in_pane(const struct stage *s, const struct pane *pane, int w, const char *words, int there)
{
    struct canvas c;
    char *text;

    assert_int_equal(canvas_init(&c, w, 12, CHARSET_BRAILLE), 0);
    pane->draw(&s->app.model, &c);
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
    struct pane_plot p;

    assert_true(loss_pane.plot(&s->app.model, &p));
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
    static const int panes[] = {TRAIN_LOSS, TRAIN_ACCURACY};
    struct stage s;

    (void)state;
    for (int i = 0; i < 2; i++)
        for (int column = 12; column < 36; column += 6) {
            struct rect r;
            struct event wheel = {INPUT_WHEEL_UP, 0, 5};
            double before, after;
            stage_init(&s, "<wait 1400 steps><Tab><Tab><Left>");
            r = app_layout(&s.app, 80, 24).pane[panes[i]];
            wheel.x = r.x + column;
            before = pane_hit(&s.app.model, train_view.panes[panes[i]], r, column, 5 - r.y, CHARSET_BRAILLE).step;
            for (int zoom = 0; zoom < 3; zoom++) {
                app_handle(&s.app, &wheel);
                after = pane_hit(&s.app.model, train_view.panes[panes[i]], r, column, 5 - r.y, CHARSET_BRAILLE).step;
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
    expect_in_pane(&s, &loss_pane, 60, "at ", 0);
    expect_in_pane(&s, &accuracy_pane, 60, "at ", 0);
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
    static const struct pane *const panes[] = {&loss_pane,     &accuracy_pane,       &rate_pane,
                                               &gradient_pane, &logit_gradient_pane, &layers_pane};
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 1000 steps><Tab><Tab>");
    for (int cross = 0; cross < 2; cross++, stage_play(&s, "<Left><Left>"))
        for (size_t i = 0; i < sizeof panes / sizeof *panes; i++)
            for (int w = 46; w < 130; w += 7)
                if (cross) {
                    expect_in_pane(&s, panes[i], w, " 966", 1);
                    expect_in_pane(&s, panes[i], w, " at ", 1);
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

/* ---- axes and reference lines ---- */

/* Numbers in the last line of a plot, and whether its unit is there. */
static int numbers_of(const struct plot *p, int w, int *unit)
{
    struct canvas c;
    char *text, *line;
    int n = 0;

    assert_int_equal(canvas_init(&c, w, 12, CHARSET_ASCII), 0);
    plot_draw(p, &c);
    text = canvas_to_text(&c);
    line = strrchr(text, '\n') ? text + strlen(text) - 1 : text;
    while (line > text && line[-1] != '\n')
        line--;
    *unit = strstr(line, p->x.unit) != NULL;
    for (char *word = strtok(line, " \n"); word; word = strtok(NULL, " \n"))
        n += strcmp(word, p->x.unit) != 0;
    free(text);
    canvas_free(&c);
    return n;
}

/* Beside the unit stand at least two numbers, and three as soon as there are three ticks and some room. */
static void the_unit_leaves_room_for_numbers(void **state)
{
    static const double ends[] = {3, 100, 150, 1500, 2500, 4000, 10000, 15000, 250000};
    static const char *const units[] = {"step", "epoch"};

    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        for (int k = 0; k < 2; k++)
            for (int w = 30; w < 90; w++) {
                struct plot p = {.x = {.hi = ends[i], .whole = 1, .unit = units[k]}, .y = {.hi = 1}, .now = NAN,
                                 .cross = NAN, .label_room = 4};
                int unit, n = numbers_of(&p, w, &unit);
                if (n < 2 || !unit || (w >= 38 && n < 3))
                    fail_msg("%d numbers to %g, %s%s in %d columns", n, ends[i], unit ? "" : "no ", units[k], w);
            }
}

static char *drawn(const struct plot *p, int w, int h)
{
    struct canvas c;
    char *text;

    assert_int_equal(canvas_init(&c, w, h, CHARSET_ASCII), 0);
    plot_draw(p, &c);
    text = canvas_to_text(&c);
    canvas_free(&c);
    return text;
}

/* A line that is drawn has its name wherever a stretch of it is free, short where that is short; two lines in a row
 * have one name. */
static void reference_lines_have_their_names(void **state)
{
    static const double x[] = {0, 3, 9.9};
    static const float y[] = {.2f, .8f, .8f};
    const struct plot_level levels[] = {{.8, "boss, full data", STYLE_LEVEL}, {.5, "medium", STYLE_LEVEL},
                                        {.49, "strong", STYLE_LEVEL}};
    struct series s = {.count = 3, .x = x, .y = y, .plain = '*'};
    struct plot p = {.x = {.hi = 10}, .y = {.hi = 1}, .series = &s, .series_count = 1, .levels = levels,
                     .level_count = 3, .now = NAN, .cross = NAN, .label_room = 4};

    (void)state;
    for (int w = 26; w < 90; w++) {
        char *text = drawn(&p, w, 11);
        assert_non_null(strstr(text, " medium "));
        assert_null(strstr(text, "strong"));
        assert_true(w < 36 || strstr(text, " boss"));
        assert_true(w < 76 || strstr(text, " boss, full data "));
        assert_true(w > 50 || !strstr(text, "full data")); /* the curve leaves three tenths */
        free(text);
    }
}

/* What is told apart by characters alone: no two curves or marks of a pane share one. */
static void plain_marks_differ(void **state)
{
    struct pane_plot p;
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 500 steps><Right><wait 100 steps>");
    assert_true(accuracy_pane.plot(&s.app.model, &p));
    assert_true(p.plot.mark_count > 0);
    for (int i = 0; i < p.plot.series_count; i++) {
        uint32_t plain = (unsigned char)p.series[i].plain;
        assert_true(plain != glyph_for(CHARSET_ASCII, p.marks[0].glyph));
        assert_true(!p.series[i].marker || glyph_for(CHARSET_ASCII, p.series[i].marker) == plain);
        for (int k = 0; k < i; k++)
            assert_true(p.series[k].plain != p.series[i].plain);
    }
    stage_free(&s);
}

/* Curves that come from a file: what would be read beyond its end, or names no loss, is refused. */
static void only_curves_that_are_some_are_taken(void **state)
{
    struct history *h = history_new(), *wrong;
    struct sample edit = {.kind = SAMPLE_EDIT, .step = 5, .edit = {.knob = KNOB_LOSS, .before = 0, .after = 1}};

    (void)state;
    for (uint64_t step = 1; step <= 5000; step++)
        history_add(h, &(struct sample){.kind = SAMPLE_STEP, .step = step, .at_step = {.loss = NAN}});
    history_add(h, &edit);
    assert_true(history_is_valid(h));
#define REFUSED(field, value)                                                                                         \
    wrong = history_copy(h);                                                                                          \
    wrong->field = value;                                                                                             \
    assert_false(history_is_valid(wrong));                                                                            \
    history_free(wrong)
    REFUSED(track[TRACK_LOSS].count, TRACK_POINTS + 1);
    REFUSED(track[TRACK_MSE].count, -1);
    REFUSED(track[TRACK_LOSS].merged, 0);
    REFUSED(track[TRACK_LOSS].filled, 1 << 20);
    REFUSED(track[TRACK_LOSS].smoothing, 1.5);
    REFUSED(track[TRACK_LOSS].step[7], 1e9);
    REFUSED(track[TRACK_LOSS].epoch[7], NAN);
    REFUSED(layers.count, LAYER_POINTS + 1);
    REFUSED(mark_count, HISTORY_MARKS + 1);
    REFUSED(mark[0].step, INFINITY);
    REFUSED(mark[0].before, -1);
    REFUSED(mark[0].after, 900);
#undef REFUSED
    history_free(h);
}

/* ---- axes ---- */

static int same_range(const struct axis *a, const struct axis *b)
{
    return a->lo == b->lo && a->hi == b->hi && a->log == b->log;
}

/* How often the plot of a pane got other numbers while a run makes so many steps, drawn every tenth; all of its own values
 * are in sight throughout. */
static int count_relabellings(const struct pane *pane, int steps)
{
    static struct pane_plot before, now;
    struct stage s;
    int count = 0;

    stage_init(&s, "<wait 10 steps>");
    assert_true(pane->plot(&s.app.model, &before));
    for (int step = 20; step <= steps; step += 10) {
        double lo, hi, last;
        stage_play(&s, "<wait 10 steps>");
        assert_true(pane->plot(&s.app.model, &now));
        assert_true(plot_extent(&now.plot, 0, &lo, &hi));
        last = now.over == OVER_EPOCHS ? s.app.model.snapshot->epoch : (double)s.app.model.snapshot->step;
        assert_true(now.plot.x.lo <= 0 && now.plot.x.hi >= last);
        assert_true(now.plot.y.lo <= lo * (1 + 1e-6) && now.plot.y.hi >= hi * (1 - 1e-6));
        assert_true(now.plot.x.hi >= before.plot.x.hi);
        count += !same_range(&before.plot.x, &now.plot.x) || !same_range(&before.plot.y, &now.plot.y);
        memcpy(&before, &now, sizeof now);
    }
    stage_free(&s);
    return count;
}

/* 20 s of training at 65 steps a second. */
static void axes_seldom_move(void **state)
{
    static const struct pane *const panes[] = {&loss_pane, &accuracy_pane, &rate_pane, &gradient_pane};

    (void)state;
    for (int i = 0; i < 4; i++) {
        int count = count_relabellings(panes[i], 1300);
        if (count > 5)
            fail_msg("%s: numbers changed %d times", panes[i]->name, count);
    }
}

/* How much of an axis lies empty just after it grew: two thirds and more while the run is young, later half. */
static void a_grown_axis_is_half_full(void **state)
{
    struct axis before, a;
    int moved = 0;

    (void)state;
    axis_fit_growing(&before, 1, 30);
    assert_true(before.lo == 0 && before.hi == 30);
    for (double last = 2; last < 300000; last *= 1.003, before = a) {
        axis_fit_growing(&a, last, 30);
        assert_true(a.hi >= last && a.hi >= before.hi);
        assert_true(last < 30 || a.hi <= last * (last > 750 ? 2.02 : last > 300 ? 2.52 : 3.36));
        moved += a.hi != before.hi && last <= 1300;
    }
    assert_int_equal(moved, 4);
}

/* What only widens is always within, and the axis never comes back to where it was. */
static void steady_axes_do_not_come_back(void **state)
{
    uint64_t r = 7;

    (void)state;
    for (int round = 0; round < 40; round++) {
        double lo = 1, hi = 1.1;
        struct axis last = {.log = round % 2}, a = last;
        axis_fit_steady(&last, lo, hi);
        for (int i = 0; i < 60; i++, last = a) {
            r = r * 6364136223846793005u + 1442695040888963407u;
            lo *= 1 - (double)(r >> 60) / 100;
            hi *= 1 + (double)(r >> 56 & 15) / 60;
            axis_fit_steady(&a, lo, hi);
            assert_true(a.lo <= lo * (1 + 1e-6) && a.hi >= hi * (1 - 1e-6) && a.hi >= last.hi);
            assert_true(a.lo <= last.lo || a.hi > last.hi);
        }
    }
}

static void a_key_shows_the_run_to_its_end(void **state)
{
    struct pane_plot *p = malloc(sizeof *p);
    struct stage s;

    (void)state;
    assert_non_null(p);
    stage_init(&s, "<wait 100 steps><Tab><Tab>");
    assert_true(pane_focused(&s.app.model) == &loss_pane);
    assert_true(loss_pane.plot(&s.app.model, p) && p->plot.x.hi < 1000);
    stage_play(&s, "$");
    assert_true(loss_pane.plot(&s.app.model, p));
    assert_float_equal(p->plot.x.hi, pane_run_end(&s.app.model, 0), 1e-6);
    assert_true(accuracy_pane.plot(&s.app.model, p) && p->plot.x.hi < 10); /* a setting of each */
    stage_play(&s, "$");
    assert_true(loss_pane.plot(&s.app.model, p) && p->plot.x.hi < 1000);
    assert_true(rate_pane.plot(&s.app.model, p));
    assert_float_equal(p->plot.x.hi, pane_run_end(&s.app.model, 1), 1e-6);
    stage_free(&s);
    free(p);
}

/* Whether the pane's plot reaches the end of the run. */
static int is_whole(struct stage *s, const struct pane *pane)
{
    struct pane_plot *p = malloc(sizeof *p);
    int whole;

    assert_non_null(p);
    assert_int_equal(pane->plot(&s->app.model, p), 1);
    whole = p->plot.x.hi >= pane_run_end(&s->app.model, p->over) - 1e-6;
    free(p);
    return whole;
}

static void what_plots_show_is_remembered(void **state)
{
    static const char file[] = "what-plots-show/plots";
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 100 steps>");
    s.app.options.plots = file;
    assert_true(is_whole(&s, &rate_pane) && !is_whole(&s, &loss_pane));
    stage_play(&s, ":whole on loss<Enter>");
    assert_string_equal(s.app.model.ui.message, "loss: the whole run, to its end");
    stage_play(&s, ":whole off learning rate<Enter><Tab><Tab><Tab>$");
    assert_true(pane_focused(&s.app.model) == &accuracy_pane);
    assert_true(is_whole(&s, &loss_pane) && is_whole(&s, &accuracy_pane) && !is_whole(&s, &rate_pane));
    stage_free(&s);

    stage_init(&s, "<wait 100 steps>"); /* another start of the lab */
    s.app.options.plots = file;
    whole_run_load(&s.app);
    assert_true(is_whole(&s, &loss_pane) && is_whole(&s, &accuracy_pane) && !is_whole(&s, &rate_pane) && !is_whole(&s, &gradient_pane));
    stage_play(&s, ":whole off loss<Enter>:whole off accuracy<Enter>:whole on learning rate<Enter>");
    stage_free(&s);

    stage_init(&s, "<wait 100 steps>");
    s.app.options.plots = file;
    whole_run_load(&s.app);
    assert_true(is_whole(&s, &rate_pane) && !is_whole(&s, &loss_pane) && !is_whole(&s, &accuracy_pane));
    stage_free(&s);
    assert_int_equal(remove(file), 0);
    assert_int_equal(remove("what-plots-show"), 0);
}

static void plots_that_cannot_be_whole_say_so(void **state)
{
    struct err e;
    struct stage s;

    (void)state;
    stage_init(&s, "<wait 100 steps>:whole on<Enter>");
    assert_string_equal(s.app.model.ui.message, "settings: this pane has no plot over the run; name one, such as whole on loss");
    stage_play(&s, "<Esc>:whole on elevation<Enter>");
    assert_string_equal(s.app.model.ui.message, "whole: there is no plot over the run \"elevation\"");
    stage_play(&s, "<Esc>:whole loss<Enter>");
    assert_non_null(strstr(s.app.model.ui.message, "expected on or off"));
    assert_int_equal(file_replace("what-plots-cannot", "loss = whole\nno such pane = whole\n\nlearning rate\n= whole\n", 53, &e), 0);
    s.app.options.plots = "what-plots-cannot";
    whole_run_load(&s.app); /* what it does not know, it passes over */
    assert_true(is_whole(&s, &loss_pane) && is_whole(&s, &rate_pane));
    s.app.options.plots = "what-plots-cannot/plots"; /* in a file, as if it were a folder */
    stage_play(&s, "<Esc>:whole off loss<Enter>");
    assert_true(!is_whole(&s, &loss_pane));
    assert_non_null(strstr(s.app.model.ui.message, "cannot be remembered"));
    stage_free(&s);
    assert_int_equal(remove("what-plots-cannot"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_plots_show_is_remembered),
        cmocka_unit_test(plots_that_cannot_be_whole_say_so),
        cmocka_unit_test(axes_seldom_move),
        cmocka_unit_test(a_grown_axis_is_half_full),
        cmocka_unit_test(steady_axes_do_not_come_back),
        cmocka_unit_test(a_key_shows_the_run_to_its_end),
        cmocka_unit_test(a_restart_drops_the_cross_hair),
        cmocka_unit_test(the_cross_hair_goes_no_further_than_the_run),
        cmocka_unit_test(zooming_keeps_the_cross_hair_where_it_is),
        cmocka_unit_test(the_wheel_zooms_around_the_pointer),
        cmocka_unit_test(arrows_begin_where_one_looks),
        cmocka_unit_test(titles_say_when_their_values_were),
        cmocka_unit_test(only_long_evaluations_are_told),
        cmocka_unit_test(the_unit_leaves_room_for_numbers),
        cmocka_unit_test(reference_lines_have_their_names),
        cmocka_unit_test(plain_marks_differ),
        cmocka_unit_test(only_curves_that_are_some_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
