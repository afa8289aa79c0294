/* SPDX-License-Identifier: MIT */
/* lab/: what a run's steps, evaluations and knobs do. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "run/checkpoint.h"
#include "run/update.h"
#include "learnable-data.h"

static struct toy toy;

static void another_seed_is_another_run(void **state)
{
    struct toy_run a, b;
    struct knobs k = toy_knobs();

    (void)state;
    toy_run_open(&a, &toy, &k, 1);
    knobs_put(&k, KNOB_SEED, 2);
    toy_run_open(&b, &toy, &k, 1);
    assert_int_not_equal(
        memcmp(state_theta(a.run->state), state_theta(b.run->state), sizeof(float) * 100), 0);
    toy_run_close(&a);
    toy_run_close(&b);
}

static void it_learns(void **state)
{
    struct toy_run r;
    struct knobs k = toy_knobs();

    (void)state;
    toy_run_open(&r, &toy, &k, 2);
    toy_steps(r.run, 300);
    assert_true(r.run->state->counters.validation_accuracy > .85);
    assert_true(r.run->state->counters.best_accuracy >= r.run->state->counters.validation_accuracy);
    toy_run_close(&r);
}

/* Every frame of the training set once an epoch, whatever the batch size does meanwhile. */
static void an_epoch_is_counted_in_examples(void **state)
{
    struct toy_run r;
    struct knobs k = toy_knobs();
    struct run_report report;
    struct err e;
    int64_t seen = 0;

    (void)state;
    toy_run_open(&r, &toy, &k, 1);
    do {
        assert_int_equal(run_advance(r.run, &report, &e), 0);
        if (report.did != RUN_STEP)
            continue;
        seen += report.frames;
        assert_int_equal(toy_set(r.run, KNOB_BATCH_SIZE, 1 + (double)(seen % 97), &e), 0);
    } while (!(report.did == RUN_STEP && report.epoch_ended));
    assert_int_equal(seen, r.run->split.train.frames);
    assert_int_equal(r.run->state->counters.epoch, 1);
    toy_run_close(&r);
}

/* A whole epoch of pieces has every training frame once; an evaluation has every frame of its set. */
static void pieces_count_their_frames(void **state)
{
    struct knobs k = toy_knobs();
    struct run_report report;
    struct toy_run r;
    struct err e;
    int64_t frames = 0;

    (void)state;
    assert_int_equal(knobs_parse(&k, KNOB_NETWORK, "lstm 8 bi | all | linear 3", &e), 0);
    knobs_put(&k, KNOB_PIECE, 15); /* 40 frames: 15, 15 and 10 */
    knobs_put(&k, KNOB_BATCH_SIZE, 7);
    toy_run_open(&r, &toy, &k, 2);
    do {
        assert_int_equal(run_advance(r.run, &report, &e), 0);
        frames += report.did == RUN_STEP ? report.frames : 0;
    } while (!(report.did == RUN_STEP && report.epoch_ended));
    assert_int_equal(frames, r.run->split.train.frames);
    toy_steps(r.run, 400);
    assert_true(r.run->state->counters.validation_accuracy > .8);
    toy_run_close(&r);
    knobs_put(&k, KNOB_PIECE, 15);
    assert_int_equal(knobs_parse(&k, KNOB_NETWORK, "lstm 8 | last | linear 3", &e), 0);
    assert_int_equal(pool_new(&r.pool, 1, &e), 0);
    assert_int_equal(run_new(&r.run, &toy.d, &k, r.pool, &e), -ERR_INPUT); /* no answer to every frame */
    pool_free(r.pool);
}

/* What a step counts of its work while it computes adds up to what it is known to be beforehand. */
static void the_work_of_a_step_is_counted(void **state)
{
    static const char *const networks[] = {"linear 16 bn relu | linear 3", "lstm 8x2 bi | all | linear 3"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct knobs k = toy_knobs();
        struct run_report report;
        struct toy_run r;
        struct err e;
        atomic_llong work = 0;
        char slow[120];
        assert_int_equal(knobs_parse(&k, KNOB_NETWORK, networks[i], &e), 0);
        k.value[KNOB_PIECE] = i ? 10 : 0;
        toy_run_open(&r, &toy, &k, 2);
        r.run->work = &work;
        assert_int_equal(run_advance(r.run, &report, &e), 0);
        assert_float_equal((double)work, run_step_work(r.run), 1e-6 * run_step_work(r.run));
        assert_int_equal(run_slow_words(r.run, slow, sizeof slow), 0);
        assert_string_equal(slow, "");
        toy_run_close(&r);
    }
}

static void a_step_called_off_leaves_no_trace(void **state)
{
    static const char *const optimizers[] = {"adamw", "lbfgs"};
    atomic_int cancel = 1;

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct knobs k = toy_knobs();
        struct run_report report;
        struct state *before;
        struct toy_run r;
        struct err e;
        knobs_parse(&k, KNOB_OPTIMIZER, optimizers[i], &e);
        toy_run_open(&r, &toy, &k, 2);
        toy_steps(r.run, 3);
        before = state_copy(r.run->state);
        r.run->cancel = &cancel;
        assert_int_equal(run_advance(r.run, &report, &e), -ERR_CANCELLED);
        assert_memory_equal(before, r.run->state, before->bytes);
        r.run->cancel = NULL;
        free(before);
        toy_run_close(&r);
    }
}

/* Pages of the optimizer's vectors that the system has given already. */
static int64_t pages_there(const struct state *s)
{
    static unsigned char there[1 << 14];
    int64_t page = sysconf(_SC_PAGESIZE), count = 0;
    uintptr_t from = (uintptr_t)state_vector(s, 0), to = (uintptr_t)state_vector(s, s->shape.vectors);

    from = (from + (uintptr_t)page - 1) / (uintptr_t)page * (uintptr_t)page;
    to = to / (uintptr_t)page * (uintptr_t)page;
    assert_true((to - from) / (uintptr_t)page <= sizeof there);
    assert_int_equal(mincore((void *)from, to - from, there), 0);
    for (uintptr_t i = 0; i < (to - from) / (uintptr_t)page; i++)
        count += there[i] & 1;
    return count;
}

/* The first update of a large network would wait for its memory: it is there before anything changes, or not at all
 * where it was called off. */
static void an_update_waits_for_no_memory(void **state)
{
    struct knobs k = toy_knobs();
    int64_t bytes, page = sysconf(_SC_PAGESIZE), before;
    struct toy_run r, untouched;
    atomic_int cancel = 1;

    (void)state;
    assert_int_equal(knobs_parse(&k, KNOB_NETWORK, "linear 1100 x2 | linear 3", NULL), 0);
    toy_run_open(&r, &toy, &k, 2);
    toy_run_open(&untouched, &toy, &k, 2);
    assert_int_equal(r.run->state->shape.vectors, 2);
    bytes = 2 * (int64_t)sizeof(float) * r.run->network.parameters;
    before = pages_there(r.run->state); /* the end of a huge page that has weights */
    assert_true(before * page < bytes / 2);
    r.run->cancel = &cancel;
    assert_int_equal(update_ready(r.run), -1);
    assert_int_equal(pages_there(r.run->state), before);
    cancel = 0;
    assert_int_equal(update_ready(r.run), 0);
    assert_true((pages_there(r.run->state) + 2) * page >= bytes);
    assert_true(toy_same(r.run, untouched.run));
    toy_run_close(&r);
    toy_run_close(&untouched);
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
        w = state_theta(r.run->state);
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

/* The run is the same whether somebody looks; what is seen fits together. */
static void looking_changes_nothing(void **state)
{
    struct knobs k = toy_knobs();
    struct gradient_stats seen = {0};
    struct toy_run a, b;
    struct run_report report;
    struct err e;
    double squares = 0, examples = 0;

    (void)state;
    knobs_put(&k, KNOB_CLIP_NORM, .01);
    toy_run_open(&a, &toy, &k, 2);
    toy_run_open(&b, &toy, &k, 1);
    assert_int_equal(run_look(a.run, &seen, &e), 0);
    toy_steps(a.run, 20);
    toy_steps(b.run, 20);
    assert_true(toy_same(a.run, b.run));
    assert_int_equal(run_advance(a.run, &report, &e), 0);
    assert_int_equal(seen.layers, 4); /* linear, batch norm, linear, linear */
    for (int i = 0; i < seen.layers; i++)
        squares += seen.layer_norm[i] * seen.layer_norm[i];
    assert_true(fabs(sqrt(squares) / report.gradient_norm - 1) < 1e-5);
    for (int i = 0; i < GRADIENT_STATS_BINS; i++)
        examples += seen.bin[i].examples;
    assert_true(examples == report.frames);
    assert_true(seen.cross_entropy > 0 && seen.mse > 0 && seen.mse < seen.cross_entropy);
    toy_run_close(&a);
    toy_run_close(&b);
}

/* The lecture's figures: |∇MSE| and |∇CE| over (y1, y2) with y3 = −1000 and target 1. */
static void the_losses_differ_as_the_lecture_says(void **state)
{
    static const struct {
        float y1, y2;
        double mse, ce, tolerance;
    } points[] = {{-10, 10, 1.17e-8, 1.414, .01}, {-7, 5, 3.5e-5, 1.414, .02}, {0, 0, .7071, .7071, 1e-3}};

    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        const float row[] = {points[i].y1, points[i].y2, -1000}, even[] = {0, 0, 0}, *z[LOSS_CONTRASTS];
        int y[LOSS_CONTRASTS] = {0};
        struct loss_contrast c[LOSS_CONTRASTS];
        for (int k = 0; k < LOSS_CONTRASTS; k++)
            z[k] = k % 2 ? even : row;
        loss_contrast_f(3, z, y, c);
        for (int k = 0; k < LOSS_CONTRASTS; k += 2) {
            assert_true(fabs(c[k].cross_entropy / points[i].ce - 1) < points[i].tolerance);
            assert_true(fabs(c[k].mse / points[i].mse - 1) < points[i].tolerance);
            assert_true(fabs(c[k + 1].p - 1. / 3) < 1e-15);
        }
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
    toy_steps(r.run, 5);
    assert_int_equal(toy_set(r.run, KNOB_EMA, .8, &e), 0);
    for (int i = 0; i < 4; i++)
        mean[i] = state_theta(r.run->state)[i];
    for (int t = 0; t < 20; t++) {
        toy_steps(r.run, 1);
        for (int i = 0; i < 4; i++)
            mean[i] = .8 * mean[i] + .2 * (double)state_theta(r.run->state)[i];
    }
    for (int i = 0; i < 4; i++)
        assert_true(fabs(mean[i] - (double)state_ema(r.run->state)[i]) < 1e-6);
    run_evaluate(r.run, &r.run->validation, NULL, NULL, &averaged, &accuracy);
    assert_int_equal(toy_set(r.run, KNOB_EMA, 0, &e), 0);
    run_evaluate(r.run, &r.run->validation, NULL, NULL, &loss, &accuracy);
    assert_true(loss != averaged); /* the average is what was evaluated */
    toy_run_close(&r);
}

static void early_stopping_goes_back_to_the_best(void **state)
{
    struct knobs k = toy_knobs();
    struct run_report report;
    struct toy_run r;
    struct err e;
    struct counters *c;
    double loss, accuracy;

    (void)state;
    knobs_put(&k, KNOB_EARLY_STOPPING, 2);
    toy_run_open(&r, &toy, &k, 1);
    toy_steps(r.run, 130);
    assert_int_equal(toy_set(r.run, KNOB_LEARNING_RATE, 1, &e), 0); /* it gets worse from here */
    do {
        assert_int_equal(run_advance(r.run, &report, &e), 0);
    } while (!(report.did == RUN_EVALUATED && report.stopped_early));
    assert_true(state_theta(r.run->state)[3] == state_best(r.run->state)[3]);
    assert_true(r.run->state->counters.best_step < r.run->state->counters.step);
    run_evaluate(r.run, &r.run->validation, NULL, NULL, &loss, &accuracy);
    c = &r.run->state->counters;
    assert_true(accuracy == c->best_accuracy);
    /* the figures are those of the weights in force; the report has those of the last evaluation */
    assert_true(c->validation_accuracy == accuracy && c->validation_loss == loss);
    assert_true(report.validation_accuracy < accuracy && report.validation_loss != loss);
    assert_true(c->part_accuracy != report.part_accuracy && c->part_loss != report.part_loss);
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
    toy_steps(r.run, 5);
    assert_int_equal(r.run->state->shape.vectors, 2);
    first = state_vector(r.run->state, 0)[3];
    assert_int_equal(toy_set(r.run, KNOB_AMSGRAD, 1, &e), 0);
    assert_int_equal(r.run->state->shape.vectors, 3);
    assert_true(state_vector(r.run->state, 0)[3] == first);
    assert_true(state_vector(r.run->state, 2)[3] == 0);
    assert_int_equal(r.run->state->counters.optimizer_steps, 5);
    toy_steps(r.run, 1);
    assert_true(state_vector(r.run->state, 2)[3] > 0);
    knobs_parse(&k, KNOB_OPTIMIZER, "lbfgs", &e);
    assert_int_equal(toy_set(r.run, KNOB_OPTIMIZER, k.value[KNOB_OPTIMIZER], &e), 0);
    assert_int_equal(r.run->state->counters.optimizer_steps, 0);
    toy_steps(r.run, 2);
    assert_int_equal(toy_set(r.run, KNOB_HISTORY_SIZE, 3, &e), 0);
    toy_steps(r.run, 2);
    toy_run_close(&r);
}

/* A plateau of nothing but equal losses: the rate falls after patience, and its future is flat. */
/* The buffer after a step is the gradient just applied, to the bit. */
static int buffer_is_gradient(const struct run *l)
{
    return memcmp(state_vector(l->state, 0), l->gradient, sizeof(float) * (size_t)l->network.parameters) == 0;
}

/* As PyTorch's: the first step with momentum sets the buffer to g, undamped, whenever in the run that is; the second
 * is damped. Through a checkpoint as well, and when the buffer was dropped in between. */
static void momentum_may_come_late(void **state)
{
    struct knobs k = toy_knobs();
    struct checkpoint c;
    struct toy_run a, b;
    struct err e = {0};
    char path[] = "/tmp/saddle-test-momentum-XXXXXX";
    int file = mkstemp(path);

    (void)state;
    assert_int_equal(knobs_parse(&k, KNOB_OPTIMIZER, "sgd", &e), 0);
    knobs_put(&k, KNOB_DAMPENING, .5);
    toy_run_open(&a, &toy, &k, 1);
    for (int round = 0; round < 2; round++) {
        toy_steps(a.run, 3);
        assert_int_equal(toy_set(a.run, KNOB_MOMENTUM, .9, &e), 0);
        assert_int_equal(checkpoint_write(a.run, path, &e), 0);
        assert_int_equal(checkpoint_open(&c, path, &e), 0);
        toy_run_open(&b, &toy, &c.knobs, 1);
        assert_int_equal(checkpoint_restore(&c, b.run, 1, &e), 0);
        checkpoint_close(&c);
        toy_steps(a.run, 1);
        toy_steps(b.run, 1);
        assert_true(buffer_is_gradient(a.run) && toy_same(a.run, b.run));
        toy_run_close(&b);
        toy_steps(a.run, 1);
        assert_false(buffer_is_gradient(a.run));
        assert_int_equal(toy_set(a.run, KNOB_MOMENTUM, 0, &e), 0);
        assert_int_equal(toy_set(a.run, KNOB_MOMENTUM, .9, &e), 0); /* no step between: the buffer is new all the same */
        toy_steps(a.run, 1);
        assert_true(buffer_is_gradient(a.run));
        assert_int_equal(toy_set(a.run, KNOB_MOMENTUM, 0, &e), 0);
    }
    toy_run_close(&a);
    close(file);
    unlink(path);
}

static void a_plateau_lowers_the_rate(void **state)
{
    struct knobs k = toy_knobs();
    struct toy_run r;

    (void)state;
    knobs_parse(&k, KNOB_SCHEDULE, "plateau", NULL);
    knobs_put(&k, KNOB_PATIENCE, 1);
    knobs_put(&k, KNOB_FACTOR, .5);
    knobs_put(&k, KNOB_THRESHOLD, 1); /* no loss is better by all of itself */
    toy_run_open(&r, &toy, &k, 1);
    toy_steps(r.run, 13 + 13);
    assert_true(run_learning_rate(r.run) == 1e-2);
    toy_steps(r.run, 13);
    assert_true(run_learning_rate(r.run) == 5e-3);
    toy_run_close(&r);
}

static void a_step_that_is_not_finite_is_not_applied(void **state)
{
    struct toy_run r;
    struct knobs k = toy_knobs();
    struct run_report report;
    struct state *before;
    struct err e = {0};

    (void)state;
    toy_run_open(&r, &toy, &k, 2);
    toy_steps(r.run, 3);
    state_theta(r.run->state)[7] = INFINITY;
    before = state_copy(r.run->state);
    assert_int_equal(run_advance(r.run, &report, &e), -ERR_DIVERGED);
    assert_non_null(strstr(e.text, "step 4"));
    assert_non_null(strstr(e.text, "layers."));
    assert_memory_equal(before, r.run->state, before->bytes);
    state_theta(r.run->state)[7] = 0;
    assert_int_equal(run_advance(r.run, &report, &e), 0); /* mended, it goes on */
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
    knobs_put(&k, KNOB_BATCH_SIZE, 1);
    toy_run_open(&r, &toy, &k, 1);
    at = r.run->network.statistic[1].offset;
    before = state_statistics(r.run->state)[at];
    toy_steps(r.run, 3);
    assert_string_equal(r.run->network.statistic[1].name, "layers.2.running_var");
    assert_true(state_statistics(r.run->state)[at] == before);
    assert_true(state_statistics(r.run->state)[0] != 0); /* the mean did move */
    toy_run_close(&r);
}

/* Its variance is beyond a float's range, though its loss is a number: the run can be saved, and read again. */
static void a_batch_beyond_range_leaves_the_running_statistics_finite(void **state)
{
    struct toy_run r;
    struct knobs k = toy_knobs();

    (void)state;
    toy_run_open(&r, &toy, &k, 1);
    for (int64_t i = 0; i < r.run->network.place[0].count; i++)
        state_theta(r.run->state)[i] *= 1e25f;
    toy_steps(r.run, 3);
    assert_true(r.run->network.statistics > 0);
    for (int64_t i = 0; i < r.run->network.statistics; i++)
        assert_true(isfinite(state_statistics(r.run->state)[i]));
    toy_run_close(&r);
}

static void knobs_beyond_their_bounds_are_refused(void **state)
{
    struct toy_run r;
    struct knobs k = toy_knobs();
    struct err e = {0};

    (void)state;
    toy_run_open(&r, &toy, &k, 1);
    assert_int_equal(toy_set(r.run, KNOB_DROPOUT, 1.5, &e), -ERR_USAGE);
    assert_int_equal(toy_set(r.run, KNOB_DROPOUT, NAN, &e), -ERR_USAGE);
    assert_int_equal(toy_set(r.run, KNOB_OPTIMIZER, 99, &e), -ERR_USAGE);
    assert_int_equal(toy_set(r.run, KNOB_OPTIMIZER, -1, &e), -ERR_USAGE);
    assert_int_equal(toy_set(r.run, KNOB_BATCH_SIZE, 2.5, &e), -ERR_USAGE);
    assert_int_equal(toy_set(r.run, KNOB_CONTEXT, 5, &e), -ERR_USAGE);
    assert_int_equal(r.run->journal_size, 0);
    toy_run_close(&r);
}

static void networks_that_do_not_fit_are_refused(void **state)
{
    static const char *const wrong[] = {"linear 4", "linear", "relu |", "linear 3 x0 | linear 3", "conv 3",
                                        "linear 99999999", "linear 3 dropout=2", "", "linear 3 x2 relu"};
    struct pool *p;
    struct run *l;
    struct err e;

    (void)state;
    assert_int_equal(pool_new(&p, 1, &e), 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct knobs k = toy_knobs();
        knobs_parse(&k, KNOB_NETWORK, wrong[i], &e);
        if (run_new(&l, &toy.d, &k, p, &e) != -ERR_INPUT)
            fail_msg("\"%s\" was taken", wrong[i]);
        assert_non_null(strstr(e.text, "network"));
    }
    pool_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_seed_is_another_run),
        cmocka_unit_test(it_learns),
        cmocka_unit_test(an_epoch_is_counted_in_examples),
        cmocka_unit_test(pieces_count_their_frames),
        cmocka_unit_test(the_work_of_a_step_is_counted),
        cmocka_unit_test(a_step_called_off_leaves_no_trace),
        cmocka_unit_test(an_update_waits_for_no_memory),
        cmocka_unit_test(initialisations_keep_their_promise),
        cmocka_unit_test(looking_changes_nothing),
        cmocka_unit_test(the_losses_differ_as_the_lecture_says),
        cmocka_unit_test(the_average_follows_the_weights),
        cmocka_unit_test(early_stopping_goes_back_to_the_best),
        cmocka_unit_test(vectors_in_use_follow_the_knobs),
        cmocka_unit_test(momentum_may_come_late),
        cmocka_unit_test(a_plateau_lowers_the_rate),
        cmocka_unit_test(a_step_that_is_not_finite_is_not_applied),
        cmocka_unit_test(a_batch_of_one_leaves_the_running_variance),
        cmocka_unit_test(a_batch_beyond_range_leaves_the_running_statistics_finite),
        cmocka_unit_test(knobs_beyond_their_bounds_are_refused),
        cmocka_unit_test(networks_that_do_not_fit_are_refused),
    };
    toy_init(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
