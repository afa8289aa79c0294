/* SPDX-License-Identifier: MIT */
/* The line that is typed: edited like a line, refused without being lost. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/pane.h"
#include "core/file.h"
#include "scripted-app.h"
#include "landscape/map.h"
#include "train/panes.h"
#include "draw/text.h"

/* Row `row` from the bottom, 0 the footer, of a screen so wide and 24 high; to be freed by the next call. */
static const char *row_of(struct stage *s, int w, int row)
{
    static char line[1024];
    struct canvas c;
    char *text, *at;

    assert_int_equal(canvas_init(&c, w, 24, CHARSET_BRAILLE), 0);
    app_draw(&s->app, &c);
    text = canvas_to_text(&c);
    at = text;
    for (int i = 23; i > row; i--)
        at = strchr(at, '\n') + 1;
    snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
    free(text);
    canvas_free(&c);
    return line;
}

/* What stands on the rows above the last one, where a remark is wrapped. */
static const char *rows_above(struct stage *s, int w)
{
    static char rows[4096];

    rows[0] = '\0';
    for (int row = 4; row >= 1; row--) {
        size_t n = strlen(rows);
        snprintf(rows + n, sizeof rows - n, "%s", row_of(s, w, row));
    }
    return rows;
}

/* The style of the cell at column x of the footer. */
static int style_at(struct stage *s, int w, int x)
{
    struct canvas c;
    int style;

    assert_int_equal(canvas_init(&c, w, 24, CHARSET_BRAILLE), 0);
    app_draw(&s->app, &c);
    style = canvas_cell(&c, x, 23).style;
    canvas_free(&c);
    return style;
}

static void edits_are_as_in_any_line(void **state)
{
    static const struct {
        const char *keys, *line;
        size_t caret;
    } cases[] = {
        {"one two", "one two", 7},
        {"one two<Left><Left>X", "one tXwo", 6},
        {"one<Left><Left><Left><Left>X", "Xone", 1},
        {"one<Home>X<Right>Y<End>Z", "XoYneZ", 6},
        {"one<C-a>X<C-e>Y", "XoneY", 5},
        {"one<Home><Del>X", "Xne", 1},
        {"one<Home><C-d><Right><Right><Del>", "ne", 2},
        {"one<Left><BS>", "oe", 1},
        {"<BS><Del><Left><Right><C-w><C-k><C-u>", "", 0},
        {"one two  <C-w>", "one ", 4},
        {"one two<Left><C-w>", "one o", 4},
        {"one two<Left><Left><C-u>", "wo", 0},
        {"one two<Left><Left><C-k>", "one t", 5},
        {"é日o<Left><Left><Left>x<Right>y<Right><BS>", "xéyo", 4},
        {"e\xcc\x81z<Left><Left>x", "xe\xcc\x81z", 1}, /* the accent stays above its letter */
        {"ze\xcc\x81<BS>", "z", 1},
    };
    struct stage *s = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (const char *open = ":/"; *open; open++) {
            char begin[2] = {*open, 0};
            stage_play(s, begin);
            stage_play(s, cases[i].keys);
            assert_string_equal(s->app.model.ui.input, cases[i].line);
            assert_int_equal(s->app.model.ui.caret, cases[i].caret);
            if (*open == '/') /* what is narrowed follows every edit */
                assert_string_equal(s->app.model.ui.filter[FILTER_KNOBS], cases[i].line);
            stage_play(s, "<Esc>");
        }
}

/* As much as there is room for, whole characters, however long it is typed. */
static void a_full_line_takes_no_more(void **state)
{
    struct stage *s = *state;
    struct event e = {.key = 0x65e5};

    stage_play(s, ":");
    for (int i = 0; i < 2 * UI_INPUT; i++)
        app_handle(&s->app, &e);
    assert_int_equal(strlen(s->app.model.ui.input) % 3, 0);
    assert_in_range(strlen(s->app.model.ui.input), UI_INPUT - 4, UI_INPUT - 1);
    stage_play(s, "<Home>");
    app_handle(&s->app, &e);
    assert_int_equal(s->app.model.ui.caret, 0);
}

static void a_refused_value_stays_to_be_mended(void **state)
{
    struct stage *s = *state;
    const struct ui *ui = &s->app.model.ui;
    int taken = fake_trainer_taken(s->trainer);

    stage_play(s, "<Enter>1..5<Enter>");
    assert_int_equal(ui->mode, MODE_TYPING);
    assert_string_equal(ui->input, "1..5");
    assert_non_null(strstr(row_of(s, 80, 0), "learning rate = 1..5\u2588"));
    assert_non_null(strstr(row_of(s, 80, 1), "\"1..5\" is not a number"));
    stage_play(s, "3e-4"); /* not one of these is a key now */
    assert_int_equal(ui->view, view_index(&train_view));
    assert_string_equal(ui->input, "1..53e-4");
    assert_null(strstr(row_of(s, 80, 1), "is not a number"));
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    stage_play(s, "<C-u>3e-4<Enter>");
    assert_int_equal(ui->mode, MODE_NORMAL);
    assert_true(fake_trainer_last(s->trainer).setting.number == 3e-4);
    stage_play(s, "<Enter>1e99<Enter><Esc>");
    assert_int_equal(ui->mode, MODE_NORMAL);
    assert_string_equal(ui->message, "");
    assert_int_equal(fake_trainer_taken(s->trainer), taken + 1);
}

static void a_refused_command_stays_to_be_mended(void **state)
{
    static const struct {
        const char *keys, *line, *says;
    } cases[] = {
        {":lr 1..5<Enter>", "lr 1..5", "\"1..5\" is not a number"},
        {":nonsense<Enter>", "nonsense", "unknown setting or command"},
        {":fokr<Enter>", "fokr", "unknown setting or command \"fokr\"; did you mean \"fork\"?"},
        {":optimizr adam<Enter>", "optimizr adam", "did you mean \"optimizer\"?"},
        {":optimizer adm<Enter>", "optimizer adm", "there is no \"adm\""},
        {":step ten<Enter>", "step ten", "is not a number of steps"},
        {"2E0<Enter>", "escape 0", "is not a length"},
        {":rate fast<Enter>", "rate fast", "expected a learning rate"},
        {":racer add foo<Enter>", "racer add foo", "there is no \"foo\""},
        {":landscape sideways<Enter>", "landscape sideways", "\"sideways\": expected random"},
        {":screenshot a.png<Enter>", "screenshot a.png", "ending in .txt or .svg"},
    };
    struct stage *s = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stage_play(s, "1");
        stage_play(s, cases[i].keys);
        assert_int_equal(s->app.model.ui.mode, MODE_COMMAND);
        assert_string_equal(s->app.model.ui.input, cases[i].line);
        assert_int_equal(s->app.model.ui.caret, strlen(cases[i].line));
        if (!strstr(rows_above(s, 200), cases[i].says))
            fail_msg("%s does not say \"%s\"", rows_above(s, 200), cases[i].says);
        stage_play(s, "<Esc>");
        assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
    }
    stage_play(s, ":lr 1..5<Enter><Left><BS><Enter>");
    assert_true(fake_trainer_last(s->trainer).setting.number == 1.5);
}

/* The first character takes the place of the old value, any other key edits it. */
static void a_value_begins_as_it_was(void **state)
{
    struct stage *s = *state;
    const struct ui *ui = &s->app.model.ui;
    int taken = fake_trainer_taken(s->trainer);

    stage_play(s, "<Enter>");
    assert_string_equal(ui->input, "0.001");
    stage_play(s, "<Enter>"); /* as it was: nothing is sent */
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    stage_play(s, "<Enter>2e-3<Enter>");
    assert_true(fake_trainer_last(s->trainer).setting.number == 2e-3);
    stage_play(s, "<Enter><BS>5<Enter>");
    assert_true(fake_trainer_last(s->trainer).setting.number == 5e-3);
    stage_play(s, "<Enter><Left>1<Enter>");
    assert_true(fake_trainer_last(s->trainer).setting.number == .0015);
    taken = fake_trainer_taken(s->trainer);
    stage_play(s, "<Enter><C-u><Enter>");
    assert_int_equal(fake_trainer_taken(s->trainer), taken);
    stage_play(s, "jj<Enter>"); /* a choice shows all there are, until one is begun */
    assert_non_null(strstr(row_of(s, 80, 0), "optimizer = adamw\u2588  Tab sgd"));
    stage_play(s, "<Tab>");
    assert_string_equal(ui->input, "adamw");
    stage_play(s, "nad<Tab><Enter>");
    assert_string_equal(knob_choice(KNOB_OPTIMIZER, (int)fake_trainer_last(s->trainer).setting.number), "nadam");
    stage_play(s, ":network linear 64 relu | linear 41<Enter>y");
    assert_int_equal(fake_trainer_last(s->trainer).knob, KNOB_NETWORK);
    s->app.model.ui.chosen = KNOB_NETWORK;
    stage_play(s, "<Enter>");
    assert_non_null(strstr(ui->input, "| linear 41"));
    stage_play(s, "<Home><Right><Right><Right><Right><Right><Right><Right>1");
    assert_true(strncmp(ui->input, "linear 1", 8) == 0 && strstr(ui->input, "| linear 41"));
}

/* Wherever the cursor goes, it can be seen, with what stands around it. */
static void a_long_line_scrolls(void **state)
{
    struct stage *s = *state;

    stage_play(s, ":");
    for (int i = 0; i < 30; i++)
        stage_play(s, "[word]");
    assert_non_null(strstr(row_of(s, 80, 0), "[word][word]\u2588"));
    assert_true(row_of(s, 80, 0)[0] == ':' && text_width(row_of(s, 80, 0)) <= 80);
    stage_play(s, "<Home>X");
    assert_true(strncmp(row_of(s, 80, 0), ":X[word][word]", 14) == 0);
    assert_int_equal(style_at(s, 80, 2), STYLE_CARET);
    for (int i = 0; i < 181; i++) {
        int carets = 0;
        assert_int_equal(s->app.model.ui.caret, i + 1);
        for (int x = 0; x < 80; x++)
            carets += style_at(s, 80, x) == (i == 180 ? STYLE_FOCUS : STYLE_CARET);
        assert_int_equal(carets, 1);
        stage_play(s, "<Right>");
    }
}

/* What cannot be seen is not turned, nor typed. */
static void a_filter_without_a_match_leaves_no_knob(void **state)
{
    static const char *const keys[] = {"<Right>", "<Left>", "h", "l", "+", "-", "<Enter>", "=", "jl", "kl"};
    struct stage *s = *state;
    int taken = fake_trainer_taken(s->trainer);

    stage_play(s, "/zzzz<Enter>");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        stage_play(s, keys[i]);
        assert_int_equal(fake_trainer_taken(s->trainer), taken);
        assert_int_equal(s->app.model.ui.mode, MODE_NORMAL);
        assert_non_null(strstr(row_of(s, 80, 0), "no setting matches \"zzzz\"; Esc shows all"));
    }
    stage_play(s, ":dropout .3<Enter>"); /* by its name it is shown, and set */
    assert_string_equal(s->app.model.ui.filter[FILTER_KNOBS], "");
    assert_int_equal(fake_trainer_last(s->trainer).knob, KNOB_DROPOUT);
    stage_play(s, "/zzzz<Enter><Esc><Right>");
    assert_int_equal(fake_trainer_taken(s->trainer), taken + 2);
}

/* "~/" is the home, of whoever types it; how a save went is said when it is known. */
static int holds(const char *path, const char *text)
{
    char *content;
    struct err e;
    size_t size;
    int found;

    assert_int_equal(file_read(path, 1 << 20, &content, &size, &e), 0);
    found = strstr(content, text) != NULL;
    free(content);
    return found;
}

static void files_may_be_in_the_home(void **state)
{
    char home[] = "/tmp/saddle-home-XXXXXX", path[64], *old = getenv("HOME") ? strdup(getenv("HOME")) : NULL;
    struct stage *s = *state;
    struct snapshot *draft;

    assert_non_null(mkdtemp(home));
    setenv("HOME", home, 1);
    stage_play(s, ":save ~/a b<Enter>");
    snprintf(path, sizeof path, "%s/a b", home);
    assert_string_equal(fake_trainer_last(s->trainer).text, path);
    stage_play(s, ":save a~/b<Enter>:landscape line ~/a b<Enter>");
    assert_string_equal(landscape_ui(&s->app.model)->plan.file, path);
    stage_play(s, ":screenshot ~/a.txt<Enter>");
    snprintf(path, sizeof path, "%s/a.txt", home);
    assert_int_equal(unlink(path), 0);
    stage_play(s, "1:plot loss ~/a.svg<Enter>");
    snprintf(path, sizeof path, "%s/a.svg", home);
    assert_false(holds(path, "#ffffff"));
    stage_play(s, ":plot! --paper loss ~/a.svg<Enter>"); /* the screen is dark, the paper is not */
    assert_true(holds(path, "#ffffff"));
    stage_play(s, ":screenshot! ~/a.svg<Enter>");
    assert_false(holds(path, "#ffffff"));
    stage_play(s, ":screenshot! --paper ~/a.svg<Enter>");
    assert_true(holds(path, "#ffffff"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(home), 0);
    old ? setenv("HOME", old, 1) : unsetenv("HOME");
    free(old);
    draft = fake_trainer_draft(s->trainer); /* a note of something else does not stand for it */
    draft->log[draft->log_count++ % SNAPSHOT_LOG] = (struct log_entry){.kind = LOG_NOTE, .text = "saved elsewhere"};
    draft->unsaved = 1;
    snprintf(draft->saved, sizeof draft->saved, "x: No such file or directory");
    stage_play(s, ":save ~nobody/x<Enter>");
    assert_string_equal(fake_trainer_last(s->trainer).text, "~nobody/x");
    assert_non_null(strstr(row_of(s, 80, 0), "x: No such file or directory"));
    assert_true(s->app.model.ui.warning);
}

/* As the screen calls it, as recipes do, and for short. */
static void knobs_go_by_every_name(void **state)
{
    struct stage *s = *state;
    const struct ui *ui = &s->app.model.ui;

    for (int i = 0; i < KNOB_COUNT; i++) {
        const struct knob *row = knob_row((enum knob_id)i);
        const char *names[] = {row->name, row->title, row->alias ? row->alias : row->name};
        for (int k = 0; k < 3; k++)
            for (int set = 0; set < 2; set++) {
                char line[128];
                snprintf(line, sizeof line, ":%s%s ?!<Enter>", set ? "set " : "", names[k]);
                stage_play(s, line);
                assert_true(ui->warning && (i == ui->chosen));
                if (!strstr(ui->message, row->title) && i != KNOB_NETWORK)
                    fail_msg("%s: %s", line, ui->message);
                stage_play(s, "<Esc>");
            }
    }
    stage_play(s, ":learning rate 5e-4<Enter>");
    assert_true(fake_trainer_last(s->trainer).setting.number == 5e-4);
    stage_play(s, ":set Evaluate Every = 5<Enter>");
    assert_int_equal(fake_trainer_last(s->trainer).knob, KNOB_EVAL_EVERY);
    stage_play(s, ":step size 7<Enter>"); /* step is a command */
    assert_int_equal(fake_trainer_last(s->trainer).knob, KNOB_STEP_SIZE);
    stage_play(s, ":step 7<Enter>");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_STEPS);
    stage_play(s, ":learning 5<Enter>");
    assert_non_null(strstr(ui->message, "unknown setting or command \"learning\""));
    stage_play(s, "<Esc>:threshold is a<Tab><Enter>");
    assert_int_equal(fake_trainer_last(s->trainer).knob, KNOB_THRESHOLD_MODE);
    assert_string_equal(knob_choice(KNOB_THRESHOLD_MODE, (int)fake_trainer_last(s->trainer).setting.number), "abs");
}

/* A knob without a value: what it is, what it may be, and the line to type that in. */
static void a_value_that_is_missing_is_asked_for(void **state)
{
    struct stage *s = *state;

    stage_play(s, ":set dropout<Enter>");
    assert_int_equal(s->app.model.ui.chosen, KNOB_DROPOUT);
    assert_non_null(strstr(row_of(s, 80, 1), "expected a new value: a number from 0 to 0.95"));
    assert_non_null(strstr(row_of(s, 80, 0), "dropout = "));
    stage_play(s, ".4<Enter>");
    assert_true(fake_trainer_last(s->trainer).knob == KNOB_DROPOUT && fake_trainer_last(s->trainer).setting.number == .4);
    stage_play(s, ":nesterov<Enter>");
    assert_non_null(strstr(row_of(s, 80, 1), "on or off"));
    stage_play(s, "<Esc>:optimizer<Enter>");
    assert_non_null(strstr(rows_above(s, 200), "one of sgd, adagrad, "));
    stage_play(s, "<Esc>:set<Enter>");
    assert_non_null(strstr(row_of(s, 80, 1), "as set lr 3e-4"));
}

static void habits_of_other_editors_are_known(void **state)
{
    struct stage *s = *state;

    stage_play(s, ":w elsewhere<Enter>");
    assert_int_equal(fake_trainer_last(s->trainer).kind, COMMAND_SAVE);
    assert_string_equal(fake_trainer_last(s->trainer).text, "elsewhere");
    stage_play(s, ":q<Enter>");
    assert_int_equal(s->app.model.ui.mode, MODE_QUIT);
    stage_play(s, "n:q!<Enter>");
    assert_int_equal(s->app.model.ui.mode, MODE_QUIT);
    assert_int_equal(s->reaction & REACT_QUIT, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_APP(edits_are_as_in_any_line),
        WITH_APP(a_full_line_takes_no_more),
        WITH_APP(a_refused_value_stays_to_be_mended),
        WITH_APP(a_refused_command_stays_to_be_mended),
        WITH_APP(a_value_begins_as_it_was),
        WITH_APP(a_long_line_scrolls),
        WITH_APP(knobs_go_by_every_name),
        WITH_APP(a_value_that_is_missing_is_asked_for),
        WITH_APP(habits_of_other_editors_are_known),
        WITH_APP(files_may_be_in_the_home),
        WITH_APP(a_filter_without_a_match_leaves_no_knob),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
