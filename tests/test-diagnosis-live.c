/* SPDX-License-Identifier: MIT */
/* The diagnosis of a live run: measured beside the training, the next test, cures as runs, and the layers' health. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/file.h"
#include "lecture/diagnosis-tree.h"
#include "libriphone-folder.h"
#include "run/checksum.h"
#include "run/comparison.h"
#include "run/recipe.h"
#include "trained-run.h"
#include "trainer/session.h"

static struct toy toy;

static const struct tree_loss none = {NAN, NAN};

static struct tree_thresholds thresholds; /* the standard ones */

/* ---- measured beside the training ----------------------------------------------------------- */

static void steps(struct training *s, uint64_t count)
{
    uint64_t to = training_obeyed(s)->step + count;

    training_steps(s, count);
    training_at(s, to, 1);
}

static const struct measured *measure(struct training *s)
{
    const struct snapshot *now;

    training_send(s, (struct command){.kind = COMMAND_MEASURE});
    for (now = training_obeyed(s); now->measured.status == MEASURED_RUNNING; now = trainer_snapshot(s->trainer))
        training_news(s);
    if (now->measured.status != MEASURED_DONE)
        fail_msg("%s", now->measured.text);
    return &now->measured;
}

/* The figures are those of the run as it stands, which goes on as if nobody had looked. */
static void figures_are_those_of_the_run(void **state)
{
    struct knobs k = training_knobs("linear 9 relu bn dropout | linear 3");
    struct measured m;
    struct tree_figures f;
    struct training s;
    struct err e = {0};

    (void)state;
    training_open(&s, &toy, &k, NULL);
    steps(&s, 30);
    m = *measure(&s);
    steps(&s, 20);
    assert_true(m.known && m.step == 30 && m.layers == 3 && m.against == 0);
    training_is_plain(&s, &toy, &k, 50);
    training_close(&s);

    training_open(&s, &toy, &k, NULL);
    steps(&s, 30);
    training_end(&s);
    assert_int_equal(tree_measure(&f, s.run.run, &e), 0);
    assert_true(fabs(f.train.loss - m.figures.train.loss) < 1e-6 && fabs(f.validation.loss - m.figures.validation.loss) < 1e-6);
    assert_true(f.no_unheard == m.figures.no_unheard || fabs(f.unheard.loss - m.figures.unheard.loss) < 1e-6);
    assert_true(fabs(f.guess - m.figures.guess) < 1e-12 && isfinite(m.layer[0].update) && m.layer[0].update > 0);
    training_close(&s);
}

/* Where a smaller network was trained beside it, its training loss is measured too; behind, it decides nothing. */
static void a_smaller_run_is_what_it_compares_with(void **state)
{
    struct knobs k = training_knobs("linear 16 relu x3 | linear 3");
    const struct measured *m;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    steps(&s, 40);
    training_send(&s, (struct command){.kind = COMMAND_FORK}); /* the same network is no smaller one */
    training_send(&s, (struct command){.kind = COMMAND_FOCUS, .count = 0});
    assert_int_equal(training_obeyed(&s)->smaller, 0);
    training_send(&s, (struct command){.kind = COMMAND_COMPARE, .text = "shallower"});
    training_obeyed(&s);
    assert_int_equal(trainer_snapshots(s.trainer)->there, 7);
    assert_string_equal(trainer_snapshots(s.trainer)->run[2].label, "half as deep");
    assert_int_equal(trainer_snapshots(s.trainer)->run[0].smaller, 0); /* it has not taken a step */
    training_steps(&s, 5);
    while (trainer_snapshots(s.trainer)->run[2].step < 5)
        training_news(&s);
    assert_int_equal(trainer_snapshots(s.trainer)->run[0].smaller, 3);
    assert_int_equal(trainer_snapshots(s.trainer)->run[2].smaller, 0);
    training_send(&s, (struct command){.kind = COMMAND_PAUSE});
    training_send(&s, (struct command){.kind = COMMAND_FOCUS, .count = 0});
    training_obeyed(&s);
    m = measure(&s);
    assert_int_equal(m->against, 3);
    assert_true(isfinite(m->figures.against.loss) && m->figures.against_behind);
    training_close(&s);
}

static void a_measurement_can_be_cancelled(void **state)
{
    struct knobs k = training_knobs(TRAINING_LARGE);
    const struct snapshot *now;
    struct training s;

    (void)state;
    training_open(&s, &toy, &k, NULL);
    training_send(&s, (struct command){.kind = COMMAND_MEASURE});
    training_send(&s, (struct command){.kind = COMMAND_MEASURE_CANCEL});
    for (now = training_obeyed(&s); now->measured.status == MEASURED_RUNNING; now = trainer_snapshot(s.trainer))
        training_news(&s);
    assert_true(now->measured.status == MEASURED_CANCELLED || now->measured.status == MEASURED_DONE);
    training_send(&s, (struct command){.kind = COMMAND_MEASURE});
    training_send(&s, (struct command){.kind = COMMAND_RESTART, .count = 1}); /* what is measured is of no run any more */
    assert_int_equal(training_obeyed(&s)->measured.known, 0);
    training_close(&s);
}

/* ---- cures ---------------------------------------------------------------------------------- */

static void replay(struct training *s, const struct knobs *k, const char *path)
{
    struct session session;
    struct trainer_options o = {.recipe = "toy", .replay = &session};
    struct err e;

    if (session_load(&session, path, &e) != 0)
        fail_msg("%s", e.text);
    s->sent = 0;
    toy_run_open(&s->run, &toy, k, 1);
    assert_int_equal(trainer_start_with(&s->trainer, &s->run.run, &o, &e), 0);
    while (trainer_snapshots(s->trainer)->play == PLAY_RUNNING || trainer_snapshots(s->trainer)->play == PLAY_NONE)
        training_news(s);
    session_free(&session);
}

/* In the journal as any comparison is: a session with cures is made again to the bit. */
static void a_cure_is_replayed_to_the_bit(void **state)
{
    struct knobs k = training_knobs("linear 16 relu x2 | linear 3");
    char *dir = temporary_folder(), path[256], sum[SHA256_TEXT];
    struct command write = {.kind = COMMAND_SESSION};
    struct training s, again;

    (void)state;
    snprintf(path, sizeof path, "%s/session.txt", dir);
    snprintf(write.text, sizeof write.text, "%s", path);
    training_open(&s, &toy, &k, NULL);
    steps(&s, 12);
    training_send(&s, (struct command){.kind = COMMAND_COMPARE, .text = "augmentation"});
    training_send(&s, (struct command){.kind = COMMAND_COMPARE, .text = "wider"});
    training_obeyed(&s);
    assert_int_equal(trainer_snapshots(s.trainer)->there, 7);
    assert_int_equal(trainer_snapshots(s.trainer)->run[1].step, 12); /* from these very weights */
    assert_int_equal(trainer_snapshots(s.trainer)->run[2].step, 0);  /* from scratch */
    training_steps(&s, 9);
    while (trainer_snapshots(s.trainer)->run[2].step < 9 || trainer_snapshots(s.trainer)->run[1].step < 21 ||
           trainer_snapshots(s.trainer)->run[2].status != RUN_PAUSED || trainer_snapshots(s.trainer)->run[1].status != RUN_PAUSED)
        training_news(&s);
    measure(&s); /* leaves nothing in the journal */
    training_send(&s, write);
    training_obeyed(&s);
    run_checksum(s.run.run, sum);
    replay(&again, &k, path);
    if (trainer_snapshots(again.trainer)->play != PLAY_DONE)
        fail_msg("%s", trainer_snapshots(again.trainer)->play_text);
    assert_string_equal(trainer_snapshots(again.trainer)->run[2].checksum, sum);
    training_close(&again);
    training_close(&s);
    remove_folder(dir);
}

static struct knobs base_of(const char *recipe)
{
    struct knobs k;
    struct err e = {0};

    knobs_standard(&k);
    if (recipe_load(&k, recipe, &e) != 0)
        fail_msg("%s", e.text);
    return k;
}

static int cure(const char *name, const struct knobs *base, struct knobs out[COMPARISON_RUNS], struct err *e)
{
    char label[COMPARISON_RUNS][COMPARISON_LABEL];
    const struct shape in = {1, 39};
    int count;
    int r = comparison_make(comparison_find(name), base, in, out, &count, label, e);

    assert_int_equal(count, r == 0);
    return r;
}

/* What a cure changes beside a recipe; "" : it cannot be tried there. */
static void cures_change_what_they_are_about(void **state)
{
    static const struct {
        const char *name, *recipe, *changed;
    } rows[] = {
        {"shallower", "quick", "network"},      {"shallower", "rnn", "network"},       {"wider", "quick", "network"},
        {"wider", "simple", "network"},         {"fewer-parameters", "strong", "network"}, {"fewer-parameters", "rnn", "network"},
        {"more-dropout", "simple", "network"},  {"more-weight-decay", "quick", "weight_decay"},
        {"augmentation", "quick", "input_noise mask_features"}, {"early-stopping", "simple", "early_stopping"}, {"more-data", "simple", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct knobs base = base_of(rows[i].recipe), out[COMPARISON_RUNS];
        char changed[256] = "";
        struct network_spec spec;
        struct err e = {0};
        if (cure(rows[i].name, &base, out, &e) == 0) {
            for (int id = 0; id < KNOB_COUNT; id++)
                if (!knobs_same(&base, &out[0], (enum knob_id)id))
                    snprintf(changed + strlen(changed), sizeof changed - strlen(changed), "%s%s", *changed ? " " : "",
                             knob_row((enum knob_id)id)->name);
            assert_int_equal(spec_parse(&spec, out[0].network, &e), 0);
        }
        if (strcmp(changed, rows[i].changed) != 0)
            fail_msg("%s beside %s changes \"%s\": %s", rows[i].name, rows[i].recipe, changed, e.text);
    }
}

static void networks_are_made_shallower_and_wider(void **state)
{
    static const struct {
        const char *network, *shallower, *wider;
    } rows[] = {
        {"linear 64 relu x6 | linear 41", "linear 64 relu x3 | linear 41", "linear 128 relu x6 | linear 41"},
        {"linear 64 relu bn dropout x3 | linear 41", "linear 64 relu bn dropout x2 | linear 41",
         "linear 128 relu bn dropout x3 | linear 41"},
        {"linear 64 relu | linear 41", "linear 32 relu | linear 41", "linear 128 relu | linear 41"},
        {"lstm 64x4 | center | linear 41", "lstm 64x2 | center | linear 41", "lstm 128x4 | center | linear 41"},
        {"linear 41", NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int wider = 0; wider < 2; wider++) {
            const char *expected = wider ? rows[i].wider : rows[i].shallower;
            struct knobs base = base_of("simple"), out[COMPARISON_RUNS], wanted = base;
            struct err e = {0};
            int r;
            assert_int_equal(knobs_parse(&base, KNOB_NETWORK, rows[i].network, &e), 0);
            r = cure(wider ? "wider" : "shallower", &base, out, &e);
            assert_int_equal(r, expected ? 0 : -ERR_USAGE);
            if (!expected)
                continue;
            assert_int_equal(knobs_parse(&wanted, KNOB_NETWORK, expected, &e), 0);
            assert_string_equal(out[0].network, wanted.network);
        }
}

static void every_cure_is_complete_and_found(void **state)
{
    int n = 0;

    (void)state;
    for (; comparison_cure_at(n); n++) {
        const struct comparison *c = comparison_cure_at(n);
        assert_ptr_equal(comparison_find(c->name), c);
        assert_ptr_equal(comparison_find(c->title), c);
        assert_true(*c->help && c->help[strlen(c->help) - 1] != '.');
    }
    assert_int_equal(n, 8);
    assert_null(comparison_cure_at(-1));
}

/* ---- the next test -------------------------------------------------------------------------- */

static void the_tree_asks_for_the_next_test(void **state)
{
    static const struct {
        double train, validation, unheard, against;
        int behind;
        enum tree_branch branch;
        enum tree_test test;
    } rows[] = { /* guessing is 4 */
        {0, 0, 0, 0, 0, TREE_UNKNOWN, TREE_TEST_MEASURE},
        {3, 3, 0, 0, 0, TREE_UNKNOWN, TREE_TEST_SHALLOWER},
        {3, 3, 0, 3.5, 1, TREE_UNKNOWN, TREE_TEST_WAIT},
        {3, 3, 0, 2.5, 1, TREE_OPTIMIZATION, TREE_TEST_PROBE},
        {3, 3, 0, 3.5, 0, TREE_MODEL_BIAS, TREE_TEST_WIDER},
        {3, 3, 0, 3, 0, TREE_UNKNOWN, TREE_TEST_WIDER},
        {.5, 3, 0, 0, 0, TREE_OVERFITTING, TREE_TEST_CURES},
        {.5, .6, 0, 0, 0, TREE_HEALTHY, TREE_TEST_MEASURE},
        {.5, .6, .7, 0, 0, TREE_HEALTHY, TREE_TEST_NONE},
        {.5, .6, 3, 0, 0, TREE_MISMATCH, TREE_TEST_NONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double loss[] = {rows[i].train, rows[i].validation, rows[i].unheard, rows[i].against};
        struct tree_figures f = {.guess = 4, .against_behind = rows[i].behind, .no_unheard = loss[2] > 0 ? NULL : "none"};
        struct tree_loss *to[] = {&f.train, &f.validation, &f.unheard, &f.against};
        struct tree_report r;
        for (int k = 0; k < 4; k++)
            *to[k] = loss[k] > 0 ? (struct tree_loss){loss[k], .5} : none;
        r = tree_diagnose(&f, &thresholds);
        assert_int_equal(r.branch, rows[i].branch);
        assert_int_equal(tree_next_test(&f, &thresholds, r.branch), rows[i].test);
        if (rows[i].test == TREE_TEST_WAIT)
            assert_non_null(strstr(r.evidence, "has seen fewer examples"));
    }
}

/* Evaluations come as they are published; what was measured takes their place until the next one is due. */
static void figures_come_from_evaluation_or_measurement(void **state)
{
    static struct snapshots all;
    struct snapshot *s = &all.run[0];
    struct tree_figures f;
    int against;

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct snapshot *x = &all.run[i];
        knobs_standard(&x->knobs);
        knobs_put(&x->knobs, KNOB_EVAL_EVERY, 1);
        x->scale = (struct tree_figures){.guess = 4};
        x->part_loss = x->validation_loss = NAN;
    }
    s->step = 100, s->epoch = 1.5;
    assert_int_equal(tree_figures_of(&all, 0, &f, &against), TREE_NOT_EVALUATED);
    s->part_loss = 1, s->validation_loss = 2;
    assert_int_equal(tree_figures_of(&all, 0, &f, &against), TREE_EVALUATION);
    assert_true(fabs(f.train.loss - 1) < 1e-9 && fabs(f.validation.loss - 2) < 1e-9 && fabs(f.guess - 4) < 1e-9 && f.no_unheard);
    s->smaller = 2;
    tree_figures_of(&all, 0, &f, &against);
    assert_int_equal(against, 0); /* it was not evaluated */
    all.run[1].part_loss = 3, all.run[1].epoch = .5;
    tree_figures_of(&all, 0, &f, &against);
    assert_true(against == 2 && fabs(f.against.loss - 3) < 1e-9 && f.against_behind);
    s->measured = (struct measured){.known = 1, .step = 90, .epoch = 1.4, .figures = {.train = {.9, .5}, .against = none, .guess = 4}};
    assert_int_equal(tree_figures_of(&all, 0, &f, &against), TREE_MEASURED);
    assert_true(fabs(f.train.loss - .9) < 1e-9 && against == 2);
    s->epoch = 2.5, s->step = 112; /* within the last fifth of the run */
    assert_int_equal(tree_figures_of(&all, 0, &f, &against), TREE_MEASURED);
    s->step = 113;
    assert_int_equal(tree_figures_of(&all, 0, &f, &against), TREE_EVALUATION);
}

/* ---- layers --------------------------------------------------------------------------------- */

static void look(struct run *run, struct layer_health h[GRADIENT_STATS_LAYERS], int layers)
{
    struct err e = {0};

    assert_int_equal(layer_health_look(run, h, &e), layers);
}

/* Four ReLUs of eight whose bias is far below 0 are dead. */
static void dead_units_are_counted(void **state)
{
    struct knobs k = training_knobs("linear 8 relu bn | linear 3");
    struct layer_health h[GRADIENT_STATS_LAYERS];
    char text[TREE_LAYER_TEXT];
    struct toy_run t;
    float *bias;

    (void)state;
    toy_run_open(&t, &toy, &k, 1);
    bias = state_theta(t.run->state) + t.run->network.layer[0].parameter[1].offset;
    for (int i = 0; i < 8; i++)
        bias[i] = i % 2 ? -1e4f : 1e4f;
    look(t.run, h, 3);
    assert_int_equal(h[0].units, 8);
    assert_int_equal(h[0].dead, 4);
    assert_true(isnan(h[0].saturated) && h[1].units == 0 && h[2].units == 0);
    assert_true(h[2].update > 0 && h[2].update < 1 && h[2].gradient > 0);
    h[0].dead = 5;
    assert_int_equal(tree_layer_words(&h[0], text), 2);
    assert_non_null(strstr(text, "ReLUs are dead"));
    toy_run_close(&t);
}

/* Outputs of a sigmoid, of tanh, and gates of an LSTM with large biases. */
static void saturated_units_are_counted(void **state)
{
    static const struct {
        const char *network;
        int tensor;        /* the bias that is made large, of the first layer … */
        float large;
        double saturated;
    } rows[] = {
        {"linear 8 sigmoid | linear 3", 1, 100, 1},  {"linear 8 sigmoid | linear 3", 1, -100, 1},
        {"linear 8 tanh | linear 3", 1, -100, 1},    {"linear 8 tanh | linear 3", 1, 0, 0},
        {"lstm 4 | center | linear 3", 2, 100, 1},   {"gru 4 bi | center | linear 3", 2, 100, .5},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct knobs k = training_knobs(rows[i].network);
        struct layer_health h[GRADIENT_STATS_LAYERS];
        const struct place *p;
        struct toy_run t;
        if (strstr(rows[i].network, "center"))
            knobs_put(&k, KNOB_CONTEXT, 3);
        toy_run_open(&t, &toy, &k, 1);
        p = t.run->network.layer[0].parameter;
        for (int64_t j = 0; rows[i].large == 0 && j < p[0].count; j++)
            state_theta(t.run->state)[p[0].offset + j] *= .01f;
        for (int64_t j = 0; j < p[rows[i].tensor].count; j++)
            state_theta(t.run->state)[p[rows[i].tensor].offset + j] = rows[i].large;
        look(t.run, h, 2);
        if (fabs(h[0].saturated - rows[i].saturated) > (rows[i].saturated > .4 && rows[i].saturated < .6 ? .2 : 1e-9))
            fail_msg("%s: %g", rows[i].network, h[0].saturated);
        toy_run_close(&t);
    }
}

static void layers_have_a_sentence(void **state)
{
    static const struct {
        struct layer_health h;
        int severity;
        const char *words;
    } rows[] = {
        {{.update = 1e-3, .saturated = NAN}, 0, "learns"},
        {{.update = NAN, .saturated = NAN}, 2, "not finite"},
        {{.update = 1e-7, .saturated = NAN}, 2, "stands still"},
        {{.update = .5, .saturated = NAN}, 2, "reduce the rate"},
        {{.update = 5e-6, .saturated = NAN}, 1, "slowly"},
        {{.update = .1, .saturated = NAN}, 1, "fast"},
        {{.update = 1e-3, .units = 10, .dead = 3, .saturated = NAN}, 1, "30 %"},
        {{.update = 1e-3, .saturated = .8}, 2, "80 % are saturated"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[TREE_LAYER_TEXT];
        assert_int_equal(tree_layer_words(&rows[i].h, text), rows[i].severity);
        assert_non_null(strstr(text, rows[i].words));
    }
}

static int set_up(void **state)
{
    (void)state;
    toy_init(&toy);
    return 0;
}

int main(void)
{
    struct knobs standard;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_the_run),
        cmocka_unit_test(a_smaller_run_is_what_it_compares_with),
        cmocka_unit_test(a_measurement_can_be_cancelled),
        cmocka_unit_test(a_cure_is_replayed_to_the_bit),
        cmocka_unit_test(cures_change_what_they_are_about),
        cmocka_unit_test(networks_are_made_shallower_and_wider),
        cmocka_unit_test(every_cure_is_complete_and_found),
        cmocka_unit_test(the_tree_asks_for_the_next_test),
        cmocka_unit_test(figures_come_from_evaluation_or_measurement),
        cmocka_unit_test(dead_units_are_counted),
        cmocka_unit_test(saturated_units_are_counted),
        cmocka_unit_test(layers_have_a_sentence),
    };

    knobs_standard(&standard);
    thresholds = tree_thresholds_of(&standard);
    return cmocka_run_group_tests(tests, set_up, NULL);
}
