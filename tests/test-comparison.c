/* SPDX-License-Identifier: MIT */
/* run/comparison: every row, beside every recipe: the settings differ from the base's in what the row is about and in
 * nothing else. */
#include "test.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/network.h"
#include "run/comparison.h"
#include "run/recipe.h"

enum { DIMS = 39, CLASSES = 41 };

static struct knobs base_of(const char *recipe)
{
    struct knobs k;
    struct err e = {0};

    knobs_standard(&k);
    if (recipe_load(&k, recipe, &e) != 0)
        fail_msg("%s", e.text);
    return k;
}

static void set(struct knobs *k, enum knob_id id, const char *text)
{
    struct err e = {0};

    if (knobs_parse(k, id, text, &e) != 0)
        fail_msg("%s", e.text);
}

static struct network_spec spec_of(const struct knobs *k)
{
    struct network_spec s;
    struct err e = {0};

    if (spec_parse(&s, k->network, &e) != 0)
        fail_msg("%s", e.text);
    return s;
}

/* As run/batch has it. */
static struct shape shape_of(const struct knobs *k)
{
    struct network_spec s = spec_of(k);
    int piece = (int)k->value[KNOB_PIECE], context = (int)k->value[KNOB_CONTEXT], sequence = 0;

    for (int i = 0; i < s.count; i++)
        sequence |= strcmp(s.layer[i].kind, "select") == 0;
    if (piece > 0 || sequence)
        return (struct shape){piece > 0 ? piece : context, DIMS};
    return (struct shape){1, context * DIMS};
}

static int64_t parameters_of(const struct knobs *k)
{
    struct network_spec s = spec_of(k);
    struct network *n = malloc(sizeof *n);
    struct err e = {0};
    int64_t parameters;

    assert_non_null(n);
    if (network_f.build(n, &s, shape_of(k), &e) != 0)
        fail_msg("%s: %s", k->network, e.text);
    assert_int_equal(n->classes, CLASSES);
    parameters = n->parameters;
    network_f.free(n);
    free(n);
    return parameters;
}

/* What a comparison gave. */
struct made {
    const struct comparison *row;
    struct knobs knobs[COMPARISON_RUNS];
    char label[COMPARISON_RUNS][COMPARISON_LABEL];
    int count;
};

static int try(struct made *m, const char *name, const struct knobs *base, struct err *e)
{
    memset(m, 0xee, sizeof *m);
    m->row = comparison_find(name);
    assert_non_null(m->row);
    return comparison_make(m->row, base, shape_of(base), m->knobs, &m->count, m->label, e);
}

static struct made make(const char *name, const struct knobs *base)
{
    struct made m;
    struct err e = {0};

    if (try(&m, name, base, &e) != 0)
        fail_msg("%s: %s", name, e.text);
    return m;
}

static void assert_refused(const char *name, const struct knobs *base, const char *why)
{
    struct made m;
    struct err e = {0};

    assert_int_equal(try(&m, name, base, &e), -ERR_USAGE);
    assert_int_equal(m.count, 0);
    if (!strstr(e.text, why))
        fail_msg("%s: \"%s\" does not say \"%s\"", name, e.text, why);
    assert_int_equal(try(&m, name, base, NULL), -ERR_USAGE);
}

/* ---- every row beside every recipe ---------------------------------------------------------- */

struct change {
    enum knob_id id;
    const char *value;
};

/* Settings that nobody set follow where the schedule or the optimizer is another. */
static int follows(const struct knobs *a, const struct knobs *b, int id)
{
    return (a->value[KNOB_SCHEDULE] != b->value[KNOB_SCHEDULE] || a->value[KNOB_OPTIMIZER] != b->value[KNOB_OPTIMIZER]) &&
           !a->set[id] && !b->set[id];
}

static void assert_changes(const char *what, const struct knobs *base, const struct knobs *k, const struct change *c)
{
    for (int i = 0; i < KNOB_COUNT; i++) {
        const char *expected = NULL;
        char text[KNOB_VALUE_SIZE];
        for (int n = 0; n < 3; n++)
            if (c[n].value && c[n].id == (enum knob_id)i)
                expected = c[n].value;
        knobs_format(k, i, text, sizeof text);
        if (expected && strcmp(text, expected) != 0)
            fail_msg("%s: %s is %s, not %s", what, knob_row(i)->name, text, expected);
        if (expected && !k->set[i])
            fail_msg("%s: %s is not set", what, knob_row(i)->name);
        if (!expected && !knobs_same(base, k, i) && !follows(base, k, i))
            fail_msg("%s: %s is %s as well", what, knob_row(i)->name, text);
    }
}

/* One run of one row beside one recipe. Rows of the same recipe and comparison stand together. */
static const struct expected {
    const char *recipe, *name, *label;
    int from_scratch;
    struct change change[3];
    const char *refused; /* instead of all that */
} expected[] = {
    {"simple", "loss", "MSE on softmax", 0, {{KNOB_LOSS, "mse_softmax"}}, NULL},
    {"simple", "batch", "batch 64", 0, {{KNOB_BATCH_SIZE, "64"}}, NULL},
    {"simple", "batch", "batch 4,096", 0, {{KNOB_BATCH_SIZE, "4096"}}, NULL},
    {"simple", "schedule", "cosine", 0, {{KNOB_SCHEDULE, "cosine"}, {KNOB_T_MAX, "5"}}, NULL},
    {"simple", "warm-up", "warm-up over 0.5 epochs", 1, {{KNOB_WARMUP, "0.5"}}, NULL},
    {"simple", "momentum", "beta 1 0", 0, {{KNOB_BETA1, "0"}}, NULL},
    {"simple", "batch-norm", "batch norm", 1, {{KNOB_NETWORK, "linear 256 relu bn x2 | linear 41"}}, NULL},
    {"simple", "dropout", "dropout 0.2", 1, {{KNOB_NETWORK, "linear 256 relu dropout x2 | linear 41"}}, NULL},
    {"simple", "depth", "7 hidden layers of 110", 1, {{KNOB_NETWORK, "linear 110 relu x7 | linear 41"}}, NULL},
    {"simple", "saddle", "saddle-free Newton", 0, {{KNOB_OPTIMIZER, "saddle-free"}, {KNOB_LEARNING_RATE, "1"}}, NULL},
    {"simple", "saddle", "perturbed GD", 0, {{KNOB_OPTIMIZER, "perturbed"}, {KNOB_LEARNING_RATE, "0.1"}}, NULL},
    {"simple", "saddle", "momentum", 0,
     {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.02"}, {KNOB_MOMENTUM, "0.9"}}, NULL},
    {"simple", "saddle-sgd", "SGD", 0, {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.1"}, {KNOB_MOMENTUM, "0"}}, NULL},
    {"simple", "saddle-sgd", "momentum", 0,
     {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.02"}, {KNOB_MOMENTUM, "0.9"}}, NULL},
    {"simple", "saddle-sgd", "Adam", 0, {{KNOB_OPTIMIZER, "adam"}, {KNOB_LEARNING_RATE, "0.001"}}, NULL},

    {"medium", "loss", "MSE on softmax", 0, {{KNOB_LOSS, "mse_softmax"}}, NULL},
    {"medium", "batch", "batch 64", 0, {{KNOB_BATCH_SIZE, "64"}}, NULL},
    {"medium", "batch", "batch 4,096", 0, {{KNOB_BATCH_SIZE, "4096"}}, NULL},
    {"medium", "schedule", "constant rate", 0, {{KNOB_SCHEDULE, "constant"}}, NULL},
    {"medium", "warm-up", "warm-up over 0.5 epochs", 1, {{KNOB_WARMUP, "0.5"}}, NULL},
    {"medium", "momentum", "beta 1 0", 0, {{KNOB_BETA1, "0"}}, NULL},
    {"medium", "batch-norm", "no batch norm", 1, {{KNOB_NETWORK, "linear 256 relu dropout x3 | linear 41"}}, NULL},
    {"medium", "dropout", "no dropout", 0, {{KNOB_DROPOUT, "0"}}, NULL},
    {"medium", "depth", "7 hidden layers of 180", 1,
     {{KNOB_NETWORK, "linear 180 relu bn dropout x7 | linear 41"}}, NULL},
    {"medium", "saddle", "saddle-free Newton", 0, {{KNOB_OPTIMIZER, "saddle-free"}, {KNOB_LEARNING_RATE, "1"}}, NULL},
    {"medium", "saddle", "perturbed GD", 0, {{KNOB_OPTIMIZER, "perturbed"}, {KNOB_LEARNING_RATE, "0.1"}}, NULL},
    {"medium", "saddle", "momentum", 0,
     {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.02"}, {KNOB_MOMENTUM, "0.9"}}, NULL},
    {"medium", "saddle-sgd", "SGD", 0, {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.1"}, {KNOB_MOMENTUM, "0"}}, NULL},
    {"medium", "saddle-sgd", "momentum", 0,
     {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.02"}, {KNOB_MOMENTUM, "0.9"}}, NULL},
    {"medium", "saddle-sgd", "Adam", 0, {{KNOB_OPTIMIZER, "adam"}, {KNOB_LEARNING_RATE, "0.001"}}, NULL},

    {"strong", "loss", "MSE on softmax", 0, {{KNOB_LOSS, "mse_softmax"}}, NULL},
    {"strong", "batch", "batch 64", 0, {{KNOB_BATCH_SIZE, "64"}}, NULL},
    {"strong", "batch", "batch 4,096", 0, {{KNOB_BATCH_SIZE, "4096"}}, NULL},
    {"strong", "schedule", "cosine", 0, {{KNOB_SCHEDULE, "cosine"}, {KNOB_T_MAX, "50"}}, NULL},
    {"strong", "warm-up", "warm-up over 0.5 epochs", 1, {{KNOB_WARMUP, "0.5"}}, NULL},
    {"strong", "momentum", "beta 1 0", 0, {{KNOB_BETA1, "0"}}, NULL},
    {"strong", "batch-norm", "no batch norm", 1, {{KNOB_NETWORK, "linear 1024 relu dropout x3 | linear 41"}}, NULL},
    {"strong", "dropout", "no dropout", 0, {{KNOB_DROPOUT, "0"}}, NULL},
    {"strong", "depth", "7 hidden layers of 630", 1,
     {{KNOB_NETWORK, "linear 630 relu bn dropout x7 | linear 41"}}, NULL},
    {"strong", "saddle", "saddle-free Newton", 0, {{KNOB_OPTIMIZER, "saddle-free"}, {KNOB_LEARNING_RATE, "1"}}, NULL},
    {"strong", "saddle", "perturbed GD", 0, {{KNOB_OPTIMIZER, "perturbed"}, {KNOB_LEARNING_RATE, "0.1"}}, NULL},
    {"strong", "saddle", "momentum", 0,
     {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.02"}, {KNOB_MOMENTUM, "0.9"}}, NULL},
    {"strong", "saddle-sgd", "SGD", 0, {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.1"}, {KNOB_MOMENTUM, "0"}}, NULL},
    {"strong", "saddle-sgd", "momentum", 0,
     {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.02"}, {KNOB_MOMENTUM, "0.9"}}, NULL},
    {"strong", "saddle-sgd", "Adam", 0, {{KNOB_OPTIMIZER, "adam"}, {KNOB_LEARNING_RATE, "0.001"}}, NULL},

    {"rnn", "loss", "MSE on softmax", 0, {{KNOB_LOSS, "mse_softmax"}}, NULL},
    {"rnn", "batch", "batch 64", 0, {{KNOB_BATCH_SIZE, "64"}}, NULL},
    {"rnn", "batch", "batch 4,096", 0, {{KNOB_BATCH_SIZE, "4096"}}, NULL},
    {"rnn", "schedule", "cosine", 0, {{KNOB_SCHEDULE, "cosine"}, {KNOB_T_MAX, "10"}}, NULL},
    {"rnn", "warm-up", "warm-up over 0.5 epochs", 1, {{KNOB_WARMUP, "0.5"}}, NULL},
    {"rnn", "momentum", "beta 1 0", 0, {{KNOB_BETA1, "0"}}, NULL},
    {"rnn", "batch-norm", NULL, 0, {{0, NULL}}, "batch norm needs a hidden linear layer"},
    {"rnn", "dropout", "dropout 0.2", 1, {{KNOB_NETWORK, "rnn 768x3 dropout | last | linear 41"}}, NULL},
    {"rnn", "depth", NULL, 0, {{0, NULL}}, "needs an MLP"},
    {"rnn", "saddle", "saddle-free Newton", 0, {{KNOB_OPTIMIZER, "saddle-free"}, {KNOB_LEARNING_RATE, "1"}}, NULL},
    {"rnn", "saddle", "perturbed GD", 0, {{KNOB_OPTIMIZER, "perturbed"}, {KNOB_LEARNING_RATE, "0.1"}}, NULL},
    {"rnn", "saddle", "momentum", 0,
     {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.02"}, {KNOB_MOMENTUM, "0.9"}}, NULL},
    {"rnn", "saddle-sgd", "SGD", 0, {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.1"}, {KNOB_MOMENTUM, "0"}}, NULL},
    {"rnn", "saddle-sgd", "momentum", 0,
     {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.02"}, {KNOB_MOMENTUM, "0.9"}}, NULL},
    {"rnn", "saddle-sgd", "Adam", 0, {{KNOB_OPTIMIZER, "adam"}, {KNOB_LEARNING_RATE, "0.001"}}, NULL},

    {"quick", "loss", "MSE on softmax", 0, {{KNOB_LOSS, "mse_softmax"}}, NULL},
    {"quick", "batch", "batch 64", 0, {{KNOB_BATCH_SIZE, "64"}}, NULL},
    {"quick", "batch", "batch 4,096", 0, {{KNOB_BATCH_SIZE, "4096"}}, NULL},
    {"quick", "schedule", "constant rate", 0, {{KNOB_SCHEDULE, "constant"}}, NULL},
    {"quick", "warm-up", "no warm-up", 1, {{KNOB_WARMUP, "0"}}, NULL},
    {"quick", "momentum", "beta 1 0", 0, {{KNOB_BETA1, "0"}}, NULL},
    {"quick", "batch-norm", "no batch norm", 1, {{KNOB_NETWORK, "linear 256 relu dropout x2 | linear 41"}}, NULL},
    {"quick", "dropout", "no dropout", 0, {{KNOB_DROPOUT, "0"}}, NULL},
    {"quick", "depth", "7 hidden layers of 140", 1,
     {{KNOB_NETWORK, "linear 140 relu bn dropout x7 | linear 41"}}, NULL},
    {"quick", "saddle", "saddle-free Newton", 0, {{KNOB_OPTIMIZER, "saddle-free"}, {KNOB_LEARNING_RATE, "1"}}, NULL},
    {"quick", "saddle", "perturbed GD", 0, {{KNOB_OPTIMIZER, "perturbed"}, {KNOB_LEARNING_RATE, "0.1"}}, NULL},
    {"quick", "saddle", "momentum", 0,
     {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.02"}, {KNOB_MOMENTUM, "0.9"}}, NULL},
    {"quick", "saddle-sgd", "SGD", 0, {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.1"}, {KNOB_MOMENTUM, "0"}}, NULL},
    {"quick", "saddle-sgd", "momentum", 0,
     {{KNOB_OPTIMIZER, "sgd"}, {KNOB_LEARNING_RATE, "0.02"}, {KNOB_MOMENTUM, "0.9"}}, NULL},
    {"quick", "saddle-sgd", "Adam", 0, {{KNOB_OPTIMIZER, "adam"}, {KNOB_LEARNING_RATE, "0.001"}}, NULL},

    {"boss-window", "schedule", "constant rate", 0, {{KNOB_SCHEDULE, "constant"}}, NULL},
    {"boss-window", "batch-norm", "no batch norm", 1,
     {{KNOB_NETWORK, "lstm 512x6 bi dropout=0.3 | last | linear 1024 relu dropout x6 | linear 41"}}, NULL},
    {"boss-window", "dropout", "no dropout", 1,
     {{KNOB_NETWORK, "lstm 512x6 bi | last | linear 1024 bn relu x6 | linear 41"}}, NULL},
    {"boss-window", "depth", NULL, 0, {{0, NULL}}, "an MLP"},
    {"boss-utterance", "batch", "batch 2", 0, {{KNOB_BATCH_SIZE, "2"}}, NULL},
    {"boss-utterance", "batch", "batch 128", 0, {{KNOB_BATCH_SIZE, "128"}}, NULL},
    {"boss-utterance", "batch-norm", "no batch norm", 1,
     {{KNOB_NETWORK, "lstm 256x2 bi dropout=0.3 | all | linear 256 relu dropout | linear 41"}}, NULL},
};

static void check(const struct expected *x, const struct made *m, int run)
{
    struct knobs base = base_of(x->recipe);
    char what[128];

    snprintf(what, sizeof what, "%s, %s", x->recipe, x->name);
    if (strcmp(m->label[run], x->label) != 0)
        fail_msg("%s: called \"%s\", not \"%s\"", what, m->label[run], x->label);
    assert_changes(what, &base, &m->knobs[run], x->change);
    assert_int_equal(comparison_from_scratch(m->row, &base, &m->knobs[run]), x->from_scratch);
    assert_true(parameters_of(&m->knobs[run]) > 0);
}

static void only_what_the_row_says_is_different(void **state)
{
    const int rows = sizeof expected / sizeof *expected;

    (void)state;
    for (int i = 0, runs; i < rows; i += runs) {
        const struct expected *x = &expected[i];
        struct knobs base = base_of(x->recipe);
        struct made m;
        for (runs = 1; i + runs < rows; runs++)
            if (strcmp(x[runs].recipe, x->recipe) != 0 || strcmp(x[runs].name, x->name) != 0)
                break;
        if (x->refused) {
            assert_refused(x->name, &base, x->refused);
            continue;
        }
        m = make(x->name, &base);
        assert_int_equal(m.count, runs);
        for (int run = 0; run < runs; run++)
            check(&x[run], &m, run);
    }
}

static void the_table_above_has_every_row_and_recipe(void **state)
{
    static const char *const recipes[] = {"simple", "medium", "strong", "rnn", "quick"};

    (void)state;
    for (size_t r = 0; r < sizeof recipes / sizeof *recipes; r++)
        for (int i = 0; comparison_at(i); i++) {
            int found = 0;
            for (size_t x = 0; x < sizeof expected / sizeof *expected; x++)
                found |= strcmp(expected[x].recipe, recipes[r]) == 0 &&
                         strcmp(expected[x].name, comparison_at(i)->name) == 0;
            if (!found)
                fail_msg("nothing is expected of %s beside %s", comparison_at(i)->name, recipes[r]);
        }
}

/* ---- the rows themselves -------------------------------------------------------------------- */

static void names_are_found_in_any_case(void **state)
{
    char text[128];

    (void)state;
    for (int i = 0; comparison_at(i); i++) {
        const struct comparison *c = comparison_at(i);
        const char *names[] = {c->name, c->title};
        for (int n = 0; n < 2; n++)
            for (int upper = 0; upper < 2; upper++) {
                size_t k = 0;
                for (; names[n][k]; k++)
                    text[k] = (char)(upper ? toupper((unsigned char)names[n][k]) : names[n][k]);
                text[k] = 0;
                assert_ptr_equal(comparison_find(text), c);
            }
    }
    assert_null(comparison_find("bat"));
    assert_null(comparison_find(""));
    assert_null(comparison_at(-1));
    assert_null(comparison_at(10));
    assert_non_null(comparison_at(9));
}

static void rows_are_complete(void **state)
{
    int by_examples = 0;

    (void)state;
    for (int i = 0; comparison_at(i); i++) {
        const struct comparison *c = comparison_at(i);
        assert_true(strstr(c->title, " | ") != NULL);
        assert_true(*c->help && c->help[strlen(c->help) - 1] != '.');
        if (c->equal_examples)
            assert_string_equal(c->name, "batch");
        by_examples += c->equal_examples;
    }
    assert_int_equal(by_examples, 1);
}

static void each_loss_has_another(void **state)
{
    static const struct {
        const char *loss, *other;
    } rows[] = {{"cross_entropy", "mse_softmax"}, {"mse_softmax", "cross_entropy"}, {"mse_logits", "cross_entropy"}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct knobs base = base_of("simple");
        struct made m;
        set(&base, KNOB_LOSS, rows[i].loss);
        m = make("loss", &base);
        assert_int_equal(m.count, 1);
        assert_string_equal(knob_choice(KNOB_LOSS, (int)m.knobs[0].value[KNOB_LOSS]), rows[i].other);
    }
}

static void batches_stay_within_bounds(void **state)
{
    static const struct {
        const char *batch;
        int count;
        double size[2];
    } rows[] = {{"1", 1, {8}},           {"4", 2, {1, 32}},     {"100", 2, {12, 800}},
                {"8192", 2, {1024, 65536}}, {"9000", 2, {1125, 65536}}, {"65536", 1, {8192}}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct knobs base = base_of("simple");
        struct made m;
        set(&base, KNOB_BATCH_SIZE, rows[i].batch);
        m = make("batch", &base);
        assert_int_equal(m.count, rows[i].count);
        for (int k = 0; k < m.count; k++) {
            assert_true(m.knobs[k].value[KNOB_BATCH_SIZE] == rows[i].size[k]);
            assert_int_equal(strncmp(m.label[k], "batch ", 6), 0);
        }
    }
}

static void every_schedule_is_set_against_a_constant_rate(void **state)
{
    (void)state;
    for (int i = 0; schedule_at(i); i++) {
        struct knobs base = base_of("simple");
        struct made m;
        knobs_put(&base, KNOB_SCHEDULE, i);
        m = make("schedule", &base);
        assert_int_equal(m.count, 1);
        assert_string_equal(schedule_at((int)m.knobs[0].value[KNOB_SCHEDULE])->name,
                            strcmp(schedule_at(i)->name, "constant") == 0 ? "cosine" : "constant");
    }
}

static void a_cosine_has_the_length_that_was_set(void **state)
{
    struct knobs base = base_of("simple");
    struct made m;

    (void)state;
    set(&base, KNOB_SCHEDULE_UNIT, "steps");
    assert_refused("schedule", &base, "set T_max");
    set(&base, KNOB_T_MAX, "3000");
    m = make("schedule", &base);
    assert_changes("in steps", &base, &m.knobs[0], (struct change[3]){{KNOB_SCHEDULE, "cosine"}});
    set(&base, KNOB_WARMUP, "0");
    m = make("warm-up", &base);
    assert_string_equal(m.label[0], "warm-up over 500 steps");
    assert_true(m.knobs[0].value[KNOB_WARMUP] == 500);
}

/* Which setting is an optimizer's momentum, and both ways. */
static void momentum_of_every_optimizer(void **state)
{
    static const struct {
        const char *optimizer;
        enum knob_id id; /* KNOB_COUNT: it has none */
    } rows[] = {{"sgd", KNOB_MOMENTUM}, {"rmsprop", KNOB_MOMENTUM}, {"adam", KNOB_BETA1},     {"adamw", KNOB_BETA1},
                {"adamax", KNOB_BETA1}, {"nadam", KNOB_BETA1},      {"radam", KNOB_BETA1},    {"lion", KNOB_BETA1},
                {"adagrad", KNOB_COUNT}, {"adagrad_rms", KNOB_COUNT}, {"adadelta", KNOB_COUNT}, {"asgd", KNOB_COUNT},
                {"rprop", KNOB_COUNT},  {"lbfgs", KNOB_COUNT},
                {"schedule-free-adamw", KNOB_BETA1}, {"schedule-free-sgd", KNOB_MOMENTUM}, {"prodigy", KNOB_BETA1},
                {"perturbed", KNOB_COUNT}, {"saddle-free", KNOB_COUNT}, {"muon", KNOB_MOMENTUM},
                {"soap", KNOB_BETA1}};
    const int count = sizeof rows / sizeof *rows;

    (void)state;
    assert_null(optimizers_f.at(count));
    for (int i = 0; i < count; i++) {
        struct knobs base = base_of("simple");
        set(&base, KNOB_OPTIMIZER, rows[i].optimizer);
        if (rows[i].id == KNOB_COUNT) {
            assert_refused("momentum", &base, "has no momentum");
            continue;
        }
        for (int with = 0; with < 2; with++) {
            struct made m;
            knobs_put(&base, rows[i].id, with ? .95 : 0);
            m = make("momentum", &base);
            assert_changes(rows[i].optimizer, &base, &m.knobs[0],
                           (struct change[3]){{rows[i].id, with ? "0" : "0.9"}});
        }
    }
}

/* ---- networks ------------------------------------------------------------------------------- */

static const struct {
    const char *name, *network, *dropout, *other, *other_dropout;
} networks[] = {
    {"batch-norm", "linear 64 | linear 41", "0", "linear 64 bn | linear 41", "0"},
    {"batch-norm", "bn | linear 64 bn tanh | linear 32 tanh dropout=.5 | linear 41", "0",
     "linear 64 tanh | linear 32 tanh dropout=0.5 | linear 41", "0"},
    {"batch-norm", "linear 64 ln gelu dropout | linear 41", "0", "linear 64 bn ln gelu dropout | linear 41", "0"},
    {"batch-norm", "gru 8 | last | linear 64 elu | linear 41", "0", "gru 8 | last | linear 64 elu bn | linear 41", "0"},
    {"dropout", "linear 64 relu dropout | linear 41", "0", "linear 64 relu dropout | linear 41", "0.2"},
    {"dropout", "linear 64 relu | linear 41", "0", "linear 64 relu dropout | linear 41", "0.2"},
    {"dropout", "linear 64 relu | linear 41", "0.5", "linear 64 relu dropout | linear 41", "0.5"},
    {"dropout", "linear 64 relu dropout=0 | linear 41", "0.5", "linear 64 relu dropout | linear 41", "0.5"},
    {"dropout", "linear 64 relu dropout=.1 | linear 8 dropout | linear 41", "0.5",
     "linear 64 relu | linear 8 | linear 41", "0.5"},
    {"dropout", "lstm 8x2 bi | last | linear 8 relu bn | linear 41", "0.2",
     "lstm 8x2 bi dropout | last | linear 8 relu bn dropout | linear 41", "0.2"},
    {"dropout", "lstm 8x2 dropout | last | linear 41", "0.2", "lstm 8x2 dropout | last | linear 41", "0"},
};

static void networks_with_and_without(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        struct knobs base = base_of("simple");
        struct made m;
        set(&base, KNOB_NETWORK, networks[i].network);
        set(&base, KNOB_DROPOUT, networks[i].dropout);
        m = make(networks[i].name, &base);
        assert_int_equal(m.count, 1);
        assert_changes(networks[i].network, &base, &m.knobs[0],
                       (struct change[3]){{KNOB_NETWORK, networks[i].other},
                                          {KNOB_DROPOUT, networks[i].other_dropout}});
        assert_true(parameters_of(&m.knobs[0]) > 0);
    }
}

static void what_a_network_has_no_place_for_is_refused(void **state)
{
    static const struct {
        const char *name, *network, *why;
    } rows[] = {
        {"batch-norm", "linear 41", "needs a hidden linear layer"},
        {"dropout", "linear 41", "needs a hidden linear layer or a recurrent layer"},
        {"dropout", "rnn 8 | last | linear 41", "needs a hidden linear layer or a recurrent layer"},
        {"depth", "linear 41", "needs a hidden layer"},
        {"depth", "linear 8 relu | center | linear 41", "an MLP"},
        {"depth", "linear 8 relu tanh relu tanh relu tanh relu tanh relu tanh relu tanh relu tanh x3 | linear 41",
         "more than 96 layers"},
        {"batch-norm", "linear 8 relu x47 | linear 41", "more than 96 layers"},
        {"dropout", "linear 8 relu x47 | linear 41", "more than 96 layers"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct knobs base = base_of("simple");
        set(&base, KNOB_NETWORK, rows[i].network);
        assert_refused(rows[i].name, &base, rows[i].why);
    }
}

static void a_network_that_is_none_is_an_error(void **state)
{
    static const char *const names[] = {"batch-norm", "dropout", "depth"};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct knobs base = base_of("simple"), none = base;
        const struct comparison *c = comparison_find(names[i]);
        struct made m;
        struct err e = {0};
        set(&none, KNOB_NETWORK, "linear");
        assert_int_equal(comparison_make(c, &none, shape_of(&base), m.knobs, &m.count, m.label, &e), -ERR_INPUT);
        assert_int_equal(m.count, 0);
        assert_non_null(strstr(e.text, "linear needs a width"));
    }
}

/* ---- depth ---------------------------------------------------------------------------------- */

/* The homework's question: hidden_layers=6, hidden_dim=1024 against hidden_layers=2, hidden_dim=1700. */
static void the_homeworks_question_comes_out(void **state)
{
    struct knobs deep = base_of("strong"), shallow = deep;
    struct made m;

    (void)state;
    set(&deep, KNOB_CONTEXT, "1");
    set(&deep, KNOB_NETWORK, "linear 1024 relu x7 | linear 41");
    assert_int_equal(parameters_of(&deep), 6380585); /* the homework's own figure, at one frame */
    set(&deep, KNOB_CONTEXT, "19");
    m = make("depth", &deep);
    assert_string_equal(m.knobs[0].network, "linear 1700 relu x3 | linear 41");
    assert_string_equal(m.label[0], "3 hidden layers of 1,700");
    set(&shallow, KNOB_NETWORK, "linear 1700 relu x3 | linear 41");
    m = make("depth", &shallow);
    assert_string_equal(m.knobs[0].network, "linear 1024 relu x7 | linear 41");
    /* with the strong baseline's batch norm and dropout */
    set(&deep, KNOB_NETWORK, "linear 1024 relu bn dropout x7 | linear 41");
    m = make("depth", &deep);
    assert_string_equal(m.knobs[0].network, "linear 1700 relu bn dropout x3 | linear 41");
}

static void depth_is_that_of_the_table(void **state)
{
    static const struct {
        int hidden, other;
    } rows[] = {{1, 7}, {2, 7}, {3, 7}, {4, 10}, {5, 3}, {6, 3}, {7, 3}, {12, 3}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct knobs base = base_of("medium");
        char text[64], ends[32];
        struct made m;
        snprintf(text, sizeof text, "linear 200 tanh x%d | linear 41", rows[i].hidden);
        set(&base, KNOB_NETWORK, text);
        m = make("depth", &base);
        snprintf(ends, sizeof ends, " tanh x%d | linear 41", rows[i].other);
        if (!strstr(m.knobs[0].network, ends))
            fail_msg("%s: %s", text, m.knobs[0].network);
    }
}

static int within(double a, double b, double share)
{
    return fabs(a - b) <= share * b;
}

/* Parameters are equal but for the rounding of the width: within a tenth for round widths, and below 100 units, where
 * nothing is rounded but to a power of 2, as near as one unit allows. */
static void parameters_are_equal(void **state)
{
    int checked = 0;

    (void)state;
    for (int hidden = 1; hidden <= 12; hidden++)
        for (int width = 150; width < 5000; width = width * 5 / 4) {
            struct knobs base = base_of("medium");
            char text[64];
            struct made m;
            double before, after;
            snprintf(text, sizeof text, "linear %d relu bn x%d | linear 41", width, hidden);
            set(&base, KNOB_NETWORK, text);
            m = make("depth", &base);
            before = (double)parameters_of(&base);
            after = (double)parameters_of(&m.knobs[0]);
            if (!within(after, before, .1))
                fail_msg("%s: %.0f parameters, %s: %.0f", text, before, m.knobs[0].network, after);
            checked++;
        }
    assert_true(checked > 150);
}

static void layers_of_different_width(void **state)
{
    struct knobs base = base_of("simple");
    struct made m;

    (void)state;
    set(&base, KNOB_NETWORK, "bn | linear 90 relu dropout=.3 | linear 50 tanh | linear 41");
    m = make("depth", &base);
    assert_string_equal(m.knobs[0].network, "bn | linear 35 relu dropout=0.3 x7 | linear 41");
    assert_true(within((double)parameters_of(&m.knobs[0]), (double)parameters_of(&base), .03));
    set(&base, KNOB_NETWORK, "linear 1 | linear 41"); /* nothing is narrower */
    m = make("depth", &base);
    assert_string_equal(m.knobs[0].network, "linear 1 x7 | linear 41");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_the_row_says_is_different),
        cmocka_unit_test(the_table_above_has_every_row_and_recipe),
        cmocka_unit_test(names_are_found_in_any_case),
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(each_loss_has_another),
        cmocka_unit_test(batches_stay_within_bounds),
        cmocka_unit_test(every_schedule_is_set_against_a_constant_rate),
        cmocka_unit_test(a_cosine_has_the_length_that_was_set),
        cmocka_unit_test(momentum_of_every_optimizer),
        cmocka_unit_test(networks_with_and_without),
        cmocka_unit_test(what_a_network_has_no_place_for_is_refused),
        cmocka_unit_test(a_network_that_is_none_is_an_error),
        cmocka_unit_test(the_homeworks_question_comes_out),
        cmocka_unit_test(depth_is_that_of_the_table),
        cmocka_unit_test(parameters_are_equal),
        cmocka_unit_test(layers_of_different_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
