/* SPDX-License-Identifier: MIT */
/* data/: the split, folds, where a frame is, windows. */
#include "test.h"

#include <string.h>

#include "data/folds.h"
#include "data/pieces.h"
#include "data/split.h"
#include "data/window.h"
#include "tiny-data.h"

/* From python3: random.seed(s); l = list(range(10)); random.shuffle(l). */
static void shuffle_is_pythons(void **state)
{
    static const struct {
        uint32_t seed;
        int32_t order[10];
    } known[] = {
        {1337, {0, 3, 7, 2, 1, 6, 4, 5, 8, 9}},
        {0u, {7, 8, 1, 5, 3, 4, 2, 0, 9, 6}},
        {1213u, {1, 6, 0, 3, 5, 4, 9, 2, 7, 8}},
        {4294967295u, {0, 7, 1, 5, 2, 6, 4, 8, 3, 9}},
    };
    static const int32_t first[] = {239, 310, 101, 624, 1, 628}, last[] = {584, 374, 726, 546, 947, 632};
    int32_t v[1000];

    (void)state;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        for (int i = 0; i < 10; i++)
            v[i] = i;
        python_shuffle(known[k].seed, v, 10);
        assert_memory_equal(v, known[k].order, sizeof known[k].order);
    }
    for (int i = 0; i < 1000; i++) /* more draws than the generator has words */
        v[i] = i;
    python_shuffle(1337, v, 1000);
    assert_memory_equal(v, first, sizeof first);
    assert_memory_equal(v + 994, last, sizeof last);
}

static void split_is_the_homeworks(void **state)
{
    static const int32_t train[] = {9, 0, 3, 7, 2, 1, 6, 4}, validation[] = {10, 5, 8};
    struct small s;
    struct split p;

    (void)state;
    small_init(&s, FEATURE_F32);
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){.seed = 1337, .ratio = .8, .train_share = 1}, NULL), 0);
    assert_int_equal(p.train.utterances, 8);
    assert_int_equal(p.validation.utterances, 3);
    assert_memory_equal(p.train.utterance, train, sizeof train);
    assert_memory_equal(p.validation.utterance, validation, sizeof validation);
    assert_int_equal(p.test.utterances, 1);
    assert_int_equal(p.test.utterance[0], 11);
    assert_int_equal(p.test.frames, 12);
    assert_int_equal(p.train.frames + p.validation.frames + p.test.frames, s.d.frames);
    split_free(&p);
}

static void split_without_a_side_is_refused(void **state)
{
    struct small s;
    struct split p;
    struct err e = {0};

    (void)state;
    small_init(&s, FEATURE_F32);
    memset(s.role, ROLE_TEST, sizeof s.role);
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){.seed = 1, .ratio = .5, .train_share = 1}, &e), -ERR_INPUT);
    assert_null(p.train.first);
    s.role[3] = ROLE_SPLIT;
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){.seed = 1, .ratio = .999, .train_share = 1}, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "train"));
    s.role[4] = ROLE_TRAIN;
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){.seed = 1, .ratio = .1, .train_share = 1}, &e), 0);
    split_free(&p);
    s.role[3] = ROLE_TRAIN;
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){.seed = 1, .ratio = .1, .train_share = 1}, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "validate"));
}

static void every_frame_is_located(void **state)
{
    struct small s;
    struct split p;
    int64_t at = 0;

    (void)state;
    small_init(&s, FEATURE_F32);
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){.seed = 5, .ratio = .6, .train_share = 1}, NULL), 0);
    for (int64_t u = 0; u < p.train.utterances; u++) {
        int64_t begin = s.bounds[p.train.utterance[u]], end = s.bounds[p.train.utterance[u] + 1];
        for (int64_t i = begin; i < end; i++, at++) {
            int64_t first, last;
            assert_int_equal(frame_set_locate(&p.train, &s.d, at, &first, &last), i);
            assert_int_equal(first, begin);
            assert_int_equal(last, end - 1);
        }
    }
    assert_int_equal(at, p.train.frames);
    split_free(&p);
}

/* ---- folds ---------------------------------------------------------------------------------- */

enum { MANY = 203, VOICES = 17 };

/* Utterances of one frame each: a quarter of them for test, the others of every role. */
struct many {
    uint8_t role[MANY];
    int64_t bounds[MANY + 1];
    int32_t speaker[MANY];
    struct dataset d;
};

static void many_init(struct many *m)
{
    static const uint8_t roles[] = {ROLE_SPLIT, ROLE_TEST, ROLE_TRAIN, ROLE_VALIDATION};

    memset(m, 0, sizeof *m);
    for (int u = 0; u < MANY; u++) {
        m->role[u] = roles[u % 4];
        m->bounds[u + 1] = u + 1;
        m->speaker[u] = u * u % VOICES;
    }
    m->d = (struct dataset){.path = "many", .bounds = m->bounds, .role = m->role, .speaker = m->speaker, .frames = MANY,
                            .utterances = MANY, .speakers = {.count = VOICES}};
}

/* Train and validate on every fold; how often each utterance validates into times[MANY], the fold sizes into size[]. */
static void every_fold(const struct many *m, struct split_plan plan, int times[MANY], int *size)
{
    memset(times, 0, sizeof(int) * MANY);
    for (plan.fold = 1; plan.fold <= plan.folds; plan.fold++) {
        int side[MANY] = {0};
        struct err e = {0};
        struct split p;
        if (split_make(&p, &m->d, &plan, &e) != 0)
            fail_msg("%s", e.text);
        for (int64_t i = 0; i < p.train.utterances; i++)
            side[p.train.utterance[i]] += 1;
        for (int64_t i = 0; i < p.validation.utterances; i++)
            side[p.validation.utterance[i]] += 10, times[p.validation.utterance[i]]++;
        for (int64_t i = 0; i < p.test.utterances; i++)
            side[p.test.utterance[i]] += 100;
        for (int u = 0; u < MANY; u++)
            assert_int_equal(side[u] == 100, m->role[u] == ROLE_TEST);
        for (int u = 0; u < MANY; u++)
            assert_true(side[u] == 1 || side[u] == 10 || side[u] == 100);
        size[plan.fold - 1] = (int)p.validation.utterances;
        split_free(&p);
    }
    for (int u = 0; u < MANY; u++)
        assert_int_equal(times[u], m->role[u] != ROLE_TEST);
}

static void extremes(const int *size, int n, int *least, int *most)
{
    *least = *most = size[0];
    for (int i = 1; i < n; i++) {
        *least = size[i] < *least ? size[i] : *least;
        *most = size[i] > *most ? size[i] : *most;
    }
}

static void folds_are_disjoint_cover_all_and_are_alike_in_size(void **state)
{
    static struct many m;
    int times[MANY], size[MANY], least, most;

    (void)state;
    many_init(&m);
    for (int folds = 2; folds <= 12; folds++)
        for (uint32_t seed = 1; seed < 5; seed++) {
            every_fold(&m, (struct split_plan){.seed = seed, .train_share = 1, .folds = folds}, times, size);
            extremes(size, folds, &least, &most);
            assert_in_range(most - least, 0, 1);
        }
}

/* The fold of each utterance by speaker: one for each speaker, and no fold larger than the bound of a greedy choice. */
static void folds_by_speaker_keep_speakers_together(void **state)
{
    static struct many m;
    int times[MANY], size[MANY], least, most, largest = 0, of[VOICES];
    int32_t fold[MANY];
    int64_t spoken[VOICES] = {0};

    (void)state;
    many_init(&m);
    for (int u = 0; u < MANY; u++)
        if (m.role[u] != ROLE_TEST && ++spoken[m.speaker[u]] > largest)
            largest = (int)spoken[m.speaker[u]];
    for (int folds = 2; folds <= 4; folds++) {
        struct fold_plan p = {.seed = 3, .folds = folds, .by_speaker = 1};
        every_fold(&m, (struct split_plan){.seed = 3, .train_share = 1, .folds = folds, .by_speaker = 1}, times, size);
        extremes(size, folds, &least, &most);
        assert_in_range(most - least, 0, largest);
        assert_int_equal(folds_assign(&m.d, &p, fold, NULL), 0);
        memset(of, -1, sizeof of);
        for (int u = 0; u < MANY; u++) {
            if (fold[u] < 0)
                continue;
            assert_true(of[m.speaker[u]] < 0 || of[m.speaker[u]] == fold[u]);
            of[m.speaker[u]] = fold[u];
        }
    }
}

static void folds_follow_the_seed_and_nothing_else(void **state)
{
    static struct many m;
    int32_t a[MANY], b[MANY];
    struct fold_plan p = {.seed = 7, .folds = 3};

    (void)state;
    many_init(&m);
    assert_int_equal(folds_assign(&m.d, &p, a, NULL), 0);
    for (int u = 0; u < MANY; u++)
        m.role[u] = m.role[u] == ROLE_TEST ? ROLE_TEST : ROLE_SPLIT; /* whatever split the data brings */
    assert_int_equal(folds_assign(&m.d, &p, b, NULL), 0);
    assert_memory_equal(a, b, sizeof a);
    p.seed = 8;
    assert_int_equal(folds_assign(&m.d, &p, b, NULL), 0);
    assert_memory_not_equal(a, b, sizeof a);
}

static void folds_that_cannot_be_are_refused(void **state)
{
    static const struct {
        struct split_plan plan;
        const char *says;
    } rows[] = {
        {{.folds = 12, .fold = 1, .train_share = 1}, "small: 12 folds of 11 utterances would leave one empty"},
        {{.folds = 3, .fold = 1, .train_share = 1, .by_speaker = 1}, "small: 3 folds of 2 speakers would leave one empty"},
        {{.folds = 3, .fold = 4, .train_share = 1}, "small: there is no fold 4 of 3"},
    };
    struct small s;
    struct split p;

    (void)state;
    small_init(&s, FEATURE_F32);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {0};
        assert_int_equal(split_make(&p, &s.d, &rows[i].plan, &e), -ERR_INPUT);
        assert_string_equal(e.text, rows[i].says);
    }
}

/* ---- windows -------------------------------------------------------------------------------- */

/* The homework's way: copy the utterance with its ends repeated, then cut. */
static void naive_window(const struct small *s, int64_t frame, int64_t first, int64_t last, int context,
                         float *out)
{
    float padded[MOST_FRAMES * DIMS];
    int half = context / 2, length = (int)(last - first + 1);

    for (int i = -half; i < length + half; i++)
        for (int k = 0; k < DIMS; k++) {
            int64_t from = first + (i < 0 ? 0 : i >= length ? length - 1 : i);
            padded[(i + half) * DIMS + k] = s->d.type == FEATURE_I8 ? s->d.scale * s->bytes[from * DIMS + k]
                                                                    : s->features[from * DIMS + k];
        }
    memcpy(out, padded + (frame - first) * DIMS, sizeof *out * (size_t)(context * DIMS));
}

static void windows_repeat_the_edges(void **state)
{
    struct small s;
    float out[31 * DIMS], naive[31 * DIMS];

    (void)state;
    for (int type = FEATURE_F32; type <= FEATURE_I8; type++) {
        small_init(&s, (enum feature_type)type);
        for (int u = 0; u < UTTERANCES; u++)
            for (int64_t f = s.bounds[u]; f < s.bounds[u + 1]; f++)
                for (int context = 1; context <= 31; context += 6) {
                    window_gather(&s.d, f, s.bounds[u], s.bounds[u + 1] - 1, context, out, DIMS);
                    naive_window(&s, f, s.bounds[u], s.bounds[u + 1] - 1, context, naive);
                    assert_memory_equal(out, naive, sizeof *out * (size_t)(context * DIMS));
                }
    }
}

/* Every frame of a set stands in one piece, at a stride as a network of sequences wants it. */
static void pieces_cover_the_set(void **state)
{
    struct small s;
    struct split p;
    struct err e;

    (void)state;
    small_init(&s, FEATURE_I8);
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){.seed = 1337, .ratio = .8, .train_share = 1}, &e), 0);
    for (int length = 1; length <= 8; length++) {
        struct piece_set pieces;
        int64_t seen = 0;
        assert_int_equal(piece_set_make(&pieces, &p.train, length, &e), 0);
        for (int64_t i = 0; i < pieces.count; i++) {
            float out[8 * 7] = {0}, alone[DIMS];
            int frames;
            int64_t begin = piece_set_locate(&pieces, &s.d, i, &frames);
            assert_in_range(frames, 1, length);
            window_copy(&s.d, begin, frames, out, 7);
            for (int k = 0; k < frames; k++) {
                int64_t first, last, frame = frame_set_locate(&p.train, &s.d, seen++, &first, &last);
                assert_int_equal(frame, begin + k);
                window_copy(&s.d, frame, 1, alone, DIMS);
                assert_memory_equal(out + 7 * k, alone, sizeof alone);
            }
        }
        assert_int_equal(seen, p.train.frames);
        piece_set_free(&pieces);
    }
    split_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shuffle_is_pythons),
        cmocka_unit_test(split_is_the_homeworks),
        cmocka_unit_test(split_without_a_side_is_refused),
        cmocka_unit_test(every_frame_is_located),
        cmocka_unit_test(folds_are_disjoint_cover_all_and_are_alike_in_size),
        cmocka_unit_test(folds_by_speaker_keep_speakers_together),
        cmocka_unit_test(folds_follow_the_seed_and_nothing_else),
        cmocka_unit_test(folds_that_cannot_be_are_refused),
        cmocka_unit_test(windows_repeat_the_edges),
        cmocka_unit_test(pieces_cover_the_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
