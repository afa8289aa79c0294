/* SPDX-License-Identifier: MIT */
/* lab/: the same bits again: for any number of workers, from a checkpoint, by the journal. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libriphone-folder.h"
#include "math/products.h"
#include "run/checkpoint.h"
#include "run/journal.h"
#include "trainer/replay.h"
#include "learnable-data.h"

static struct toy toy;

static void same_bits_whoever_computes(void **state)
{
    struct toy_run one, other;
    struct knobs k = toy_knobs();

    (void)state;
    toy_run_open(&one, &toy, &k, 1);
    toy_steps(one.run, 40);
    for (int workers = 2; workers <= 4; workers++) {
        toy_run_open(&other, &toy, &k, workers);
        toy_steps(other.run, 40);
        assert_true(toy_same(one.run, other.run));
        toy_run_close(&other);
    }
    toy_run_close(&one);
}

/* 2n steps are n, a checkpoint read by another run, and n more. */
static void goes_on_to_the_bit(const char *path, const struct knobs *k, int n)
{
    struct toy_run whole, half, again;
    struct checkpoint c;
    struct err e = {0};

    toy_run_open(&whole, &toy, k, 2);
    toy_run_open(&half, &toy, k, 1);
    toy_steps(whole.run, 2 * n);
    toy_steps(half.run, n);
    assert_int_equal(checkpoint_write(half.run, path, &e), 0);
    assert_int_equal(checkpoint_open(&c, path, &e), 0);
    toy_run_open(&again, &toy, &c.knobs, 3);
    if (checkpoint_restore(&c, again.run, 1, &e) != 0)
        fail_msg("%s", e.text);
    assert_true(toy_same(half.run, again.run));
    toy_steps(again.run, n);
    assert_true(toy_same(whole.run, again.run));
    checkpoint_close(&c);
    toy_run_close(&whole);
    toy_run_close(&half);
    toy_run_close(&again);
}

static void a_checkpoint_goes_on_to_the_bit(void **state)
{
    char *dir = temporary_folder(), path[256];
    struct knobs k = toy_knobs();

    (void)state;
    snprintf(path, sizeof path, "%s/c.safetensors", dir);
    goes_on_to_the_bit(path, &k, 100);
    remove_folder(dir);
}

static void every_optimizer_and_schedule_goes_on_to_the_bit(void **state)
{
    char *dir = temporary_folder(), path[256];

    (void)state;
    snprintf(path, sizeof path, "%s/c.safetensors", dir);
    for (int i = 0; knob_choice(KNOB_OPTIMIZER, i); i++) {
        struct knobs k = toy_knobs();
        knobs_put(&k, KNOB_OPTIMIZER, i);
        knobs_put(&k, KNOB_AMSGRAD, i % 2);
        knobs_put(&k, KNOB_LEARNING_RATE, 1e-3);
        goes_on_to_the_bit(path, &k, 8);
    }
    for (int i = 0; knob_choice(KNOB_SCHEDULE, i); i++) {
        struct knobs k = toy_knobs();
        knobs_put(&k, KNOB_SCHEDULE, i);
        knobs_put(&k, KNOB_PATIENCE, 0);
        knobs_put(&k, KNOB_WARMUP, .2);
        knobs_put(&k, KNOB_EVAL_EVERY, .1);
        goes_on_to_the_bit(path, &k, 20);
    }
    remove_folder(dir);
}

/* Sequences: windows into a recurrent network, and pieces of utterances with an answer to every frame. */
static void sequences_go_on_to_the_bit(void **state)
{
    static const struct {
        const char *network;
        int piece, stride;
    } runs[] = {{"lstm 6 bi | center | linear 9 bn relu dropout | linear 3", 0, 1},
                {"gru 6x2 dropout | last | linear 3", 0, 3},
                {"rnn 6 | all | linear 3", 0, 2},
                {"lstm 6x2 bi dropout | all | linear 9 bn relu | linear 3", 15, 1},
                {"linear 9 bn relu | linear 3", 7, 1}};
    char *dir = temporary_folder(), path[256];

    (void)state;
    snprintf(path, sizeof path, "%s/c.safetensors", dir);
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        struct knobs k = toy_knobs();
        struct err e;
        assert_int_equal(knobs_parse(&k, KNOB_NETWORK, runs[i].network, &e), 0);
        knobs_put(&k, KNOB_PIECE, runs[i].piece);
        knobs_put(&k, KNOB_STRIDE, runs[i].stride);
        knobs_put(&k, KNOB_BATCH_SIZE, 11);
        knobs_put(&k, KNOB_INPUT_NOISE, .1);
        knobs_put(&k, KNOB_MASK_TIME, 2);
        knobs_put(&k, KNOB_MASK_FEATURES, 1);
        knobs_put(&k, KNOB_CLASS_WEIGHTS, 1);
        knobs_put(&k, KNOB_L1, 1e-4);
        knobs_put(&k, KNOB_CLIP_VALUE, .5);
        knobs_put(&k, KNOB_EMA, .9);
        knobs_put(&k, KNOB_EARLY_STOPPING, 50);
        goes_on_to_the_bit(path, &k, 20);
    }
    remove_folder(dir);
}

static void the_journal_replays_to_the_bit(void **state)
{
    static const struct {
        int step;
        enum knob_id knob;
        double value;
    } edits[] = {{5, KNOB_LEARNING_RATE, .003}, {5, KNOB_DROPOUT, .35}, {11, KNOB_BATCH_SIZE, 77},
                 {20, KNOB_OPTIMIZER, 0},       {20, KNOB_LOSS, 1},     {31, KNOB_SCHEDULE, 3},
                 {40, KNOB_CLIP_NORM, .5},      {44, KNOB_OPTIMIZER, 2}, {50, KNOB_BATCH_SIZE, 1000}};
    struct toy_run played, replayed;
    struct knobs k = toy_knobs();
    struct err e;
    int step = 0;

    (void)state;
    toy_run_open(&played, &toy, &k, 2);
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        toy_steps(played.run, edits[i].step - step);
        step = edits[i].step;
        assert_int_equal(toy_set(played.run, edits[i].knob, edits[i].value, &e), 0);
    }
    assert_int_equal(toy_set_text(played.run, KNOB_MILESTONES, "", &e), 0); /* a line without a value */
    toy_steps(played.run, 70 - step);
    toy_run_open(&replayed, &toy, &k, 1);
    if (run_replay(replayed.run, played.run->journal, 70, &e) != 0)
        fail_msg("%s", e.text);
    assert_true(toy_same(played.run, replayed.run));
    assert_string_equal(played.run->journal, replayed.run->journal);
    toy_run_close(&played);
    toy_run_close(&replayed);
}

/* The bits of a run are those of the kernels and the library that made its products. */
static void other_products_are_told(void **state)
{
    static const char other[] = "0 0 products_by OpenBLAS 0.0.1, Nocona kernels\n2 0 dropout 0.25\n";
    struct toy_run played, replayed;
    struct run *fresh;
    struct knobs k = toy_knobs();
    struct err e;

    (void)state;
    toy_run_open(&played, &toy, &k, 2);
    assert_int_equal(journal_products(played.run, &e), 0);
    assert_int_equal(journal_products(played.run, &e), 0); /* once is enough */
    assert_int_equal(journal_count(played.run, JOURNAL_PRODUCTS), 1);
    toy_steps(played.run, 3);
    toy_run_open(&replayed, &toy, &k, 1);
    assert_int_equal(run_replay(replayed.run, played.run->journal, 3, &e), 0);
    assert_string_equal(replayed.run->remark[0], "");
    assert_string_equal(played.run->journal, replayed.run->journal);
    assert_true(toy_same(played.run, replayed.run));
    assert_int_equal(run_restarted(&fresh, replayed.run, &k, &e), 0);
    run_free(replayed.run);
    replayed.run = fresh;
    assert_int_equal(journal_count(replayed.run, JOURNAL_PRODUCTS), 1);
    assert_int_equal(run_replay(replayed.run, other, 3, &e), 0);
    assert_string_equal(replayed.run->remark[0],
                        "the journal was computed with OpenBLAS 0.0.1, Nocona kernels: bits may differ");
    toy_run_close(&played);
    toy_run_close(&replayed);
}

static void a_journal_that_does_not_fit_is_refused(void **state)
{
    static const char *const wrong[] = {"3 0 dropout 7\n",       "3 0 nonsense 1\n",      "3 0\n",
                                        "3 0 escape 1:.5\n",     "2 0 probe 2:hand\n",    "2 0 escape_back 1\n",
                                        "4 0 l1 0\n2 0 l1 0\n", "2 0 network linear 3\n"};
    struct knobs k = toy_knobs();
    struct toy_run r;
    struct err e;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        toy_run_open(&r, &toy, &k, 1);
        e.text[0] = 0;
        assert_true(run_replay(r.run, wrong[i], 6, &e) < 0);
        assert_true(e.text[0] != 0);
        toy_run_close(&r);
    }
}

/* Copy one metadata text, unless it is the one to be replaced. */
static void copy_meta(struct safetensors_writer *w, const struct safetensors *st, const char *prefix, const char *name,
                      const char *except)
{
    char key[80];

    snprintf(key, sizeof key, "%s%s", prefix, name);
    if (strcmp(key, except) != 0)
        safetensors_writer_meta(w, key, safetensors_meta(st, key));
}

/* The same checkpoint with another text under one key, or without it. */
static void change_meta(const char *path, const char *key, const char *value)
{
    static const char *const rest[] = {"format", "data", "fingerprint", "journal", "defaults"};
    struct safetensors_writer *w = safetensors_writer_new();
    struct safetensors *st;
    struct err e;

    assert_int_equal(safetensors_open(&st, path, &e), 0);
    for (int t = 0; t < safetensors_count(st); t++) {
        const struct tensor *x = safetensors_at(st, t);
        safetensors_writer_tensor(w, x->name, x->type, x->dims, x->shape, x->data);
    }
    for (int n = 0; counters_name(n); n++)
        copy_meta(w, st, "counter.", counters_name(n), key);
    for (int n = 0; n < KNOB_COUNT; n++)
        copy_meta(w, st, "knob.", knob_row(n)->name, key);
    for (int n = 0; schedule_state_name(n); n++)
        copy_meta(w, st, "schedule.", schedule_state_name(n), key);
    for (size_t n = 0; n < sizeof rest / sizeof *rest; n++)
        copy_meta(w, st, "", rest[n], key);
    if (value)
        safetensors_writer_meta(w, key, value);
    assert_int_equal(safetensors_writer_write(w, path, &e), 0);
    safetensors_writer_free(w);
    safetensors_close(st);
}

/* One that is older than the setting `products` has its default. */
static void checkpoints_without_products_go_on(void **state)
{
    char *dir = temporary_folder(), path[256];
    struct toy_run r;
    struct knobs k = toy_knobs();
    struct checkpoint c;
    struct err e = {0};

    (void)state;
    snprintf(path, sizeof path, "%s/c.safetensors", dir);
    knobs_put(&k, KNOB_PRODUCTS, PRODUCTS_OPENBLAS);
    toy_run_open(&r, &toy, &k, 1);
    assert_int_equal(checkpoint_write(r.run, path, &e), 0);
    assert_int_equal(checkpoint_open(&c, path, &e), 0);
    assert_true(c.knobs.value[KNOB_PRODUCTS] == PRODUCTS_OPENBLAS);
    assert_non_null(strstr(c.products, "OpenBLAS"));
    assert_null(strstr(c.products, "oneDNN"));
    checkpoint_close(&c);
    change_meta(path, "knob.products", NULL);
    assert_int_equal(checkpoint_open(&c, path, &e), 0);
    assert_true(c.knobs.value[KNOB_PRODUCTS] == PRODUCTS_AUTO);
    assert_null(c.products);
    assert_int_equal(checkpoint_restore(&c, r.run, 1, &e), 0);
    checkpoint_close(&c);
    toy_run_close(&r);
    remove_folder(dir);
}

static void damaged_checkpoints_are_refused(void **state)
{
    static const struct {
        const char *key, *value;
    } wrong[] = {{"format", "something"}, {"knob.dropout", "7"}, {"counter.position", "ffffffffffffffff"},
                 {"counter.step", "xyz"}, {"fingerprint", "1"},  {"fingerprint", "0000000000000001"}};
    char *dir = temporary_folder(), path[256];
    struct toy_run r;
    struct knobs k = toy_knobs();
    struct err e = {0};

    (void)state;
    snprintf(path, sizeof path, "%s/c.safetensors", dir);
    toy_run_open(&r, &toy, &k, 1);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct checkpoint c;
        int result;
        assert_int_equal(checkpoint_write(r.run, path, &e), 0);
        change_meta(path, wrong[i].key, wrong[i].value);
        result = checkpoint_open(&c, path, &e);
        if (result == 0) {
            result = checkpoint_restore(&c, r.run, 1, &e);
            checkpoint_close(&c);
        }
        assert_int_equal(result, -ERR_INPUT);
        assert_non_null(strstr(e.text, path));
    }
    toy_run_close(&r);
    remove_folder(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_whoever_computes),
        cmocka_unit_test(a_checkpoint_goes_on_to_the_bit),
        cmocka_unit_test(every_optimizer_and_schedule_goes_on_to_the_bit),
        cmocka_unit_test(sequences_go_on_to_the_bit),
        cmocka_unit_test(the_journal_replays_to_the_bit),
        cmocka_unit_test(other_products_are_told),
        cmocka_unit_test(checkpoints_without_products_go_on),
        cmocka_unit_test(a_journal_that_does_not_fit_is_refused),
        cmocka_unit_test(damaged_checkpoints_are_refused),
    };
    toy_init(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
