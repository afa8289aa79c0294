/* SPDX-License-Identifier: MIT */
/* data/: the container, name lists, where the sample is. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/dataset.h"
#include "data/names.h"
#include "data/safetensors.h"
#include "libriphone-folder.h"
#include "source-path.h"
#include "tiny-data.h"

static char dir[40];

static void container_round_trip(void **state)
{
    struct small s;
    struct dataset d;
    struct err e = {0};

    (void)state;
    for (int type = FEATURE_F32; type <= FEATURE_I8; type++) {
        const char *path = folder_path(dir, "a.safetensors");
        small_init(&s, (enum feature_type)type);
        assert_int_equal(dataset_write(&s.d, path, &e), 0);
        if (dataset_open(&d, path, NULL, NULL, NULL, &e))
            fail_msg("%s", e.text);
        assert_int_equal(d.type, type);
        assert_int_equal(d.frames, s.d.frames);
        assert_int_equal(d.dims, DIMS);
        assert_true(d.scale == s.d.scale);
        assert_memory_equal(d.features, s.d.features,
                            (size_t)(d.frames * DIMS * (type == FEATURE_I8 ? 1 : 4)));
        assert_memory_equal(d.labels, s.labels, (size_t)d.frames);
        assert_memory_equal(d.bounds, s.bounds, sizeof s.bounds);
        assert_memory_equal(d.role, s.role, sizeof s.role);
        assert_memory_equal(d.speaker, s.speaker, sizeof s.speaker);
        assert_int_equal(d.classes.count, 3);
        assert_string_equal(d.classes.names[2], "C");
        assert_string_equal(d.name, "small");
        assert_int_equal(d.ids.count, 0);
        dataset_free(&d);
    }
}

/* Labels are bytes and 255 means none, so that 255 classes are all there can be; whatever is sized by classes may rely
 * on it once a data set is open. */
static void no_more_classes_than_labels(void **state)
{
    static char text[DATASET_MOST_CLASSES + 1][8];
    char *names[DATASET_MOST_CLASSES + 1];
    const char *path = folder_path(dir, "c.safetensors");
    struct small s;
    struct dataset d;
    struct err e = {0};

    (void)state;
    small_init(&s, FEATURE_F32);
    for (int c = 0; c <= DATASET_MOST_CLASSES; c++) {
        snprintf(text[c], sizeof text[c], "c%d", c);
        names[c] = text[c];
    }
    s.d.classes = (struct name_list){DATASET_MOST_CLASSES, names};
    s.labels[3] = DATASET_MOST_CLASSES - 1;
    assert_int_equal(dataset_write(&s.d, path, &e), 0);
    assert_int_equal(dataset_open(&d, path, NULL, NULL, NULL, &e), 0);
    assert_int_equal(d.labels[3], 254);
    dataset_free(&d);
    s.d.classes.count = DATASET_MOST_CLASSES + 1;
    assert_int_equal(dataset_write(&s.d, path, &e), 0);
    assert_int_equal(dataset_open(&d, path, NULL, NULL, NULL, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, path));
    assert_non_null(strstr(e.text, "256 classes"));
}

static void fingerprint_tells_data_apart(void **state)
{
    const char *path = folder_path(dir, "f.safetensors");
    uint64_t prints[4];
    struct small s;
    struct dataset d;

    (void)state;
    for (int change = 0; change < 4; change++) {
        small_init(&s, FEATURE_F32);
        if (change == 1)
            s.labels[7] ^= 1;
        else if (change == 2)
            s.role[2] = ROLE_TRAIN;
        else if (change == 3)
            s.bounds[5]++;
        assert_int_equal(dataset_write(&s.d, path, NULL), 0);
        assert_int_equal(dataset_open(&d, path, NULL, NULL, NULL, NULL), 0);
        prints[change] = d.fingerprint;
        for (int before = 0; before < change; before++)
            assert_true(prints[before] != d.fingerprint);
        dataset_free(&d);
    }
}

/* Narrow types named first still end up where they are aligned, and the header is padded. */
static void writer_puts_wide_types_first(void **state)
{
    static const int64_t three = 3, one = 1, square[2] = {2, 2};
    static const uint8_t narrow[3] = {7, 8, 9};
    static const double wide[1] = {.5};
    static const float middle[4] = {1, 2, 3, 4};
    const char *path = folder_path(dir, "w.safetensors");
    struct safetensors_writer *w = safetensors_writer_new();
    struct safetensors *st;
    const struct tensor *t;
    struct err e = {0};

    (void)state;
    safetensors_writer_tensor(w, "narrow", TENSOR_U8, 1, &three, narrow);
    safetensors_writer_tensor(w, "middle", TENSOR_F32, 2, square, middle);
    safetensors_writer_tensor(w, "wide", TENSOR_F64, 1, &one, wide);
    safetensors_writer_tensor(w, "scalar", TENSOR_F64, 0, NULL, wide);
    safetensors_writer_meta(w, "key", "text \"quoted\" ü\n");
    assert_int_equal(safetensors_writer_write(w, path, &e), 0);
    safetensors_writer_free(w);
    if (safetensors_open(&st, path, &e))
        fail_msg("%s", e.text);
    assert_int_equal(safetensors_count(st), 4);
    assert_string_equal(safetensors_meta(st, "key"), "text \"quoted\" ü\n");
    assert_null(safetensors_meta(st, "other"));
    t = safetensors_find(st, "wide");
    assert_int_equal((uintptr_t)t->data % 8, 0);
    assert_true((const char *)t->data < (const char *)safetensors_find(st, "middle")->data);
    assert_true((const char *)t->data < (const char *)safetensors_find(st, "narrow")->data);
    assert_memory_equal(t->data, wide, sizeof wide);
    assert_memory_equal(safetensors_find(st, "middle")->data, middle, sizeof middle);
    assert_memory_equal(safetensors_find(st, "narrow")->data, narrow, sizeof narrow);
    assert_int_equal(safetensors_find(st, "scalar")->count, 1);
    assert_null(safetensors_find(st, "__metadata__"));
    assert_null(safetensors_at(st, 4));
    safetensors_close(st);
}

static void writer_refuses_what_it_cannot_keep(void **state)
{
    static const int64_t three = 3, much[2] = {INT64_MAX, INT64_MAX}, less = -1;
    static const uint8_t data[3];
    const char *path = folder_path(dir, "n.safetensors");

    (void)state;
    for (int wrong = 0; wrong < 5; wrong++) {
        struct safetensors_writer *w = safetensors_writer_new();
        struct err e = {0};
        safetensors_writer_tensor(w, "a", TENSOR_U8, 1, &three, data);
        safetensors_writer_meta(w, "key", wrong == 0 ? "\xff" : "text");
        if (wrong == 1)
            safetensors_writer_meta(w, "key", "again");
        if (wrong == 2)
            safetensors_writer_tensor(w, "a", TENSOR_U8, 1, &three, data);
        if (wrong == 3)
            safetensors_writer_tensor(w, "b", TENSOR_F64, 2, much, data);
        if (wrong == 4)
            safetensors_writer_tensor(w, "b", TENSOR_U8, 1, &less, data);
        assert_int_equal(safetensors_writer_write(w, path, &e), -ERR_RUNTIME);
        assert_non_null(strstr(e.text, path));
        assert_int_equal(access(path, F_OK), -1);
        safetensors_writer_free(w);
    }
}

/* Other writers order and pad otherwise: the header names the tensors backwards, with empty ones. */
static void reader_takes_any_order(void **state)
{
    static const char header[] = "{\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[4,6]},"
                                 "\"z\":{\"dtype\":\"F32\",\"shape\":[0,5],\"data_offsets\":[4,4]},"
                                 "\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}} ";
    static const int64_t any[2] = {-1, 1}, wrong[2] = {-1, 2};
    const char *path = folder_path(dir, "o.safetensors");
    unsigned char bytes[300] = {0};
    size_t length = (sizeof header - 1) & ~(size_t)3; /* aligned for the floats, not to 8 */
    struct safetensors *st;
    const struct tensor *t;
    struct err e = {0};

    (void)state;
    bytes[0] = (unsigned char)length;
    memcpy(bytes + 8, header, length);
    bytes[8 + length + 4] = 77;
    write_bytes(path, bytes, 8 + length + 6);
    if (safetensors_open(&st, path, &e))
        fail_msg("%s", e.text);
    assert_int_equal(*(const uint8_t *)safetensors_find(st, "b")->data, 77);
    assert_int_equal(safetensors_find(st, "z")->count, 0);
    assert_int_equal(safetensors_need(st, "a", TENSOR_F32, 2, any, &t, &e), 0);
    assert_int_equal(safetensors_need(st, "a", TENSOR_F32, 2, wrong, &t, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "is F32 [1, 1], expected F32 [any, 2]"));
    assert_int_equal(safetensors_need(st, "a", TENSOR_F64, 2, any, &t, &e), -ERR_INPUT);
    assert_int_equal(safetensors_need(st, "c", TENSOR_F64, 2, any, &t, &e), -ERR_INPUT);
    safetensors_close(st);
}

static void names_split_and_join(void **state)
{
    struct name_list l;
    char *text;

    (void)state;
    assert_int_equal(name_list_split(&l, "one\ntwo\nthrée\n"), 0);
    assert_int_equal(l.count, 3);
    text = name_list_join(&l);
    assert_string_equal(text, "one\ntwo\nthrée");
    free(text);
    name_list_free(&l);
    assert_int_equal(name_list_split(&l, ""), 0);
    assert_int_equal(l.count, 0);
    name_list_free(&l);
    assert_int_equal(name_list_split(&l, "a\n\nb"), 2);
    assert_int_equal(name_list_split(&l, "a\nb\nc\td"), 3);
}

static void unclean_text_is_seen(void **state)
{
    static const char *const clean[] = {"", "a b~", "ü", "資料", "\xf0\x9f\x98\x80", "\xc2\xa0"};
    static const char *const unclean[] = {"\x1b[0m",  "\x7f",         "a\n",          "\xff",
                                          "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                          "\xc3",     "\xc2\x9b",     "\x80",         "\xe8\xb3"};

    (void)state;
    for (size_t i = 0; i < sizeof clean / sizeof *clean; i++)
        assert_true(name_is_clean(clean[i]));
    for (size_t i = 0; i < sizeof unclean / sizeof *unclean; i++)
        assert_false(name_is_clean(unclean[i]));
}

/* This program runs from the build tree, so the data is the source tree's, unless named. */
static void home_is_found(void **state)
{
    char *home, *expected = realpath(source_path("datasets"), NULL);

    (void)state;
    unsetenv("SADDLE_DATA");
    home = dataset_home();
    assert_non_null(expected);
    assert_string_equal(home, expected);
    free(expected);
    free(home);
    setenv("SADDLE_DATA", dir, 1);
    home = dataset_home();
    assert_string_equal(home, dir);
    free(home);
}

static void sample_is_opened_by_name(void **state)
{
    struct small s;
    struct dataset d;
    struct err e = {0};

    (void)state;
    setenv("SADDLE_DATA", dir, 1);
    assert_int_equal(dataset_open(&d, "sample", NULL, NULL, NULL, &e), -ERR_INPUT);
    assert_non_null(strstr(e.text, "phones.safetensors"));
    small_init(&s, FEATURE_I8);
    assert_int_equal(dataset_write(&s.d, folder_path(dir, "phones.safetensors"), &e), 0);
    assert_int_equal(dataset_open(&d, "sample", NULL, NULL, NULL, &e), 0);
    assert_string_equal(d.path, "sample");
    dataset_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(container_round_trip),         cmocka_unit_test(fingerprint_tells_data_apart),
        cmocka_unit_test(no_more_classes_than_labels),
        cmocka_unit_test(writer_puts_wide_types_first), cmocka_unit_test(writer_refuses_what_it_cannot_keep),
        cmocka_unit_test(reader_takes_any_order),       cmocka_unit_test(names_split_and_join),
        cmocka_unit_test(unclean_text_is_seen),         cmocka_unit_test(home_is_found),
        cmocka_unit_test(sample_is_opened_by_name),
    };
    int failed;

    snprintf(dir, sizeof dir, "%s", temporary_folder());
    setenv("XDG_CACHE_HOME", dir, 1);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder(dir);
    return failed;
}
