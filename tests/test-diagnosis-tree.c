/* SPDX-License-Identifier: MIT */
/* lecture/diagnosis-tree: the branches by figures, and of networks trained on the sample so that each is known. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lecture/diagnosis-tree.h"
#include "math/start.h"
#include "run/run.h"

static struct tree_thresholds thresholds; /* the standard ones */

/* ---- figures -------------------------------------------------------------------------------- */

static void figures_decide_the_branch(void **state)
{
    /* Of a cross-entropy whose guessing loss is 4; 0: there is no such figure. */
    static const struct {
        double train, validation, unheard, against;
        enum tree_branch branch;
        const char *evidence;
    } rows[] = {
        {.10, 4.1, 0, 0, TREE_OVERFITTING, "training 0.100, validation 4.10: overfitting; mismatch cannot be told: no voices"},
        {.10, 4.1, 5, 0, TREE_OVERFITTING,
         "training 0.100, validation 4.10: overfitting; unheard voices 5.00 (accuracy 0.250, validation 0.500)"},
        {.80, 1, 2.1, 0, TREE_HEALTHY,
         "training 0.800, validation 1.00: healthy; unheard voices 2.10 (accuracy 0.250, validation 0.500)"},
        {.80, 1, 2.3, 0, TREE_MISMATCH, "training 0.800, validation 1.00, unheard voices 2.30: mismatch"},
        {.80, 1, 2.1, .4, TREE_HEALTHY,
         "training 0.800, validation 1.00: healthy; unheard voices 2.10 (accuracy 0.250, validation 0.500)"},
        {.80, 1.41, 0, 0, TREE_OVERFITTING, "training 0.800, validation 1.41: overfitting; mismatch cannot be told: no voices"},
        {.80, 1.39, 0, 0, TREE_HEALTHY, "training 0.800, validation 1.39: healthy; mismatch cannot be told: no voices"},
        {3.28, 3.3, 3.4, 2.31, TREE_OPTIMIZATION, "training 3.28, of the smaller network 2.31: optimization"},
        {3.28, 3.3, 3.4, 3.5, TREE_MODEL_BIAS, "training 3.28, of the smaller network 3.50: model bias"},
        {3.28, 3.3, 3.4, 3.3, TREE_UNKNOWN,
         "training 3.28, of the smaller network 3.30: unknown; both training losses are large (guessing: 4.00) and alike"},
        {3.28, 3.3, 3.4, 0, TREE_UNKNOWN,
         "training 3.28, validation 3.30: unknown; the training loss is large (guessing: 4.00): model bias and optimization "
         "cannot be told apart without the training loss of a shallower or smaller network"},
        {.80, 0, 2, 0, TREE_UNKNOWN, "training 0.800: unknown; no validation frames"},
        {INFINITY, 1, 2, 0, TREE_UNKNOWN, ", validation 1.00: unknown; the training loss is not finite"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double loss[] = {rows[i].train, rows[i].validation, rows[i].unheard, rows[i].against};
        struct tree_figures f = {.guess = 4, .no_unheard = rows[i].unheard > 0 ? NULL : "no voices"};
        struct tree_loss *to[] = {&f.train, &f.validation, &f.unheard, &f.against};
        struct tree_report r;
        for (int k = 0; k < 4; k++)
            *to[k] = (struct tree_loss){loss[k] > 0 ? loss[k] : NAN, k == 1 ? .5 : .25};
        r = tree_diagnose(&f, &thresholds);
        assert_string_equal(r.evidence, rows[i].evidence);
        assert_string_equal(tree_branch_name(r.branch), tree_branch_name(rows[i].branch));
    }
}

static void one_class_tells_nothing(void **state)
{
    const struct tree_figures f = {
        .train = {0, 1}, .validation = {0, 1}, .unheard = {NAN, NAN}, .against = {NAN, NAN}, .no_unheard = "no voices"};
    struct tree_report r = tree_diagnose(&f, &thresholds);

    (void)state;
    assert_string_equal(r.evidence, "training 0.000, validation 0.000: unknown; all training frames have one class");
}

/* ---- networks on the sample ----------------------------------------------------------------- */

static struct dataset sample;
static struct pool *pool;
static uint8_t *role; /* of the sample, as it is */

enum { SEEDS = 3 };

static const char *const plain[] = {"weight_decay=0", "context=5", "warmup=0", "shards=2", NULL};

static void set(struct knobs *k, const char *setting)
{
    char name[32];
    struct err e = {0};

    snprintf(name, sizeof name, "%.*s", (int)strcspn(setting, "="), setting);
    if (knobs_parse(k, (enum knob_id)knob_find(name), strchr(setting, '=') + 1, &e) != 0)
        fail_msg("%s: %s", setting, e.text);
}

struct trained {
    const char *network, *rate;
    const char *other; /* one more setting */
    int epochs;
};

static struct run *train(const struct trained *how, const struct dataset *d, int seed)
{
    struct run_report report;
    struct err e = {0};
    struct run *run;
    struct knobs k;

    knobs_standard(&k);
    for (int i = 0; plain[i]; i++)
        set(&k, plain[i]);
    set(&k, how->rate);
    set(&k, how->other);
    knobs_put(&k, KNOB_SEED, seed);
    knobs_put(&k, KNOB_EVAL_EVERY, 1000);
    assert_int_equal(knobs_parse(&k, KNOB_NETWORK, how->network, &e), 0);
    if (run_new(&run, d, &k, pool, &e) != 0)
        fail_msg("%s", e.text);
    while (run_epoch(run) < how->epochs)
        assert_int_equal(run_advance(run, &report, &e), 0);
    return run;
}

/* The branch of the network (and of the smaller one, where that has a network), for three seeds. */
static void expect(enum tree_branch branch, const struct dataset *d, const struct trained *how, const struct trained *smaller)
{
    for (int seed = 1; seed <= SEEDS; seed++) {
        struct run *run = train(how, d, seed), *other = smaller ? train(smaller, d, seed) : NULL;
        struct tree_figures f;
        struct tree_report r;
        struct err e = {0};
        assert_int_equal(tree_measure(&f, run, &e), 0);
        if (other) {
            assert_int_equal(tree_check_against(run, other, &e), 0);
            assert_int_equal(tree_measure_against(&f, other, NULL, &e), 0);
        }
        r = tree_diagnose(&f, &thresholds);
        if (r.branch != branch)
            fail_msg("%s, seed %d: expected %s, not %s", how->network, seed, tree_branch_name(branch), r.evidence);
        print_message("%s\n", r.evidence);
        run_free(run);
        run_free(other);
    }
}

static const struct trained
    healthy = {"linear 64 relu | linear 41", "lr=3e-3", "train_share=1", 3},
    overfitted = {"linear 64 relu | linear 41", "lr=3e-3", "train_share=.03", 40},
    tiny = {"linear 2 relu | linear 41", "lr=1e-2", "train_share=.3", 2},
    tinier = {"linear 1 relu | linear 41", "lr=1e-2", "train_share=.3", 2},
    deep = {"linear 64 sigmoid x8 | linear 41", "lr=3e-3", "train_share=.3", 2},
    shallow = {"linear 64 sigmoid x2 | linear 41", "lr=3e-3", "train_share=.3", 2};

static void a_healthy_network(void **state)
{
    (void)state;
    expect(TREE_HEALTHY, &sample, &healthy, NULL);
}

static void an_overfitted_network(void **state)
{
    (void)state;
    expect(TREE_OVERFITTING, &sample, &overfitted, NULL);
}

static void a_network_that_is_too_small(void **state)
{
    (void)state;
    expect(TREE_MODEL_BIAS, &sample, &tiny, &tinier);
    expect(TREE_UNKNOWN, &sample, &tiny, NULL);
}

static void a_deep_network_that_is_worse_than_a_shallow_one(void **state)
{
    (void)state;
    expect(TREE_OPTIMIZATION, &sample, &deep, &shallow);
}

/* Trained on synthetic voices, the recorded one unheard; and the reverse. */
static void voices_of_another_kind(void **state)
{
    struct dataset d = sample;
    uint8_t *roles = malloc((size_t)d.utterances);

    (void)state;
    assert_non_null(roles);
    d.role = roles;
    for (int recorded = 0; recorded < 2; recorded++) {
        for (int64_t u = 0; u < d.utterances; u++) {
            int of = strcmp(d.sources.names[d.source[u]], "asterisk") == 0;
            roles[u] = of != recorded ? ROLE_TEST : role[u] == ROLE_TEST ? ROLE_TRAIN : role[u];
        }
        expect(TREE_MISMATCH, &d, &healthy, NULL);
    }
    free(roles);
}

/* ---- what compares -------------------------------------------------------------------------- */

static void voices_that_are_known_are_not_unheard(void **state)
{
    static const struct trained begun = {"linear 2 relu | linear 41", "lr=1e-2", "train_share=1", 0};
    struct dataset d = sample;
    uint8_t *roles = malloc((size_t)d.utterances);
    struct tree_figures f;
    struct run *run;
    struct err e = {0};

    (void)state;
    assert_non_null(roles);
    d.role = roles;
    for (int64_t u = 0; u < d.utterances; u++)
        roles[u] = role[u] == ROLE_TEST ? ROLE_TRAIN : role[u];
    run = train(&begun, &d, 1);
    assert_int_equal(tree_measure(&f, run, &e), 0);
    assert_string_equal(f.no_unheard, "the data has no test split");
    assert_true(isnan(f.unheard.loss) && f.train.loss > 3 && f.validation.loss > 3);
    run_free(run);
    for (int64_t u = 0; u < d.utterances; u++)
        roles[u] = role[u] == ROLE_TEST && u % 2 ? ROLE_TRAIN : role[u];
    run = train(&begun, &d, 1);
    assert_int_equal(tree_measure(&f, run, &e), 0);
    assert_string_equal(f.no_unheard, "speakers of the test split are also in training");
    run_free(run);
    free(roles);
}

/* The losses of guessing and of being always right. */
static void the_scale_is_the_losss_own(void **state)
{
    static const struct {
        const char *setting, *other;
        double floor, guess; /* of the shares of 40 classes, computed apart from the file's labels */
    } rows[] = {
        {"loss=cross_entropy", "label_smoothing=0", 0, 3.447264},
        {"loss=mse_softmax", "label_smoothing=0", 0, .961682},
        {"loss=cross_entropy", "class_weights=balanced", 0, 3.688879},
        {"loss=cross_entropy", "label_smoothing=.1", .679581, 3.502847},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trained how = {"linear 41", rows[i].setting, rows[i].other, 0};
        struct run *run = train(&how, &sample, 1);
        struct tree_figures f;
        struct err e = {0};
        assert_int_equal(tree_measure(&f, run, &e), 0);
        if (fabs(f.floor - rows[i].floor) > 1e-6 || fabs(f.guess - rows[i].guess) > 1e-6)
            fail_msg("%s %s: floor %.6f, guess %.6f", rows[i].setting, rows[i].other, f.floor, f.guess);
        run_free(run);
    }
}

static void what_does_not_compare_is_refused(void **state)
{
    static const struct {
        struct trained how;
        const char *words; /* "": it compares */
    } rows[] = {
        {{"linear 9 relu | linear 41", "lr=1", "train_share=1", 0}, ""},
        {{"linear 99 relu | linear 41", "lr=1", "train_share=1", 0}, "compare with a shallower or smaller network"},
        {{"linear 2 relu x2 | linear 41", "lr=1", "train_share=1", 0}, "compare with a shallower or smaller network"},
        {{"linear 41", "lr=1", "train_share=1", 0}, ""},
        {{"linear 9 relu | linear 41", "loss=mse_softmax", "train_share=1", 0}, "they differ in loss"},
        {{"linear 9 relu | linear 41", "lr=1", "train_share=.5", 0}, "trained on different utterances"},
        {{"linear 9 relu | linear 41", "lr=1", "split_seed=7", 0}, "trained on different utterances"},
    };
    struct run *run = train(&rows[0].how, &sample, 1);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run *other = train(&rows[i].how, &sample, 1);
        struct err e = {0};
        assert_int_equal(tree_check_against(run, other, &e), *rows[i].words ? -ERR_USAGE : 0);
        assert_non_null(strstr(e.text, rows[i].words));
        run_free(other);
    }
    run_free(run);
}

static int set_up(void **state)
{
    struct err e = {0};

    (void)state;
    if (math_start(&e) || pool_new(&pool, 2, &e) || dataset_open(&sample, "sample", NULL, NULL, NULL, &e))
        fail_msg("%s", e.text);
    role = malloc((size_t)sample.utterances);
    assert_non_null(role);
    memcpy(role, sample.role, (size_t)sample.utterances);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(role);
    pool_free(pool);
    dataset_free(&sample);
    return 0;
}

int main(void)
{
    struct knobs standard;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_decide_the_branch),
        cmocka_unit_test(one_class_tells_nothing),
        cmocka_unit_test(a_healthy_network),
        cmocka_unit_test(an_overfitted_network),
        cmocka_unit_test(a_network_that_is_too_small),
        cmocka_unit_test(a_deep_network_that_is_worse_than_a_shallow_one),
        cmocka_unit_test(voices_of_another_kind),
        cmocka_unit_test(voices_that_are_known_are_not_unheard),
        cmocka_unit_test(the_scale_is_the_losss_own),
        cmocka_unit_test(what_does_not_compare_is_refused),
    };

    knobs_standard(&standard);
    thresholds = tree_thresholds_of(&standard);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
