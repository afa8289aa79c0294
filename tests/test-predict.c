/* SPDX-License-Identifier: MIT */
/* lecture/: predictions, confusion and baselines, on networks of every way to answer frames. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lecture/baselines.h"
#include "lecture/confusion.h"
#include "lecture/predict.h"
#include "learnable-data.h"
#include "libriphone-folder.h"

static struct toy toy;

enum { TEST_FRAMES = 10 * TOY_FRAMES, TEST_BEGIN = 40 * TOY_FRAMES };

static const struct way {
    const char *network;
    int context, piece;
} ways[] = {
    {"linear 24 relu bn dropout | linear 3", 3, 0}, /* frames side by side */
    {"lstm 8 bi | center | linear 3", 5, 0},        /* a window one frame after the other, one answer */
    {"rnn 8 | last | linear 3", 5, 0},
    {"gru 8 bi | linear 3", 5, 0},                  /* … an answer to every frame of it */
    {"lstm 8 bi | linear 3", 1, 16},                /* pieces of 16, 16 and 8 frames of each utterance */
    {"lstm 8 bi | linear 3", 1, 100},               /* whole utterances */
};
enum { WAYS = sizeof ways / sizeof *ways };

static void open_run(struct toy_run *r, const struct way *w, int seed, int workers)
{
    struct knobs k = toy_knobs();

    assert_int_equal(knobs_parse(&k, KNOB_NETWORK, w->network, NULL), 0);
    knobs_put(&k, KNOB_CONTEXT, w->context);
    knobs_put(&k, KNOB_PIECE, w->piece);
    knobs_put(&k, KNOB_BATCH_SIZE, w->piece ? 7 : 50);
    knobs_put(&k, KNOB_SEED, seed);
    toy_run_open(r, &toy, &k, workers);
    toy_steps(r->run, 20);
}

struct seen {
    int64_t frames;
    float logits[TEST_FRAMES][TOY_CLASSES];
};

static void see(void *context, int64_t frame, const float *logits, int label)
{
    struct seen *s = context;

    assert_int_equal(frame, s->frames);
    assert_in_range(frame, 0, TEST_FRAMES - 1);
    assert_int_equal(label, toy.labels[TEST_BEGIN + frame]);
    memcpy(s->logits[s->frames++], logits, sizeof s->logits[0]);
}

/* The frames come in the order of the data, each once, with their own label; the figures are those of an evaluation. */
static void logits_of_every_frame_in_order(void **state)
{
    (void)state;
    for (int i = 0; i < WAYS; i++) {
        static struct seen s;
        struct toy_run r;
        double loss, accuracy, loss_of_logits, accuracy_of_logits;
        s.frames = 0;
        open_run(&r, &ways[i], 1, 2);
        assert_int_equal(run_evaluate(r.run, run_source(r.run, RUN_TEST), NULL, NULL, &loss, &accuracy), 0);
        assert_int_equal(run_logits(r.run, run_source(r.run, RUN_TEST), see, &s, &loss_of_logits, &accuracy_of_logits), 0);
        assert_int_equal(s.frames, TEST_FRAMES);
        assert_true(loss == loss_of_logits && accuracy == accuracy_of_logits);
        toy_run_close(&r);
    }
}

static void predict(struct prediction *p, const struct way *w, int seed, int workers, double *accuracy)
{
    struct toy_run r;
    struct err e = {0};
    double loss;

    open_run(&r, w, seed, workers);
    if (prediction_add(p, r.run, run_source(r.run, RUN_TEST), &loss, accuracy, &e))
        fail_msg("%s", e.text);
    toy_run_close(&r);
}

static void begin(struct prediction *p)
{
    struct err e = {0};

    assert_int_equal(prediction_init(p, TEST_FRAMES, TOY_CLASSES, &e), 0);
    assert_true(isnan(prediction_accuracy(&(struct prediction){0})));
}

/* Where every frame has one answer, the prediction scores what the evaluation says, and better than guessing. */
static void a_prediction_scores_what_an_evaluation_says(void **state)
{
    (void)state;
    for (int i = 0; i < WAYS; i++) {
        struct prediction one, three;
        double accuracy, same;
        begin(&one);
        begin(&three);
        predict(&one, &ways[i], 1, 1, &accuracy);
        predict(&three, &ways[i], 1, 3, &same);
        if (strcmp(ways[i].network, "gru 8 bi | linear 3") != 0)
            assert_true(prediction_accuracy(&one) == accuracy);
        assert_true(prediction_accuracy(&one) > .4);
        assert_true(accuracy == same);
        assert_memory_equal(one.sum, three.sum, sizeof *one.sum * TEST_FRAMES * TOY_CLASSES);
        prediction_free(&one);
        prediction_free(&three);
    }
}

/* Networks that see the frames in different ways decide together, by the mean of their probabilities. */
static void an_ensemble_is_the_mean_of_probabilities(void **state)
{
    struct prediction a, b, both;
    double accuracy;

    (void)state;
    begin(&a);
    begin(&b);
    begin(&both);
    predict(&a, &ways[0], 1, 1, &accuracy);
    predict(&b, &ways[4], 2, 1, &accuracy);
    predict(&both, &ways[0], 1, 1, &accuracy);
    predict(&both, &ways[4], 2, 1, &accuracy);
    for (int t = 0; t < TEST_FRAMES; t++) {
        double p[TOY_CLASSES], own;
        int best = 0;
        for (int c = 0; c < TOY_CLASSES; c++) {
            p[c] = (prediction_probability(&a, t, c) + prediction_probability(&b, t, c)) / 2;
            assert_float_equal(prediction_probability(&both, t, c), p[c], 1e-6);
            best = p[c] > p[best] ? c : best;
        }
        assert_float_equal(p[prediction_class(&both, t, &own)], p[best], 1e-6);
        assert_float_equal(own, p[best], 1e-6);
        assert_float_equal(p[0] + p[1] + p[2], 1, 1e-5);
    }
    prediction_free(&a);
    prediction_free(&b);
    prediction_free(&both);
}

static void smoothing_averages_neighbours(void **state)
{
    float sum[] = {.9f, .1f, .4f, .6f, .9f, .1f, .2f, .8f};
    struct prediction p;
    struct err e = {0};

    (void)state;
    assert_int_equal(prediction_init(&p, 4, 2, &e), 0);
    memcpy(p.sum, sum, sizeof sum);
    memcpy(p.only, (uint8_t[]){0, 1, 0, 1}, 4);
    p.networks = 1;
    assert_int_equal(prediction_smooth(&p, 1, &e), 0);
    assert_memory_equal(p.sum, sum, sizeof sum);
    assert_int_equal(prediction_smooth(&p, 3, &e), 0);
    assert_float_equal(prediction_probability(&p, 0, 0), .65, 1e-6);
    assert_float_equal(prediction_probability(&p, 1, 0), 2.2 / 3, 1e-6);
    assert_float_equal(prediction_probability(&p, 2, 0), .5, 1e-6);
    assert_float_equal(prediction_probability(&p, 3, 0), .55, 1e-6);
    assert_int_equal(prediction_class(&p, 1, NULL), 0);
    assert_int_equal(prediction_class(&p, 3, NULL), 0);
    prediction_free(&p);
}

static void no_network_of_another_number_of_classes(void **state)
{
    struct prediction p;
    struct toy_run r;
    struct err e = {0};
    double loss, accuracy;

    (void)state;
    assert_int_equal(prediction_init(&p, TEST_FRAMES, 4, &e), 0);
    open_run(&r, &ways[0], 1, 1);
    assert_int_equal(prediction_add(&p, r.run, run_source(r.run, RUN_TEST), &loss, &accuracy, &e), -ERR_INPUT);
    toy_run_close(&r);
    prediction_free(&p);
}

/* ---- confusion ------------------------------------------------------------------------------ */

static void confusion_counts_every_frame(void **state)
{
    struct confusion c;
    struct toy_run r;
    struct err e = {0};
    double loss, accuracy, probability = 0;
    int64_t count = 0, diagonal = 0, in_bins = 0, right = 0;

    (void)state;
    open_run(&r, &ways[0], 1, 2);
    assert_int_equal(confusion_init(&c, TOY_CLASSES, &e), 0);
    assert_int_equal(confusion_add(&c, r.run, run_source(r.run, RUN_TEST), &loss, &accuracy, &e), 0);
    for (int i = 0; i < TOY_CLASSES; i++) {
        int64_t truth = 0;
        for (int t = 0; t < TEST_FRAMES; t++)
            truth += toy.labels[TEST_BEGIN + t] == i;
        assert_int_equal(confusion_row(&c, i), truth);
        count += truth;
        diagonal += c.matrix[i * TOY_CLASSES + i];
    }
    for (int i = 0; i < CONFUSION_BINS; i++) {
        in_bins += c.bin[i].count;
        right += c.bin[i].correct;
        probability += c.bin[i].probability;
        assert_true(c.bin[i].probability <= (double)c.bin[i].count * (i + 1) / CONFUSION_BINS + 1e-9);
        assert_true(c.bin[i].probability >= (double)c.bin[i].count * i / CONFUSION_BINS - 1e-9);
    }
    assert_int_equal(count, TEST_FRAMES);
    assert_int_equal(in_bins, TEST_FRAMES);
    assert_int_equal(right, diagonal);
    assert_true((double)diagonal / TEST_FRAMES == accuracy);
    assert_true(confusion_ece(&c) >= fabs(accuracy - probability / TEST_FRAMES) - 1e-12);
    confusion_free(&c);
    toy_run_close(&r);
}

/* Every way to answer has its frames counted by the part of the utterance; those that answer more than one frame at a time,
 * their answers by position. */
static void positions_are_counted(void **state)
{
    (void)state;
    for (int i = 0; i < WAYS; i++) {
        struct confusion c;
        struct toy_run r;
        struct err e = {0};
        double loss, accuracy;
        int64_t frames = 0, correct = 0, answers = 0, right = 0;
        int window = ways[i].piece ? ways[i].piece : strstr(ways[i].network, "gru") ? ways[i].context : 0;
        open_run(&r, &ways[i], 1, 2);
        assert_int_equal(confusion_init(&c, TOY_CLASSES, &e), 0);
        assert_int_equal(confusion_add(&c, r.run, run_source(r.run, RUN_TEST), &loss, &accuracy, &e), 0);
        for (int k = 0; k < CONFUSION_TENTHS; k++) {
            assert_int_equal(c.tenth[k].frames, TEST_FRAMES / CONFUSION_TENTHS);
            frames += c.tenth[k].frames, correct += c.tenth[k].correct;
        }
        assert_true(frames == c.frames && correct == c.correct);
        assert_int_equal(c.window, window);
        assert_int_equal(c.places, window < CONFUSION_PLACES ? window : CONFUSION_PLACES);
        for (int k = 0; k < c.places; k++) {
            answers += c.place[k].frames, right += c.place[k].correct;
            assert_int_equal((int64_t)confusion_place_at(&c, k) * c.places / c.window, k);
        }
        if (window)
            assert_true((double)right / (double)answers == accuracy);
        assert_true(answers == (window && !ways[i].piece ? window : window > 0) * c.frames);
        confusion_free(&c);
        toy_run_close(&r);
    }
}

static void pairs_and_classes_are_in_order(void **state)
{
    int64_t matrix[] = {5, 3, 0, 2, 1, 1, 3, 0, 0, 0, 0, 0, 7, 0, 0, 3}; /* class 2 does not occur */
    struct confusion c = {.classes = 4, .frames = 25, .matrix = matrix};
    struct confusion_pair pair[10];
    int order[4];

    (void)state;
    assert_int_equal(confusion_pairs(&c, pair, 10), 5);
    assert_true(pair[0].truth == 3 && pair[0].predicted == 0 && pair[0].count == 7);
    assert_true(pair[1].truth == 0 && pair[1].predicted == 1 && pair[1].count == 3);
    assert_true(pair[2].truth == 1 && pair[2].predicted == 2 && pair[2].count == 3);
    assert_true(pair[4].truth == 1 && pair[4].predicted == 0 && pair[4].count == 1);
    assert_int_equal(confusion_pairs(&c, pair, 2), 2);
    assert_true(pair[1].truth == 0 && pair[1].count == 3);
    assert_int_equal(confusion_order(&c, order), 3);
    assert_true(order[0] == 1 && order[1] == 3 && order[2] == 0);
    assert_true(isnan(confusion_accuracy(&c, 2)));
    assert_true(confusion_accuracy(&c, 0) == .5);
    c.bin[3] = (struct confusion_bin){15, 9, 5.25};
    c.bin[9] = (struct confusion_bin){10, 8, 9.5};
    assert_float_equal(confusion_ece(&c), (3.75 + 1.5) / 25, 1e-12);
}

/* ---- baselines ------------------------------------------------------------------------------ */

static void baselines_hold_for_the_homework_alone(void **state)
{
    int64_t bounds[] = {0, 2644158, 2644158 + 646268};
    uint8_t role[] = {ROLE_SPLIT, ROLE_TEST};
    struct dataset d = {.bounds = bounds, .role = role, .utterances = 2};
    char text[300], brief[20];

    (void)state;
    assert_int_equal(baselines_of(&d)->year, 2022);
    assert_int_equal(baselines_find(2116794, 1)->year, 2023);
    assert_int_equal(baselines_find(0, 527364)->year, 2023);
    assert_null(baselines_find(646268, 0));
    assert_null(baselines_of(&toy.d));
    for (int i = 0; baselines_at(i); i++)
        for (int k = 1; k < BASELINES; k++)
            assert_true(baselines_at(i)->level[k].accuracy > baselines_at(i)->level[k - 1].accuracy);
    baselines_words(&d, .70747, text, sizeof text);
    assert_non_null(strstr(text, "0.0428 below the next baseline of 2022, strong 0.7503"));
    assert_non_null(strstr(text, "hint: "));
    baselines_words(&d, .69747, text, sizeof text); /* reached */
    assert_non_null(strstr(text, "strong"));
    baselines_words(&d, .84324, text, sizeof text);
    assert_non_null(strstr(text, "0.0200 above the last baseline of 2022, boss"));
    baselines_words(&d, NAN, text, sizeof text);
    assert_non_null(strstr(text, "simple 0.4580, medium 0.6975"));
    baselines_words(&toy.d, .9, text, sizeof text);
    assert_non_null(strstr(text, "not comparable"));
    baselines_words(&toy.d, .9, brief, sizeof brief);
    assert_int_equal(strlen(brief), sizeof brief - 1);
}

/* ---- the homework's folder ------------------------------------------------------------------- */

/* Run a line of shell in the folder; its output into text. */
static void run_line(const char *dir, const char *format, char *text, size_t size)
{
    char line[600];
    FILE *out;

    setenv("XDG_CACHE_HOME", dir, 1);
    setenv("XDG_DATA_HOME", dir, 1);
    snprintf(line, sizeof line, "cd '%s' && exec %s %s 2>&1", dir, getenv("SADDLE"), format);
    out = popen(line, "r");
    assert_non_null(out);
    text[fread(text, 1, size - 1, out)] = '\0';
    if (pclose(out) != 0)
        fail_msg("%s: %s", line, text);
}

static void read_answers(const char *dir, const char *name, char *text, size_t size)
{
    FILE *f = fopen(folder_path(dir, name), "r");

    assert_non_null(f);
    text[fread(text, 1, size - 1, f)] = '\0';
    fclose(f);
}

/* The answers are the same whether the labels are there to score them or not. */
static void a_folder_needs_no_test_labels(void **state)
{
    char *dir = temporary_folder(), text[2000], scored[200], answers[200], accuracy[40];

    (void)state;
    folder_make(dir);
    run_line(dir, "train --no-record --data . --set context=3 --set 'network=linear 41' --steps 9 --checkpoint c", text, sizeof text);
    run_line(dir, "eval --checkpoint c --split test --json", text, sizeof text);
    snprintf(accuracy, sizeof accuracy, "%.12s", strstr(text, "\"accuracy\""));
    run_line(dir, "predict --checkpoint c -o scored.csv --json", text, sizeof text);
    assert_non_null(strstr(text, accuracy));
    unlink(folder_path(dir, "test_labels.txt"));
    run_line(dir, "predict --checkpoint c -o answers.csv --json", text, sizeof text);
    assert_string_equal(text, "{\"file\":\"answers.csv\",\"frames\":2,\"checkpoints\":1,\"accuracy\":null}\n");
    read_answers(dir, "scored.csv", scored, sizeof scored);
    read_answers(dir, "answers.csv", answers, sizeof answers);
    assert_string_equal(scored, answers);
    assert_memory_equal(answers, "Id,Class\n0,", 11);
    run_line(dir, "predict --checkpoint c -o answers.csv", text, sizeof text);
    assert_non_null(strstr(text, "answers.csv: 2 frames, checkpoints: 1\n"));
    remove_folder(dir);
}

static int set_up(void **state)
{
    (void)state;
    toy_init(&toy);
    return getenv("SADDLE") ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logits_of_every_frame_in_order),
        cmocka_unit_test(a_prediction_scores_what_an_evaluation_says),
        cmocka_unit_test(an_ensemble_is_the_mean_of_probabilities),
        cmocka_unit_test(smoothing_averages_neighbours),
        cmocka_unit_test(no_network_of_another_number_of_classes),
        cmocka_unit_test(confusion_counts_every_frame),
        cmocka_unit_test(positions_are_counted),
        cmocka_unit_test(pairs_and_classes_are_in_order),
        cmocka_unit_test(baselines_hold_for_the_homework_alone),
        cmocka_unit_test(a_folder_needs_no_test_labels),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
