/* SPDX-License-Identifier: MIT */
/* The Runs view through the real key handler, on a store that is made here. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "golden.h"
#include "runs/panes.h"
#include "store/store-private.h"
#include "two-runs.h"

static char dir[] = "/tmp/saddle-runs-XXXXXX";

static void script(struct store *s, const char *sql)
{
    struct err e = {0};

    if (store_script(s, sql, &e) != 0)
        fail_msg("%s", e.text);
}

/* Seven runs, of which number 3 is marked, with curves that fall; their moments are fixed. */
static void make_store(void)
{
    char *path = store_path();
    struct store *s;
    struct err e = {0};

    unlink(path);
    if (store_open(&s, path, STORE_RECORD, &e) != 0)
        fail_msg("%s", e.text);
    script(s, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7)"
              "INSERT INTO runs(name, recipe, data, network, source, started, ended, status, first_step, steps, best_accuracy, marked)"
              " SELECT 'quick-' || i, 'quick', 'sample', 'linear ' || (32 * i) || ' relu | linear 41', 'train', 1.7e9 + 4000 * i,"
              " 1.7e9 + 4000 * i + 60, iif(i = 4, 'diverged', 'finished'), 0, 100 * i, .5 + (i * 3 % 7) / 20., i = 3 FROM n;"
              "WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 700)"
              "INSERT INTO points(run, step, loss) SELECT id, k, 1. / id + 40. / (k + 10) FROM runs, n WHERE k <= steps;"
              "INSERT INTO evaluations(run, step, loss, accuracy) SELECT run, step, loss + .1, .5 FROM points WHERE step % 50 = 0;"
              "INSERT INTO checkpoints(path, run, step, named) VALUES('/runs/best.safetensors', 6, 600, 1);");
    store_close(s);
    free(path);
}

static void script_marks_none(void)
{
    char *path = store_path();
    struct store *s;
    struct err e = {0};

    assert_int_equal(store_open(&s, path, STORE_RECORD, &e), 0);
    script(s, "UPDATE runs SET marked = 0");
    store_close(s);
    free(path);
}

static int setup(void **state)
{
    make_store();
    stage_begin(state);
    stage_play(*state, "H");
    return 0;
}

static struct recorded *recorded(struct stage *s)
{
    return recorded_of(&s->app.model);
}

static const char *chosen(struct stage *s)
{
    return recorded_chosen(recorded(s))->name;
}

static void the_view_at_all_sizes(void **state)
{
    struct stage *s = *state;

    stage_play(s, "<Down>");
    golden_screen("runs", s, 80, 24, CHARSET_BRAILLE);
    golden_sweep(s);
}

static void set_settings(void)
{
    char *path = store_path();
    struct store *s;
    struct err e = {0};

    assert_int_equal(store_open(&s, path, STORE_RECORD, &e), 0);
    script(s, "INSERT INTO settings(run, name, value, is_set)"
              " SELECT id, 'learning_rate', iif(id = 3, '0.003', '0.001'), 1 FROM runs;"
              "INSERT INTO settings(run, name, value, is_set) SELECT id, 'batch_size', '512', 1 FROM runs;"
              "INSERT INTO settings(run, name, value, is_set) SELECT id, 'optimizer', 'sgd', 1 FROM runs WHERE id > 3;"
              "INSERT INTO settings(run, name, value, is_set) SELECT id, 'of_a_later_version', id, 1 FROM runs;");
    store_close(s);
    free(path);
}

/* Of the marked run, which is number 3, and the selected one. */
static void settings_that_differ_are_listed(void **state)
{
    struct stage *s = *state;

    assert_string_equal(recorded(s)->differs, "");
    set_settings();
    recorded_read(recorded(s));
    assert_string_equal(chosen(s), "quick-7");
    assert_string_equal(recorded(s)->differs, "learning rate 1e-3, 3e-3 · optimizer SGD, –");
    two_runs_hold(s, 80, 24, "≠ learning rate 1e-3, 3e-3 · optimizer SGD, –");
    golden_sweep(s);
    recorded(s)->chosen = 3; /* alone */
    recorded_read_curves(recorded(s));
    assert_string_equal(chosen(s), "quick-3");
    assert_string_equal(recorded(s)->differs, "");
}

static void every_pane_stays_inside(void **state)
{
    static const struct pane *const panes[] = {&runs_list_pane, &runs_loss_pane, &runs_validation_pane};
    struct stage *s = *state;

    for (int k = 0; k < 3; k++)
        for (int w = 1; w <= 90; w += 1 + w / 12)
            for (int h = 1; h <= 30; h++)
                golden_guarded(&s->app.model, panes[k], w, h, (enum charset)((w + h) % 3));
}

static void runs_are_selected(void **state)
{
    struct stage *s = *state;

    assert_string_equal(chosen(s), "quick-7");
    stage_play(s, "<Down><Down>");
    assert_string_equal(chosen(s), "quick-5");
    stage_play(s, "<Up>kkk");
    assert_string_equal(chosen(s), "quick-7");
    stage_play(s, "G");
    assert_string_equal(chosen(s), "quick-1");
    stage_play(s, "j");
    assert_string_equal(chosen(s), "quick-1");
    assert_int_equal(recorded(s)->curves, 2); /* the marked one, and it */
    assert_string_equal(recorded(s)->curve[1].name, "quick-1");
    assert_int_equal(recorded(s)->curve[1].loss.count, 100);
}

static enum style style_of_run(struct stage *s, int64_t run)
{
    return recorded_style(recorded(s), recorded_curve(recorded(s), run));
}

/* … all different, and those of live runs the ones of their letters. */
static void runs_keep_their_colours(void **state)
{
    struct stage *s = *state;
    struct recorded *r = recorded(s);
    enum style marked, own;

    stage_play(s, "<Down>"); /* quick-6; quick-3 is marked */
    marked = style_of_run(s, 3), own = style_of_run(s, 6);
    assert_true(marked != own);
    stage_play(s, "<Down>");
    assert_int_equal(style_of_run(s, 3), marked);
    stage_play(s, "<Space>G<Space><Up><Space>"); /* 5, 1 and 2 are marked too */
    assert_int_equal(r->curves, 4);
    for (int i = 0; i < r->curves; i++)
        for (int k = 0; k < i; k++)
            assert_true(recorded_style(r, &r->curve[i]) != recorded_style(r, &r->curve[k]));
    r->live[0] = 5, r->live[1] = 3;
    assert_int_equal(style_of_run(s, 5), STYLE_RUN_A);
    assert_int_equal(style_of_run(s, 3), STYLE_RUN_B);
    for (int run = 1; run <= 2; run++)
        assert_true(style_of_run(s, run) != STYLE_SERIES_1 && style_of_run(s, run) != STYLE_SERIES_2);
}

static void columns_sort(void **state)
{
    struct stage *s = *state;

    stage_play(s, "s");
    assert_string_equal(recorded(s)->run[0].name, "quick-1"); /* by name */
    stage_play(s, "sss");
    assert_string_equal(recorded(s)->run[0].name, "quick-7"); /* by steps */
    stage_play(s, "s");
    assert_string_equal(recorded(s)->run[0].name, "quick-2"); /* by accuracy */
    stage_play(s, "S");
    assert_string_equal(recorded(s)->run[6].name, "quick-2");
}

static void a_filter_narrows_the_list(void **state)
{
    struct stage *s = *state;

    stage_play(s, "/diverged<Enter>");
    assert_int_equal(recorded_shown(&s->app.model), 1);
    assert_int_equal(recorded_place(&s->app.model), -1);
    stage_play(s, "d");
    assert_string_equal(s->app.model.ui.message, "the filter hid the selected run; now quick-4 is selected");
    assert_int_equal(recorded(s)->runs, 7);
    assert_string_equal(chosen(s), "quick-4");
    stage_play(s, "<Esc>");
    assert_int_equal(recorded_shown(&s->app.model), 7);
}

static void runs_are_marked_renamed_and_noted(void **state)
{
    struct stage *s = *state;

    stage_play(s, "<Space>");
    assert_true(recorded_chosen(recorded(s))->marked);
    stage_play(s, "<Space>");
    assert_false(recorded_chosen(recorded(s))->marked);
    stage_play(s, "r<C-u>rename wide<Enter>");
    assert_string_equal(chosen(s), "wide");
    stage_play(s, ":rename quick-1<Enter>");
    assert_non_null(strstr(s->app.model.ui.message, "there is a run \"quick-1\" already"));
    stage_play(s, "<Esc>e the widest<Enter>");
    assert_non_null(strstr(recorded_chosen(recorded(s))->note, "the widest"));
}

static void a_deleted_run_comes_back(void **state)
{
    struct stage *s = *state;

    stage_play(s, "<Down>d");
    assert_int_equal(recorded(s)->runs, 6);
    assert_string_equal(chosen(s), "quick-5");
    assert_non_null(strstr(s->app.model.ui.message, "quick-6 is deleted"));
    stage_play(s, "u");
    assert_int_equal(recorded(s)->runs, 7);
    assert_string_equal(s->app.model.ui.message, "listed again: quick-6");
    stage_play(s, "u");
    assert_string_equal(s->app.model.ui.message, "no run is deleted");
}

/* The marked run, number 3, then the selected one where none is marked. */
static void marked_runs_are_drawn_beside_the_live_ones(void **state)
{
    struct stage *s = *state;
    struct run_curves *c = &s->app.curves;
    const struct track *loss;

    stage_play(s, "o");
    assert_int_equal(c->ghosts, 1);
    assert_string_equal(c->ghost[0].name, "quick-3");
    loss = &c->ghost[0].history->track[TRACK_LOSS];
    assert_true(loss->step[loss->count - 1] == 300);
    assert_int_equal(c->ghost[0].history->track[TRACK_VALIDATION_LOSS].count, 6);
    stage_play(s, ":drop ghosts<Enter>");
    assert_int_equal(c->ghosts, 0);
    script_marks_none();
    stage_play(s, "s<Up>o");
    assert_int_equal(c->ghosts, 1);
    assert_string_equal(c->ghost[0].name, recorded_chosen(recorded(s))->name);
}

static void how_to_continue_is_shown(void **state)
{
    struct stage *s = *state;

    stage_play(s, "<Enter>");
    assert_string_equal(s->app.model.ui.message, "quick-7 has no checkpoint");
    stage_play(s, "<Down><Enter>");
    assert_string_equal(s->app.model.ui.message, "to continue quick-6: saddle --from /runs/best.safetensors");
}

static void collect(void *context, const char *line)
{
    char *text = context;

    strcat(strcat(text, line), "\n");
}

static void lines_of_the_text_mode(void **state)
{
    struct stage *s = *state;
    char text[4096] = "";
    const struct text_sink out = {collect, text};

    runs_view.text(&s->app.model, &out);
    assert_non_null(strstr(text, "quick-3 *  300 steps  best .600  2023-11-15 01:33  finished\n"));
    text[0] = '\0';
    runs_view.text(&s->app.model, &out);
    assert_string_equal(text, "");
}

static void a_store_that_cannot_be_read_is_told(void **state)
{
    struct stage *s = *state;
    char *path = store_path(), *log = text_format("%s-wal", path);
    struct err e;

    unlink(log);
    assert_int_equal(file_replace(path, "no store of runs, but some text that is longer than nothing\n", 60, &e), 0);
    stage_play(s, "1" "H");
    assert_non_null(strstr(recorded(s)->problem.text, "damaged"));
    golden_sweep(s);
    unlink(path);
    stage_play(s, "1" "H");
    assert_int_equal(recorded(s)->runs, 0);
    golden_sweep(s);
    free(log);
    free(path);
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(dir))
        return -1;
    setenv("TZ", "UTC", 1);
    tzset();
    return setenv("XDG_DATA_HOME", dir, 1);
}

static int tear_down(void **state)
{
    char *line = text_format("rm -rf %s", dir);
    int r = system(line);

    (void)state;
    free(line);
    return r;
}

#define ON_VIEW(f) cmocka_unit_test_setup_teardown(f, setup, stage_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_VIEW(the_view_at_all_sizes),
        ON_VIEW(settings_that_differ_are_listed),
        ON_VIEW(every_pane_stays_inside),
        ON_VIEW(runs_are_selected),
        ON_VIEW(runs_keep_their_colours),
        ON_VIEW(columns_sort),
        ON_VIEW(a_filter_narrows_the_list),
        ON_VIEW(runs_are_marked_renamed_and_noted),
        ON_VIEW(a_deleted_run_comes_back),
        ON_VIEW(marked_runs_are_drawn_beside_the_live_ones),
        ON_VIEW(how_to_continue_is_shown),
        ON_VIEW(lines_of_the_text_mode),
        ON_VIEW(a_store_that_cannot_be_read_is_told),
        cmocka_unit_test(golden_all_drawn),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
