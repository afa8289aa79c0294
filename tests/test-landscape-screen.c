/* SPDX-License-Identifier: MIT */
/* The Landscape view: whole screens against golden ones, and what its keys ask of the trainer. */
#include "test.h"

#include "train/panes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formula-landscapes.h"
#include "golden.h"
#include "markup.h"
#include "landscape/map.h"

#define RUN "<wait 1412 steps>3"

static void show(struct stage *s)
{
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
}

static void stage_landscape(struct stage *s, void (*fill)(struct landscape_view *v))
{
    stage_init(s, RUN);
    if (fill)
        fill(fake_trainer_landscape(s->trainer));
    landscape_ui(&s->app.model)->plan = fake_trainer_landscape(s->trainer)->plan;
    if (!fill)
        landscape_ui(&s->app.model)->plan.axes = 2;
    show(s);
}

static void whole_valley(struct landscape_view *v)
{
    canned_valley(v, 1);
}

static void coarse_valley(struct landscape_view *v)
{
    canned_valley(v, 4);
}

static void failed(struct landscape_view *v)
{
    v->status = LANDSCAPE_FAILED;
    snprintf(v->text, sizeof v->text, "principal components need a path of two points or more");
}

static void beginning(struct landscape_view *v)
{
    v->status = LANDSCAPE_RUNNING;
    snprintf(v->text, sizeof v->text, "eigenvectors, product");
    v->done = 12, v->of = 40;
}

/* ---- screens -------------------------------------------------------------------------------- */

static void a_valley_with_its_path(void **state)
{
    struct stage s;

    (void)state;
    stage_landscape(&s, whole_valley);
    golden_screen("valley", &s, 80, 24, CHARSET_BRAILLE);
    golden_screen("valley", &s, 80, 24, CHARSET_ASCII);
    golden_sweep(&s);
    stage_play(&s, "<Left><Left><Left><Up><Up>");
    golden_sweep(&s);
    stage_free(&s);
}

/* The map says what it is of, the list that it asks for another. */
static void a_valley_beside_a_list_that_asks_for_another(void **state)
{
    struct stage s;

    (void)state;
    stage_landscape(&s, whole_valley);
    landscape_ui(&s.app.model)->plan.kind = LANDSCAPE_TOP;
    golden_sweep(&s);
    stage_free(&s);
}

static void a_line_between_two_checkpoints(void **state)
{
    struct stage s;

    (void)state;
    stage_landscape(&s, canned_line);
    golden_screen("line", &s, 80, 24, CHARSET_BRAILLE);
    golden_sweep(&s);
    stage_free(&s);
}

static void a_curve_beside_the_line(void **state)
{
    struct stage s;

    (void)state;
    stage_landscape(&s, canned_curve);
    golden_screen("curve", &s, 80, 24, CHARSET_BRAILLE);
    stage_play(&s, "<Right><Right><Right>");
    golden_sweep(&s);
    stage_free(&s);
}

/* A curve is trained on other frames than the barriers are measured on, and may be worse than a line without one. */
static void a_curve_that_is_no_better_is_told(void **state)
{
    static struct landscape_view v;
    static char line[PLAIN_LANDSCAPE_LINES][PLAIN_LANDSCAPE_SIZE];

    (void)state;
    canned_curve(&v);
    v.known = v.whole = 1;
    for (int better = 0; better < 2; better++) {
        struct plain_landscape told = {0};
        int n, found = 0;
        v.line_barrier = better ? .9 : 0;
        v.drawn++;
        n = plain_landscape(&told, &v, line);
        for (int i = 0; i < n; i++)
            found |= strstr(line[i], "finds no better way") != NULL;
        assert_int_equal(found, !better);
    }
}

/* From the weights backwards, point by point; the frame has its figures. */
static void points_of_the_path_are_read(void **state)
{
    struct stage s;

    (void)state;
    stage_landscape(&s, whole_valley);
    stage_play(&s, "[[[");
    assert_int_equal(landscape_point_at(s.app.model.landscape, landscape_ui(&s.app.model)->cross_x,
                                        landscape_ui(&s.app.model)->cross_y), 20);
    golden_screen("valley-path", &s, 120, 40, CHARSET_BRAILLE);
    golden_sweep(&s);
    stage_play(&s, "]]]]]");
    assert_true(landscape_ui(&s.app.model)->cross_x == 0 && landscape_ui(&s.app.model)->cross_y == 0);
    stage_free(&s);
    stage_landscape(&s, canned_line);
    stage_play(&s, "[");
    assert_non_null(strstr(s.app.model.ui.message, "no path"));
    stage_free(&s);
}

static void one_axis_beside_its_model(void **state)
{
    struct stage s;

    (void)state;
    stage_landscape(&s, canned_slice);
    stage_play(&s, "<Right><Right><Right>");
    golden_sweep(&s);
    stage_free(&s);
}

static void states_of_the_work(void **state)
{
    static const struct {
        const char *name;
        void (*fill)(struct landscape_view *v);
    } cases[] = {
        {"landscape-empty", NULL},
        {NULL, beginning},
        {"landscape-coarse", coarse_valley},
        {NULL, failed},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage s;
        stage_landscape(&s, cases[i].fill);
        if (cases[i].name)
            golden_screen(cases[i].name, &s, 80, 24, CHARSET_BRAILLE);
        golden_sweep(&s);
        stage_free(&s);
    }
}

static void panels_stay_inside(void **state)
{
    static void (*const fills[])(struct landscape_view *v) = {NULL,        whole_valley, coarse_valley,
                                                              canned_line, canned_slice, failed};
    static const struct pane *const panes[] = {&landscape_pane, &controls_pane, &summary_pane};

    (void)state;
    for (size_t i = 0; i < sizeof fills / sizeof *fills; i++) {
        struct stage s;
        stage_landscape(&s, fills[i]);
        stage_play(&s, "<Left>");
        for (int pane = 0; pane < 3; pane++)
            for (int w = 1; w <= 64; w += 3)
                for (int h = 1; h <= 30; h++)
                    golden_guarded(&s.app.model, panes[pane], w, h, (enum charset)((w + h) % 3));
        stage_free(&s);
    }
}

/* What is not finite or not known breaks nothing. */
static void heights_may_be_anything(void **state)
{
    struct stage s;
    struct landscape_view *v;

    (void)state;
    stage_landscape(&s, whole_valley);
    v = fake_trainer_landscape(s.trainer);
    for (int i = 0; i < v->x.points * v->y.points; i++)
        v->z[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? INFINITY : (float)i;
    v->not_finite = 726;
    v->most = INFINITY;
    show(&s);
    golden_guarded(&s.app.model, &landscape_pane, 60, 20, CHARSET_BRAILLE);
    for (int i = 0; i < v->x.points * v->y.points; i++)
        v->z[i] = NAN;
    v->least = v->most = NAN;
    show(&s);
    golden_guarded(&s.app.model, &landscape_pane, 60, 20, CHARSET_BRAILLE);
    golden_guarded(&s.app.model, &summary_pane, 40, 20, CHARSET_BRAILLE);
    stage_free(&s);
}

/* :plot of the pane: a field with its path and marks, or a plot with its series. */
static void pictures_have_their_parts(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_landscape(&s, NULL);
    assert_null(landscape_pane.svg(&s.app.model, THEME_DARK));
    canned_valley(fake_trainer_landscape(s.trainer), 1);
    show(&s);
    stage_play(&s, "<Left>");
    text = landscape_pane.svg(&s.app.model, THEME_LIGHT);
    markup_check(text);
    assert_true(markup_count(text, "g", "axis") == 2 && markup_count(text, "path", "contour") > 2);
    assert_int_equal(markup_count(text, "g", "legend"), 1);
    assert_true(strstr(text, ">here</text>") && strstr(text, ">lowest</text>") && strstr(text, ">path</text>"));
    assert_int_equal(markup_count(text, "path", "path"), 1);
    assert_true(markup_has(text, "data-name", "here") && markup_has(text, "data-name", "lowest"));
    assert_non_null(strstr(text, "first principal component, 81.2 %"));
    assert_non_null(strstr(text, "second principal component, 12.4 %"));
    free(text);
    canned_line(fake_trainer_landscape(s.trainer));
    show(&s);
    text = landscape_pane.svg(&s.app.model, THEME_LIGHT);
    markup_check(text);
    assert_true(markup_count(text, "g", "axis") == 2 && markup_count(text, "g", "series") == 1);
    free(text);
    stage_free(&s);
}

/* ---- the path again ----------------------------------------------------------------------------- */

static void stepped_valley(struct landscape_view *v)
{
    canned_valley(v, 1);
    for (int i = 0; i < v->path_points; i++)
        v->path_step[i] = (uint64_t)(100 * i + (i > 3 ? 500 : 0)); /* a long way between two points */
}

/* Where the path is after so many steps, as straight lines have it. */
static void path_at(const struct landscape_view *v, double step, double at[2])
{
    int i = 0;

    while (i + 2 < v->path_points && (double)v->path_step[i + 1] <= step)
        i++;
    for (int k = 0; k < 2; k++)
        at[k] = v->path[i][k] + (v->path[i + 1][k] - v->path[i][k]) * (step - (double)v->path_step[i]) / (double)(v->path_step[i + 1] - v->path_step[i]);
}

static void a_path_is_replayed(void **state)
{
    static struct landscape_map map;
    const struct landscape_view *v;
    struct stage s;
    double end;
    int ticks = 0;

    (void)state;
    stage_landscape(&s, stepped_valley);
    v = fake_trainer_landscape(s.trainer);
    end = (double)v->path_step[v->path_points - 1];
    assert_false(landscape_replays(&s.app.model));
    stage_play(&s, "o");
    assert_true(landscape_replays(&s.app.model));
    for (; landscape_replays(&s.app.model); ticks++) {
        double step = landscape_ui(&s.app.model)->replay, at[2];
        const struct field_mark *head;
        assert_int_equal(landscape_map(&s.app.model, &map), 1);
        head = &map.mark[map.field.mark_count - 1];
        path_at(v, step, at);
        assert_string_equal(head->name, "path");
        assert_true(fabs(head->x - at[0]) < 1e-9 && fabs(head->y - at[1]) < 1e-9);
        assert_true(map.path.x[2 * (map.path.count - 1)] == head->x && map.path.count <= v->path_points);
        if (ticks % 20 == 0)
            golden_guarded(&s.app.model, &landscape_pane, 60, 20, CHARSET_BRAILLE);
        assert_int_equal(landscape_replay_tick(&s.app), 1);
        assert_true(!landscape_replays(&s.app.model) || (landscape_ui(&s.app.model)->replay > step && landscape_ui(&s.app.model)->replay <= end));
    }
    assert_in_range(ticks, 80, 202); /* 4 to 10 seconds */
    assert_int_equal(landscape_map(&s.app.model, &map), 1);
    assert_int_equal(map.path.count, v->path_points);
    stage_play(&s, "oo");
    assert_false(landscape_replays(&s.app.model));
    stage_play(&s, "o<Esc>");
    assert_false(landscape_replays(&s.app.model));
    canned_line(fake_trainer_landscape(s.trainer)); /* has no path */
    show(&s);
    stage_play(&s, "o");
    assert_false(landscape_replays(&s.app.model));
    stage_play(&s, ":film! /tmp/no-such-folder/film.svg<Enter>");
    assert_string_equal(s.app.model.ui.message, "film: it needs a map, and this is a line; x draws one");
    assert_null(landscape_pane.film(&s.app.model, THEME_LIGHT));
    stage_free(&s);
}

static void a_path_is_a_film(void **state)
{
    struct stage s;

    (void)state;
    stage_landscape(&s, stepped_valley);
    for (int replay = 0; replay < 2; replay++) { /* all of it, however far a replay is */
        char *text = landscape_pane.film(&s.app.model, THEME_LIGHT);
        markup_check(text);
        assert_int_equal(markup_count(text, "g", "racer"), 1);
        assert_int_equal(markup_count(text, "animateMotion", NULL), 1);
        assert_non_null(strstr(text, ">path</text>"));
        assert_non_null(strstr(text, " steps a second"));
        free(text);
        stage_play(&s, "o");
        landscape_replay_tick(&s.app);
    }
    stage_free(&s);
}

/* ---- keys ----------------------------------------------------------------------------------- */

static void keys_ask_for_slices(void **state)
{
    static const struct {
        const char *keys;
        enum command_kind kind;
        const char *text;
    } cases[] = {
        {"<Enter>", COMMAND_LANDSCAPE, "random"},
        {"d", COMMAND_LANDSCAPE, "gradient"},
        {"ddd", COMMAND_LANDSCAPE, "ends"},
        {"dddd", COMMAND_LANDSCAPE, "pca"}, /* a line has no place to go to */
        {"D", COMMAND_LANDSCAPE, "pca"},
        {"x", COMMAND_LANDSCAPE, "random 1d"},
        {"xx", COMMAND_LANDSCAPE, "random"},
        {"+", COMMAND_LANDSCAPE, "random extent=0.5"},
        {"+-", COMMAND_LANDSCAPE, "random extent=1"},
        {"+a", COMMAND_LANDSCAPE, "random"},
        {"ss", COMMAND_LANDSCAPE, "random seed=2"},
        {"<Tab><Right>", COMMAND_LANDSCAPE, "gradient"},
        {"<Tab><Down><Right>", COMMAND_LANDSCAPE, "random 1d"},
        {"<Tab><Down><Down><Right>", COMMAND_LANDSCAPE, "random points=65"},
        {"<Tab><Down><Down><Left><Left>", COMMAND_LANDSCAPE, "random points=9"},
        {"<Tab><Down><Down><Down><Right>", COMMAND_LANDSCAPE, "random extent=2"},
        {":landscape top 1d points=41<Enter>", COMMAND_LANDSCAPE, "top 1d points=41"},
        {":landscape line best run.safetensors<Enter>", COMMAND_LANDSCAPE, "line best run.safetensors"},
        {":landscape line best.safetensors<Enter>+", COMMAND_LANDSCAPE, "line extent=0.25 best.safetensors"},
        {":landscape line best.safetensors<Enter>d", COMMAND_LANDSCAPE, "pca"},
        {":landscape line best.safetensors<Enter>dD", COMMAND_LANDSCAPE, "line best.safetensors"},
        {":land<Tab>en<Tab><Enter>", COMMAND_LANDSCAPE, "ends"},
        {"w", COMMAND_LANDSCAPE_FOLLOW, ""}, /* after the drawing itself */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct command last;
        struct stage s;
        stage_landscape(&s, NULL);
        stage_play(&s, cases[i].keys);
        last = fake_trainer_last(s.trainer);
        if (last.kind != cases[i].kind || strcmp(last.text, cases[i].text) != 0)
            fail_msg("%s: command %d \"%s\"", cases[i].keys, (int)last.kind, last.text);
        stage_free(&s);
    }
}

static void following_can_be_ended(void **state)
{
    struct stage s;

    (void)state;
    stage_landscape(&s, whole_valley);
    stage_play(&s, "w");
    assert_int_equal(fake_trainer_taken(s.trainer), 1); /* there is one to be drawn again */
    assert_int_equal(fake_trainer_last(s.trainer).kind, COMMAND_LANDSCAPE_FOLLOW);
    assert_int_equal(fake_trainer_last(s.trainer).count, 1);
    fake_trainer_landscape(s.trainer)->follow = 1;
    show(&s);
    stage_play(&s, "w");
    assert_int_equal(fake_trainer_last(s.trainer).count, 0);
    stage_play(&s, "<Esc>");
    assert_int_equal(fake_trainer_last(s.trainer).kind, COMMAND_LANDSCAPE_CANCEL);
    stage_free(&s);
}

/* Esc takes the cross-hair first, then calls the work off, then goes back to the first view. */
static void escape_backs_out(void **state)
{
    struct stage s;

    (void)state;
    stage_landscape(&s, coarse_valley);
    stage_play(&s, "<Left><Esc>");
    assert_int_equal(fake_trainer_taken(s.trainer), 0);
    assert_true(isnan(landscape_ui(&s.app.model)->cross_x));
    stage_play(&s, "<Esc>");
    assert_int_equal(fake_trainer_last(s.trainer).kind, COMMAND_LANDSCAPE_CANCEL);
    fake_trainer_landscape(s.trainer)->status = LANDSCAPE_CANCELLED;
    show(&s);
    stage_play(&s, "<Esc>");
    assert_int_equal(s.app.model.ui.view, view_index(&train_view));
    stage_free(&s);
}

/* The landscape's own keys stand first on the page of help, and all of it can be reached. */
static void help_begins_with_its_own_keys(void **state)
{
    struct stage s;

    (void)state;
    stage_landscape(&s, whole_valley);
    stage_play(&s, "?");
    golden_sweep(&s);
    for (int i = 0; i < 800; i++)
        stage_play(&s, "<Down>");
    assert_int_equal(s.app.model.ui.help_top, help_rows(&s.app.model, 80, CHARSET_BRAILLE) - help_seen(24));
    assert_true(help_rows(&s.app.model, 80, CHARSET_BRAILLE) > 120);
    stage_free(&s);
}

static void a_line_asks_for_its_file(void **state)
{
    struct stage s;

    (void)state;
    stage_landscape(&s, NULL);
    stage_play(&s, ":landscape line<Enter>");
    assert_int_equal(fake_trainer_taken(s.trainer), 0);
    assert_true(s.app.model.ui.warning && strstr(s.app.model.ui.message, "name the checkpoint"));
    stage_play(&s, "<Esc>:landscape sideways<Enter>");
    assert_true(s.app.model.ui.warning && strstr(s.app.model.ui.message, "sideways"));
    stage_play(&s, "<Esc>:landscape line best.safetensors<Enter>:landscape foo<Enter>"); /* a file is named after "line" */
    assert_true(s.app.model.ui.warning && strstr(s.app.model.ui.message, "\"foo\": expected random"));
    stage_free(&s);
}

/* The cross-hair stands on points of the grid, and reads what the grid has there. */
static void the_cross_hair_reads_the_grid(void **state)
{
    const struct landscape_view *v;
    struct stage s;

    (void)state;
    stage_landscape(&s, whole_valley);
    v = s.app.model.landscape;
    stage_play(&s, "<Left><Left><Up>");
    assert_true(fabs(landscape_ui(&s.app.model)->cross_x + 2 * .16) < 1e-9);
    assert_true(fabs(landscape_ui(&s.app.model)->cross_y - .14) < 1e-9);
    assert_true(fabs(landscape_height(v, -2 * .16, .14) - v->z[11 * 33 + 22]) < 1e-5);
    assert_true(isnan(landscape_height(v, 1.3, 0)) && isnan(landscape_height(v, 0, -1.5)));
    for (int i = 0; i < 60; i++)
        stage_play(&s, "<Right><Down>");
    assert_true(landscape_ui(&s.app.model)->cross_x == v->x.hi && landscape_ui(&s.app.model)->cross_y == v->y.lo);
    stage_free(&s);
}

/* A click puts it where the map shows the place it then reads; on the list it chooses. */
static void the_mouse_reads_and_chooses(void **state)
{
    struct stage s;
    double x;

    (void)state;
    stage_landscape(&s, whole_valley);
    app_resize(&s.app, 80, 24);
    stage_play(&s, "<click 20 8>");
    x = landscape_ui(&s.app.model)->cross_x;
    assert_true(isfinite(x) && isfinite(landscape_height(s.app.model.landscape, x, landscape_ui(&s.app.model)->cross_y)));
    stage_play(&s, "<click 30 8>");
    assert_true(landscape_ui(&s.app.model)->cross_x > x);
    stage_play(&s, "<click 60 17>");
    assert_int_equal(s.app.model.ui.focus, LANDSCAPE_CONTROLS);
    assert_int_equal(landscape_ui(&s.app.model)->row, 3);
    stage_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_valley_with_its_path),
        cmocka_unit_test(a_valley_beside_a_list_that_asks_for_another),
        cmocka_unit_test(a_line_between_two_checkpoints),
        cmocka_unit_test(a_curve_beside_the_line),
        cmocka_unit_test(a_curve_that_is_no_better_is_told),
        cmocka_unit_test(points_of_the_path_are_read),
        cmocka_unit_test(one_axis_beside_its_model),
        cmocka_unit_test(states_of_the_work),
        cmocka_unit_test(pictures_have_their_parts),
        cmocka_unit_test(panels_stay_inside),
        cmocka_unit_test(heights_may_be_anything),
        cmocka_unit_test(a_path_is_replayed),
        cmocka_unit_test(a_path_is_a_film),
        cmocka_unit_test(keys_ask_for_slices),
        cmocka_unit_test(following_can_be_ended),
        cmocka_unit_test(help_begins_with_its_own_keys),
        cmocka_unit_test(escape_backs_out),
        cmocka_unit_test(a_line_asks_for_its_file),
        cmocka_unit_test(the_cross_hair_reads_the_grid),
        cmocka_unit_test(the_mouse_reads_and_chooses),
        cmocka_unit_test(golden_all_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
