/* SPDX-License-Identifier: MIT */
#include "data/split.h"

#include <stdlib.h>
#include <string.h>

#include "data/folds.h"

/* MT19937: M. Matsumoto and T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), with the
 * initialisation by array of 2002, which Python's random.seed uses. */
enum { MT_WORDS = 624, MT_SHIFT = 397 };

struct mt {
    uint32_t word[MT_WORDS];
    int next;
};

static void mt_fill(struct mt *m, uint32_t seed)
{
    m->word[0] = seed;
    for (uint32_t i = 1; i < MT_WORDS; i++)
        m->word[i] = 1812433253u * (m->word[i - 1] ^ m->word[i - 1] >> 30) + i;
    m->next = MT_WORDS;
}

/* One pass of the initialisation at *at; past the last word it starts again behind the first. */
static void mt_stir(struct mt *m, uint32_t *at, uint32_t factor, uint32_t plus)
{
    uint32_t *w = m->word, i = *at;

    w[i] = (w[i] ^ (w[i - 1] ^ w[i - 1] >> 30) * factor) + plus;
    if (++i == MT_WORDS) {
        w[0] = w[MT_WORDS - 1];
        i = 1;
    }
    *at = i;
}

static void mt_seed(struct mt *m, uint32_t key)
{
    uint32_t at = 1;

    mt_fill(m, 19650218u);
    for (int k = 0; k < MT_WORDS; k++) /* a key of one word */
        mt_stir(m, &at, 1664525u, key);
    for (int k = 0; k < MT_WORDS - 1; k++)
        mt_stir(m, &at, 1566083941u, 0u - at);
    m->word[0] = 0x80000000u;
}

static void mt_twist(struct mt *m)
{
    uint32_t *w = m->word;

    for (int i = 0; i < MT_WORDS; i++) {
        uint32_t y = (w[i] & 0x80000000u) | (w[(i + 1) % MT_WORDS] & 0x7fffffffu);
        w[i] = w[(i + MT_SHIFT) % MT_WORDS] ^ y >> 1 ^ (y & 1 ? 0x9908b0dfu : 0);
    }
    m->next = 0;
}

static uint32_t mt_draw(struct mt *m)
{
    uint32_t y;

    if (m->next == MT_WORDS)
        mt_twist(m);
    y = m->word[m->next++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
}

void python_shuffle(uint32_t seed, int32_t *values, int64_t n)
{
    struct mt m;

    mt_seed(&m, seed);
    for (int64_t i = n - 1; i > 0; i--) {
        int shift = __builtin_clz((uint32_t)i + 1);
        uint32_t j;
        do
            j = mt_draw(&m) >> shift;
        while (j > (uint32_t)i);
        int32_t t = values[i];
        values[i] = values[j];
        values[j] = t;
    }
}

static void add(struct frame_set *f, const struct dataset *d, int32_t u)
{
    f->first[f->utterances] = f->frames;
    f->utterance[f->utterances++] = u;
    f->frames += d->bounds[u + 1] - d->bounds[u];
    f->first[f->utterances] = f->frames;
}

static int make_room(struct frame_set *f, int64_t utterances)
{
    f->utterance = calloc((size_t)utterances + 1, sizeof *f->utterance);
    f->first = calloc((size_t)utterances + 1, sizeof *f->first);
    return f->utterance && f->first ? 0 : -1;
}

static int is_divided(const struct dataset *d, int32_t u, const struct split_plan *plan)
{
    return d->role[u] == ROLE_SPLIT || (plan->anew && d->role[u] != ROLE_TEST);
}

static void hand_out(struct split *s, const struct dataset *d, const int32_t *shuffled, int64_t n,
                     const struct split_plan *plan)
{
    int64_t train = (int64_t)(plan->ratio * (double)n);

    for (int32_t u = 0; u < d->utterances; u++) {
        if (d->role[u] == ROLE_TEST)
            add(&s->test, d, u);
        else if (!is_divided(d, u, plan))
            add(d->role[u] == ROLE_TRAIN ? &s->train : &s->validation, d, u);
    }
    for (int64_t i = 0; i < n; i++)
        add(i < train ? &s->train : &s->validation, d, shuffled[i]);
}

/* Fold number plan->fold validates. `fold` has room for every utterance. */
static int hand_out_folds(struct split *s, const struct dataset *d, int32_t *fold, const struct split_plan *plan,
                          struct err *e)
{
    const struct fold_plan p = {.seed = plan->seed, .folds = plan->folds, .by_speaker = plan->by_speaker};
    int r;

    if (plan->fold < 1 || plan->fold > plan->folds)
        return err_set(e, ERR_INPUT, "%s: there is no fold %d of %d", d->path ? d->path : "data", plan->fold, plan->folds);
    r = folds_assign(d, &p, fold, e);
    for (int32_t u = 0; r == 0 && u < d->utterances; u++)
        add(fold[u] < 0 ? &s->test : fold[u] == plan->fold - 1 ? &s->validation : &s->train, d, u);
    return r;
}

/* Keep the share of the training utterances that comes first in a shuffle, in their old order. `place` has room for all
 * of them. */
static void thin_out(struct frame_set *f, const struct dataset *d, const struct split_plan *plan, int32_t *place)
{
    int64_t all = f->utterances, kept = (int64_t)(plan->train_share * (double)all);

    if (plan->train_share >= 1 || all == 0)
        return;
    kept = kept > 0 ? kept : 1;
    for (int64_t i = 0; i < all; i++)
        place[i] = (int32_t)i;
    python_shuffle(plan->seed, place, all);
    for (int64_t i = kept; i < all; i++)
        f->utterance[place[i]] = -1;
    f->utterances = f->frames = 0;
    for (int64_t i = 0; i < all; i++)
        if (f->utterance[i] >= 0)
            add(f, d, f->utterance[i]);
}

static int check(const struct split *s, const struct dataset *d, int64_t n, double ratio, struct err *e)
{
    const char *what = s->train.frames == 0 ? "train" : s->validation.frames == 0 ? "validate" : NULL;

    if (!what)
        return 0;
    return err_set(e, ERR_INPUT, "%s: a split of %lld utterances at ratio %g leaves none to %s on",
                   d->path ? d->path : "data", (long long)n, ratio, what);
}

static int make(struct split *s, const struct dataset *d, const struct split_plan *plan, int may_lack, struct err *e)
{
    int32_t *shuffled = calloc((size_t)d->utterances + 1, sizeof *shuffled);
    int64_t n = 0;
    int r;

    *s = (struct split){0};
    if (!shuffled || make_room(&s->train, d->utterances) || make_room(&s->validation, d->utterances) ||
        make_room(&s->test, d->utterances)) {
        r = err_memory(e, "a split", sizeof(int64_t) * (unsigned long long)d->utterances * 5);
    } else {
        r = 0;
        for (int32_t u = 0; u < d->utterances; u++)
            if (is_divided(d, u, plan))
                shuffled[n++] = u;
        if (plan->folds > 1 && !may_lack) {
            r = hand_out_folds(s, d, shuffled, plan, e);
        } else {
            python_shuffle(plan->seed, shuffled, n);
            hand_out(s, d, shuffled, n, plan);
        }
        thin_out(&s->train, d, plan, shuffled);
        if (r == 0 && !may_lack)
            r = check(s, d, n, plan->ratio, e);
    }
    free(shuffled);
    if (r)
        split_free(s);
    return r;
}

int split_make(struct split *s, const struct dataset *d, const struct split_plan *plan, struct err *e)
{
    return make(s, d, plan, 0, e);
}

int split_make_for_evaluation(struct split *s, const struct dataset *d, const struct split_plan *plan, struct err *e)
{
    int test_only = 1;

    for (int64_t u = 0; u < d->utterances; u++)
        test_only &= d->role[u] == ROLE_TEST;
    return make(s, d, plan, test_only, e);
}

static void frame_set_free(struct frame_set *f)
{
    free(f->utterance);
    free(f->first);
}

void split_free(struct split *s)
{
    frame_set_free(&s->train);
    frame_set_free(&s->validation);
    frame_set_free(&s->test);
    *s = (struct split){0};
}

int64_t frame_set_locate(const struct frame_set *f, const struct dataset *d, int64_t index, int64_t *first,
                         int64_t *last)
{
    int64_t low = 0, high = f->utterances;
    const int64_t *bounds;

    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (f->first[middle] <= index)
            low = middle;
        else
            high = middle;
    }
    bounds = d->bounds + f->utterance[low];
    *first = bounds[0];
    *last = bounds[1] - 1;
    return bounds[0] + index - f->first[low];
}
