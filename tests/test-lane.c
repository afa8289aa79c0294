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
        seen += report.frames;
        assert_int_equal(lane_set(r.lane, KNOB_BATCH_SIZE, 1 + (double)(seen % 97), &e), 0);
    } while (!(report.did == LANE_STEP && report.epoch_ended));
    assert_int_equal(seen, r.lane->split.train.frames);
    assert_int_equal(r.lane->state->counters.epoch, 1);
    toy_run_close(&r);
}

/* 2n steps are n, a checkpoint read by another lane, and n more. */
static void goes_on_to_the_bit(const char *path, const struct knobs *k, int n)
{
    struct toy_run whole, half, again;
    struct checkpoint c;
    struct err e = {0};

    toy_run_open(&whole, &toy, k, 2);
    toy_run_open(&half, &toy, k, 1);
    toy_steps(whole.lane, 2 * n);
    toy_steps(half.lane, n);
    assert_int_equal(checkpoint_write(half.lane, path, &e), 0);
    assert_int_equal(checkpoint_open(&c, path, &e), 0);
    toy_run_open(&again, &toy, &c.knobs, 3);
    if (checkpoint_restore(&c, again.lane, 1, &e) != 0)
        fail_msg("%s", e.text);
    assert_true(toy_same(half.lane, again.lane));
    toy_steps(again.lane, n);
    assert_true(toy_same(whole.lane, again.lane));
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
        k.value[KNOB_OPTIMIZER] = i;
        k.value[KNOB_AMSGRAD] = i % 2;
        k.value[KNOB_LEARNING_RATE] = 1e-3;
        goes_on_to_the_bit(path, &k, 8);
    }
    for (int i = 0; knob_choice(KNOB_SCHEDULE, i); i++) {
        struct knobs k = toy_knobs();
        k.value[KNOB_SCHEDULE] = i;
        k.value[KNOB_PATIENCE] = 0;
        k.value[KNOB_WARMUP] = .2;
        k.value[KNOB_EVAL_EVERY] = .1;
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
        k.value[KNOB_PIECE] = runs[i].piece;
        k.value[KNOB_STRIDE] = runs[i].stride;
        k.value[KNOB_BATCH_SIZE] = 11;
        k.value[KNOB_INPUT_NOISE] = .1;
        k.value[KNOB_MASK_TIME] = 2;
        k.value[KNOB_MASK_FEATURES] = 1;
        k.value[KNOB_CLASS_WEIGHTS] = 1;
        k.value[KNOB_L1] = 1e-4;
        k.value[KNOB_CLIP_VALUE] = .5;
        k.value[KNOB_EMA] = .9;
        k.value[KNOB_EARLY_STOPPING] = 50;
        goes_on_to_the_bit(path, &k, 20);
    }
    remove_folder(dir);
}

/* A whole epoch of pieces has every training frame once; an evaluation has every frame of its set. */
static void pieces_count_their_frames(void **state)
{
    struct knobs k = toy_knobs();
    struct lane_report report;
    struct toy_run r;
    struct err e;
    int64_t frames = 0;

    (void)state;
    assert_int_equal(knobs_parse(&k, KNOB_NETWORK, "lstm 8 bi | all | linear 3", &e), 0);
    k.value[KNOB_PIECE] = 15; /* 40 frames: 15, 15 and 10 */
    k.value[KNOB_BATCH_SIZE] = 7;
    toy_run_open(&r, &toy, &k, 2);
    do {
        assert_int_equal(lane_advance(r.lane, &report, &e), 0);
        frames += report.did == LANE_STEP ? report.frames : 0;
    } while (!(report.did == LANE_STEP && report.epoch_ended));
    assert_int_equal(frames, r.lane->split.train.frames);
    toy_steps(r.lane, 400);
    assert_true(r.lane->state->counters.validation_accuracy > .8);
    toy_run_close(&r);
    k.value[KNOB_PIECE] = 15;
    assert_int_equal(knobs_parse(&k, KNOB_NETWORK, "lstm 8 | last | linear 3", &e), 0);
    assert_int_equal(pool_new(&r.pool, 1, &e), 0);
    assert_int_equal(lane_new(&r.lane, &toy.d, &k, r.pool, &e), -ERR_INPUT); /* no answer to every frame */
    pool_free(r.pool);
}

static void a_step_called_off_leaves_no_trace(void **state)
{
    static const char *const optimizers[] = {"adamw", "lbfgs"};
    atomic_int cancel = 1;

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct knobs k = toy_knobs();
        struct lane_report report;
        struct state *before;
        struct toy_run r;
        struct err e;
        knobs_parse(&k, KNOB_OPTIMIZER, optimizers[i], &e);
        toy_run_open(&r, &toy, &k, 2);
        toy_steps(r.lane, 3);
        before = state_copy(r.lane->state);
        r.lane->cancel = &cancel;
        assert_int_equal(lane_advance(r.lane, &report, &e), -ERR_CANCELLED);
        assert_memory_equal(before, r.lane->state, before->bytes);
        r.lane->cancel = NULL;
        free(before);
        toy_run_close(&r);
    }
}

/* What each name promises of the first matrix: [24][15]. */
static void initialisations_keep_their_promise(void **state)
{
    static const struct {
        const char *name;
        double variance;
    } kinds[] = {{"xavier_uniform", 2. / 39}, {"xavier_normal", 2. / 39}, {"kaiming_uniform", 2. / 15},
                 {"kaiming_normal", 2. / 15}, {"orthogonal", 1. / 24},    {"zero", 0},
                 {"constant", 1e-4}};

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct knobs k = toy_knobs();
        const float *w;
        struct toy_run r;
        double sum = 0;
        assert_int_equal(knobs_parse(&k, KNOB_INIT, kinds[i].name, NULL), 0);
        toy_run_open(&r, &toy, &k, 1);
        w = state_theta(r.lane->state);
        for (int j = 0; j < 24 * 15; j++)
            sum += (double)w[j] * w[j] / (24 * 15);
        assert_true(fabs(sum - kinds[i].variance) <= .2 * kinds[i].variance);
        assert_true(w[24 * 15] == 0); /* the first bias */
        for (int a = 0; strcmp(kinds[i].name, "orthogonal") == 0 && a < 15; a++)
            for (int b = 0; b <= a; b++) {
                double dot = 0;
                for (int j = 0; j < 24; j++)
                    dot += (double)w[j * 15 + a] * w[j * 15 + b];
                assert_true(fabs(dot - (a == b)) < 1e-5);
            }
        toy_run_close(&r);
    }
}

static void the_average_follows_the_weights(void **state)
{
    struct knobs k = toy_knobs();
    double mean[4], loss, accuracy, averaged;
    struct toy_run r;
    struct err e;

    (void)state;
    toy_run_open(&r, &toy, &k, 2);
    toy_steps(r.lane, 5);
    assert_int_equal(lane_set(r.lane, KNOB_EMA, .8, &e), 0);
    for (int i = 0; i < 4; i++)
        mean[i] = state_theta(r.lane->state)[i];
    for (int t = 0; t < 20; t++) {
        toy_steps(r.lane, 1);
        for (int i = 0; i < 4; i++)
            mean[i] = .8 * mean[i] + .2 * (double)state_theta(r.lane->state)[i];
    }
    for (int i = 0; i < 4; i++)
        assert_true(fabs(mean[i] - (double)state_ema(r.lane->state)[i]) < 1e-6);
    lane_evaluate(r.lane, &r.lane->validation, NULL, NULL, &averaged, &accuracy);
    assert_int_equal(lane_set(r.lane, KNOB_EMA, 0, &e), 0);
    lane_evaluate(r.lane, &r.lane->validation, NULL, NULL, &loss, &accuracy);
    assert_true(loss != averaged); /* the average is what was evaluated */
    toy_run_close(&r);
}

static void early_stopping_goes_back_to_the_best(void **state)
{
    struct knobs k = toy_knobs();
    struct lane_report report;
    struct toy_run r;
    struct err e;
    double loss, accuracy;

    (void)state;
    k.value[KNOB_EARLY_STOPPING] = 2;
    toy_run_open(&r, &toy, &k, 1);
    toy_steps(r.lane, 130);
    assert_int_equal(lane_set(r.lane, KNOB_LEARNING_RATE, 1, &e), 0); /* it gets worse from here */
    do {
        assert_int_equal(lane_advance(r.lane, &report, &e), 0);
    } while (!(report.did == LANE_EVALUATED && report.stopped_early));
    assert_true(state_theta(r.lane->state)[3] == state_best(r.lane->state)[3]);
    assert_true(r.lane->state->counters.best_step < r.lane->state->counters.step);
    lane_evaluate(r.lane, &r.lane->validation, NULL, NULL, &loss, &accuracy);
    assert_true(accuracy == r.lane->state->counters.best_accuracy);
    toy_run_close(&r);
}

/* AMSGrad's vector comes and goes while the others stay. */
static void vectors_in_use_follow_the_knobs(void **state)
{
    struct knobs k = toy_knobs();
    struct toy_run r;
    struct err e;
    float first;

    (void)state;
    toy_run_open(&r, &toy, &k, 1);
    toy_steps(r.lane, 5);
    assert_int_equal(r.lane->state->shape.vectors, 2);
    first = state_vector(r.lane->state, 0)[3];
    assert_int_equal(lane_set(r.lane, KNOB_AMSGRAD, 1, &e), 0);
    assert_int_equal(r.lane->state->shape.vectors, 3);
    assert_true(state_vector(r.lane->state, 0)[3] == first);
    assert_true(state_vector(r.lane->state, 2)[3] == 0);
    assert_int_equal(r.lane->state->counters.optimizer_steps, 5);
    toy_steps(r.lane, 1);
    assert_true(state_vector(r.lane->state, 2)[3] > 0);
    knobs_parse(&k, KNOB_OPTIMIZER, "lbfgs", &e);
    assert_int_equal(lane_set(r.lane, KNOB_OPTIMIZER, k.value[KNOB_OPTIMIZER], &e), 0);
    assert_int_equal(r.lane->state->counters.optimizer_steps, 0);
    toy_steps(r.lane, 2);
    assert_int_equal(lane_set(r.lane, KNOB_HISTORY_SIZE, 3, &e), 0);
    toy_steps(r.lane, 2);
    toy_run_close(&r);
}

/* A plateau of nothing but equal losses: the rate falls after patience, and its future is flat. */
static void a_plateau_lowers_the_rate(void **state)
{
    struct knobs k = toy_knobs();
    struct toy_run r;

    (void)state;
    knobs_parse(&k, KNOB_SCHEDULE, "plateau", NULL);
    k.value[KNOB_PATIENCE] = 1;
    k.value[KNOB_FACTOR] = .5;
    k.value[KNOB_THRESHOLD] = 1; /* no loss is better by all of itself */
    toy_run_open(&r, &toy, &k, 1);
    toy_steps(r.lane, 13 + 13);
    assert_true(lane_learning_rate(r.lane) == 1e-2);
    toy_steps(r.lane, 13);
    assert_true(lane_learning_rate(r.lane) == 5e-3);
    toy_run_close(&r);
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
    static const char *const rest[] = {"format",     "data",       "fingerprint", "journal",
                                       "schedule.0", "schedule.1", "schedule.2",  "schedule.3"};
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
    for (size_t n = 0; n < sizeof rest / sizeof *rest; n++)
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
        cmocka_unit_test(every_optimizer_and_schedule_goes_on_to_the_bit),
        cmocka_unit_test(sequences_go_on_to_the_bit),
        cmocka_unit_test(pieces_count_their_frames),
        cmocka_unit_test(a_step_called_off_leaves_no_trace),
        cmocka_unit_test(initialisations_keep_their_promise),
        cmocka_unit_test(the_average_follows_the_weights),
        cmocka_unit_test(early_stopping_goes_back_to_the_best),
        cmocka_unit_test(vectors_in_use_follow_the_knobs),
        cmocka_unit_test(a_plateau_lowers_the_rate),
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
