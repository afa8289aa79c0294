/* SPDX-License-Identifier: MIT */
/* The panes: whole screens against golden ones, and every panel at every size within its rectangle. */
#include "test.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "golden.h"
#include "source-path.h"
#include "train/panes.h"
#include "core/file.h"
#include "draw/text.h"

#define RUN "<wait 1000 steps><Right><wait 412 steps>"

static char *screen_of(struct stage *s, int w, int h, enum charset charset)
{
    struct canvas c;
    char *text;

    assert_int_equal(canvas_init(&c, w, h, charset), 0);
    app_resize(&s->app, w, h);
    app_draw(&s->app, &c);
    text = canvas_to_text(&c);
    canvas_free(&c);
    assert_non_null(text);
    return text;
}

static void train_view_at_all_sizes(void **state)
{
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}, {40, 12}};
    struct stage s;

    (void)state;
    stage_init(&s, RUN);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        golden_screen("train", &s, sizes[i][0], sizes[i][1], CHARSET_BRAILLE);
    golden_screen("train", &s, 80, 24, CHARSET_ASCII);
    golden_screen("train", &s, 80, 24, CHARSET_BLOCK);
    golden_sweep(&s);
    stage_free(&s);
}

static void empty_views_teach(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, "");
    golden_screen("starting", &s, 80, 24, CHARSET_BRAILLE);
    fake_trainer_draft(s.trainer)->status = RUN_PAUSED;
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    golden_screen("empty", &s, 80, 24, CHARSET_BRAILLE);
    stage_free(&s);
}

/* A first step that takes long: its share and a clock, and nobody is told to start the training. */
static void a_long_step_shows_its_progress(void **state)
{
    static const int widths[] = {60, 80, 120};
    struct stage s;

    (void)state;
    stage_init(&s, "");
    fake_trainer_draft(s.trainer)->status = RUN_TRAINING;
    fake_trainer_draft(s.trainer)->frames_per_second = 0;
    *fake_trainer_computing(s.trainer) = (struct step_progress){.share = .405, .seconds = 83};
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    assert_true(app_has_ticks(&s.app));
    golden_screen("computing", &s, 80, 24, CHARSET_BRAILLE);
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        char *text = screen_of(&s, widths[i], 24, CHARSET_BRAILLE);
        assert_non_null(strstr(text, "computing step 1, 40 %"));
        assert_true(widths[i] < 80 || strstr(text, "1:23"));
        assert_null(strstr(text, "starts the training"));
        free(text);
    }
    assert_int_equal(app_tick(&s.app), 0); /* nothing has moved */
    fake_trainer_computing(s.trainer)->seconds = 84;
    assert_int_equal(app_tick(&s.app), 1);
    *fake_trainer_computing(s.trainer) = (struct step_progress){0};
    assert_int_equal(app_tick(&s.app), 1);
    assert_false(app_has_ticks(&s.app));
    stage_free(&s);
}

/* 148,600 frames, 200 steps an epoch, 41,234 frames a second: 18 ms a step, 12.9 epochs of 3.6 s to go. */
static void pace_and_end_are_shown(void **state)
{
    static const struct {
        int w;
        const char *pace;
    } cases[] = {{80, "18 ms"}, {100, "18 ms per step"}, {120, "18 ms per step"}};
    static const char *const recipes[] = {"quick", "boss-utterance-with-a-long-name"};
    struct stage s;

    (void)state;
    stage_init(&s, RUN);
    fake_trainer_draft(s.trainer)->train_frames = 148600;
    for (int i = 0; i < 2; i++) {
        snprintf(fake_trainer_draft(s.trainer)->recipe, 64, "%s", recipes[i]);
        fake_trainer_publish(s.trainer);
        app_gather(&s.app);
        for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
            char *text = screen_of(&s, cases[k].w, 24, CHARSET_BRAILLE);
            *strchr(text, '\n') = '\0';
            if (!strstr(text, cases[k].pace) || !strstr(text, "ETA 0:46"))
                fail_msg("%d columns: \"%s\"", cases[k].w, text);
            free(text);
        }
    }
    stage_free(&s);
}

/* A name: compared at 80×24. */
static void states_of_the_keys(void **state)
{
    static const struct {
        const char *name, *keys;
    } cases[] = {
        {NULL, "?"},          {NULL, "q"},     {NULL, "<Enter>3e-4"},  {"choice", "jj<Enter>ad"},
        {"refused", "<Enter>1e99<Enter>"}, {"large", "<Tab><Tab>z"}, {"cross", "<Tab><Tab><Left><Left><Left>++"},
        {NULL, ":set optimizer sg<Tab>"}, {"candidates", ":s"}, {NULL, ":set "},
        {"restart", ":network linear 64 layernorm gelu linear 64 layernorm gelu | linear 41<Enter>x?<Up>"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage s;
        stage_init(&s, RUN);
        stage_play(&s, cases[i].keys);
        if (cases[i].name)
            golden_screen(cases[i].name, &s, 80, 24, CHARSET_BRAILLE);
        golden_sweep(&s);
        stage_free(&s);
    }
}

/* Long paths, messages and log entries are cut where it can be seen, and answers stand beside their question. */
static void long_lines_are_cut(void **state)
{
    struct stage s;
    struct snapshot *d;

    (void)state;
    stage_init(&s, RUN);
    d = fake_trainer_draft(s.trainer);
    snprintf(d->log[d->log_count++ % SNAPSHOT_LOG].text, SNAPSHOT_TEXT,
             "no step along the eigenvector, however short, lowers the loss: it is left where it was");
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    s.app.model.checkpoint = "/home/student/.local/state/saddle/runs/20261123T101112-quick-on-sample.safetensors";
    stage_play(&s, "q");
    golden_screen("quit-long", &s, 72, 20, CHARSET_ASCII);
    golden_sweep(&s);
    stage_play(&s, "n:optimizer adamant<Enter>");
    golden_sweep(&s);
    stage_free(&s);
}

/* Names, values and bounds: what does not fit ends in a sign of it, and what matters least goes first. */
static void nothing_is_cut_unseen(void **state)
{
    static const struct {
        const char *keys, *holds;
        int w, h;
    } cases[] = {
        {"", "saddle  quick on sample  ", 80, 24},
        {"", "saddle  quick on sample  ", 100, 30},
        {"", "frames/s", 100, 30},
        {"<Enter>12345<Enter>", "\n 10000\n", 40, 12},
        {"<Enter>12345<Enter>", " learning rate: 12345 is outside 1e-8 … 10000", 80, 24},
        {"jj<Enter>adagrad_rms<Enter>", "…│", 40, 12},
        {"jj<Enter>adagrad_rms<Enter>", " ▸", 80, 24},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage s;
        char *text;
        stage_init(&s, RUN);
        stage_play(&s, cases[i].keys);
        text = screen_of(&s, cases[i].w, cases[i].h, CHARSET_BRAILLE);
        if (!strstr(text, cases[i].holds))
            fail_msg("%d×%d has no \"%s\":\n%s", cases[i].w, cases[i].h, cases[i].holds, text);
        free(text);
        stage_free(&s);
    }
}

/* A checkpoint taken up has a long name: it stays whole as long as the program's own name can go, then it is cut. */
static void long_subjects_are_cut(void **state)
{
    static const struct {
        const char *recipe, *begins;
    } cases[] = {{"c.safetensors", " c.safetensors on sample  ▶ training"},
                 {"what-a-long-name.safetensors", " what-a-long-name.safetens…  ▶ training"}};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct stage s;
        char *text;
        stage_init(&s, RUN);
        snprintf(fake_trainer_draft(s.trainer)->recipe, 64, "%s", cases[i].recipe);
        fake_trainer_publish(s.trainer);
        app_gather(&s.app);
        text = screen_of(&s, 80, 24, CHARSET_BRAILLE);
        if (strncmp(text, cases[i].begins, strlen(cases[i].begins)) != 0)
            fail_msg("\"%.80s\"", text);
        free(text);
        stage_free(&s);
    }
}

/* What only a large pane has room for: the losses' gradients by probability. */
static void the_losses_side_by_side(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, RUN);
    s.app.model.ui.focus = TRAIN_LOGIT_GRADIENT;
    stage_play(&s, "z<Left><Left><Left>");
    golden_screen("contrast", &s, 120, 40, CHARSET_BRAILLE);
    golden_sweep(&s);
    stage_free(&s);
}

static void gradients_layer_by_layer(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, RUN);
    s.app.model.ui.focus = TRAIN_LAYERS;
    stage_play(&s, "<Left><Left><Left>");
    golden_screen("layers", &s, 80, 24, CHARSET_BRAILLE);
    golden_sweep(&s);
    stage_free(&s);
}

static int drawn(const struct series *s)
{
    int n = 0;

    for (int i = 0; i < s->count; i++)
        n += isfinite(s->y[i]);
    return n;
}

static void play_loss(struct stage *s, uint64_t from, uint64_t to, float loss)
{
    for (uint64_t step = from; step <= to; step++)
        history_add(s->app.history, &(struct sample){.kind = SAMPLE_STEP, .step = step, .at_step = {.loss = loss}});
}

static void change_loss(struct stage *s, uint64_t step, int before, int after)
{
    history_add(s->app.history, &(struct sample){.kind = SAMPLE_EDIT, .step = step,
                                                 .edit = {.knob = KNOB_LOSS, .before = before, .after = after}});
}

static void expect_words(const struct stage *s, const char *words, int there)
{
    struct canvas c;
    char *text;

    assert_int_equal(canvas_init(&c, 120, 40, CHARSET_BRAILLE), 0);
    app_draw(&s->app, &c);
    text = canvas_to_text(&c);
    if ((strstr(text, words) != NULL) != there)
        fail_msg("\"%s\" is %sin\n%s", words, there ? "not " : "", text);
    free(text);
    canvas_free(&c);
}

/* Values of another loss do not compare: with the first value of the new one a curve of its own begins, the title names
 * it, and the curve of the steps before stays under its loss's name. Taken back, the old curve goes on. */
static void another_loss_begins_another_curve(void **state)
{
    struct pane_plot p;
    struct stage s;

    (void)state;
    stage_init(&s, "");
    history_add(s.app.history, &(struct sample){.kind = SAMPLE_RESTART});
    play_loss(&s, 1, 20, 1);
    history_add(s.app.history, &(struct sample){.kind = SAMPLE_EVALUATION, .step = 20, .evaluation = {.loss = .75f}});
    expect_words(&s, "validation 0.75", 1);
    expect_words(&s, "cross-entropy: ", 0);
    change_loss(&s, 20, 0, 1);
    assert_true(loss_pane.plot(&s.app.model, &p));
    assert_int_equal(drawn(&p.series[2]), 20);
    play_loss(&s, 21, 21, 100000);
    assert_true(loss_pane.plot(&s.app.model, &p));
    assert_int_equal(drawn(&p.series[2]), 20);
    assert_string_equal(p.series[2].name, "cross-entropy");
    assert_int_equal(drawn(&p.series[3]), 1);
    assert_int_equal(drawn(&p.series[0]), 1);
    assert_true(p.series[3].y[20] == 100000 && p.plot.y.lo > 1000);
    assert_string_equal(p.plot.y.unit, "MSE on softmax");
    expect_words(&s, "MSE on softmax: train 100,000 · val –", 1);
    expect_words(&s, "steps 0–20: cross-entropy", 1);
    expect_words(&s, " edit ▴ ", 1);
    change_loss(&s, 21, 1, 0);
    play_loss(&s, 22, 30, 2);
    assert_true(loss_pane.plot(&s.app.model, &p));
    assert_int_equal(drawn(&p.series[3]), 29);
    assert_true(isnan(p.series[3].y[20]) && p.series[3].y[0] == 1 && p.series[3].y[29] == 2 && p.plot.y.hi < 10);
    assert_string_equal(p.series[2].name, "MSE on softmax");
    expect_words(&s, "cross-entropy: ", 1);
    expect_words(&s, "steps 20–21: MSE on softmax", 1);
    s.app.model.ui.cross = 21; /* what is read there is of the loss there */
    expect_words(&s, "at 21: MSE on softmax: ", 1);
    stage_free(&s);
}

/* A run taken up at step 16,240 has no curves before: they begin at the left. */
static void curves_begin_where_the_run_was_taken_up(void **state)
{
    struct pane_plot p;
    struct stage s;

    (void)state;
    stage_init(&s, "");
    history_add(s.app.history, &(struct sample){.kind = SAMPLE_RESTART});
    for (uint64_t step = 16241; step < 16301; step++)
        history_add(s.app.history, &(struct sample){.kind = SAMPLE_STEP, .step = step, .epoch = (double)step / 100,
                                                    .at_step = {.loss = 1}});
    assert_true(loss_pane.plot(&s.app.model, &p));
    assert_true(p.plot.x.lo >= 16200 && p.plot.x.lo <= 16241 && p.plot.x.hi >= 16300 && p.plot.x.hi < 16400);
    assert_true(accuracy_pane.plot(&s.app.model, &p));
    assert_true(p.plot.x.lo >= 162 && p.plot.x.lo <= 162.41 && p.plot.x.hi >= 163 && p.plot.x.hi < 164);
    stage_free(&s);
}

/* Every pane is told on the help page, in one line, and found there by a word. */
static void the_help_tells_what_panes_show(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, RUN);
    for (int i = 0; every_pane(i); i++) {
        assert_non_null(every_pane(i)->help);
        assert_in_range(text_width(every_pane(i)->help), 10, 54);
    }
    stage_play(&s, "?/logit");
    golden_sweep(&s);
    stage_free(&s);
}

static void diverged(struct stage *s)
{
    struct snapshot *d;

    stage_init(s, RUN);
    d = fake_trainer_draft(s->trainer);
    d->status = RUN_DIVERGED;
    snprintf(d->note, sizeof d->note, "step 1,413 is not applied: loss NaN, gradient of layers.0.weight not finite");
    d->log[d->log_count++] = (struct log_entry){
        .step = 1413, .epoch = 7.065, .kind = LOG_EVENT,
        .text = "gradient of layers.0.weight is not finite: not applied"};
    fake_trainer_publish(s->trainer);
    history_add(s->app.history, &(struct sample){.kind = SAMPLE_EVENT, .step = 1413, .epoch = 7.065});
    app_gather(&s->app);
}

static void divergence_is_an_event(void **state)
{
    struct stage s;

    (void)state;
    diverged(&s);
    golden_screen("diverged", &s, 80, 24, CHARSET_BRAILLE);
    golden_sweep(&s);
    for (int w = 80; w <= 200; w += 3) { /* however long the tensor's name */
        static const char *const tensors[] = {"layers.0.weight", "layers.12.weight_hh_l3_reverse"};
        for (int i = 0; i < 2; i++) {
            char *text;
            snprintf(fake_trainer_draft(s.trainer)->note, SNAPSHOT_TEXT,
                     "step 113,413 is not applied: loss NaN, gradient of %s not finite", tensors[i]);
            fake_trainer_publish(s.trainer);
            app_gather(&s.app);
            text = screen_of(&s, w, 24, CHARSET_BRAILLE);
            if (!strstr(text, "step 113,413") || !strstr(text, tensors[i]))
                fail_msg("%d columns:\n%s", w, text);
            free(text);
        }
    }
    stage_free(&s);
}

static void evaluation_shows_its_share(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s, RUN);
    fake_trainer_draft(s.trainer)->status = RUN_EVALUATING;
    fake_trainer_draft(s.trainer)->evaluated = .31;
    fake_trainer_draft(s.trainer)->evaluation_seconds = 1;
    fake_trainer_draft(s.trainer)->samples_dropped = 1234;
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    golden_screen("evaluating", &s, 120, 40, CHARSET_BRAILLE);
    stage_free(&s);
}

static void every_panel_stays_inside(void **state)
{
    struct stage stages[2];

    (void)state;
    stage_init(&stages[0], "");
    diverged(&stages[1]);
    stage_play(&stages[1], "<Tab><Left>");
    for (int i = 0; i < 2; i++)
        for (int pane = 0; pane == 0 || every_pane(pane - 1); pane++)
            for (int w = 1; w <= 60; w++)
                for (int h = 1; h <= 30; h++)
                    golden_guarded(&stages[i].app.model, pane ? every_pane(pane - 1) : NULL, w, h, (enum charset)((w + h) % 3));
    stage_free(&stages[0]);
    stage_free(&stages[1]);
}

/* Every view, whole, at sizes of all layouts, in all three character sets: every cell is drawn, in ASCII by ASCII. */
static void views_at_all_sizes(void **state)
{
    static const char *const keys[] = {"1", "2", "3", "4", "4<Esc>:surface chain5<Enter><wait 20 steps>", "?", "1q"};

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct stage s;
        stage_init(&s, RUN);
        stage_play(&s, keys[i]);
        for (int w = 1; w <= 220; w += 9)
            for (int h = 1; h <= 66; h += 5)
                for (int charset = 0; charset < 3; charset++) {
                    struct canvas c;
                    assert_int_equal(canvas_init(&c, w, h, (enum charset)charset), 0);
                    app_resize(&s.app, w, h);
                    app_draw(&s.app, &c);
                    for (int k = 0; k < w * h && charset == CHARSET_ASCII; k++)
                        assert_true(c.cells[k].ch >= ' ' && c.cells[k].ch < 127);
                    canvas_free(&c);
                }
        stage_free(&s);
    }
}

/* The folder holds the screens that are listed, and no others; the program of each checks that it draws its own. */
static void every_golden_screen_has_its_reason(void **state)
{
    const char *program;
    int listed = 0, found = 0;
    struct dirent *entry;
    DIR *folder = opendir(source_path("tests/golden"));

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder)))
        found += strstr(entry->d_name, ".txt") != NULL;
    closedir(folder);
    for (; golden_name(listed, &program); listed++) {
        char name[128], *text;
        struct err e = {0};
        size_t size;
        snprintf(name, sizeof name, "tests/golden/%s.txt", golden_name(listed, &program));
        if (access(source_path(name), R_OK) != 0)
            fail_msg("%s is missing", name);
        snprintf(name, sizeof name, "tests/%s.c", program);
        if (file_read(source_path(name), 1 << 20, &text, &size, &e) != 0)
            fail_msg("%s", e.text);
        if (!strstr(text, "cmocka_unit_test(golden_all_drawn),\n    };"))
            fail_msg("%s does not end with golden_all_drawn", name);
        free(text);
    }
    assert_int_equal(found, listed);
}

/* However small the screen, an open question is seen on it, with the keys that answer it as soon as they fit. */
static void no_question_waits_unseen(void **state)
{
    static const struct {
        const char *keys, *word, *no;
    } cases[] = {{"q", "Quit?", "n"}, {":network linear 4 | linear 41<Enter>", "Restart?", "n"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int w = 1; w <= 40; w++)
            for (int h = 1; h <= 12; h++) {
                int whole = w >= text_width(cases[i].word) + 4 || (w >= text_width(cases[i].word) && h > 1);
                struct stage s;
                char *text;
                stage_init(&s, "<wait 10 steps>");
                app_resize(&s.app, w, h);
                stage_play(&s, cases[i].keys);
                text = screen_of(&s, w, h, w % 2 ? CHARSET_ASCII : CHARSET_BRAILLE);
                if (!strstr(text, whole || w < 3 ? "?" : "y/n"))
                    fail_msg("%s at %d×%d: \"%s\"", cases[i].word, w, h, text);
                if (whole && !(strstr(text, "y") && strstr(text, cases[i].no)))
                    fail_msg("%s at %d×%d: \"%s\"", cases[i].word, w, h, text);
                free(text);
                stage_free(&s);
            }
}

/* What is typed is seen too, and that the lab needs room, and how to leave it. */
static void small_screens_tell_what_they_can(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_init(&s, RUN);
    text = screen_of(&s, 30, 8, CHARSET_BRAILLE);
    assert_non_null(strstr(text, "q quits"));
    free(text);
    stage_play(&s, ":theta");
    text = screen_of(&s, 30, 8, CHARSET_BRAILLE);
    assert_non_null(strstr(text, ":theta"));
    free(text);
    stage_play(&s, "<Esc>q");
    golden_screen("small-quit", &s, 30, 8, CHARSET_BRAILLE);
    golden_sweep(&s);
    stage_free(&s);
}

/* In ASCII nothing above 7 bits is left, whatever names and log say. */
static void ascii_is_ascii(void **state)
{
    struct stage s;
    struct canvas c;

    (void)state;
    stage_init(&s, RUN "?");
    snprintf(fake_trainer_draft(s.trainer)->data, 64, "Ünï日本e\xcc\x81\x1b\x9b");
    fake_trainer_publish(s.trainer);
    app_gather(&s.app);
    for (int help = 0; help < 2; help++, stage_play(&s, "<Esc>")) {
        assert_int_equal(canvas_init(&c, 120, 40, CHARSET_ASCII), 0);
        app_draw(&s.app, &c);
        for (int i = 0; i < c.w * c.h; i++)
            assert_true(c.cells[i].ch >= ' ' && c.cells[i].ch < 127 && !c.cells[i].mark);
        canvas_free(&c);
    }
    stage_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(train_view_at_all_sizes), cmocka_unit_test(empty_views_teach),
        cmocka_unit_test(the_losses_side_by_side), cmocka_unit_test(gradients_layer_by_layer),
        cmocka_unit_test(another_loss_begins_another_curve),
        cmocka_unit_test(the_help_tells_what_panes_show),
        cmocka_unit_test(curves_begin_where_the_run_was_taken_up),
        cmocka_unit_test(states_of_the_keys),     cmocka_unit_test(divergence_is_an_event),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(evaluation_shows_its_share), cmocka_unit_test(every_panel_stays_inside),
        cmocka_unit_test(nothing_is_cut_unseen), cmocka_unit_test(long_subjects_are_cut),
        cmocka_unit_test(ascii_is_ascii), cmocka_unit_test(a_long_step_shows_its_progress),
        cmocka_unit_test(pace_and_end_are_shown), cmocka_unit_test(views_at_all_sizes),
        cmocka_unit_test(every_golden_screen_has_its_reason),
        cmocka_unit_test(no_question_waits_unseen), cmocka_unit_test(small_screens_tell_what_they_can),
        cmocka_unit_test(golden_all_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
