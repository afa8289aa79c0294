/* SPDX-License-Identifier: MIT */
#include "data/folds.h"

#include <stdlib.h>

#include "core/rng.h"

enum { BY_UTTERANCE, BY_SPEAKER }; /* the streams of the two permutations */

static int64_t count_divided(const struct dataset *d)
{
    int64_t n = 0;

    for (int64_t u = 0; u < d->utterances; u++)
        n += d->role[u] != ROLE_TEST;
    return n;
}

static int check(const struct dataset *d, const struct fold_plan *p, int64_t members, struct err *e)
{
    if (members >= p->folds)
        return 0;
    return err_set(e, ERR_INPUT, "%s: %d folds of %lld %s would leave one empty", d->path ? d->path : "data", p->folds,
                   (long long)members, p->by_speaker ? "speakers" : "utterances");
}

static int assign_utterances(const struct dataset *d, const struct fold_plan *p, int32_t *fold, struct err *e)
{
    struct rng r = {.seed = p->seed, .purpose = RNG_FOLDS};
    int64_t n = count_divided(d), i = 0;

    if (check(d, p, n, e))
        return -ERR_INPUT;
    for (int64_t u = 0; u < d->utterances; u++)
        fold[u] = d->role[u] == ROLE_TEST
                      ? -1
                      : (int32_t)(rng_permute(&r, BY_UTTERANCE, (uint64_t)i++, (uint64_t)n) % (uint64_t)p->folds);
    return 0;
}

struct voice {
    int64_t utterances;
    uint64_t place; /* in the order of equal ones */
    int32_t speaker;
};

static int by_size(const void *a, const void *b)
{
    const struct voice *x = a, *y = b;

    if (x->utterances != y->utterances)
        return x->utterances < y->utterances ? 1 : -1;
    return x->place < y->place ? -1 : x->place > y->place;
}

/* The fold of each voice, those with the most utterances first, into of[speaker]. */
static void deal(const struct voice *voice, int voices, int folds, int64_t *size, int32_t *of)
{
    for (int v = 0; v < voices && voice[v].utterances > 0; v++) {
        int smallest = 0;
        for (int f = 1; f < folds; f++)
            if (size[f] < size[smallest])
                smallest = f;
        size[smallest] += voice[v].utterances;
        of[voice[v].speaker] = smallest;
    }
}

static int assign_speakers(const struct dataset *d, const struct fold_plan *p, int32_t *fold, struct err *e)
{
    struct rng r = {.seed = p->seed, .purpose = RNG_FOLDS};
    int n = d->speakers.count, present = 0, result;
    struct voice *voice = calloc((size_t)n + 1, sizeof *voice);
    int32_t *of = calloc((size_t)n + 1, sizeof *of);
    int64_t *size = calloc((size_t)p->folds, sizeof *size);

    if (!voice || !of || !size) {
        result = err_memory(e, "folds", sizeof *voice * (unsigned long long)n);
    } else {
        for (int s = 0; s < n; s++)
            voice[s] = (struct voice){.speaker = s, .place = rng_permute(&r, BY_SPEAKER, (uint64_t)s, (uint64_t)n)};
        for (int64_t u = 0; u < d->utterances; u++)
            if (d->role[u] != ROLE_TEST)
                present += voice[d->speaker[u]].utterances++ == 0;
        qsort(voice, (size_t)n, sizeof *voice, by_size);
        deal(voice, n, p->folds, size, of);
        for (int64_t u = 0; u < d->utterances; u++)
            fold[u] = d->role[u] == ROLE_TEST ? -1 : of[d->speaker[u]];
        result = check(d, p, present, e);
    }
    free(voice);
    free(of);
    free(size);
    return result;
}

int folds_assign(const struct dataset *d, const struct fold_plan *p, int32_t *fold, struct err *e)
{
    return p->by_speaker ? assign_speakers(d, p, fold, e) : assign_utterances(d, p, fold, e);
}
