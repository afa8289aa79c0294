/* SPDX-License-Identifier: MIT */
/* Hyper-parameters: what is shown is accepted, what nobody sets is the published default, what is listed has an effect
 * and what is not has none. */
#include "test.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "data/hash.h"
#include "learnable-data.h"
#include "run/recipe.h"

static struct toy toy;

/* ---- names ---------------------------------------------------------------------------------- */

/* As it is, in upper, in lower case. */
static const char *in_case(const char *name, int which)
{
    static char out[128];
    size_t n = strlen(name);

    assert_true(n < sizeof out);
    for (size_t i = 0; i <= n; i++) {
        int c = (unsigned char)name[i];
        out[i] = (char)(which == 0 ? c : which == 1 ? toupper(c) : tolower(c));
    }
    return out;
}

static void every_name_shown_is_accepted(void **state)
{
    (void)state;
    for (int i = 0; i < KNOB_COUNT; i++) {
        const struct knob *row = knob_row(i);
        const char *names[] = {row->name, row->title, row->alias};
        for (int n = 0; n < 3; n++)
            for (int c = 0; names[n] && c < 3; c++)
                if (knob_find(in_case(names[n], c)) != i)
                    fail_msg("\"%s\" is not %s", in_case(names[n], c), row->name);
    }
    assert_int_equal(knob_find("learning"), -1);
    assert_int_equal(knob_find(""), -1);
}

static void every_choice_shown_is_accepted(void **state)
{
    int tried = 0;

    (void)state;
    for (int i = 0; i < KNOB_COUNT; i++)
        for (int k = 0; knob_choice(i, k); k++)
            for (int c = 0; c < 6; c++, tried++) {
                const char *text = in_case(c < 3 ? knob_choice(i, k) : knob_choice_title(i, k), c % 3);
                struct knob_value v;
                if (knob_parse(i, text, &v, NULL) != 0 || v.number != k || v.standard)
                    fail_msg("%s: \"%s\" is not its choice %d", knob_row(i)->name, text, k);
            }
    assert_true(tried > 250);
}

static void rows_are_complete(void **state)
{
    static const char *const sections[] = {"data", "network", "training", "optimizer", "schedule", "probe", "diagnosis"};

    (void)state;
    for (int i = 0; i < KNOB_COUNT; i++) {
        const struct knob *row = knob_row(i);
        int known = 0;
        assert_non_null(row->name);
        assert_non_null(row->title);
        assert_true(row->help && row->help[0]);
        for (size_t s = 0; s < sizeof sections / sizeof *sections; s++)
            known |= strcmp(row->section, sections[s]) == 0;
        assert_true(known);
        assert_true((row->type == KNOB_CHOICE) == (knob_choice(i, 0) != NULL));
        if (row->type == KNOB_REAL || row->type == KNOB_INTEGER)
            assert_true(row->min < row->max && row->standard >= row->min && row->standard <= row->max);
        if (row->type == KNOB_REAL || (row->type == KNOB_INTEGER && row->scale == KNOB_LINEAR && !row->odd))
            assert_true(row->step > 0);
    }
}

/* ---- text ----------------------------------------------------------------------------------- */

static void text_reads_back_as_the_same_value(void **state)
{
    (void)state;
    for (int i = 0; i < KNOB_COUNT; i++) {
        const struct knob *row = knob_row(i);
        double tried[] = {row->standard, row->min, row->max, knob_turned(i, row->standard, 1),
                          knob_turned(i, row->standard, -1)};
        for (size_t t = 0; row->type != KNOB_TEXT && t < sizeof tried / sizeof *tried; t++) {
            struct knob_value v = knob_number(tried[t]), back;
            char text[KNOB_VALUE_SIZE];
            struct err e = {0};
            if (knob_check(i, &v, NULL) != 0)
                continue;
            knob_format(i, &v, text, sizeof text);
            if (knob_parse(i, text, &back, &e) != 0 || back.number != v.number)
                fail_msg("%s: %.17g is written as %s: %s", row->name, v.number, text, e.text);
        }
    }
}

static void whole_numbers_look_like_it(void **state)
{
    static const struct {
        enum knob_id id;
        double value;
        const char *text;
    } rows[] = {
        {KNOB_T_MAX, 20, "20"},        {KNOB_T0, 1e6, "1000000"},  {KNOB_LEARNING_RATE, 1e-8, "1e-8"},
        {KNOB_STEP_SIZE_MAX, 50, "50"}, {KNOB_T0, 1e12, "1e12"},    {KNOB_WARMUP, .5, "0.5"},
        {KNOB_SEED, 1e15, "1000000000000000"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct knob_value v = knob_number(rows[i].value);
        char text[KNOB_VALUE_SIZE];
        knob_format(rows[i].id, &v, text, sizeof text);
        assert_string_equal(text, rows[i].text);
    }
}

/* ---- defaults ------------------------------------------------------------------------------- */

static void assert_same_args(const struct optimizer_args *a, const struct optimizer_args *b, const char *name)
{
    for (int i = 0; i < KNOB_COUNT; i++) {
        const struct knob *row = knob_row(i);
        const char *x = (const char *)a + row->field.offset, *y = (const char *)b + row->field.offset;
        struct knobs k;
        knobs_standard(&k);
        knobs_parse(&k, KNOB_OPTIMIZER, name, NULL);
        if (row->field.of != KNOB_OF_OPTIMIZER || (!knobs_read(&k, i) && !row->used))
            continue;
        if (memcmp(x, y, row->field.whole ? sizeof(int) : sizeof(double)) != 0)
            fail_msg("%s has another %s than published", name, row->name);
    }
}

static void unset_settings_follow_the_optimizer(void **state)
{
    (void)state;
    for (int i = 0; optimizers_f.at(i); i++) {
        const struct optimizer *o = optimizers_f.at(i);
        struct optimizer_args published = optimizers_f.defaults(o), mine;
        struct knobs k;
        knobs_standard(&k);
        assert_int_equal(knobs_parse(&k, KNOB_OPTIMIZER, o->title, NULL), 0);
        mine = knobs_optimizer(&k);
        assert_same_args(&mine, &published, o->name);
    }
}

static void a_recipe_leaves_defaults_to_the_optimizer(void **state)
{
    static const char *const recipes[] = {"simple", "quick",          "medium",     "strong",
                                          "rnn",    "boss-utterance", "boss-window"};

    (void)state;
    for (size_t r = 0; r < sizeof recipes / sizeof *recipes; r++) {
        struct optimizer_args adam = optimizers_f.defaults(optimizers_f.find("adam")), mine;
        struct knobs k;
        struct err e = {0};
        knobs_standard(&k);
        if (recipe_load(&k, recipes[r], &e) != 0)
            fail_msg("%s", e.text);
        knobs_parse(&k, KNOB_OPTIMIZER, "adam", NULL);
        mine = knobs_optimizer(&k);
        mine.lr = adam.lr; /* a recipe's own */
        assert_same_args(&mine, &adam, "adam");
    }
}

static void a_value_that_was_set_stays(void **state)
{
    struct knobs k;

    (void)state;
    knobs_standard(&k);
    assert_string_equal(knobs_default_of(&k, KNOB_WEIGHT_DECAY), "AdamW");
    assert_true(k.value[KNOB_WEIGHT_DECAY] == .01);
    knobs_parse(&k, KNOB_OPTIMIZER, "sgd", NULL);
    assert_true(k.value[KNOB_WEIGHT_DECAY] == 0 && k.value[KNOB_MOMENTUM] == 0);
    knobs_parse(&k, KNOB_WEIGHT_DECAY, "0.3", NULL);
    assert_null(knobs_default_of(&k, KNOB_WEIGHT_DECAY));
    knobs_parse(&k, KNOB_OPTIMIZER, "asgd", NULL);
    assert_true(k.value[KNOB_WEIGHT_DECAY] == .3 && k.value[KNOB_ALPHA] == .75 && k.value[KNOB_LEARNING_RATE] == 1e-2);
    knobs_parse(&k, KNOB_WEIGHT_DECAY, "default", NULL);
    assert_true(k.value[KNOB_WEIGHT_DECAY] == 0 && !k.set[KNOB_WEIGHT_DECAY]);
    knobs_parse(&k, KNOB_OPTIMIZER, "rmsprop", NULL);
    assert_true(k.value[KNOB_ALPHA] == .99);
    knobs_parse(&k, KNOB_SCHEDULE, "linear", NULL);
    assert_true(k.value[KNOB_START_FACTOR] == 1. / 3 && k.value[KNOB_TOTAL_ITERS] == 5);
    assert_string_equal(knobs_default_of(&k, KNOB_START_FACTOR), "linear");
}

static void a_live_change_follows_too(void **state)
{
    struct toy_run r;
    struct knobs k = toy_knobs();
    struct knobs before;
    struct knob_value back;
    struct err e = {0};

    (void)state;
    toy_run_open(&r, &toy, &k, 1);
    toy_steps(r.run, 2);
    assert_int_equal(toy_set_text(r.run, KNOB_OPTIMIZER, "adam", &e), 0);
    assert_true(r.run->state->knobs.value[KNOB_WEIGHT_DECAY] == 0);
    before = r.run->state->knobs;
    assert_int_equal(toy_set(r.run, KNOB_WEIGHT_DECAY, .5, &e), 0);
    assert_true(r.run->state->knobs.set[KNOB_WEIGHT_DECAY]);
    back = knobs_value(&before, KNOB_WEIGHT_DECAY); /* as undo does */
    assert_int_equal(run_set(r.run, KNOB_WEIGHT_DECAY, &back, &e), 0);
    assert_true(knobs_same(&before, &r.run->state->knobs, KNOB_WEIGHT_DECAY));
    assert_int_equal(toy_set_text(r.run, KNOB_OPTIMIZER, "adamw", &e), 0);
    assert_true(r.run->state->knobs.value[KNOB_WEIGHT_DECAY] == .01);
    assert_non_null(strstr(r.run->journal, "2 0 weight_decay default\n"));
    toy_run_close(&r);
}

/* ---- effects -------------------------------------------------------------------------------- */

enum { STEPS = 8 };

/* Values to try a setting with, other than `now`. */
static int others(enum knob_id id, double now, double *out)
{
    const struct knob *row = knob_row(id);
    double tried[] = {knob_turned(id, now, 1), knob_turned(id, now, -1), knob_turned(id, now, 5),
                      knob_turned(id, now, 14), row->min,                row->max};
    int n = 0;

    for (int i = 0; i < (row->type == KNOB_REAL || row->type == KNOB_INTEGER ? 6 : 2); i++)
        if (tried[i] != now)
            out[n++] = tried[i];
    return n;
}

/* θ after some steps, and all vectors, as hashes; 0 when a step was not finite, or found no way. */
struct outcome {
    uint64_t theta, all;
};

static uint64_t hash_to(uint64_t hash, const void *from, const void *end)
{
    return hash_bytes(hash, from, (size_t)((const char *)end - (const char *)from));
}

static struct outcome outcome_of(const struct knobs *k, struct pool *pool)
{
    struct outcome o = {0};
    struct run_report report;
    struct run *l;
    struct err e = {0};
    int steps = 0;

    if (run_new(&l, &toy.d, k, pool, &e) != 0)
        fail_msg("%s", e.text);
    while (steps < STEPS && run_advance(l, &report, &e) == 0)
        steps += report.did == RUN_STEP;
    if (steps == STEPS) {
        const float *theta = state_theta(l->state);
        o.theta = hash_to(HASH_START, theta, theta + l->state->shape.parameters);
        o.all = hash_to(o.theta, theta, (const char *)l->state + l->state->bytes);
    }
    run_free(l);
    return o;
}

/* Settings that act elsewhere than in a step. */
static int acts_on_steps(enum knob_id id)
{
    static const enum knob_id elsewhere[] = {KNOB_OPTIMIZER,  KNOB_EMA,    KNOB_EARLY_STOPPING,
                                             KNOB_EVAL_EVERY, KNOB_EPOCHS, KNOB_SPIKE, KNOB_BATCH_SIZE};
    const struct knob *row = knob_row(id);

    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        if (elsewhere[i] == id)
            return 0;
    return row->live && row->type != KNOB_TEXT && strcmp(row->section, "schedule") != 0 &&
           strcmp(row->section, "probe") != 0 && strcmp(row->section, "diagnosis") != 0;
}

static void check_effects(const struct knobs *k, struct pool *pool, const char *name)
{
    struct outcome plain = outcome_of(k, pool), now;

    assert_int_not_equal(plain.theta, 0);
    for (int i = 0; i < KNOB_COUNT; i++) {
        double tried[8];
        int n = acts_on_steps(i) ? others(i, k->value[i], tried) : 0, changed = 0;
        for (int t = 0; t < n && !(changed && knobs_read(k, i)); t++) {
            struct knobs other = *k;
            knobs_put(&other, i, tried[t]);
            now = outcome_of(&other, pool);
            changed |= knobs_read(k, i) ? now.all != plain.all : now.theta != plain.theta;
        }
        if (n && changed != knobs_read(k, i))
            fail_msg("%s: %s is %s, but changes %s", name, knob_row(i)->name, changed ? "not listed" : "listed",
                     changed ? "the step" : "nothing");
    }
}

static void what_is_listed_changes_the_step_and_nothing_else_does(void **state)
{
    struct pool *pool;
    struct err e;

    (void)state;
    assert_int_equal(pool_new(&pool, 1, &e), 0);
    for (int i = 0; optimizers_f.at(i); i++)
        for (int more = 0; more < 2; more++) {
            struct knobs k = toy_knobs();
            knobs_parse(&k, KNOB_NETWORK, more ? "linear 6 tanh dropout | linear 5 tanh | linear 3"
                                               : "linear 6 tanh | linear 5 tanh | linear 3", NULL);
            if (strcmp(optimizers_f.at(i)->name, "prodigy") == 0)
                knobs_put(&k, KNOB_LEARNING_RATE, .8); /* so that the distance grows within the steps */
            knobs_put(&k, KNOB_THRESHOLD_GRAD, 1e3); /* kicks between steps */
            knobs_put(&k, KNOB_KICK_INTERVAL, 2);
            knobs_put(&k, KNOB_PRECONDITION_FREQUENCY, 2);
            knobs_put(&k, KNOB_LANCZOS_VECTORS, 4);
            knobs_put(&k, KNOB_DROPOUT, .2);
            knobs_put(&k, KNOB_OPTIMIZER, i);
            knobs_put(&k, KNOB_SHARDS, 1);
            knobs_put(&k, KNOB_EVAL_EVERY, 10);
            if (more) {
                knobs_put(&k, KNOB_MOMENTUM, .5);
                knobs_put(&k, KNOB_SAM, OPTIMIZER_ASAM);
                knobs_parse(&k, KNOB_LOSS, "mse_softmax", NULL);
            }
            check_effects(&k, pool, optimizers_f.at(i)->name);
        }
    pool_free(pool);
}

enum { EVALUATIONS = 60, PLACES = 4 * EVALUATIONS };

/* The rate over 60 epochs, an evaluation after each. */
static void rates(const struct knobs *k, double rate[PLACES])
{
    const struct schedule *kind = schedule_at((int)k->value[KNOB_SCHEDULE]);
    struct schedule_args a = knobs_schedule(k);
    struct schedule_state s = schedule_begin();

    for (int i = 0; i < PLACES; i++) {
        rate[i] = schedule_rate(kind, &a, 1e-3 * s.factor, i * .25, .01);
        if (i % 4 == 3 && kind->feed)
            kind->feed(&a, 1e-3, 2 - 1.5e-4 * (i / 4), &s);
    }
}

static void check_schedule(const struct knobs *k, const char *name)
{
    double plain[PLACES], other[PLACES], tried[8];

    rates(k, plain);
    for (int i = 0; i < KNOB_COUNT; i++) {
        const struct knob *row = knob_row(i);
        int changed = 0, n = others(i, k->value[i], tried);
        if (strcmp(row->section, "schedule") != 0 || i == KNOB_SCHEDULE || i == KNOB_SCHEDULE_UNIT ||
            row->type == KNOB_TEXT)
            continue;
        for (int t = 0; t < n; t++) {
            struct knobs with = *k;
            knobs_put(&with, i, tried[t]);
            rates(&with, other);
            changed |= memcmp(plain, other, sizeof plain) != 0;
        }
        if (changed != knobs_read(k, i))
            fail_msg("%s: %s is %s, but changes %s", name, row->name, changed ? "not listed" : "listed",
                     changed ? "the rate" : "nothing");
    }
}

static void what_is_listed_changes_the_schedule_and_nothing_else_does(void **state)
{
    (void)state;
    for (int i = 0; schedule_at(i); i++)
        for (int mode = 0; mode < 3; mode++) {
            struct knobs k;
            knobs_standard(&k);
            knobs_put(&k, KNOB_SCHEDULE, i);
            knobs_put(&k, KNOB_CYCLIC_MODE, mode);
            knobs_put(&k, KNOB_PATIENCE, 0);
            if (strcmp(schedule_at(i)->name, "cyclic") == 0)
                knobs_put(&k, KNOB_GAMMA, .9);
            knobs_parse(&k, KNOB_MILESTONES, "3,5", NULL);
            check_schedule(&k, schedule_at(i)->name);
        }
}

static void the_schedules_unit_counts_where_time_does(void **state)
{
    struct knobs k;

    (void)state;
    knobs_standard(&k);
    assert_false(knobs_read(&k, KNOB_SCHEDULE_UNIT));
    knobs_put(&k, KNOB_WARMUP, 1);
    assert_true(knobs_read(&k, KNOB_SCHEDULE_UNIT));
    knobs_put(&k, KNOB_WARMUP, 0);
    knobs_parse(&k, KNOB_SCHEDULE, "cosine", NULL);
    assert_true(knobs_read(&k, KNOB_SCHEDULE_UNIT));
}

/* ---- the split ------------------------------------------------------------------------------ */

static void the_split_holds_for_data_with_one_of_its_own(void **state)
{
    static struct toy own;
    struct toy_run r;
    struct knobs k = toy_knobs();

    (void)state;
    toy_init(&own);
    for (int u = 0; u < 40; u++)
        own.role[u] = u < 30 ? ROLE_TRAIN : ROLE_VALIDATION;
    toy_run_open(&r, &own, &k, 1);
    assert_int_equal(r.run->split.train.utterances, 30);
    toy_run_close(&r);
    knobs_parse(&k, KNOB_SPLIT_RATIO, "0.5", NULL);
    toy_run_open(&r, &own, &k, 1);
    assert_int_equal(r.run->split.train.utterances, 20);
    assert_int_equal(r.run->split.validation.utterances, 20);
    assert_int_equal(r.run->split.test.utterances, 10);
    toy_run_close(&r);
    knobs_parse(&k, KNOB_SPLIT_RATIO, "default", NULL);
    knobs_parse(&k, KNOB_TRAIN_SHARE, "0.1", NULL);
    toy_run_open(&r, &own, &k, 1);
    assert_int_equal(r.run->split.train.utterances, 3);
    assert_int_equal(r.run->split.train.frames, 3 * TOY_FRAMES);
    assert_int_equal(r.run->split.validation.utterances, 10);
    toy_run_close(&r);
}

/* Folds take the place of the ratio, which is shown as unused; without them they are. */
static void folds_take_the_place_of_the_ratio(void **state)
{
    struct knobs k = toy_knobs();
    struct toy_run r;

    (void)state;
    assert_true(knobs_read(&k, KNOB_SPLIT_RATIO) && !knobs_read(&k, KNOB_FOLD) && !knobs_read(&k, KNOB_FOLD_BY));
    knobs_put(&k, KNOB_SPLIT_RATIO, .5);
    knobs_put(&k, KNOB_FOLDS, 4);
    knobs_put(&k, KNOB_FOLD, 2);
    assert_true(!knobs_read(&k, KNOB_SPLIT_RATIO) && knobs_read(&k, KNOB_FOLD) && knobs_read(&k, KNOB_FOLD_BY));
    toy_run_open(&r, &toy, &k, 1);
    assert_int_equal(r.run->split.train.utterances, 30);
    assert_int_equal(r.run->split.validation.utterances, 10);
    assert_int_equal(r.run->split.test.utterances, 10);
    toy_run_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_shown_is_accepted),
        cmocka_unit_test(every_choice_shown_is_accepted),
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(text_reads_back_as_the_same_value),
        cmocka_unit_test(whole_numbers_look_like_it),
        cmocka_unit_test(unset_settings_follow_the_optimizer),
        cmocka_unit_test(a_recipe_leaves_defaults_to_the_optimizer),
        cmocka_unit_test(a_value_that_was_set_stays),
        cmocka_unit_test(a_live_change_follows_too),
        cmocka_unit_test(what_is_listed_changes_the_step_and_nothing_else_does),
        cmocka_unit_test(what_is_listed_changes_the_schedule_and_nothing_else_does),
        cmocka_unit_test(the_schedules_unit_counts_where_time_does),
        cmocka_unit_test(the_split_holds_for_data_with_one_of_its_own),
        cmocka_unit_test(folds_take_the_place_of_the_ratio),
    };
    toy_init(&toy);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
