/* SPDX-License-Identifier: MIT */
/* lab/: landscapes beside the training. Nothing here depends on how fast a thread is: each wait is for what
 * must come. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "libriphone-folder.h"
#include "trained-run.h"

static struct toy toy;

static void begin(struct training *s, const char *network)
{
    struct knobs k = training_knobs(network);

    training_open(s, &toy, &k, NULL);
}

static void ask(struct training *s, const char *text)
{
    struct command c = {.kind = COMMAND_LANDSCAPE};

    text_copy(c.text, sizeof c.text, text);
    training_send(s, c);
}

static void run_steps(struct training *s, uint64_t count)
{
    uint64_t step = trainer_snapshot(s->trainer)->step + count;

    training_steps(s, count);
    training_at(s, step, 1);
}

/* All that was asked for has come to its end. */
static const struct landscape_view *wait_for_end(struct training *s)
{
    const struct landscape_view *v;

    training_obeyed(s);
    while (v = trainer_landscape(s->trainer), v->status == LANDSCAPE_RUNNING)
        training_news(s);
    return v;
}

static const struct landscape_view *draw(struct training *s, const char *text)
{
    const struct landscape_view *v;

    ask(s, text);
    v = wait_for_end(s);
    if (v->status != LANDSCAPE_DONE)
        fail_msg("%s: status %d, %s", text, (int)v->status, v->text);
    return v;
}

/* ---- pictures ------------------------------------------------------------------------------- */

static void a_picture_is_whole(const struct landscape_view *v, int points)
{
    int rows = v->axes == 2 ? points : 1;
    float least = INFINITY, most = -INFINITY;

    assert_true(v->known && v->whole);
    assert_true(v->x.points == points && v->y.points == rows && v->columns == points && v->rows == rows);
    for (int i = 0; i < points * rows; i++) {
        assert_true(isfinite(v->z[i]));
        least = fminf(least, v->z[i]);
        most = fmaxf(most, v->z[i]);
    }
    assert_true((float)v->least == least && (float)v->most == most);
    assert_true((float)v->loss == v->z[v->y.zero * points + v->x.zero]);
    assert_true(v->foot[0].loss == v->loss && isfinite(v->foot[0].highest) && v->foot[0].sharpness.percent >= 0);
}

/* All but the line; that of the curvature's own probe says the same loss. */
static void every_kind_fills_its_grid(void **state)
{
    static const char *const kinds[] = {"random", "gradient", "top", "ends", "pca"};
    struct training s;
    char text[64];
    double loss;

    (void)state;
    begin(&s, TRAINING_SMALL);
    run_steps(&s, 60);
    training_send(&s, (struct command){.kind = COMMAND_PROBE});
    training_obeyed(&s);
    while (trainer_curvature(s.trainer)->status != CURVATURE_DONE)
        training_news(&s);
    loss = trainer_curvature(s.trainer)->loss;
    for (int axes = 1; axes <= 2; axes++)
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            const struct landscape_view *v;
            snprintf(text, sizeof text, "%s %dd points=9", kinds[i], axes);
            v = draw(&s, text);
            assert_int_equal(v->axes, axes);
            assert_int_equal(v->step, 60);
            assert_int_equal(v->frames, 200);
            assert_string_equal(landscape_kind_name((int)v->plan.kind), kinds[i]);
            assert_true(fabs(v->loss - loss) < 1e-5 * loss);
            a_picture_is_whole(v, 9);
        }
    training_close(&s);
}

/* On planes that were not made for it as well. */
static void the_way_falls_on_any_plane(void **state)
{
    const struct landscape_view *v;
    struct training s;

    (void)state;
    begin(&s, TRAINING_SMALL);
    assert_int_equal(draw(&s, "random points=3")->path_points, 0); /* there was none */
    run_steps(&s, 20);
    v = draw(&s, "top points=3");
    assert_int_equal(v->path_points, 21);
    assert_true(v->path[20][0] == 0 && v->path[20][1] == 0 && hypot(v->path[0][0], v->path[0][1]) > 1e-6);
    assert_int_equal(draw(&s, "top 1d points=3")->path_points, 0);
    training_close(&s);
}

static void the_path_is_the_way_of_the_run(void **state)
{
    const struct landscape_view *v;
    double before[2];
    struct training s;
    int points;

    (void)state;
    begin(&s, TRAINING_SMALL);
    run_steps(&s, 20);
    v = draw(&s, "pca points=5");
    points = v->path_points;
    assert_int_equal(points, 21); /* from the first weights on */
    assert_true(v->path[20][0] == 0 && v->path[20][1] == 0);
    assert_true(v->x.direction.share > v->y.direction.share && v->x.direction.share + v->y.direction.share <= 1 + 1e-9);
    assert_true(v->path[0][0] >= v->x.lo && v->path[0][0] < 0);
    memcpy(before, v->path[0], sizeof before);
    run_steps(&s, 20);
    v = draw(&s, "pca points=5");
    assert_int_equal(v->path_points, 41);
    assert_true(hypot(v->path[0][0], v->path[0][1]) > hypot(before[0], before[1]));
    training_close(&s);
}

/* Both ends are the losses of these weights, and the file's statistics are theirs. */
static void a_line_goes_to_a_checkpoint(void **state)
{
    const struct landscape_view *v;
    struct command save = {.kind = COMMAND_SAVE};
    char *folder = temporary_folder(), text[600];
    struct training s;
    double there;

    (void)state;
    snprintf(save.text, sizeof save.text, "%s/a line's end.safetensors", folder);
    begin(&s, TRAINING_SMALL);
    run_steps(&s, 30);
    there = draw(&s, "random points=3")->loss;
    training_send(&s, save);
    run_steps(&s, 30);
    snprintf(text, sizeof text, "line points=9 %s", save.text);
    v = draw(&s, text);
    a_picture_is_whole(v, 9);
    assert_int_equal(v->feet, 2);
    assert_true(v->foot[1].loss == there && there != v->loss);
    assert_true(isfinite(v->foot[1].highest) && isfinite(v->foot[1].sharpness.percent));
    assert_true((float)there == v->z[v->x.points - 1 - v->x.zero]);
    training_close(&s);
    remove_folder(folder);
}

/* As a later version may have written it: "knob.dropout" is "knob.drapout". */
static void rename_a_setting(const char *path)
{
    static const char name[] = "knob.dropout";
    static char bytes[1 << 16];
    FILE *f = fopen(path, "r+b");
    char *at;
    size_t n;

    assert_non_null(f);
    n = fread(bytes, 1, sizeof bytes, f);
    at = memmem(bytes, n, name, sizeof name - 1);
    assert_non_null(at);
    assert_int_equal(fseek(f, at - bytes + 7, SEEK_SET), 0);
    fputc('a', f);
    assert_int_equal(fclose(f), 0);
}

/* The same line as to that run's checkpoint; a run whose network is another has none. */
static void a_line_goes_to_another_run(void **state)
{
    const struct landscape_view *v;
    struct command restart = {.kind = COMMAND_CHANGE, .run = 2, .knob = KNOB_NETWORK};
    struct training s;
    double there, here;

    (void)state;
    begin(&s, TRAINING_SMALL);
    run_steps(&s, 20);
    training_send(&s, (struct command){.kind = COMMAND_FORK});
    training_set(&s, KNOB_BATCH_SIZE, 7);
    run_steps(&s, 20);
    there = draw(&s, "random points=3")->loss;
    training_send(&s, (struct command){.kind = COMMAND_FOCUS, .count = 0});
    here = draw(&s, "random points=3")->loss;
    v = draw(&s, "line points=9 run B");
    a_picture_is_whole(v, 9);
    assert_true(v->foot[0].loss == here && v->foot[1].loss == there && here != there);
    assert_int_equal(landscape_plan_run(&v->plan), 1);
    v = draw(&s, "curve points=9 run B");
    assert_true(v->whole && v->columns == 9 && v->feet == 2);
    assert_true(v->curve_points == 9 && v->curve[0] == v->z[0] && v->curve[8] == v->z[8] && v->x.lo == 0 && v->x.hi == 1);
    assert_true(v->line_barrier >= 0 && v->curve_barrier >= 0 && isnan(v->foot[0].sharpness.percent));
    assert_int_equal(knob_parse(KNOB_NETWORK, "linear 9 | linear 3", &restart.setting, NULL), 0);
    training_send(&s, restart);
    ask(&s, "line points=9 run B");
    v = wait_for_end(&s);
    assert_int_equal(v->status, LANDSCAPE_FAILED);
    assert_non_null(strstr(v->text, "another shape"));
    training_close(&s);
}

static void unknown_settings_of_the_file_are_named_once(void **state)
{
    struct command save = {.kind = COMMAND_SAVE};
    char *folder = temporary_folder(), text[600];
    const struct snapshot *n;
    struct training s;
    uint64_t logged;

    (void)state;
    snprintf(save.text, sizeof save.text, "%s/later.safetensors", folder);
    snprintf(text, sizeof text, "line points=3 %s", save.text);
    begin(&s, TRAINING_SMALL);
    training_send(&s, save);
    logged = training_obeyed(&s)->log_count;
    draw(&s, text);
    assert_int_equal(trainer_snapshot(s.trainer)->log_count, logged); /* nothing to name */
    rename_a_setting(save.text);
    draw(&s, text);
    n = training_log(&s, logged + 1);
    assert_string_equal(n->log[logged % SNAPSHOT_LOG].text,
                        "later.safetensors: ignoring settings of another version: drapout");
    training_send(&s, (struct command){.kind = COMMAND_LANDSCAPE_FOLLOW, .count = 1});
    training_steps(&s, 5);
    training_at(&s, 5, 1);
    while (trainer_landscape(s.trainer)->step != 5)
        training_news(&s);
    assert_int_equal(trainer_snapshot(s.trainer)->log_count, logged + 1);
    training_close(&s);
    remove_folder(folder);
}

/* A larger box holds a larger rise. */
static void the_box_of_the_sharpness_is_asked_for(void **state)
{
    const struct landscape_view *v;
    struct training s;
    double percent;

    (void)state;
    begin(&s, TRAINING_SMALL);
    run_steps(&s, 20);
    v = draw(&s, "random points=3");
    assert_true(v->foot[0].sharpness.epsilon == 1e-3);
    percent = v->foot[0].sharpness.percent;
    v = draw(&s, "random points=3 epsilon=.01");
    assert_true(v->foot[0].sharpness.epsilon == .01 && v->foot[0].sharpness.percent > percent);
    training_close(&s);
}

static void levels_come_one_after_the_other(void **state)
{
    int columns = 0, levels = 0;
    struct training s;

    (void)state;
    begin(&s, TRAINING_LARGE);
    ask(&s, "random points=33");
    while (levels < 2) {
        const struct landscape_view *v = trainer_landscape(s.trainer);
        if (v->known && v->columns != columns) {
            assert_true(v->columns > columns && !v->whole && v->columns == v->rows);
            for (int i = 0; i < 33 * 33; i++)
                assert_true(isfinite(v->z[i]));
            columns = v->columns;
            levels++;
        } else
            training_news(&s);
    }
    training_close(&s);
}

/* ---- beside the run ------------------------------------------------------------------------- */

static void training_is_the_same_with_landscapes_and_without(void **state)
{
    struct knobs k = training_knobs(TRAINING_SMALL);
    struct training s;

    (void)state;
    begin(&s, TRAINING_SMALL);
    ask(&s, "ends points=9");
    training_send(&s, (struct command){.kind = COMMAND_LANDSCAPE_FOLLOW, .count = 1});
    run_steps(&s, 60);
    training_is_plain(&s, &toy, &k, 60);
    training_close(&s);
}

/* Drawn again while the run goes on, and no more when it rests; the way grows. */
static void following_draws_again(void **state)
{
    const struct landscape_view *v;
    struct training s;
    uint64_t step;

    (void)state;
    begin(&s, TRAINING_SMALL);
    run_steps(&s, 5);
    ask(&s, "pca points=5");
    training_send(&s, (struct command){.kind = COMMAND_LANDSCAPE_FOLLOW, .count = 1});
    v = wait_for_end(&s);
    assert_true(v->follow && v->step == 5);
    training_send(&s, (struct command){.kind = COMMAND_RESUME});
    for (int i = 0; i < 3; i++) {
        step = trainer_landscape(s.trainer)->step;
        while (v = trainer_landscape(s.trainer), v->step == step) {
            assert_true(v->known && v->whole); /* the old one stays until the new one is whole */
            training_news(&s);
        }
        assert_true(v->step > step && v->whole && v->path_points > 6);
    }
    training_send(&s, (struct command){.kind = COMMAND_PAUSE});
    training_obeyed(&s);
    while (v = trainer_landscape(s.trainer),
           v->status == LANDSCAPE_RUNNING || v->step != trainer_snapshot(s.trainer)->step)
        training_news(&s);
    training_send(&s, (struct command){.kind = COMMAND_LANDSCAPE_FOLLOW});
    training_obeyed(&s);
    step = trainer_snapshot(s.trainer)->step;
    run_steps(&s, 3);
    v = trainer_landscape(s.trainer);
    assert_true(!v->follow && v->status == LANDSCAPE_DONE && v->step == step);
    training_close(&s);
}

static void calling_off_keeps_what_is_there(void **state)
{
    const struct landscape_view *v;
    struct training s;

    (void)state;
    begin(&s, TRAINING_LARGE);
    ask(&s, "random");
    while (!trainer_landscape(s.trainer)->known)
        training_news(&s);
    training_send(&s, (struct command){.kind = COMMAND_LANDSCAPE_CANCEL});
    v = wait_for_end(&s);
    assert_int_equal(v->status, LANDSCAPE_CANCELLED);
    assert_true(v->known && !v->whole && v->columns < 33);
    training_close(&s);
}

/* The last one asked for is the one that is drawn. */
static void another_takes_its_place(void **state)
{
    const struct landscape_view *v;
    struct training s;

    (void)state;
    begin(&s, TRAINING_LARGE);
    ask(&s, "ends");
    ask(&s, "gradient");
    v = draw(&s, "random 1d points=3");
    assert_true(v->plan.kind == LANDSCAPE_RANDOM && v->axes == 1 && v->x.points == 3 && v->whole);
    training_close(&s);
}

static void quitting_ends_it(void **state)
{
    static const char *const texts[] = {"random", "ends", "gradient 1d"};
    struct training s;

    (void)state;
    for (int i = 0; i < 3; i++) {
        begin(&s, TRAINING_LARGE);
        ask(&s, texts[i]);
        if (i == 1)
            training_send(&s, (struct command){.kind = COMMAND_RESUME});
        while (trainer_landscape(s.trainer)->done < 1)
            training_news(&s);
        training_close(&s);
    }
}

static void a_restart_forgets_it(void **state)
{
    const struct landscape_view *v;
    struct training s;

    (void)state;
    begin(&s, TRAINING_LARGE);
    run_steps(&s, 2);
    ask(&s, "random");
    while (!trainer_landscape(s.trainer)->known)
        training_news(&s);
    training_send(&s, (struct command){.kind = COMMAND_CHANGE, .knob = KNOB_NETWORK,
                                       .setting = {.text = "linear 8 relu bn | linear 3"}});
    training_obeyed(&s);
    assert_true(trainer_landscape(s.trainer)->status == LANDSCAPE_NONE && !trainer_landscape(s.trainer)->known);
    v = draw(&s, "random points=5"); /* while the old one may still be ending */
    assert_true(v->step == 0 && v->parameters < 1000 && v->whole);
    run_steps(&s, 3);
    v = draw(&s, "pca points=5");
    assert_int_equal(v->path_points, 4); /* of the new run alone */
    training_close(&s);
}

static void what_cannot_be_drawn_is_said(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"pca", "two points or more"},
        {"line nowhere/at-all.safetensors", "nowhere/at-all.safetensors"},
        {"sideways", "sideways"},
        {"line run C", "there is no run C"},
    };
    struct training s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct landscape_view *v;
        begin(&s, TRAINING_SMALL);
        ask(&s, cases[i].text);
        v = wait_for_end(&s);
        assert_int_equal(v->status, LANDSCAPE_FAILED);
        if (!strstr(v->text, cases[i].says))
            fail_msg("%s: %s", cases[i].text, v->text);
        training_send(&s, (struct command){.kind = COMMAND_LANDSCAPE_FOLLOW, .count = 1});
        training_obeyed(&s);
        assert_int_equal(trainer_landscape(s.trainer)->follow, 0);
        training_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_fills_its_grid),
        cmocka_unit_test(the_way_falls_on_any_plane),
        cmocka_unit_test(the_path_is_the_way_of_the_run),
        cmocka_unit_test(a_line_goes_to_a_checkpoint),
        cmocka_unit_test(a_line_goes_to_another_run),
        cmocka_unit_test(unknown_settings_of_the_file_are_named_once),
        cmocka_unit_test(the_box_of_the_sharpness_is_asked_for),
        cmocka_unit_test(levels_come_one_after_the_other),
        cmocka_unit_test(training_is_the_same_with_landscapes_and_without),
        cmocka_unit_test(following_draws_again),
        cmocka_unit_test(calling_off_keeps_what_is_there),
        cmocka_unit_test(another_takes_its_place),
        cmocka_unit_test(quitting_ends_it),
        cmocka_unit_test(a_restart_forgets_it),
        cmocka_unit_test(what_cannot_be_drawn_is_said),
    };
    toy_init(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
