/* SPDX-License-Identifier: MIT */
/* The Batch, Theory and Data views: whole screens against golden ones, and what their keys ask of the trainer and find. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/tasks.h"
#include "batch/panes.h"
#include "data/panes.h"
#include "formula-landscapes.h"
#include "golden.h"
#include "finished-task.h"
#include "markup.h"
#include "theory/panes.h"

enum { DIMS = 39, CLASSES = 5, UTTERANCES = 3, FRAMES = 150, ALL = UTTERANCES * FRAMES };

static void gather(struct stage *s)
{
    fake_trainer_publish(s->trainer);
    app_gather(&s->app);
}

/* ---- a result of every kind, by formulas in whole numbers --------------------------------------- */

static float features[ALL * DIMS];
static uint8_t labels[ALL];
static int64_t bounds[UTTERANCES + 1] = {0, FRAMES, 2 * FRAMES, ALL};
static uint8_t role[UTTERANCES] = {ROLE_TEST, ROLE_TEST, ROLE_TEST};
static int32_t speaker[UTTERANCES] = {0, 1, 1}, source[UTTERANCES];
static char *names[CLASSES] = {"SIL", "AH", "N", "T", "SH"}, *speakers[] = {"kal", "slt"};
static const struct dataset data = {.name = "sample", .path = "sample", .type = FEATURE_F32, .features = features, .scale = 1,
                                    .labels = labels, .bounds = bounds, .role = role, .speaker = speaker, .source = source,
                                    .frames = ALL, .utterances = UTTERANCES, .dims = DIMS, .classes = {CLASSES, names},
                                    .speakers = {2, speakers}};

static void fill_data(void)
{
    for (int i = 0; i < ALL; i++) {
        labels[i] = (uint8_t)(i / 11 * 7 % CLASSES);
        for (int k = 0; k < DIMS; k++)
            features[i * DIMS + k] = (float)((i * 3 + k * k * (1 + labels[i])) % 50 - 25) / 10;
    }
}

/* Hand it to the app as if the trainer had done it. */
static void show(struct stage *s, struct task *t, enum task_status status)
{
    finished_task(s, t, status, &data);
}

static void count(struct data_result *r, int64_t f, int place)
{
    struct confusion *c = &r->confusion;
    int right = r->label[f] == r->predicted[f], at = (int)(r->probability[f] * CONFUSION_BINS);

    c->matrix[r->label[f] * CLASSES + r->predicted[f]]++;
    c->frames++, c->correct += right;
    c->bin[at].count++, c->bin[at].correct += right, c->bin[at].probability += (double)r->probability[f];
    c->tenth[place * 10 / FRAMES].frames++, c->tenth[place * 10 / FRAMES].correct += right;
    c->place[place % 20].frames++, c->place[place % 20].correct += right;
}

static struct data_task *predictions(int labelled)
{
    struct data_task *t;
    struct data_result *r;
    struct err e;

    assert_int_equal(data_task_new(&t, RUN_VALIDATION, NULL, &e), 0);
    r = &t->result;
    *r = (struct data_result){.set = RUN_VALIDATION, .frames = ALL, .utterances = UTTERANCES, .loss = 1.1, .validation = .7148,
                              .unheard = .5083};
    assert_int_equal(confusion_init(&r->confusion, CLASSES, &e), 0);
    r->confusion.window = r->confusion.places = 20;
    r->first = calloc(UTTERANCES + 1, sizeof *r->first);
    r->begin = calloc(UTTERANCES, sizeof *r->begin);
    r->utterance = calloc(UTTERANCES, sizeof *r->utterance);
    r->label = calloc(ALL, 1);
    r->predicted = calloc(ALL, 1);
    r->probability = calloc(ALL, sizeof *r->probability);
    memcpy(r->first, bounds, sizeof bounds);
    for (int u = 0; u < UTTERANCES; u++)
        r->begin[u] = bounds[u], r->utterance[u] = u;
    for (int f = 0; f < ALL; f++) {
        r->label[f] = labelled ? labels[f] : DATASET_UNLABELLED;
        r->predicted[f] = (uint8_t)(f % 7 == 3 || f % 31 < 4 ? (labels[f] + f % 3) % CLASSES : labels[f]);
        r->probability[f] = (float)(30 + f * 13 % 67) / 100;
        if (labelled)
            count(r, f, f % FRAMES);
    }
    return t;
}

static struct theory_task *a_draw(void)
{
    struct theory_settings settings = {.hypotheses = 10000, .samples = 100, .epsilon = .1, .delta = .1, .draw = 1};
    struct theory_task *t;
    struct theory_result *r;
    struct err e;

    assert_int_equal(theory_task_new(&t, &settings, &e), 0);
    r = &t->result;
    *r = (struct theory_result){.distinct = 111, .frames = 197346, .bound = theory_bound(10000, .1, 100),
                                .needed = theory_samples_needed(10000, .1, .1), .bad_share = .221, .points = 111, .best = -1.6,
                                .best_loss = .0566, .trained = -1.45, .trained_drawn = .04, .trained_all = .0591, .worst = .132};
    for (int i = 0; i < 111; i++) {
        r->threshold[i] = -3.2 + .05 * i;
        r->all[i] = (float)(i < 32 ? .095 - .0012 * i : .0566 + .0106 * (i - 32));
        r->drawn[i] = r->all[i] + (float)(i * 7 % 13 - 6) * .004F;
    }
    for (int i = 0; i < 11; i++) {
        static const double n[] = {5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000};
        r->by_samples[i] = (struct theory_row){.x = n[i], .bound = theory_bound(10000, .1, n[i]), .bad_share = i < 3 ? 1 : 2.2 / (n[i] / 10)};
    }
    for (int i = 0; i < 5; i++)
        r->by_hypotheses[i] = (struct theory_row){.x = i ? 10 * r->by_hypotheses[i - 1].x : 1, .best = .05 + .1 / (1 << 2 * i), .gap = .004 * i};
    atomic_store(&t->samples_rows, 11);
    atomic_store(&t->hypotheses_rows, 5);
    atomic_store(&t->drawn, 1);
    return t;
}

static struct batch_task *times(int rows)
{
    struct batch_task *t;
    struct err e;

    assert_int_equal(batch_task_new(&t, 10, &e), 0);
    for (int i = 0; i < rows; i++) {
        struct batch_time *b = &t->row[i];
        *b = (struct batch_time){.size = batch_task_size(i), .updates = 15, .update = 5e-4 + 1.2e-5 * batch_task_size(i)};
        b->epoch = b->update * 148595 / b->size;
        if (i == 8) {
            b->updates = 0;
            snprintf(b->skipped, sizeof b->skipped, "2 updates need up to 12 s; the limit is 10 s");
        }
    }
    t->noise = (struct noise_scale){.batch = 64, .batches = 64, .gradient_squared = .02, .trace = 19, .scale = 948.4};
    atomic_store(&t->noise_known, 1);
    atomic_store(&t->rows, rows);
    atomic_store(&t->task.done, rows + 1);
    atomic_store(&t->task.of, BATCH_TASK_SIZES + 1);
    return t;
}

static void begin(struct stage *s, const char *key)
{
    char script[64];

    snprintf(script, sizeof script, "<wait 1412 steps>%s", key);
    stage_init(s, script);
}

/* ---- Data ----------------------------------------------------------------------------------- */

static void data_screens(void **state)
{
    struct stage s;

    (void)state;
    begin(&s, "9");
    golden_screen("data-empty", &s, 80, 24, CHARSET_BRAILLE);
    golden_sweep(&s);
    show(&s, &predictions(1)->task, TASK_DONE);
    stage_play(&s, "<Right><Right><Right><Down>w");
    golden_screen("data", &s, 80, 24, CHARSET_BRAILLE);
    golden_screen("data", &s, 120, 40, CHARSET_BRAILLE);
    golden_screen("data", &s, 80, 24, CHARSET_ASCII);
    for (int i = 0; i < 7; i++) {
        golden_sweep(&s);
        stage_play(&s, "<Tab>");
    }
    stage_free(&s);
}

static void the_cursor_stays_in_the_utterance(void **state)
{
    struct stage s;
    struct data_ui *ui;

    (void)state;
    begin(&s, "9");
    ui = data_ui(&s.app.model);
    stage_play(&s, "<Right><Down>w");
    assert_true(ui->frame == 0 && ui->utterance == 0); /* nothing is there */
    show(&s, &predictions(1)->task, TASK_DONE);
    stage_play(&s, "<Left><Up>");
    assert_true(ui->frame == 0 && ui->utterance == 0);
    for (int i = 0; i < 10; i++)
        stage_play(&s, "<S-Right><Down>");
    assert_int_equal(ui->utterance, 2);
    for (int i = 0; i < 10; i++)
        stage_play(&s, "<S-Right>");
    assert_int_equal(ui->frame, FRAMES - 1);
    show(&s, &predictions(1)->task, TASK_DONE); /* another result: from its beginning */
    stage_play(&s, "<Right>");
    assert_true(ui->utterance == 0 && ui->frame == 1);
    stage_free(&s);
}

static int under_cursor(const struct stage *s, int *truth)
{
    const struct data_ui *ui = data_ui(&s->app.model);
    const struct data_result *r = &data_shown(&s->app.model)->result;

    *truth = r->label[r->first[ui->utterance] + ui->frame];
    return r->predicted[r->first[ui->utterance] + ui->frame];
}

static void errors_and_confusions_are_found(void **state)
{
    struct confusion_pair pair[DATA_PAIRS_MOST];
    struct stage s;
    int64_t before, after;
    int truth, predicted;

    (void)state;
    begin(&s, "9");
    show(&s, &predictions(1)->task, TASK_DONE);
    for (int i = 0; i < 40; i++) {
        struct data_ui *ui = data_ui(&s.app.model);
        before = ui->utterance * FRAMES + ui->frame;
        stage_play(&s, "w");
        predicted = under_cursor(&s, &truth);
        assert_int_not_equal(predicted, truth);
        after = ui->utterance * FRAMES + ui->frame;
        assert_true(after > before);
        for (int64_t f = before + 1; f < after; f++)
            assert_int_equal(data_shown(&s.app.model)->result.label[f], data_shown(&s.app.model)->result.predicted[f]);
    }
    stage_play(&s, "<Tab><Down><Down><Right>");
    assert_true(data_pairs(data_shown(&s.app.model), pair) > 2);
    predicted = under_cursor(&s, &truth);
    assert_int_equal(predicted, pair[2].predicted);
    assert_int_equal(truth, pair[2].truth);
    stage_free(&s);
}

static const char *words_for(struct stage *s, const char *pane)
{
    char line[80];

    snprintf(line, sizeof line, ":describe %s<Enter>", pane);
    stage_play(s, line);
    return s->app.model.ui.message;
}

static void predictions_are_told_in_words(void **state)
{
    struct confusion_pair pair[DATA_PAIRS_MOST];
    const struct data_result *r;
    struct stage s;
    char text[200];
    int64_t right = 0;

    (void)state;
    begin(&s, "9");
    assert_string_equal(words_for(&s, "confusion matrix"), "confusion matrix: nothing to see yet");
    show(&s, &predictions(1)->task, TASK_DONE);
    r = &data_shown(&s.app.model)->result;
    for (int64_t f = r->first[1]; f < r->first[2]; f++)
        right += r->label[f] == r->predicted[f];
    stage_play(&s, "<Down><Right>");
    snprintf(text, sizeof text, "utterance 2 of 3 of val, %.2f s: %.3f of %d frames are right. At the cursor, 0.01 s  ", .01 * FRAMES,
             (double)right / FRAMES, FRAMES);
    assert_memory_equal(words_for(&s, "utterance"), text, strlen(text));
    data_pairs(data_shown(&s.app.model), pair);
    snprintf(text, sizeof text, "%s taken for %s: %lld frames, ", data_class(data_shown(&s.app.model), pair[0].truth),
             data_class(data_shown(&s.app.model), pair[0].predicted), (long long)pair[0].count);
    assert_non_null(strstr(words_for(&s, "confusions"), text));
    assert_non_null(strstr(words_for(&s, "confusion matrix"), text));
    assert_non_null(strstr(words_for(&s, "accuracy by class"), ": least accurate is "));
    show(&s, &predictions(0)->task, TASK_DONE); /* without labels */
    assert_non_null(strstr(words_for(&s, "utterance"), " frames without labels. At the cursor, 0.00 s  predicted "));
    assert_string_equal(words_for(&s, "confusions"), "confusions: nothing to see yet");
    stage_free(&s);
}

static void predictions_are_asked_for(void **state)
{
    struct stage s;
    struct command c;

    (void)state;
    begin(&s, "9<Enter>");
    c = fake_trainer_last(s.trainer);
    assert_true(c.kind == COMMAND_TASK && s.app.model.task[TASK_DATA].asked);
    assert_int_equal(((struct data_task *)s.app.model.task[TASK_DATA].asked)->set, RUN_VALIDATION);
    stage_play(&s, "s");
    assert_int_equal(((struct data_task *)s.app.model.task[TASK_DATA].asked)->set, RUN_TEST);
    stage_play(&s, ":data train<Enter>");
    assert_int_equal(((struct data_task *)s.app.model.task[TASK_DATA].asked)->set, RUN_TRAIN);
    stage_play(&s, ":wav /a/b.wav<Enter>");
    assert_string_equal(((struct data_task *)s.app.model.task[TASK_DATA].asked)->file, "/a/b.wav");
    stage_play(&s, "<Esc>");
    c = fake_trainer_last(s.trainer);
    assert_true(c.kind == COMMAND_TASK_CANCEL && c.count == TASK_DATA);
    fake_trainer_fill(s.trainer, 1);
    stage_play(&s, "<Enter>"); /* refused: nothing is left behind */
    fake_trainer_fill(s.trainer, 0);
    stage_play(&s, ":data all<Enter>");
    assert_non_null(strstr(s.app.model.ui.message, "choose val, test or train"));
    stage_free(&s);
}

/* The homework's own data is recognised by its number of frames: then the ladder says what is reached and how far the next
 * step is. */
static void the_ladder_compares_on_the_homeworks_data(void **state)
{
    static const struct {
        int64_t train, test;
        const char *says[4];
    } rows[] = {
        {2644158, 646268, {"0.6975  0.1892 away", "0.4580  reached", "hint for medium", NULL}},
        {2116794, 527364, {"0.6644  0.1561 away", "0.4980  reached", "hint for medium", NULL}},
        {1000, 0, {"0.4580", "not comparable", NULL}},
    };
    uint8_t roles[] = {ROLE_SPLIT, ROLE_TEST};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ends[] = {0, rows[i].train, rows[i].train + rows[i].test};
        struct dataset all = data;
        struct data_task *t = predictions(1);
        struct stage s;
        struct canvas c;
        char *text;
        all.bounds = ends, all.role = roles, all.utterances = rows[i].test ? 2 : 1;
        begin(&s, "9");
        show(&s, &t->task, TASK_DONE);
        t->task.data = &all;
        assert_int_equal(canvas_init(&c, 40, 14, CHARSET_BRAILLE), 0);
        ladder_pane.draw(&s.app.model, &c);
        text = canvas_to_text(&c);
        for (int k = 0; rows[i].says[k]; k++)
            if (!strstr(text, rows[i].says[k]))
                fail_msg("%s\n%s", rows[i].says[k], text);
        assert_int_equal(strstr(text, "not comparable") != NULL, i == 2);
        free(text);
        canvas_free(&c);
        t->task.data = &data;
        stage_free(&s);
    }
}

/* A recording has no labels; a task that failed says why. */
static void what_is_not_known_is_said(void **state)
{
    struct stage s;
    struct data_task *t = predictions(0);

    (void)state;
    begin(&s, "9");
    snprintf(t->file, sizeof t->file, "/home/me/own.wav");
    t->recording = data;
    t->result.validation = t->result.unheard = NAN;
    show(&s, &t->task, TASK_DONE);
    for (int i = 0; i < 8; i++) {
        golden_sweep(&s);
        stage_play(&s, "<Tab>");
    }
    t->recording = (struct dataset){0};
    stage_free(&s);
    begin(&s, "9");
    t = predictions(1);
    snprintf(t->task.error.text, sizeof t->task.error.text, "not enough memory");
    show(&s, &t->task, TASK_FAILED);
    assert_string_equal(tasks_failure(&s.app.model, TASK_DATA), "not enough memory");
    golden_sweep(&s);
    stage_free(&s);
}

/* ---- Theory --------------------------------------------------------------------------------- */

static void theory_screens(void **state)
{
    struct stage s;

    (void)state;
    begin(&s, "8");
    golden_sweep(&s);
    show(&s, &a_draw()->task, TASK_DONE);
    theory_ui(&s.app.model)->settings.samples = 100;
    golden_screen("theory", &s, 80, 24, CHARSET_BRAILLE);
    golden_screen("theory", &s, 120, 40, CHARSET_BRAILLE);
    for (int i = 0; i < 5; i++) {
        golden_sweep(&s);
        stage_play(&s, "<Tab>");
    }
    stage_free(&s);
}

static void settings_of_the_theory_are_turned(void **state)
{
    struct stage s;
    struct theory_settings *t;

    (void)state;
    begin(&s, "8");
    t = &theory_ui(&s.app.model)->settings;
    assert_true(fake_trainer_last(s.trainer).kind == COMMAND_TASK); /* the first draw needs no key */
    stage_play(&s, "+");
    assert_int_equal(t->samples, 1000);
    stage_play(&s, "---");
    assert_int_equal(t->samples, 100);
    stage_play(&s, "t");
    assert_int_equal(t->hypotheses, 100000);
    stage_play(&s, "TTTTTTTT");
    assert_int_equal(t->hypotheses, 1);
    assert_non_null(strstr(s.app.model.ui.message, "limit"));
    stage_play(&s, "<Tab><Down><Down><Right>");
    assert_true(t->epsilon == .2);
    stage_play(&s, "<Left><Left><Left>");
    assert_true(t->epsilon == .02);
    stage_play(&s, "<Down><Left>");
    assert_true(t->delta == .05);
    stage_play(&s, ":theory samples 640<Enter>");
    assert_int_equal(t->samples, 640);
    stage_play(&s, "+");
    assert_int_equal(t->samples, 1000);
    stage_play(&s, ":theory epsilon 1.5<Enter>");
    assert_non_null(strstr(s.app.model.ui.message, "between 0 and 1"));
    stage_play(&s, "<Esc>:theory samples<Enter><Esc>:theory hypotheses 1e13<Enter><Esc>");
    assert_true(t->samples == 1000 && t->hypotheses == 1);
    show(&s, &a_draw()->task, TASK_DONE);
    stage_play(&s, "<Enter>");
    assert_int_equal(t->draw, 1);
    stage_free(&s);
}

/* The lecture's figures as the screen has them. */
static void the_bound_is_in_words(void **state)
{
    char text[96];

    (void)state;
    theory_bound_words(theory_bound(10000, .1, 100), text, sizeof text);
    assert_string_equal(text, "2,707: vacuous, no probability exceeds 1");
    theory_bound_words(theory_bound(10000, .1, 500), text, sizeof text);
    assert_string_equal(text, "0.908");
    theory_bound_words(theory_bound(10000, .1, 1000), text, sizeof text);
    assert_string_equal(text, "4.122e-5");
}

/* ---- Batch ---------------------------------------------------------------------------------- */

static void two_sizes(struct stage *s)
{
    struct snapshots *all = fake_trainer_runs(s->trainer);

    stage_play(s, "f");
    knobs_put(&all->run[0].knobs, KNOB_BATCH_SIZE, 64);
    knobs_put(&all->run[1].knobs, KNOB_BATCH_SIZE, 4096);
    for (int i = 0; i < 2; i++)
        all->run[i].train_frames = 148595, all->run[i].validation_accuracy = i ? .7 : .72;
    all->focus = 0;
    gather(s);
}

static void batch_screens(void **state)
{
    struct stage s;

    (void)state;
    begin(&s, "7");
    golden_screen("batch-empty", &s, 80, 24, CHARSET_BRAILLE);
    golden_sweep(&s);
    show(&s, &times(5)->task, TASK_RUNNING); /* shown from the first size on */
    assert_non_null(batch_shown(&s.app.model));
    golden_sweep(&s);
    show(&s, &times(9)->task, TASK_DONE);
    two_sizes(&s);
    canned_line(fake_trainer_landscape(s.trainer));
    snprintf(fake_trainer_landscape(s.trainer)->plan.file, 20, "run B");
    gather(&s);
    golden_screen("batch", &s, 80, 24, CHARSET_BRAILLE);
    golden_screen("batch", &s, 120, 40, CHARSET_BRAILLE);
    for (int i = 0; i < 5; i++) {
        golden_sweep(&s);
        stage_play(&s, "<Tab>");
    }
    stage_free(&s);
}

static void small_against_large_is_asked_for(void **state)
{
    struct stage s;
    struct command c;

    (void)state;
    begin(&s, "7d");
    assert_non_null(strstr(s.app.model.ui.message, "no runs with different batch sizes"));
    stage_play(&s, "s");
    c = fake_trainer_last(s.trainer);
    assert_true(c.kind == COMMAND_COMPARE && strcmp(c.text, "batch") == 0);
    two_sizes(&s);
    fake_trainer_runs(s.trainer)->focus = 1;
    gather(&s);
    stage_play(&s, "d");
    c = fake_trainer_last(s.trainer);
    assert_true(c.kind == COMMAND_LANDSCAPE && strcmp(c.text, "line run B") == 0);
    assert_int_equal(fake_trainer_runs(s.trainer)->focus, 0); /* from the smallest batches on */
    stage_free(&s);
}

static void timing_pauses_training(void **state)
{
    struct stage s;
    int taken;

    (void)state;
    begin(&s, "7");
    fake_trainer_draft(s.trainer)->status = RUN_TRAINING;
    gather(&s);
    taken = fake_trainer_taken(s.trainer);
    stage_play(&s, "<Enter>");
    assert_int_equal(fake_trainer_taken(s.trainer), taken + 2);
    assert_non_null(strstr(s.app.model.ui.message, "paused"));
    stage_free(&s);
}

/* Who is flatter, who is better, and whether the two agree. */
static void the_trap_is_told(void **state)
{
    static const struct {
        double small, large;  /* sharpness */
        double a, b;          /* accuracy */
        const char *says;
    } cases[] = {
        {12, 240, .72, .70, "A is flatter and better on validation"},
        {12, 240, .70, .72, "A is flatter, but B is better on validation: sharpness does not always predict"},
        {240, 12, .70, .72, "B is flatter and better"},
        {12, 240, NAN, NAN, "A is flatter; no difference on validation is known"},
    };
    struct stage s;
    struct landscape_view *v;
    char text[BATCH_LINE];

    (void)state;
    begin(&s, "7");
    two_sizes(&s);
    v = fake_trainer_landscape(s.trainer);
    canned_line(v);
    gather(&s);
    batch_trap_words(&s.app.model, text, sizeof text);
    assert_string_equal(text, ""); /* a line to a file is no comparison of these runs */
    snprintf(v->plan.file, sizeof v->plan.file, "run B");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        v->foot[0].sharpness.percent = cases[i].small, v->foot[1].sharpness.percent = cases[i].large;
        fake_trainer_runs(s.trainer)->run[0].validation_accuracy = cases[i].a;
        fake_trainer_runs(s.trainer)->run[1].validation_accuracy = cases[i].b;
        gather(&s);
        batch_trap_words(&s.app.model, text, sizeof text);
        assert_true(strncmp(text, cases[i].says, strlen(cases[i].says)) == 0);
    }
    stage_free(&s);
}

/* ---- all of them ---------------------------------------------------------------------------- */

static void panes_stay_inside(void **state)
{
    static const struct pane *const panes[] = {&utterance_pane, &pairs_pane, &matrix_pane, &classes_pane, &position_pane,
                                               &calibration_pane, &ladder_pane, &draw_pane, &figures_pane, &bad_pane,
                                               &trade_off_pane, &update_pane, &sizes_pane, &epoch_pane, &ends_pane,
                                               &batch_accuracy_pane};
    struct stage s;

    (void)state;
    begin(&s, "7");
    for (int filled = 0; filled < 2; filled++) {
        for (size_t i = 0; i < sizeof panes / sizeof *panes; i++)
            for (int w = 1; w <= 64; w += 3)
                for (int h = 1; h <= 30; h++)
                    golden_guarded(&s.app.model, panes[i], w, h, (enum charset)((w + h) % 3));
        show(&s, &predictions(1)->task, TASK_DONE);
        show(&s, &a_draw()->task, TASK_DONE);
        show(&s, &times(9)->task, TASK_DONE);
        two_sizes(&s);
    }
    stage_free(&s);
}

static void plots_are_pictures(void **state)
{
    static const struct pane *const panes[] = {&position_pane, &calibration_pane, &draw_pane, &bad_pane, &trade_off_pane,
                                               &update_pane, &epoch_pane};
    struct stage s;

    (void)state;
    begin(&s, "7");
    for (size_t i = 0; i < sizeof panes / sizeof *panes; i++)
        assert_null(panes[i]->svg(&s.app.model, THEME_DARK));
    show(&s, &predictions(1)->task, TASK_DONE);
    show(&s, &a_draw()->task, TASK_DONE);
    show(&s, &times(9)->task, TASK_DONE);
    for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
        char *text = panes[i]->svg(&s.app.model, THEME_LIGHT);
        markup_check(text);
        assert_true(markup_count(text, "g", "series") >= 2);
        free(text);
    }
    stage_free(&s);
}

static char heard[8192];

static void hear(void *context, const char *text)
{
    (void)context;
    snprintf(heard + strlen(heard), sizeof heard - strlen(heard), "%s\n", text);
}

static void results_are_told_once_in_lines(void **state)
{
    static const struct view *const all[] = {&batch_view, &theory_view, &data_view};
    static const char *const says[] = {
        "batch 64: 0.00127 s per update", "batch 65536: skipped, 2 updates", "gradient noise scale 948 examples",
        "P(bad) at most 2,707: vacuous", "measured 0.221", "N needed 610.3", "draw 2 is bad",
        "val at step 1,412: ", "validation 0.715, unheard voices 0.508", "not comparable", " taken for ",
    };
    const struct text_sink out = {hear, NULL};
    struct stage s;

    (void)state;
    begin(&s, "7");
    show(&s, &predictions(1)->task, TASK_DONE);
    show(&s, &a_draw()->task, TASK_DONE);
    show(&s, &times(9)->task, TASK_DONE);
    heard[0] = '\0';
    for (int i = 0; i < 3; i++)
        all[i]->text(&s.app.model, &out);
    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        if (!strstr(heard, says[i]))
            fail_msg("not told: %s\n%s", says[i], heard);
    heard[0] = '\0';
    for (int i = 0; i < 3; i++)
        all[i]->text(&s.app.model, &out);
    assert_string_equal(heard, "");
    stage_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_screens),
        cmocka_unit_test(the_cursor_stays_in_the_utterance),
        cmocka_unit_test(errors_and_confusions_are_found),
        cmocka_unit_test(predictions_are_told_in_words),
        cmocka_unit_test(predictions_are_asked_for),
        cmocka_unit_test(what_is_not_known_is_said),
        cmocka_unit_test(the_ladder_compares_on_the_homeworks_data),
        cmocka_unit_test(theory_screens),
        cmocka_unit_test(settings_of_the_theory_are_turned),
        cmocka_unit_test(the_bound_is_in_words),
        cmocka_unit_test(batch_screens),
        cmocka_unit_test(small_against_large_is_asked_for),
        cmocka_unit_test(timing_pauses_training),
        cmocka_unit_test(the_trap_is_told),
        cmocka_unit_test(panes_stay_inside),
        cmocka_unit_test(plots_are_pictures),
        cmocka_unit_test(results_are_told_once_in_lines),
        cmocka_unit_test(golden_all_drawn),
    };

    fill_data();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
