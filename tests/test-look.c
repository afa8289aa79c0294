/* The Curvature view: golden screens of canned figures, its keys and commands, its panels at every size. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "canned-curvature.h"
#include "golden.h"
#include "hands.h"
#include "palette.h"
#include "panel/panel.h"

static const struct canned_curvature *canned_named(const char *name)
{
    const struct canned_curvature *c;

    for (int i = 0; (c = canned_curvature(i)); i++)
        if (strcmp(c->name, name) == 0)
            return c;
    fail_msg("no figures are named %s", name);
    return NULL;
}

static void every_state_has_its_screen(void **state)
{
    const struct canned_curvature *c;

    (void)state;
    for (int i = 0; (c = canned_curvature(i)); i++) {
        char name[64];
        struct stage s;
        canned_stage(&s, c);
        snprintf(name, sizeof name, "curvature-%s", c->name);
        golden_screen(name, &s, 80, 24, CHARSET_BRAILLE);
        stage_free(&s);
    }
}

static void the_view_at_all_sizes(void **state)
{
    static const char *const names[] = {"whole", "unconverged"};
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}, {40, 12}, {64, 20}, {76, 20}};

    (void)state;
    for (int k = 0; k < 2; k++) {
        char name[64];
        struct stage s;
        canned_stage(&s, canned_named(names[k]));
        snprintf(name, sizeof name, "curvature-%s", names[k]);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            golden_screen(name, &s, sizes[i][0], sizes[i][1], CHARSET_BRAILLE);
            golden_screen(name, &s, sizes[i][0], sizes[i][1], CHARSET_ASCII);
        }
        golden_screen(name, &s, 80, 24, CHARSET_BLOCK);
        stage_free(&s);
    }
}

/* What shares a place shows when it has the focus. */
static void focused_panes_show(void **state)
{
    static const struct {
        const char *name;
        enum pane pane;
    } cases[] = {{"density", PANE_DENSITY}, {"pairs", PANE_PAIRS}, {"blocks", PANE_BLOCKS}, {"sharpness", PANE_SHARPNESS}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[64];
        struct stage s;
        canned_stage(&s, canned_named("unconverged"));
        s.app.model.ui.focus = cases[i].pane;
        snprintf(name, sizeof name, "curvature-%s", cases[i].name);
        golden_screen(name, &s, 80, 24, CHARSET_BRAILLE);
        stage_free(&s);
    }
}

static void every_panel_stays_inside(void **state)
{
    const struct canned_curvature *c;

    (void)state;
    for (int i = 0; (c = canned_curvature(i)); i++) {
        struct stage s;
        canned_stage(&s, c);
        for (int pane = PANE_SPECTRUM; pane <= PANE_BLOCKS; pane++)
            for (int w = 1; w <= 60; w++)
                for (int h = 1; h <= 30; h++)
                    golden_guarded(&s.app.model, (enum pane)pane, w, h, (enum charset)((w + h) % 3));
        stage_free(&s);
    }
}

static void ascii_is_ascii(void **state)
{
    const struct canned_curvature *one;

    (void)state;
    for (int i = 0; (one = canned_curvature(i)); i++) {
        struct stage s;
        struct canvas c;
        canned_stage(&s, one);
        assert_int_equal(canvas_init(&c, 200, 60, CHARSET_ASCII), 0);
        app_draw(&s.app, &c);
        for (int k = 0; k < c.w * c.h; k++)
            if (c.cells[k].ch < ' ' || c.cells[k].ch >= 127 || c.cells[k].ch == '?' || c.cells[k].mark)
                assert_true(k / c.w == c.h - 1 && c.cells[k].ch == '?'); /* the key of the help */
        canvas_free(&c);
        stage_free(&s);
    }
}

/* ---- keys and commands ----------------------------------------------------------------------- */

static int setup(void **state)
{
    static struct stage s;

    stage_init(&s, "<wait 10 steps>");
    *state = &s;
    return 0;
}

static int teardown(void **state)
{
    stage_free(*state);
    return 0;
}

static void keys_probe_and_cancel(void **state)
{
    struct stage *s = *state;
    struct curvature_view *v = fake_trainer_curvature(s->trainer);

    stage_play(s, "p"); /* from the Train view, too */
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_PROBE);
    assert_int_equal(fake_trainer_last(s->trainer).count, 0);
    assert_non_null(strstr(s->app.model.ui.message, "2 shows it"));
    stage_play(s, "2P");
    assert_int_equal(s->app.model.ui.view, VIEW_CURVATURE);
    assert_int_equal(fake_trainer_last(s->trainer).count,
                     CURVATURE_WITH_DENSITY | CURVATURE_WITH_LAYERS | CURVATURE_WITH_GAUSS_NEWTON);
    v->status = CURVATURE_RUNNING;
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    assert_true(app_is_probing(&s->app));
    stage_play(s, "p");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_PROBE_CANCEL);
    stage_play(s, "n<Esc>");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_PROBE_CANCEL);
    assert_int_equal(s->app.model.ui.view, VIEW_CURVATURE);
    v->series = 1; /* one of the series is none that was asked for */
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    assert_false(app_is_probing(&s->app));
    stage_play(s, "p");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_PROBE);
    stage_play(s, "<Esc>");
    assert_int_equal(s->app.model.ui.view, VIEW_TRAIN);
}

static void keys_escape_where_it_is_possible(void **state)
{
    struct stage *s = *state;
    struct curvature_view *v = fake_trainer_curvature(s->trainer);
    int taken = fake_trainer_taken(s->trainer);

    stage_play(s, "2e");
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    assert_string_equal(s->app.model.ui.message, v->escape.why_not);
    v->escape.possible = 1;
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    stage_play(s, "e");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_ESCAPE);
    assert_true(fake_trainer_last(s->trainer).value == 0);
    stage_play(s, "E-.25<Enter>");
    assert_true(fake_trainer_last(s->trainer).value == -.25);
    stage_play(s, ":escape 0.5<Enter>");
    assert_true(fake_trainer_last(s->trainer).value == .5);
    taken = fake_trainer_taken(s->trainer);
    stage_play(s, ":escape 0<Enter>");
    assert_true(s->app.model.ui.warning && fake_trainer_taken(s->trainer) == taken);
    stage_play(s, ":escape far<Enter>");
    assert_true(s->app.model.ui.warning && fake_trainer_taken(s->trainer) == taken);
    stage_play(s, ":escape<Enter>");
    assert_true(fake_trainer_last(s->trainer).kind == COMMAND_ESCAPE && fake_trainer_last(s->trainer).value == 0);
}

static void keys_begin_and_end_the_series(void **state)
{
    struct stage *s = *state;

    stage_play(s, "2i");
    assert_int_equal(fake_trainer_last(s->trainer).knob, KNOB_PROBE_EVERY);
    assert_true(fake_trainer_last(s->trainer).value == knob_row(KNOB_PROBE_EVERY)->step);
    stage_play(s, ":probe_every 120<Enter>ii"); /* the distance is kept */
    assert_true(fake_trainer_last(s->trainer).value == 120);
    stage_play(s, "i");
    assert_true(fake_trainer_last(s->trainer).value == 0);
}

static void the_palette_probes(void **state)
{
    struct stage *s = *state;
    int taken;

    stage_play(s, ":probe<Enter>");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_PROBE);
    stage_play(s, ":probe den<Tab>layers<Enter>");
    assert_int_equal(fake_trainer_last(s->trainer).count, CURVATURE_WITH_DENSITY | CURVATURE_WITH_LAYERS);
    taken = fake_trainer_taken(s->trainer);
    stage_play(s, ":probe deep<Enter>");
    assert_non_null(strstr(s->app.model.ui.message, "\"deep\""));
    stage_play(s, ":probe cancel<Enter>");
    assert_string_equal(s->app.model.ui.message, "no probe is running");
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    stage_play(s, ":curvature<Enter>");
    assert_int_equal(s->app.model.ui.view, VIEW_CURVATURE);
}

#define WITH_APP(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_has_its_screen),
        cmocka_unit_test(the_view_at_all_sizes),
        cmocka_unit_test(focused_panes_show),
        cmocka_unit_test(every_panel_stays_inside),
        cmocka_unit_test(ascii_is_ascii),
        WITH_APP(keys_probe_and_cancel),
        WITH_APP(keys_escape_where_it_is_possible),
        WITH_APP(keys_begin_and_end_the_series),
        WITH_APP(the_palette_probes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
