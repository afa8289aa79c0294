/* SPDX-License-Identifier: MIT */
/* The Curvature view: golden screens of canned figures, its keys and commands, its panes at every size. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sample-curvature.h"
#include "golden.h"
#include "markup.h"
#include "curvature/curvature.h"
#include "train/panes.h"
#include "draw/plot-svg.h"

static const struct canned_curvature *canned_named(const char *name)
{
    const struct canned_curvature *c;

    for (int i = 0; (c = canned_curvature(i)); i++)
        if (strcmp(c->name, name) == 0)
            return c;
    fail_msg("no figures are named %s", name);
    return NULL;
}

static void every_state_at_all_sizes(void **state)
{
    const struct canned_curvature *c;

    (void)state;
    for (int i = 0; (c = canned_curvature(i)); i++) {
        struct stage s;
        canned_stage(&s, c);
        golden_sweep(&s);
        stage_play(&s, "z"); /* the verdict alone */
        golden_sweep(&s);
        stage_free(&s);
    }
}

static void states_have_their_screens(void **state)
{
    static const struct {
        const char *state, *keys;
        int w, h;
        enum charset charset;
    } cases[] = {
        {"whole", "", 80, 24, CHARSET_BRAILLE},        {"unconverged", "", 200, 60, CHARSET_BRAILLE},
        {"unconverged", "", 80, 24, CHARSET_ASCII},    {"saddle", "z", 100, 30, CHARSET_BRAILLE},
        {"escaped", "", 80, 24, CHARSET_BRAILLE},      {"running", "", 80, 24, CHARSET_BRAILLE},
        {"failed", "", 80, 24, CHARSET_BRAILLE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[64];
        struct stage s;
        canned_stage(&s, canned_named(cases[i].state));
        stage_play(&s, cases[i].keys);
        snprintf(name, sizeof name, "curvature-%s", cases[i].state);
        golden_screen(name, &s, cases[i].w, cases[i].h, cases[i].charset);
        stage_free(&s);
    }
}

/* What shares a place shows when it has the focus. */
static void focused_panes_show(void **state)
{
    static const struct {
        const char *name;
        int place;
    } cases[] = {
        {"curvature-density", CURVATURE_PANE_DENSITY}, {NULL, CURVATURE_PANE_EIGENPAIRS},
        {NULL, CURVATURE_PANE_LAYERS}, {NULL, CURVATURE_PANE_SHARPNESS},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage s;
        canned_stage(&s, canned_named("unconverged"));
        s.app.model.ui.focus = cases[i].place;
        if (cases[i].name)
            golden_screen(cases[i].name, &s, 80, 24, CHARSET_BRAILLE);
        golden_sweep(&s);
        stage_free(&s);
    }
}

/* The anatomy of the next step, and the lines of stability over steps, beside what they share a place with. */
static void the_next_step_shows(void **state)
{
    static const struct {
        const char *name;
        int place, w, h;
        enum charset charset;
    } cases[] = {
        {"curvature-step", CURVATURE_PANE_STEP, 120, 40, CHARSET_BRAILLE},
        {"curvature-step", CURVATURE_PANE_STEP, 80, 24, CHARSET_ASCII},
        {"curvature-stability", CURVATURE_PANE_STABILITY, 120, 40, CHARSET_BRAILLE},
        {"curvature-stability", CURVATURE_PANE_STABILITY, 80, 24, CHARSET_BRAILLE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage s;
        canned_stage(&s, canned_named("ahead"));
        s.app.model.ui.focus = cases[i].place;
        golden_screen(cases[i].name, &s, cases[i].w, cases[i].h, cases[i].charset);
        if (cases[i].w == 120)
            golden_sweep(&s);
        stage_free(&s);
    }
}

/* What the panes plot leaves as a picture too, its parts under their names. */
static void plots_leave_as_svg(void **state)
{
    static const struct {
        const char *figures;
        const struct pane *pane;
        const char *series, *scale;
    } cases[] = {
        {"unconverged", &spectrum_pane, "not converged", "symmetric"},
        {"unconverged", &spectrum_pane, "Gauss-Newton", "symmetric"},
        {"whole", &spectrum_pane, "all eigenvalues", "linear"},
        {"whole", &density_pane, "eigenvalues in a bin", "symmetric"},
        {"unconverged", &density_pane, "density", "log"},
        {"escaped", &eigenvalues_pane, "λmin", "symmetric"},
        {"escaped", &sharpness_pane, "η λmax", "linear"},
        {"ahead", &step_pane, "predicted", "linear"},
        {"ahead", &stability_pane, "batch sharpness", "log"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct pane *panel = cases[i].pane;
        struct pane_plot p;
        struct stage s;
        char *text;
        canned_stage(&s, canned_named(cases[i].figures));
        assert_int_equal(panel->plot(&s.app.model, &p), 1);
        text = plot_to_svg(&p.plot, panel->name, THEME_DARK);
        markup_check(text);
        assert_true(markup_count(text, "g", "axis") == 2 && markup_count(text, "g", "legend") == 1);
        assert_true(markup_has(text, "data-name", cases[i].series) && markup_has(text, "data-scale", cases[i].scale));
        assert_int_equal(markup_count(text, "g", "zone"), cases[i].pane == &spectrum_pane);
        free(text);
        stage_free(&s);
    }
}

/* A click on a spectrum is no step of the run. */
static void a_click_on_the_spectrum_moves_no_cross_hair(void **state)
{
    struct rect r = view_layout(&curvature_view, 80, 24, CURVATURE_PANE_VERDICT, 0).pane[CURVATURE_PANE_SPECTRUM];
    struct event click = {INPUT_PRESS, r.x + r.w / 2, r.y + 5};
    struct stage s;

    (void)state;
    canned_stage(&s, canned_named("saddle"));
    app_resize(&s.app, 80, 24);
    app_handle(&s.app, &click);
    assert_int_equal(s.app.model.ui.focus, CURVATURE_PANE_SPECTRUM);
    assert_true(isnan(s.app.model.ui.cross));
    stage_free(&s);
}

static void the_layout_has_what_it_must(void **state)
{
    static const int small[] = {CURVATURE_PANE_SPECTRUM, CURVATURE_PANE_VERDICT, CURVATURE_PANE_STABILITY,
                                CURVATURE_PANE_EIGENVALUES, CURVATURE_PANE_LOG};
    struct layout l = view_layout(&curvature_view, 80, 24, CURVATURE_PANE_VERDICT, 0);

    (void)state;
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        assert_true(l.pane[small[i]].w > 0);
    l = view_layout(&curvature_view, 200, 60, CURVATURE_PANE_VERDICT, 0);
    for (int pane = 0; pane < view_panes(&curvature_view); pane++)
        assert_true(l.pane[pane].w > 0);
}

static void every_panel_stays_inside(void **state)
{
    const struct canned_curvature *c;

    (void)state;
    for (int i = 0; (c = canned_curvature(i)); i++) {
        struct stage s;
        canned_stage(&s, c);
        for (int pane = 0; pane < view_panes(&curvature_view); pane++)
            for (int w = 1; w <= 60; w++)
                for (int h = 1; h <= 30; h++)
                    golden_guarded(&s.app.model, curvature_view.panes[pane], w, h, (enum charset)((w + h) % 3));
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

/* A series without a probe by hand: its figures are told, and what a probe would add; by what the training does. */
static void a_series_alone_is_told(void **state)
{
    static const struct {
        enum run_status status;
        int falling;
        const char *name;
    } cases[] = {{RUN_TRAINING, 1, NULL}, {RUN_FINISHED, 1, NULL}, {RUN_PAUSED, 0, "curvature-only-series-paused"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage s;
        canned_stage(&s, canned_named("series"));
        fake_trainer_curvature(s.trainer)->known = 0;
        fake_trainer_draft(s.trainer)->status = cases[i].status;
        fake_trainer_draft(s.trainer)->stuck.verdict = cases[i].falling ? DIAGNOSIS_FALLING : DIAGNOSIS_UNKNOWN;
        fake_trainer_publish(s.trainer);
        app_gather(&s.app);
        if (cases[i].name)
            golden_screen(cases[i].name, &s, 80, 24, CHARSET_BRAILLE);
        golden_sweep(&s);
        stage_free(&s);
    }
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
    assert_int_equal(s->app.model.ui.view, view_index(&curvature_view));
    assert_int_equal(fake_trainer_last(s->trainer).count,
                     CURVATURE_WITH_DENSITY | CURVATURE_WITH_LAYERS | CURVATURE_WITH_GAUSS_NEWTON);
    v->status = CURVATURE_RUNNING;
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    assert_true(app_is_probing(&s->app));
    stage_play(s, "p");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_PROBE_CANCEL);
    assert_string_equal(s->app.model.ui.message, "probe cancelled");
    stage_play(s, "nP"); /* what looks for everything is stopped by either key */
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_PROBE_CANCEL);
    stage_play(s, "n<Esc>");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_PROBE_CANCEL);
    assert_int_equal(s->app.model.ui.view, view_index(&curvature_view));
    v->series = 1; /* one of the series is none that was asked for */
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    assert_false(app_is_probing(&s->app));
    stage_play(s, "p");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_PROBE);
    v->series = 0; /* the small one runs: P takes its place, and is stopped by itself or by p */
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    stage_play(s, "P");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_PROBE);
    assert_int_not_equal(fake_trainer_last(s->trainer).count, 0);
    assert_non_null(strstr(s->app.model.ui.message, "replaces the one running"));
    stage_play(s, "i"); /* a series beside it: it goes on */
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_SET);
    stage_play(s, "P");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_PROBE_CANCEL);
    v->status = CURVATURE_CANCELLED;
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    stage_play(s, "p");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_PROBE);
    assert_int_equal(fake_trainer_last(s->trainer).count, 0);
    stage_play(s, "<Esc>");
    assert_int_equal(s->app.model.ui.view, view_index(&train_view));
}

static void keys_escape_where_it_is_possible(void **state)
{
    struct stage *s = *state;
    struct curvature_view *v = fake_trainer_curvature(s->trainer);
    int taken = fake_trainer_taken(s->trainer);

    stage_play(s, "2e");
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    assert_non_null(strstr(s->app.model.ui.message, "p searches for one"));
    v->known = 1;
    snprintf(v->escape.why_not, sizeof v->escape.why_not, "no eigenvalue is negative");
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    stage_play(s, "e");
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    assert_string_equal(s->app.model.ui.message, v->escape.why_not);
    v->escape.possible = 1;
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    stage_play(s, "e");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_ESCAPE);
    assert_true(fake_trainer_last(s->trainer).value == 0);
    v->escape.moved = 1; /* along the old direction once more: said, and done */
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
    stage_play(s, "e");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_ESCAPE);
    assert_non_null(strstr(s->app.model.ui.message, "predates the last escape"));
    stage_play(s, "E-.25<Enter>");
    assert_true(fake_trainer_last(s->trainer).value == -.25);
    stage_play(s, ":escape 0.5<Enter>");
    assert_true(fake_trainer_last(s->trainer).value == .5);
    taken = fake_trainer_taken(s->trainer);
    stage_play(s, ":escape 0<Enter>");
    assert_true(s->app.model.ui.warning && fake_trainer_taken(s->trainer) == taken);
    stage_play(s, "<Esc>:escape far<Enter>");
    assert_true(s->app.model.ui.warning && fake_trainer_taken(s->trainer) == taken);
    stage_play(s, "<Esc>:escape<Enter>");
    assert_true(fake_trainer_last(s->trainer).kind == COMMAND_ESCAPE && fake_trainer_last(s->trainer).value == 0);
}

static void keys_begin_and_end_the_series(void **state)
{
    struct stage *s = *state;

    stage_play(s, "2i");
    assert_int_equal(fake_trainer_last(s->trainer).knob, KNOB_PROBE_EVERY);
    assert_true(fake_trainer_last(s->trainer).setting.number == knob_row(KNOB_PROBE_EVERY)->step);
    stage_play(s, ":probe_every 120<Enter>ii"); /* the distance is kept */
    assert_true(fake_trainer_last(s->trainer).setting.number == 120);
    stage_play(s, "i");
    assert_true(fake_trainer_last(s->trainer).setting.number == 0);
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
    stage_play(s, "<Esc>:probe cancel<Enter>");
    assert_string_equal(s->app.model.ui.message, "no probe is running");
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    stage_play(s, ":curvature<Enter>");
    assert_int_equal(s->app.model.ui.view, view_index(&curvature_view));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_have_their_screens),
        cmocka_unit_test(every_state_at_all_sizes),
        cmocka_unit_test(a_series_alone_is_told), cmocka_unit_test(focused_panes_show), cmocka_unit_test(the_next_step_shows),
        cmocka_unit_test(plots_leave_as_svg),
        cmocka_unit_test(a_click_on_the_spectrum_moves_no_cross_hair),
        cmocka_unit_test(the_layout_has_what_it_must),
        cmocka_unit_test(every_panel_stays_inside),
        cmocka_unit_test(ascii_is_ascii),
        WITH_APP(keys_probe_and_cancel),
        WITH_APP(keys_escape_where_it_is_possible),
        WITH_APP(keys_begin_and_end_the_series),
        WITH_APP(the_palette_probes),
        cmocka_unit_test(golden_all_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
