/* SPDX-License-Identifier: MIT */
/* Checkpoints of earlier versions: they load to the same tensors and go on as they did; settings come and go. The files
 * of cases/checkpoint were written before the schedule's state had named fields and before files told which settings
 * nobody had set; the hashes and losses beside them were computed by the program that wrote them. */
#include "test.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/text.h"
#include "data/hash.h"
#include "math/start.h"
#include "run/checkpoint.h"
#include "source-path.h"
#include "run/run-private.h"

enum { LOSSES = 5 };

static const struct old {
    const char *name;
    uint64_t theta, statistics, scalars, vectors, ema, best; /* FNV-1a; 0: the state has none */
    struct schedule_state schedule;
    int losses;
    double loss[LOSSES]; /* of the next steps */
} olds[] = {
    {.name = "adamw-1",
     .theta = 0x1514959f9b6d237a,
     .statistics = 0x5fd6fd2f6ce8f4c0,
     .vectors = 0x956199045fff21a8,
     .ema = 0xa2446bf819e0cc7f,
     .best = 0x14876adf32ac7435,
     .schedule = {.factor = 1},
     .losses = 5,
     .loss = {2.7427828133589287, 2.8138685704885233, 2.9080938041656736, 2.8750422342732236, 2.8941559024136723}},
    {.name = "sgd-1",
     .theta = 0x5a29a7b0695de088,
     .vectors = 0xd78aa6f07166d118,
     .schedule = {.factor = .015625, .best = 2.01877, .fed = 1, .cooldown_counter = 1, .reductions = 6},
     .losses = 5,
     .loss = {1.8953675660304725, 1.9247130947187543, 1.9796237535774708, 1.9788857102394104, 2.0068236161023378}},
    {.name = "lbfgs-1",
     .theta = 0x30f5961f80d5ab0c,
     .scalars = 0x7e6aca1625fc12b8,
     .vectors = 0x5118b50415864bf8,
     .schedule = {.factor = 1},
     .losses = 2, /* a line search makes much of a last bit */
     .loss = {2.040989056637045, 2.0179663522285409}},
};

static struct dataset data;
static struct pool *pool;

static char *case_path(const char *name)
{
    char *path = text_format("%s/%s.safetensors", source_path("tests/cases/checkpoint"), name);

    assert_non_null(path);
    return path;
}

static struct run *load(const char *path, struct checkpoint *c)
{
    struct run *l = NULL;
    struct err e = {0};

    if (checkpoint_open(c, path, &e) != 0 || run_new(&l, &data, &c->knobs, pool, &e) != 0 ||
        checkpoint_restore(c, l, 1, &e) != 0)
        fail_msg("%s", e.text);
    return l;
}

static void check_hash(const char *name, const char *what, const void *bytes, int64_t count, size_t size,
                       uint64_t hash)
{
    uint64_t is = count ? hash_bytes(HASH_START, bytes, (size_t)count * size) : 0;

    if (is != hash)
        fail_msg("%s: %s is %016" PRIx64 ", not %016" PRIx64, name, what, is, hash);
}

static void check_tensors(const struct state *s, const struct old *o)
{
    const struct state_shape *shape = &s->shape;
    int64_t n = shape->parameters;

    check_hash(o->name, "theta", state_theta(s), n, sizeof(float), o->theta);
    check_hash(o->name, "statistics", state_statistics(s), shape->statistics, sizeof(float), o->statistics);
    check_hash(o->name, "scalars", state_scalars(s), shape->scalars, sizeof(double), o->scalars);
    check_hash(o->name, "vectors", state_vector(s, 0), shape->vectors * n, sizeof(float), o->vectors);
    check_hash(o->name, "ema", state_ema(s), shape->ema * n, sizeof(float), o->ema);
    check_hash(o->name, "best", state_best(s), shape->best * (n + shape->statistics), sizeof(float), o->best);
}

static void check_schedule(const struct schedule_state *is, const struct old *o)
{
    assert_true(is->factor == o->schedule.factor);
    assert_true(fabs(is->best - o->schedule.best) < 1e-5);
    assert_int_equal(is->fed, o->schedule.fed);
    assert_int_equal(is->num_bad_epochs, o->schedule.num_bad_epochs);
    assert_int_equal(is->cooldown_counter, o->schedule.cooldown_counter);
    assert_int_equal(is->reductions, o->schedule.reductions);
}

static void check_losses(struct run *l, const struct old *o)
{
    struct run_report r;
    struct err e;

    for (int i = 0; i < o->losses;) {
        if (run_advance(l, &r, &e) != 0)
            fail_msg("%s", e.text);
        if (r.did != RUN_STEP)
            continue;
        if (!(fabs(r.loss - o->loss[i]) < 1e-5))
            fail_msg("%s: loss %d is %.8f, it was %.8f", o->name, i, r.loss, o->loss[i]);
        i++;
    }
}

static void old_files_go_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof olds / sizeof *olds; i++) {
        char *path = case_path(olds[i].name);
        struct checkpoint c;
        struct run *l = load(path, &c);
        assert_string_equal(c.unknown, "");
        check_tensors(l->state, &olds[i]);
        check_schedule(&l->state->schedule, &olds[i]);
        check_losses(l, &olds[i]);
        checkpoint_close(&c);
        run_free(l);
        free(path);
    }
}

static char *temporary(void)
{
    const char *dir = getenv("TMPDIR");
    char *path = text_format("%s/test-checkpoint-%d.safetensors", dir ? dir : "/tmp", (int)getpid());

    assert_non_null(path);
    return path;
}

static void written_again_they_are_the_same(void **state)
{
    char *copy = temporary();

    (void)state;
    for (size_t i = 0; i < sizeof olds / sizeof *olds; i++) {
        char *path = case_path(olds[i].name);
        struct checkpoint c, again;
        struct run *l = load(path, &c), *m;
        struct err e;
        assert_int_equal(checkpoint_write(l, copy, &e), 0);
        m = load(copy, &again);
        check_tensors(m->state, &olds[i]);
        assert_int_equal(l->state->bytes, m->state->bytes);
        assert_memory_equal(l->state, m->state, l->state->bytes); /* knobs and their flags, counters, schedule */
        assert_string_equal(l->journal, m->journal);
        checkpoint_close(&c);
        checkpoint_close(&again);
        run_free(l);
        run_free(m);
        free(path);
    }
    unlink(copy);
    free(copy);
}

/* ---- settings come and go ------------------------------------------------------------------- */

struct change {
    const struct safetensors *from;
    struct safetensors_writer *to;
    const char *drop, *key, *value; /* metadata left out, and put in its place */
};

static void copy_meta(void *context, const char *key)
{
    struct change *c = context;

    if (!c->drop || strcmp(key, c->drop) != 0)
        safetensors_writer_meta(c->to, key, safetensors_meta(c->from, key));
}

/* The file with other metadata. */
static void rewrite(const char *from, const char *to, const char *drop, const char *key, const char *value)
{
    struct safetensors *st;
    struct change c = {.drop = drop, .to = safetensors_writer_new()};
    struct err e = {0};

    assert_int_equal(safetensors_open(&st, from, &e), 0);
    c.from = st;
    safetensors_each_meta(st, copy_meta, &c);
    if (key)
        safetensors_writer_meta(c.to, key, value);
    for (int i = 0; i < safetensors_count(st); i++) {
        const struct tensor *t = safetensors_at(st, i);
        safetensors_writer_tensor(c.to, t->name, t->type, t->dims, t->shape, t->data);
    }
    assert_int_equal(safetensors_writer_write(c.to, to, &e), 0);
    safetensors_writer_free(c.to);
    safetensors_close(st);
}

static void a_setting_that_is_missing_has_its_default(void **state)
{
    char *path = case_path("sgd-1"), *copy = temporary();
    struct checkpoint c;
    struct err e = {0};

    (void)state;
    for (int i = 0; i < KNOB_COUNT; i++) {
        char *key = text_format("knob.%s", knob_row(i)->name);
        struct knobs standard;
        rewrite(path, copy, key, NULL, NULL);
        if (checkpoint_open(&c, copy, &e) != 0)
            fail_msg("%s", e.text);
        standard = c.knobs;
        knobs_follow(&standard);
        assert_int_equal(c.knobs.set[i], 0);
        assert_true(knobs_same(&c.knobs, &standard, i));
        checkpoint_close(&c);
        free(key);
    }
    unlink(copy);
    free(copy);
    free(path);
}

static void a_setting_that_is_unknown_is_named(void **state)
{
    char *path = case_path("sgd-1"), *copy = temporary();
    struct checkpoint c;
    struct err e = {0};

    (void)state;
    rewrite(path, copy, NULL, "knob.warp_factor", "9");
    assert_int_equal(checkpoint_open(&c, copy, &e), 0);
    assert_string_equal(c.unknown, "warp_factor");
    checkpoint_close(&c);
    rewrite(path, copy, "knob.optimizer", "knob.optimizer", "newton");
    assert_int_equal(checkpoint_open(&c, copy, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, copy));
    assert_non_null(strstr(e.text, "\"newton\""));
    unlink(copy);
    free(copy);
    free(path);
}

static void a_journal_that_cannot_be_read_is_refused_with_its_file(void **state)
{
    char *path = case_path("sgd-1"), *copy = temporary(), *endless = malloc(KNOB_VALUE_SIZE + 64);
    const char *const wrong[] = {"nonsense\n",   "3 0\n4 0 l1 0\n", "3 l1 0\n",       "-1 0 l1 0\n", "3 0 l1 0\n\n",
                                 "3 0 l1 0\n4 ", "3  0 l1 0\n",     "99999999999999999999 0 l1 0\n", endless};
    struct checkpoint c, open;
    struct run *l = load(path, &c);
    struct err e = {0};

    (void)state;
    snprintf(endless, KNOB_VALUE_SIZE + 64, "3 0 network %0*d\n", KNOB_VALUE_SIZE, 1);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        rewrite(path, copy, "journal", "journal", wrong[i]);
        assert_int_equal(checkpoint_open(&open, copy, &e), 0);
        if (checkpoint_restore(&open, l, 1, &e) != -ERR_INPUT)
            fail_msg("taken: %s", wrong[i]);
        if (strncmp(e.text, copy, strlen(copy)) != 0 || !strstr(e.text, ": the journal has a"))
            fail_msg("says: %s", e.text);
        checkpoint_close(&open);
    }
    rewrite(path, copy, "journal", "journal", "3 0 milestones \n3 0 of_another_version some thing"); /* kept as it is */
    assert_int_equal(checkpoint_open(&open, copy, &e), 0);
    assert_int_equal(checkpoint_restore(&open, l, 1, &e), 0);
    checkpoint_close(&open);
    checkpoint_close(&c);
    run_free(l);
    unlink(copy);
    free(endless);
    free(copy);
    free(path);
}

static void what_was_set_is_kept(void **state)
{
    char *path = case_path("sgd-1"), *copy = temporary();
    struct checkpoint c, again;
    struct run *l = load(path, &c);
    struct err e = {0};

    (void)state;
    assert_true(l->state->knobs.set[KNOB_MOMENTUM]);
    knobs_parse(&l->state->knobs, KNOB_DAMPENING, "default", NULL);
    assert_int_equal(checkpoint_write(l, copy, &e), 0);
    assert_int_equal(checkpoint_open(&again, copy, &e), 0);
    assert_memory_equal(&again.knobs, &l->state->knobs, sizeof again.knobs);
    assert_false(again.knobs.set[KNOB_DAMPENING]);
    assert_true(again.knobs.set[KNOB_MOMENTUM]);
    checkpoint_close(&again);
    checkpoint_close(&c);
    run_free(l);
    unlink(copy);
    free(copy);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_files_go_on),
        cmocka_unit_test(written_again_they_are_the_same),
        cmocka_unit_test(a_setting_that_is_missing_has_its_default),
        cmocka_unit_test(a_setting_that_is_unknown_is_named),
        cmocka_unit_test(a_journal_that_cannot_be_read_is_refused_with_its_file),
        cmocka_unit_test(what_was_set_is_kept),
    };
    struct err e = {0};
    int failed;

    if (math_start(&e) != 0 || dataset_open(&data, "sample", NULL, NULL, NULL, &e) != 0 ||
        pool_new(&pool, 2, &e) != 0) {
        fprintf(stderr, "%s\n", e.text);
        return 1;
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_free(pool);
    dataset_free(&data);
    return failed;
}
