/* lab/: a run is a function of recipe, seed, shards, data and journal, to the bit. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "lab/checkpoint.h"
#include "toy.h"

static struct toy toy;

static void same_bits_whoever_computes(void **state)
{
    struct toy_run one, other;
    struct knobs k = toy_knobs();

    (void)state;
    toy_run_open(&one, &toy, &k, 1);
    toy_steps(one.lane, 40);
    for (int workers = 2; workers <= 4; workers++) {
        toy_run_open(&other, &toy, &k, workers);
        toy_steps(other.lane, 40);
        assert_true(toy_same(one.lane, other.lane));
        toy_run_close(&other);
    }
    toy_run_close(&one);
}

static void another_seed_is_another_run(void **state)
{
    struct toy_run a, b;
    struct knobs k = toy_knobs();

    (void)state;
    toy_run_open(&a, &toy, &k, 1);
    k.value[KNOB_SEED] = 2;
    toy_run_open(&b, &toy, &k, 1);
    assert_int_not_equal(
        memcmp(state_theta(a.lane->state), state_theta(b.lane->state), sizeof(float) * 100), 0);
    toy_run_close(&a);
    toy_run_close(&b);
}

static void it_learns(void **state)
{
    struct toy_run r;
    struct knobs k = toy_knobs();

    (void)state;
    toy_run_open(&r, &toy, &k, 2);
    toy_steps(r.lane, 300);
    assert_true(r.lane->state->counters.validation_accuracy > .85);
    assert_true(r.lane->state->counters.best_accuracy >= r.lane->state->counters.validation_accuracy);
    toy_run_close(&r);
}

/* Every frame of the training set once an epoch, whatever the batch size does meanwhile. */
static void an_epoch_is_counted_in_examples(void **state)
{
    struct toy_run r;
    struct knobs k = toy_knobs();
    struct lane_report report;
    struct err e;
    int64_t seen = 0;

    (void)state;
    toy_run_open(&r, &toy, &k, 1);
    do {
        assert_int_equal(lane_advance(r.lane, &report, &e), 0);
        if (report.did != LANE_STEP)
            continue;
        seen += report.examples;
        assert_int_equal(lane_set(r.lane, KNOB_BATCH_SIZE, 1 + (double)(seen % 97), &e), 0);
    } while (!(report.did == LANE_STEP && report.epoch_ended));
    assert_int_equal(seen, r.lane->split.train.frames);
    assert_int_equal(r.lane->state->counters.epoch, 1);
    toy_run_close(&r);
}

static void a_checkpoint_goes_on_to_the_bit(void **state)
{
    char *dir = temporary_folder(), path[256];
    struct toy_run whole, half, again;
    struct knobs k = toy_knobs();
    struct checkpoint c;
    struct err e = {0};

    (void)state;
    snprintf(path, sizeof path, "%s/c.safetensors", dir);
    toy_run_open(&whole, &toy, &k, 2);
    toy_run_open(&half, &toy, &k, 1);
    toy_steps(whole.lane, 200);
    toy_steps(half.lane, 100);
    assert_int_equal(checkpoint_write(half.lane, path, &e), 0);
    assert_int_equal(checkpoint_open(&c, path, &e), 0);
    toy_run_open(&again, &toy, &c.knobs, 3);
    if (checkpoint_restore(&c, again.lane, 1, &e) != 0)
        fail_msg("%s", e.text);
    assert_true(toy_same(half.lane, again.lane));
    toy_steps(again.lane, 100);
    assert_true(toy_same(whole.lane, again.lane));
    checkpoint_close(&c);
    toy_run_close(&whole);
    toy_run_close(&half);
    toy_run_close(&again);
    remove_folder(dir);
}

/* Play the journal's lines back at their steps on a fresh lane. */
static void replay(struct lane *l, const char *journal, int steps)
{
    struct knobs parsed;
    struct err e;

    for (int done = 0; done <= steps; done++) {
        unsigned long long step;
        int lane, used;
        char name[64], value[64];
        while (sscanf(journal, "%llu %d %63s %63s\n%n", &step, &lane, name, value, &used) == 4 &&
               step == (unsigned long long)done) {
            parsed = l->state->knobs;
            assert_int_equal(knobs_parse(&parsed, knob_find(name), value, &e), 0);
            assert_int_equal(lane_set(l, knob_find(name), parsed.value[knob_find(name)], &e), 0);
            journal += used;
        }
        if (done < steps)
            toy_steps(l, 1);
    }
    assert_string_equal(journal, "");
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
        toy_steps(played.lane, edits[i].step - step);
        step = edits[i].step;
        assert_int_equal(lane_set(played.lane, edits[i].knob, edits[i].value, &e), 0);
    }
    toy_steps(played.lane, 70 - step);
    toy_run_open(&replayed, &toy, &k, 1);
    replay(replayed.lane, played.lane->journal, 70);
    assert_true(toy_same(played.lane, replayed.lane));
    toy_run_close(&played);
    toy_run_close(&replayed);
}

static void a_step_that_is_not_finite_is_not_applied(void **state)
{
    struct toy_run r;
    struct knobs k = toy_knobs();
    struct lane_report report;
    struct state *before;
    struct err e = {0};

    (void)state;
    toy_run_open(&r, &toy, &k, 2);
    toy_steps(r.lane, 3);
    state_theta(r.lane->state)[7] = INFINITY;
    before = state_copy(r.lane->state);
    assert_int_equal(lane_advance(r.lane, &report, &e), -ERR_DIVERGED);
    assert_non_null(strstr(e.text, "step 4"));
    assert_non_null(strstr(e.text, "layers."));
    assert_memory_equal(before, r.lane->state, before->bytes);
    state_theta(r.lane->state)[7] = 0;
    assert_int_equal(lane_advance(r.lane, &report, &e), 0); /* mended, it goes on */
    free(before);
    toy_run_close(&r);
}

static void a_batch_of_one_leaves_the_running_variance(void **state)
{
    struct toy_run r;
    struct knobs k = toy_knobs();
    int64_t at;
    float before;

    (void)state;
    k.value[KNOB_BATCH_SIZE] = 1;
    toy_run_open(&r, &toy, &k, 1);
    at = r.lane->network.statistic[1].offset;
    before = state_statistics(r.lane->state)[at];
    toy_steps(r.lane, 3);
    assert_string_equal(r.lane->network.statistic[1].name, "layers.2.running_var");
    assert_true(state_statistics(r.lane->state)[at] == before);
    assert_true(state_statistics(r.lane->state)[0] != 0); /* the mean did move */
    toy_run_close(&r);
}

static void knobs_beyond_their_bounds_are_refused(void **state)
{
    struct toy_run r;
    struct knobs k = toy_knobs();
    struct err e = {0};

    (void)state;
    toy_run_open(&r, &toy, &k, 1);
    assert_int_equal(lane_set(r.lane, KNOB_DROPOUT, 1.5, &e), -ERR_USAGE);
    assert_int_equal(lane_set(r.lane, KNOB_DROPOUT, NAN, &e), -ERR_USAGE);
    assert_int_equal(lane_set(r.lane, KNOB_OPTIMIZER, 99, &e), -ERR_USAGE);
    assert_int_equal(lane_set(r.lane, KNOB_OPTIMIZER, -1, &e), -ERR_USAGE);
    assert_int_equal(lane_set(r.lane, KNOB_BATCH_SIZE, 2.5, &e), -ERR_USAGE);
    assert_int_equal(lane_set(r.lane, KNOB_CONTEXT, 5, &e), -ERR_USAGE);
    assert_int_equal(r.lane->journal_size, 0);
    toy_run_close(&r);
}

static void networks_that_do_not_fit_are_refused(void **state)
{
    static const char *const wrong[] = {"linear 4", "linear", "relu |", "linear 3 x0 | linear 3", "conv 3",
                                        "linear 99999999", "linear 3 dropout=2", "", "linear 3 x2 relu"};
    struct pool *p;
    struct lane *l;
    struct err e;

    (void)state;
    assert_int_equal(pool_new(&p, 1, &e), 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct knobs k = toy_knobs();
        knobs_parse(&k, KNOB_NETWORK, wrong[i], &e);
        if (lane_new(&l, &toy.d, &k, p, &e) != -ERR_INPUT)
            fail_msg("\"%s\" was taken", wrong[i]);
        assert_non_null(strstr(e.text, "network"));
    }
    pool_free(p);
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

/* The same checkpoint with another text under one key. */
static void change_meta(const char *path, const char *key, const char *value)
{
    static const char *const rest[] = {"format", "data", "fingerprint", "journal"};
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
    for (int n = 0; n < 4; n++)
        copy_meta(w, st, "", rest[n], key);
    safetensors_writer_meta(w, key, value);
    assert_int_equal(safetensors_writer_write(w, path, &e), 0);
    safetensors_writer_free(w);
    safetensors_close(st);
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
        assert_int_equal(checkpoint_write(r.lane, path, &e), 0);
        change_meta(path, wrong[i].key, wrong[i].value);
        result = checkpoint_open(&c, path, &e);
        if (result == 0) {
            result = checkpoint_restore(&c, r.lane, 1, &e);
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
        cmocka_unit_test(another_seed_is_another_run),
        cmocka_unit_test(it_learns),
        cmocka_unit_test(an_epoch_is_counted_in_examples),
        cmocka_unit_test(a_checkpoint_goes_on_to_the_bit),
        cmocka_unit_test(the_journal_replays_to_the_bit),
        cmocka_unit_test(a_step_that_is_not_finite_is_not_applied),
        cmocka_unit_test(a_batch_of_one_leaves_the_running_variance),
        cmocka_unit_test(knobs_beyond_their_bounds_are_refused),
        cmocka_unit_test(networks_that_do_not_fit_are_refused),
        cmocka_unit_test(damaged_checkpoints_are_refused),
    };
    toy_init(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
