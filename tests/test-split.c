/* SPDX-License-Identifier: MIT */
/* data/: the split, where a frame is, windows. */
#include "test.h"

#include <string.h>

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
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){1337, .8, 0, 1}, NULL), 0);
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
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){1, .5, 0, 1}, &e), -ERR_INPUT);
    assert_null(p.train.first);
    s.role[3] = ROLE_SPLIT;
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){1, .999, 0, 1}, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "train"));
    s.role[4] = ROLE_TRAIN;
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){1, .1, 0, 1}, &e), 0);
    split_free(&p);
    s.role[3] = ROLE_TRAIN;
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){1, .1, 0, 1}, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "validate"));
}

static void every_frame_is_located(void **state)
{
    struct small s;
    struct split p;
    int64_t at = 0;

    (void)state;
    small_init(&s, FEATURE_F32);
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){5, .6, 0, 1}, NULL), 0);
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
    assert_int_equal(split_make(&p, &s.d, &(struct split_plan){1337, .8, 0, 1}, &e), 0);
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
        cmocka_unit_test(windows_repeat_the_edges),
        cmocka_unit_test(pieces_cover_the_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
