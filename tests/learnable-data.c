/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "learnable-data.h"

#include <string.h>

#include "math/start.h"

void toy_init(struct toy *t)
{
    static char *names[] = {"zero", "one", "two"};
    struct rng r = {.seed = 5, .purpose = RNG_PROBE};
    int frames = TOY_UTTERANCES * TOY_FRAMES;

    memset(t, 0, sizeof *t);
    for (int f = 0; f < frames; f++) {
        double most = -1e9;
        for (int k = 0; k < TOY_DIMS; k++)
            t->features[f * TOY_DIMS + k] = (float)rng_normal(&r, 0, (uint64_t)(f * TOY_DIMS + k));
        for (int c = 0; c < TOY_CLASSES; c++) {
            double z = 0;
            for (int k = 0; k < TOY_DIMS; k++)
                z += (double)t->features[f * TOY_DIMS + k] * rng_normal(&r, 1, (uint64_t)(c * TOY_DIMS + k));
            if (z > most) {
                most = z;
                t->labels[f] = (uint8_t)c;
            }
        }
    }
    for (int u = 0; u <= TOY_UTTERANCES; u++)
        t->bounds[u] = (int64_t)u * TOY_FRAMES;
    for (int u = 0; u < TOY_UTTERANCES; u++)
        t->role[u] = u < 40 ? ROLE_SPLIT : ROLE_TEST;
    t->d = (struct dataset){
        .name = "toy",
        .path = "toy",
        .type = FEATURE_F32,
        .features = t->features,
        .scale = 1,
        .labels = t->labels,
        .bounds = t->bounds,
        .role = t->role,
        .speaker = t->speaker,
        .source = t->source,
        .frames = frames,
        .utterances = TOY_UTTERANCES,
        .dims = TOY_DIMS,
        .classes = {TOY_CLASSES, names},
        .speakers = {1, names},
        .sources = {1, names},
        .fingerprint = 42,
    };
}

struct knobs toy_knobs(void)
{
    struct knobs k;

    knobs_standard(&k);
    assert_int_equal(knobs_parse(&k, KNOB_NETWORK, "linear 24 relu bn dropout | linear 17 tanh | linear 3", NULL), 0);
    knobs_put(&k, KNOB_CONTEXT, 3);
    knobs_put(&k, KNOB_BATCH_SIZE, 50);
    knobs_put(&k, KNOB_LEARNING_RATE, 1e-2);
    knobs_put(&k, KNOB_SHARDS, 3);
    knobs_put(&k, KNOB_EVAL_EVERY, .5);
    return k;
}

void toy_run_open(struct toy_run *r, const struct toy *t, const struct knobs *k, int workers)
{
    struct err e = {0};

    assert_int_equal(math_start(&e), 0);
    assert_int_equal(pool_new(&r->pool, workers, &e), 0);
    if (run_new(&r->run, &t->d, k, r->pool, &e) != 0)
        fail_msg("%s", e.text);
}

void toy_run_close(struct toy_run *r)
{
    run_free(r->run);
    pool_free(r->pool);
}

void toy_steps(struct run *l, int n)
{
    struct run_report r;
    struct err e;

    while (n > 0 || l->state->counters.evaluation_due) {
        if (run_advance(l, &r, &e) != 0)
            fail_msg("%s", e.text);
        n -= r.did == RUN_STEP;
    }
}

int toy_set(struct run *l, enum knob_id id, double number, struct err *e)
{
    struct knob_value v = knob_number(number);

    return run_set(l, id, &v, e);
}

int toy_set_text(struct run *l, enum knob_id id, const char *text, struct err *e)
{
    struct knob_value v;
    int r = knob_parse(id, text, &v, e);

    return r ? r : run_set(l, id, &v, e);
}

int toy_same(const struct run *a, const struct run *b)
{
    return a->state->bytes == b->state->bytes && memcmp(a->state, b->state, a->state->bytes) == 0;
}
