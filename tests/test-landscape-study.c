/* lab/: landscapes beside the training. Nothing here depends on how fast a thread is: each wait is for what
 * must come. */
#include "test.h"

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/text.h"
#include "folder.h"
#include "lab/trainer.h"
#include "toy.h"

static struct toy toy;

static const char SMALL[] = "linear 8 relu bn | linear 3",
    LARGE[] = "linear 700 relu x3 | linear 3"; /* a landscape of it takes many seconds */

struct session {
    struct toy_run run;
    struct trainer *trainer;
    uint64_t sent;
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

static void open_session(struct session *s, const char *network)
{
    struct knobs k = knobs_of(network);
    struct err e;

    *s = (struct session){.sent = 0};
    toy_run_open(&s->run, &toy, &k, 2);
    assert_int_equal(trainer_start(&s->trainer, s->run.lane, "toy", NULL, 1, &e), 0);
}

static void close_session(struct session *s)
{
    struct err e;

    assert_int_equal(trainer_stop(s->trainer, &e), 0);
    toy_run_close(&s->run);
}

static void send(struct session *s, struct command c)
{
    assert_true(trainer_send(s->trainer, &c));
    s->sent++;
}

static void ask(struct session *s, const char *text)
{
    struct command c = {.kind = COMMAND_LANDSCAPE};

    text_copy(c.text, sizeof c.text, text);
    send(s, c);
}

static void wait_for_news(struct session *s)
{
    struct pollfd p = {.fd = trainer_event_fd(s->trainer), .events = POLLIN};
    uint64_t rung;

    if (poll(&p, 1, 30000) != 1)
        fail_msg("the trainer has been silent for 30 s at step %d", (int)trainer_snapshot(s->trainer)->step);
    assert_int_equal(read(p.fd, &rung, sizeof rung), sizeof rung);
}

static const struct snapshot *wait_for_obedience(struct session *s)
{
    const struct snapshot *now;

    while (now = trainer_snapshot(s->trainer), now->commands < s->sent)
        wait_for_news(s);
    return now;
}

static void run_steps(struct session *s, uint64_t count)
{
    uint64_t step = trainer_snapshot(s->trainer)->step + count;

    send(s, (struct command){.kind = COMMAND_STEPS, .count = count});
    while (trainer_snapshot(s->trainer)->step < step || trainer_snapshot(s->trainer)->status != RUN_PAUSED)
        wait_for_news(s);
}

/* All that was asked for has come to its end. */
static const struct landscape_view *wait_for_end(struct session *s)
{
    const struct landscape_view *v;

    wait_for_obedience(s);
    while (v = trainer_landscape(s->trainer), v->status == LANDSCAPE_RUNNING)
        wait_for_news(s);
    return v;
}

static const struct landscape_view *draw(struct session *s, const char *text)
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
    struct session s;
    char text[64];
    double loss;

    (void)state;
    open_session(&s, SMALL);
    run_steps(&s, 60);
    send(&s, (struct command){.kind = COMMAND_PROBE});
    wait_for_obedience(&s);
    while (trainer_curvature(s.trainer)->status != CURVATURE_DONE)
        wait_for_news(&s);
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
    close_session(&s);
}

/* On planes that were not made for it as well. */
static void the_way_falls_on_any_plane(void **state)
{
    const struct landscape_view *v;
    struct session s;

    (void)state;
    open_session(&s, SMALL);
    assert_int_equal(draw(&s, "random points=3")->path_points, 0); /* there was none */
    run_steps(&s, 20);
    v = draw(&s, "top points=3");
    assert_int_equal(v->path_points, 21);
    assert_true(v->path[20][0] == 0 && v->path[20][1] == 0 && hypot(v->path[0][0], v->path[0][1]) > 1e-6);
    assert_int_equal(draw(&s, "top 1d points=3")->path_points, 0);
    close_session(&s);
}

static void the_path_is_the_way_of_the_run(void **state)
{
    const struct landscape_view *v;
    double before[2];
    struct session s;
    int points;

    (void)state;
    open_session(&s, SMALL);
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
    close_session(&s);
}

/* Both ends are the losses of these weights, and the file's statistics are theirs. */
static void a_line_goes_to_a_checkpoint(void **state)
{
    const struct landscape_view *v;
    struct command save = {.kind = COMMAND_SAVE};
    char *folder = temporary_folder(), text[600];
    struct session s;
    double there;

    (void)state;
    snprintf(save.text, sizeof save.text, "%s/a line's end.safetensors", folder);
    open_session(&s, SMALL);
    run_steps(&s, 30);
    there = draw(&s, "random points=3")->loss;
    send(&s, save);
    run_steps(&s, 30);
    snprintf(text, sizeof text, "line points=9 %s", save.text);
    v = draw(&s, text);
    a_picture_is_whole(v, 9);
    assert_int_equal(v->feet, 2);
    assert_true(v->foot[1].loss == there && there != v->loss);
    assert_true(isfinite(v->foot[1].highest) && isfinite(v->foot[1].sharpness.percent));
    assert_true((float)there == v->z[v->x.points - 1 - v->x.zero]);
    close_session(&s);
    remove_folder(folder);
}

/* A larger box holds a larger rise. */
static void the_box_of_the_sharpness_is_asked_for(void **state)
{
    const struct landscape_view *v;
    struct session s;
    double percent;

    (void)state;
    open_session(&s, SMALL);
    run_steps(&s, 20);
    v = draw(&s, "random points=3");
    assert_true(v->foot[0].sharpness.epsilon == 1e-3);
    percent = v->foot[0].sharpness.percent;
    v = draw(&s, "random points=3 epsilon=.01");
    assert_true(v->foot[0].sharpness.epsilon == .01 && v->foot[0].sharpness.percent > percent);
    close_session(&s);
}

static void levels_come_one_after_the_other(void **state)
{
    int columns = 0, levels = 0;
    struct session s;

    (void)state;
    open_session(&s, LARGE);
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
            wait_for_news(&s);
    }
    close_session(&s);
}

/* ---- beside the run ------------------------------------------------------------------------- */

static void training_is_the_same_with_landscapes_and_without(void **state)
{
    struct knobs k = knobs_of(SMALL);
    struct toy_run plain;
    struct session s;
    struct err e;

    (void)state;
    open_session(&s, SMALL);
    ask(&s, "ends points=9");
    send(&s, (struct command){.kind = COMMAND_LANDSCAPE_FOLLOW, .count = 1});
    run_steps(&s, 60);
    toy_run_open(&plain, &toy, &k, 1);
    toy_steps(plain.lane, 60);
    assert_int_equal(trainer_stop(s.trainer, &e), 0);
    assert_true(toy_same(s.run.lane, plain.lane));
    toy_run_close(&plain);
    toy_run_close(&s.run);
}

/* Drawn again while the run goes on, and no more when it rests; the way grows. */
static void following_draws_again(void **state)
{
    const struct landscape_view *v;
    struct session s;
    uint64_t step;

    (void)state;
    open_session(&s, SMALL);
    run_steps(&s, 5);
    ask(&s, "pca points=5");
    send(&s, (struct command){.kind = COMMAND_LANDSCAPE_FOLLOW, .count = 1});
    v = wait_for_end(&s);
    assert_true(v->follow && v->step == 5);
    send(&s, (struct command){.kind = COMMAND_RESUME});
    for (int i = 0; i < 3; i++) {
        step = trainer_landscape(s.trainer)->step;
        while (v = trainer_landscape(s.trainer), v->step == step) {
            assert_true(v->known && v->whole); /* the old one stays until the new one is whole */
            wait_for_news(&s);
        }
        assert_true(v->step > step && v->whole && v->path_points > 6);
    }
    send(&s, (struct command){.kind = COMMAND_PAUSE});
    wait_for_obedience(&s);
    while (v = trainer_landscape(s.trainer),
           v->status == LANDSCAPE_RUNNING || v->step != trainer_snapshot(s.trainer)->step)
        wait_for_news(&s);
    send(&s, (struct command){.kind = COMMAND_LANDSCAPE_FOLLOW});
    wait_for_obedience(&s);
    step = trainer_snapshot(s.trainer)->step;
    run_steps(&s, 3);
    v = trainer_landscape(s.trainer);
    assert_true(!v->follow && v->status == LANDSCAPE_DONE && v->step == step);
    close_session(&s);
}

static void calling_off_keeps_what_is_there(void **state)
{
    const struct landscape_view *v;
    struct session s;

    (void)state;
    open_session(&s, LARGE);
    ask(&s, "random");
    while (!trainer_landscape(s.trainer)->known)
        wait_for_news(&s);
    send(&s, (struct command){.kind = COMMAND_LANDSCAPE_CANCEL});
    v = wait_for_end(&s);
    assert_int_equal(v->status, LANDSCAPE_CANCELLED);
    assert_true(v->known && !v->whole && v->columns < 33);
    close_session(&s);
}

/* The last one asked for is the one that is drawn. */
static void another_takes_its_place(void **state)
{
    const struct landscape_view *v;
    struct session s;

    (void)state;
    open_session(&s, LARGE);
    ask(&s, "ends");
    ask(&s, "gradient");
    v = draw(&s, "random 1d points=3");
    assert_true(v->plan.kind == LANDSCAPE_RANDOM && v->axes == 1 && v->x.points == 3 && v->whole);
    close_session(&s);
}

static void quitting_ends_it(void **state)
{
    static const char *const texts[] = {"random", "ends", "gradient 1d"};
    struct session s;

    (void)state;
    for (int i = 0; i < 3; i++) {
        open_session(&s, LARGE);
        ask(&s, texts[i]);
        if (i == 1)
            send(&s, (struct command){.kind = COMMAND_RESUME});
        while (trainer_landscape(s.trainer)->done < 1)
            wait_for_news(&s);
        close_session(&s);
    }
}

static void a_restart_forgets_it(void **state)
{
    const struct landscape_view *v;
    struct session s;

    (void)state;
    open_session(&s, LARGE);
    run_steps(&s, 2);
    ask(&s, "random");
    while (!trainer_landscape(s.trainer)->known)
        wait_for_news(&s);
    send(&s, (struct command){.kind = COMMAND_CHANGE, .knob = KNOB_NETWORK, .text = "linear 8 relu bn | linear 3"});
    wait_for_obedience(&s);
    assert_true(trainer_landscape(s.trainer)->status == LANDSCAPE_NONE && !trainer_landscape(s.trainer)->known);
    v = draw(&s, "random points=5"); /* while the old one may still be ending */
    assert_true(v->step == 0 && v->parameters < 1000 && v->whole);
    run_steps(&s, 3);
    v = draw(&s, "pca points=5");
    assert_int_equal(v->path_points, 4); /* of the new run alone */
    close_session(&s);
}

static void what_cannot_be_drawn_is_said(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"pca", "two points or more"},
        {"line nowhere/at-all.safetensors", "nowhere/at-all.safetensors"},
        {"sideways", "sideways"},
    };
    struct session s;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct landscape_view *v;
        open_session(&s, SMALL);
        ask(&s, cases[i].text);
        v = wait_for_end(&s);
        assert_int_equal(v->status, LANDSCAPE_FAILED);
        if (!strstr(v->text, cases[i].says))
            fail_msg("%s: %s", cases[i].text, v->text);
        send(&s, (struct command){.kind = COMMAND_LANDSCAPE_FOLLOW, .count = 1});
        wait_for_obedience(&s);
        assert_int_equal(trainer_landscape(s.trainer)->follow, 0);
        close_session(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_fills_its_grid),
        cmocka_unit_test(the_way_falls_on_any_plane),
        cmocka_unit_test(the_path_is_the_way_of_the_run),
        cmocka_unit_test(a_line_goes_to_a_checkpoint),
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
