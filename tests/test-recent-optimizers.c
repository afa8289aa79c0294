/* SPDX-License-Identifier: MIT */
/* Optimizers of recent years within a run: they train, keep to the bit what a run promises, and leave no trace of a step
 * that is not applied. What they compute is tests/parity's. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "learnable-data.h"
#include "libriphone-folder.h"
#include "optim/blocks.h"
#include "run/batch.h"
#include "run/checkpoint.h"
#include "run/parts.h"
#include "run/update.h"
#include "trainer/replay.h"

static struct toy toy;

/* Each with a rate at which it learns. */
static const struct {
    const char *name;
    double rate;
} rows[] = {{"sgd", .1},      {"adamw", .01},         {"lbfgs", .2},      {"schedule-free-adamw", .02},
            {"prodigy", 1},   {"schedule-free-sgd", 1}, {"perturbed", .2}, {"saddle-free", 1},
            {"muon", .02},    {"soap", .01}};

enum { ROWS = sizeof rows / sizeof *rows, SAMS = 3 };

static struct knobs knobs_of(int row, int sam)
{
    struct knobs k = toy_knobs();

    assert_int_equal(knobs_parse(&k, KNOB_OPTIMIZER, rows[row].name, NULL), 0);
    knobs_put(&k, KNOB_LEARNING_RATE, rows[row].rate);
    knobs_put(&k, KNOB_SAM, sam);
    knobs_put(&k, KNOB_SAM_RHO, sam == OPTIMIZER_ASAM ? .2 : .02);
    knobs_put(&k, KNOB_MAX_ITER, 3);
    knobs_put(&k, KNOB_PRECONDITION_FREQUENCY, 3);
    knobs_put(&k, KNOB_THRESHOLD_GRAD, .5);
    knobs_put(&k, KNOB_RADIUS, .01);
    knobs_put(&k, KNOB_KICK_INTERVAL, 5);
    knobs_put(&k, KNOB_LANCZOS_VECTORS, 4);
    return k;
}

static void each_learns(void **state)
{
    (void)state;
    for (int i = 0; i < ROWS; i++)
        for (int sam = 0; sam < SAMS; sam++) {
            struct knobs k = knobs_of(i, sam);
            double loss, accuracy;
            struct toy_run r;
            if (strcmp(rows[i].name, "lbfgs") == 0) /* its history is of one loss, not of small batches with masks */
                continue;
            toy_run_open(&r, &toy, &k, 2);
            toy_steps(r.run, 200);
            assert_int_equal(run_evaluate(r.run, &r.run->validation, NULL, NULL, &loss, &accuracy), 0);
            if (!(accuracy > .7))
                fail_msg("%s, sam %d: accuracy %g after 200 steps, loss %g", rows[i].name, sam, accuracy, loss);
            toy_run_close(&r);
        }
}

/* Those of before: what is asked of all. */
static struct knobs knobs_of_any(const struct optimizer *o, int sam)
{
    struct knobs k;

    for (int i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, o->name) == 0)
            return knobs_of(i, sam);
    k = knobs_of(0, sam);
    assert_int_equal(knobs_parse(&k, KNOB_OPTIMIZER, o->name, NULL), 0);
    knobs_put(&k, KNOB_LEARNING_RATE, 1e-3);
    return k;
}

/* Steps with an edit after the first half of them. */
static void go_on(struct run *l)
{
    double rate = l->state->knobs.value[KNOB_LEARNING_RATE];
    struct err e;

    toy_steps(l, 6);
    assert_int_equal(toy_set(l, KNOB_LEARNING_RATE, rate / 2, &e), 0);
    toy_steps(l, 6);
}

/* With 2 or 4 workers, of a fork, of a run that goes on from a checkpoint, and of a replay: the same state. */
static void check_bits(const struct optimizer *o, int sam, const char *path)
{
    struct knobs k = knobs_of_any(o, sam);
    struct toy_run one, two, four, again, replayed;
    struct checkpoint c;
    struct run *fork;
    struct err e = {0};

    toy_run_open(&one, &toy, &k, 1);
    toy_run_open(&two, &toy, &k, 2);
    toy_run_open(&four, &toy, &k, 4);
    toy_run_open(&replayed, &toy, &k, 2);
    toy_steps(one.run, 7);
    toy_steps(two.run, 7);
    toy_steps(four.run, 7);
    assert_int_equal(checkpoint_write(one.run, path, &e), 0);
    assert_int_equal(run_fork(&fork, one.run, &e), 0);
    assert_int_equal(checkpoint_open(&c, path, &e), 0);
    toy_run_open(&again, &toy, &c.knobs, 3);
    if (checkpoint_restore(&c, again.run, 1, &e) != 0)
        fail_msg("%s: %s", o->name, e.text);
    go_on(one.run);
    go_on(two.run);
    go_on(four.run);
    go_on(fork);
    go_on(again.run);
    if (run_replay(replayed.run, one.run->journal, 19, &e) != 0)
        fail_msg("%s: %s", o->name, e.text);
    if (!toy_same(one.run, two.run) || !toy_same(one.run, four.run) || !toy_same(one.run, fork) ||
        !toy_same(one.run, again.run) || !toy_same(one.run, replayed.run))
        fail_msg("%s, sam %d: two workers %d, four %d, fork %d, checkpoint %d, replay %d", o->name, sam,
                 toy_same(one.run, two.run), toy_same(one.run, four.run), toy_same(one.run, fork),
                 toy_same(one.run, again.run), toy_same(one.run, replayed.run));
    checkpoint_close(&c);
    run_free(fork);
    toy_run_close(&one);
    toy_run_close(&two);
    toy_run_close(&four);
    toy_run_close(&again);
    toy_run_close(&replayed);
}

static void each_keeps_its_bits(void **state)
{
    char *dir = temporary_folder(), path[256];
    const struct optimizer *o;
    int seen = 0;

    (void)state;
    snprintf(path, sizeof path, "%s/c.safetensors", dir);
    for (; (o = optimizers_f.at(seen)) != NULL; seen++)
        for (int sam = 0; sam < SAMS; sam++)
            check_bits(o, sam, path);
    assert_true(seen >= 21);
    remove_folder(dir);
}

/* With matrices of several blocks, high and wide, and vectors of several blocks. */
static struct knobs wide_knobs(const char *optimizer, int sam)
{
    struct knobs k = toy_knobs();

    assert_int_equal(knobs_parse(&k, KNOB_NETWORK, "linear 200 relu bn | linear 140 relu | linear 260 relu | linear 3", NULL),
                     0);
    assert_int_equal(knobs_parse(&k, KNOB_OPTIMIZER, optimizer, NULL), 0);
    knobs_put(&k, KNOB_SAM, sam);
    knobs_put(&k, KNOB_LEARNING_RATE, 1e-3);
    knobs_put(&k, KNOB_PRECONDITION_FREQUENCY, 3);
    return k;
}

static void workers_do_not_change_the_bits(void **state)
{
    static const struct {
        const char *optimizer;
        int sam;
    } shared[] = {{"muon", 0}, {"soap", 0}, {"prodigy", 0}, {"sgd", OPTIMIZER_SAM}, {"sgd", OPTIMIZER_ASAM},
                {"soap", OPTIMIZER_ASAM}};

    (void)state;
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        struct knobs k = wide_knobs(shared[i].optimizer, shared[i].sam);
        struct toy_run one, more;
        toy_run_open(&one, &toy, &k, 1);
        assert_true(one.run->network.parameters > 3 * BLOCK_ELEMENTS);
        toy_steps(one.run, 7);
        for (int workers = 2; workers <= 4; workers += 2) {
            toy_run_open(&more, &toy, &k, workers);
            toy_steps(more.run, 7);
            if (!toy_same(one.run, more.run))
                fail_msg("%s, sam %d: %d workers", shared[i].optimizer, shared[i].sam, workers);
            toy_run_close(&more);
        }
        toy_run_close(&one);
    }
}

/* From one to the next while the run goes on, with settings that change the memory they need. */
static void a_journal_of_all_of_them_replays(void **state)
{
    struct knobs k = toy_knobs();
    struct toy_run played, replayed;
    struct err e;
    int steps = 0;

    (void)state;
    toy_run_open(&played, &toy, &k, 2);
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(toy_set_text(played.run, KNOB_OPTIMIZER, rows[i].name, &e), 0);
        assert_int_equal(toy_set(played.run, KNOB_LEARNING_RATE, rows[i].rate / 10, &e), 0);
        toy_steps(played.run, 3);
        assert_int_equal(toy_set(played.run, KNOB_LANCZOS_VECTORS, 2 + i, &e), 0);
        assert_int_equal(toy_set(played.run, KNOB_SAM, i % SAMS, &e), 0);
        toy_steps(played.run, 3);
        steps += 6;
    }
    toy_run_open(&replayed, &toy, &k, 1);
    if (run_replay(replayed.run, played.run->journal, steps, &e) != 0)
        fail_msg("%s", e.text);
    assert_true(toy_same(played.run, replayed.run));
    toy_run_close(&played);
    toy_run_close(&replayed);
}

/* SAM's second gradient is not finite: nothing has changed, not even running statistics. */
static void a_step_that_finds_no_gradient_leaves_no_trace(void **state)
{
    (void)state;
    for (int i = 0; i < ROWS; i++) {
        struct knobs k = knobs_of(i, OPTIMIZER_SAM);
        struct run_report report;
        struct state *before;
        struct toy_run r;
        struct err e;
        toy_run_open(&r, &toy, &k, 1);
        toy_steps(r.run, 3);
        r.run->state->knobs.value[KNOB_SAM_RHO] = 1e300; /* to weights that are infinite */
        before = state_copy(r.run->state);
        assert_int_equal(run_advance(r.run, &report, &e), -ERR_DIVERGED);
        if (memcmp(before, r.run->state, before->bytes) != 0)
            fail_msg("%s: the state has changed", rows[i].name);
        free(before);
        toy_run_close(&r);
    }
}

/* Its progress ends where it was known to. */
static void the_work_of_a_step_is_counted(void **state)
{
    static const int tried[][2] = {{0, OPTIMIZER_SAM}, {6, OPTIMIZER_SAM_OFF}, {7, OPTIMIZER_SAM_OFF}, {7, OPTIMIZER_ASAM}};

    (void)state;
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        struct knobs k = knobs_of(tried[i][0], tried[i][1]);
        struct run_report report;
        struct toy_run r;
        struct err e;
        atomic_llong work = 0;
        toy_run_open(&r, &toy, &k, 2);
        r.run->work = &work;
        assert_int_equal(run_advance(r.run, &report, &e), 0);
        if (fabs((double)work / run_step_work(r.run) - 1) > 1e-6)
            fail_msg("%s: %lld of %g", rows[tried[i][0]].name, (long long)work, run_step_work(r.run));
        toy_run_close(&r);
    }
}

/* ---- Schedule-Free's average ------------------------------------------------------------------- */

/* The average in place of θ, in a run of an optimizer without one, with these running statistics. */
static double loss_at(const struct run *l, const float *statistics)
{
    struct knobs k = l->state->knobs;
    struct toy_run r;
    double loss, accuracy;

    knobs_parse(&k, KNOB_OPTIMIZER, "sgd", NULL);
    toy_run_open(&r, &toy, &k, 1);
    memcpy(state_theta(r.run->state), update_average(l), sizeof(float) * (size_t)l->network.parameters);
    memcpy(state_statistics(r.run->state), statistics, sizeof(float) * (size_t)l->network.statistics);
    assert_int_equal(run_evaluate(r.run, &r.run->validation, NULL, NULL, &loss, &accuracy), 0);
    toy_run_close(&r);
    return loss;
}

static void evaluation_is_at_the_average(void **state)
{
    static const char *const names[] = {"schedule-free-adamw", "schedule-free-sgd"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct knobs k = toy_knobs();
        struct toy_run r;
        double loss, accuracy;
        knobs_parse(&k, KNOB_OPTIMIZER, names[i], NULL);
        knobs_put(&k, KNOB_LEARNING_RATE, i ? 1 : .02);
        toy_run_open(&r, &toy, &k, 2);
        assert_null(update_average(r.run));
        assert_int_equal(run_evaluate(r.run, &r.run->validation, NULL, NULL, &loss, &accuracy), 0);
        toy_steps(r.run, 60);
        assert_int_equal(run_evaluate(r.run, &r.run->validation, NULL, NULL, &loss, &accuracy), 0);
        assert_true(memcmp(update_average(r.run), state_theta(r.run->state), sizeof(float) * 100) != 0);
        assert_true(loss == loss_at(r.run, r.run->kept_statistics));
        assert_true(loss != loss_at(r.run, state_statistics(r.run->state))); /* which are those at θ */
        toy_run_close(&r);
    }
}

/* What others read of a checkpoint: PyTorch's names are the average's, with statistics measured there. */
static void others_find_the_average_in_a_checkpoint(void **state)
{
    char *dir = temporary_folder(), path[256];
    struct knobs k = toy_knobs();
    struct toy_run r, read;
    struct checkpoint c;
    struct err e = {0};
    double loss, accuracy, found;
    size_t bytes, some;

    (void)state;
    snprintf(path, sizeof path, "%s/c.safetensors", dir);
    knobs_parse(&k, KNOB_OPTIMIZER, "schedule-free-adamw", NULL);
    knobs_put(&k, KNOB_LEARNING_RATE, .02);
    toy_run_open(&r, &toy, &k, 2);
    bytes = sizeof(float) * (size_t)r.run->network.parameters;
    some = sizeof(float) * (size_t)r.run->network.statistics;
    toy_steps(r.run, 60);
    assert_true(some > 0);
    assert_int_equal(run_measure_shown(r.run), 0);
    assert_memory_equal(run_shown_theta(r.run), update_average(r.run), bytes);
    assert_int_equal(checkpoint_write(r.run, path, &e), 0);
    assert_int_equal(run_evaluate(r.run, &r.run->validation, NULL, NULL, &loss, &accuracy), 0);

    assert_int_equal(checkpoint_open(&c, path, &e), 0);
    toy_run_open(&read, &toy, &c.knobs, 1);
    assert_int_equal(checkpoint_restore(&c, read.run, 0, &e), 0); /* the weights alone, as `saddle predict` does */
    assert_memory_equal(state_theta(read.run->state), update_average(r.run), bytes);
    assert_true(memcmp(state_statistics(read.run->state), state_statistics(r.run->state), some) != 0);
    assert_int_equal(run_evaluate(read.run, &read.run->validation, NULL, NULL, &found, &accuracy), 0);
    assert_true(found == loss);
    assert_int_equal(checkpoint_restore(&c, read.run, 1, &e), 0);
    assert_true(toy_same(read.run, r.run));
    checkpoint_close(&c);
    toy_run_close(&read);
    toy_run_close(&r);
    remove_folder(dir);
}

/* Every occurrence in a file, by a name as long. */
static void rename_in_file(const char *path, const char *from, const char *to)
{
    static char bytes[1 << 20];
    FILE *f = fopen(path, "r+b");
    size_t size, length = strlen(from);

    assert_non_null(f);
    assert_int_equal(length, strlen(to));
    size = fread(bytes, 1, sizeof bytes, f);
    assert_in_range(size, 1, sizeof bytes - 1);
    for (size_t i = 0; i + length <= size; i++)
        if (memcmp(bytes + i, from, length) == 0)
            memcpy(bytes + i, to, length);
    rewind(f);
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    fclose(f);
}

/* A checkpoint of a version that had the trained point under PyTorch's names. */
static void older_checkpoints_give_their_average_too(void **state)
{
    char *dir = temporary_folder(), path[256];
    struct knobs k = toy_knobs();
    struct toy_run r, read;
    struct checkpoint c;
    struct err e = {0};
    size_t bytes;

    (void)state;
    snprintf(path, sizeof path, "%s/c.safetensors", dir);
    knobs_parse(&k, KNOB_OPTIMIZER, "schedule-free-sgd", NULL);
    toy_run_open(&r, &toy, &k, 1);
    bytes = sizeof(float) * (size_t)r.run->network.parameters;
    toy_steps(r.run, 9);
    assert_int_equal(checkpoint_write(r.run, path, &e), 0);
    rename_in_file(path, "optimizer.y", "optimizer.q"); /* now those names are all there is of it; they hold x */
    rename_in_file(path, "optimizer.x", "optimizer.w");
    rename_in_file(path, "optimizer.z", "optimizer.x");
    rename_in_file(path, "optimizer.w", "optimizer.z");
    assert_int_equal(checkpoint_open(&c, path, &e), 0);
    toy_run_open(&read, &toy, &c.knobs, 1);
    assert_int_equal(checkpoint_restore(&c, read.run, 0, &e), 0);
    assert_memory_equal(state_theta(read.run->state), state_vector(r.run->state, 0), bytes);
    if (checkpoint_restore(&c, read.run, 1, &e) != 0)
        fail_msg("%s", e.text);
    assert_memory_equal(state_theta(read.run->state), update_average(r.run), bytes);
    checkpoint_close(&c);
    toy_run_close(&read);
    toy_run_close(&r);
    remove_folder(dir);
}

/* The best weights are the average's; the points that steps are made of go back with θ. */
static void early_stopping_goes_back_to_the_best_average(void **state)
{
    struct knobs k = toy_knobs();
    struct run_report report;
    struct toy_run r;
    struct err e;
    double loss, accuracy;
    size_t bytes;

    (void)state;
    knobs_parse(&k, KNOB_OPTIMIZER, "schedule-free-adamw", NULL);
    knobs_put(&k, KNOB_EARLY_STOPPING, 2);
    toy_run_open(&r, &toy, &k, 1);
    bytes = sizeof(float) * (size_t)r.run->network.parameters;
    toy_steps(r.run, 130);
    assert_int_equal(toy_set(r.run, KNOB_LEARNING_RATE, 3, &e), 0); /* it gets worse from here */
    do {
        assert_int_equal(run_advance(r.run, &report, &e), 0);
    } while (!(report.did == RUN_EVALUATED && report.stopped_early));
    assert_memory_equal(state_theta(r.run->state), state_best(r.run->state), bytes);
    assert_memory_equal(update_average(r.run), state_best(r.run->state), bytes);
    assert_memory_equal(state_vector(r.run->state, 0), state_best(r.run->state), bytes);
    run_evaluate(r.run, &r.run->validation, NULL, NULL, &loss, &accuracy);
    assert_true(fabs(accuracy - r.run->state->counters.best_accuracy) < .02); /* statistics are measured anew */
    toy_run_close(&r);
}

static void no_schedule_is_in_force_beside_an_average(void **state)
{
    struct knobs k = toy_knobs();
    struct toy_run r;

    (void)state;
    knobs_parse(&k, KNOB_OPTIMIZER, "schedule-free-adamw", NULL);
    knobs_parse(&k, KNOB_SCHEDULE, "cosine", NULL);
    knobs_put(&k, KNOB_WARMUP, 3);
    knobs_put(&k, KNOB_EMA, .9);
    for (int i = 0; i < KNOB_COUNT; i++)
        if (strcmp(knob_row(i)->section, "schedule") == 0)
            assert_false(knobs_read(&k, i));
    assert_false(knobs_read(&k, KNOB_EMA));
    toy_run_open(&r, &toy, &k, 1);
    assert_int_equal(r.run->state->shape.ema, 0);
    toy_steps(r.run, 9);
    assert_true(run_learning_rate(r.run) == k.value[KNOB_LEARNING_RATE]);
    toy_run_close(&r);
}

/* ---- the parts of θ ----------------------------------------------------------------------------- */

static void the_parts_are_the_networks_matrices(void **state)
{
    static const struct {
        int rows, cols, hidden, scaled;
        size_t count;
    } want[] = {{6, 5, 0, 1, 30}, {6, 5, 0, 1, 30}, {6, 5, 0, 1, 30}, {6, 5, 0, 1, 30}, /* what reads the input */
                {6, 6, 1, 1, 36}, {6, 6, 1, 1, 36}, {6, 6, 1, 1, 36}, {6, 6, 1, 1, 36}, /* a gate each */
                {0, 0, 0, 0, 24}, {0, 0, 0, 0, 24}, {7, 6, 1, 1, 42}, {0, 0, 0, 0, 7},
                {0, 0, 0, 1, 7},  {0, 0, 0, 0, 7},  {3, 7, 0, 1, 21}, {0, 0, 0, 0, 3}};
    struct knobs k = toy_knobs();
    struct toy_run r;
    size_t at = 0;

    (void)state;
    assert_int_equal(knobs_parse(&k, KNOB_NETWORK, "lstm 6 | last | linear 7 bn | linear 3", NULL), 0);
    toy_run_open(&r, &toy, &k, 1);
    assert_int_equal(r.run->parts, sizeof want / sizeof *want);
    for (int i = 0; i < r.run->parts; i++) {
        const struct optimizer_part *p = &r.run->part[i];
        assert_int_equal(p->offset, at);
        assert_int_equal(p->rows, want[i].rows);
        assert_int_equal(p->cols, want[i].cols);
        assert_int_equal(p->hidden, want[i].hidden);
        assert_int_equal(p->scaled, want[i].scaled);
        assert_int_equal(p->count, want[i].count);
        at += p->count;
    }
    assert_int_equal(at, r.run->network.parameters);
    toy_run_close(&r);
}

static int begin(void **state)
{
    (void)state;
    toy_init(&toy);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_learns),
        cmocka_unit_test(each_keeps_its_bits),
        cmocka_unit_test(workers_do_not_change_the_bits),
        cmocka_unit_test(a_journal_of_all_of_them_replays),
        cmocka_unit_test(a_step_that_finds_no_gradient_leaves_no_trace),
        cmocka_unit_test(the_work_of_a_step_is_counted),
        cmocka_unit_test(evaluation_is_at_the_average),
        cmocka_unit_test(others_find_the_average_in_a_checkpoint),
        cmocka_unit_test(older_checkpoints_give_their_average_too),
        cmocka_unit_test(early_stopping_goes_back_to_the_best_average),
        cmocka_unit_test(no_schedule_is_in_force_beside_an_average),
        cmocka_unit_test(the_parts_are_the_networks_matrices),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
