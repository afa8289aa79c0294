/* SPDX-License-Identifier: MIT */
/* data/pt: tensors that torch.save writes in other ways than the plain one. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pt.h"
#include "libriphone-folder.h"

static char dir[40];

/* The same values by another storage; any of them must be exact. */
static void read_same(const struct pt_make *m)
{
    const char *path = folder_path(dir, "t.pt");
    struct pt_tensor t;
    struct err e = {0};

    pt_write(path, m);
    if (pt_read(&t, path, FOLDER_DIMS, &e))
        fail_msg("%s", e.text);
    assert_int_equal(t.rows, 3);
    for (int i = 0; i < 3 * FOLDER_DIMS; i++)
        assert_true(t.values[i] == folder_value(2, i / FOLDER_DIMS, i % FOLDER_DIMS));
    pt_free(&t);
}

static void slices_keep_offset_and_strides(void **state)
{
    /* Every other row and column of a larger one, from its row 1, column 3. */
    static float whole[9][100];
    struct pt_make m = pt_plain(3, FOLDER_DIMS, &whole[0][0]), column;
    float turned[FOLDER_DIMS * 3];

    (void)state;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < FOLDER_DIMS; k++)
            turned[k * 3 + i] = whole[1 + 2 * i][3 + 2 * k] = folder_value(2, i, k);
    m.offset = 103;
    m.stride[0] = 200;
    m.stride[1] = 2;
    m.elements = 900;
    m.byte_count = sizeof whole;
    read_same(&m);
    column = pt_plain(3, FOLDER_DIMS, turned);
    column.stride[0] = 1;
    column.stride[1] = 3;
    read_same(&column);
}

/* Multiples of 1/8 below 256 fit binary16: sign, exponent, ten bits. */
static uint16_t to_half(float f)
{
    uint32_t bits;

    memcpy(&bits, &f, sizeof bits);
    if ((bits & 0x7fffffff) == 0)
        return (uint16_t)(bits >> 16);
    return (uint16_t)(bits >> 16 & 0x8000) | (uint16_t)(((bits >> 23 & 255) - 112) << 10) |
           (bits >> 13 & 1023);
}

static void storages_of_other_floats(void **state)
{
    struct pt_make m = pt_plain(3, FOLDER_DIMS, NULL);
    double wide[3 * FOLDER_DIMS];
    uint16_t half[3 * FOLDER_DIMS];
    float *values = folder_values(2);

    (void)state;
    for (int i = 0; i < 3 * FOLDER_DIMS; i++) {
        wide[i] = values[i];
        half[i] = to_half(values[i]);
    }
    m.storage = "DoubleStorage";
    m.bytes = wide;
    m.byte_count = sizeof wide;
    read_same(&m);
    m.storage = "HalfStorage";
    m.bytes = half;
    m.byte_count = sizeof half;
    m.byte_order = "little";
    read_same(&m);
}

static void storages_of_integers(void **state)
{
    static const struct {
        const char *name;
        unsigned width;
        float least;
    } kinds[] = {{"LongStorage", 8, -3},
                 {"IntStorage", 4, -3},
                 {"ShortStorage", 2, -3},
                 {"CharStorage", 1, -3},
                 {"ByteStorage", 1, 253}};
    const char *path = folder_path(dir, "t.pt");

    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        unsigned char bytes[FOLDER_DIMS * 8];
        struct pt_make m = pt_plain(1, FOLDER_DIMS, NULL);
        struct pt_tensor t;
        for (int i = 0; i < FOLDER_DIMS; i++) {
            int64_t value = i - 3;
            memcpy(bytes + (unsigned)i * kinds[k].width, &value, kinds[k].width);
        }
        m.storage = kinds[k].name;
        m.bytes = bytes;
        m.byte_count = FOLDER_DIMS * kinds[k].width;
        pt_write(path, &m);
        assert_int_equal(pt_read(&t, path, FOLDER_DIMS, NULL), 0);
        assert_true(t.values[0] == kinds[k].least);
        assert_true(t.values[38] == 35);
        pt_free(&t);
    }
}

/* Half precision's corners: the least subnormal, the least normal, the largest. */
static void half_precision_at_its_ends(void **state)
{
    uint16_t half[FOLDER_DIMS] = {0x0001, 0x8001, 0x03ff, 0x0400, 0x7bff, 0xfbff, 0x3c00};
    const float expected[] = {0x1p-24f, -0x1p-24f, 0x3ffp-24f, 0x1p-14f, 65504, -65504, 1, 0};
    struct pt_make m = pt_plain(1, FOLDER_DIMS, NULL);
    struct pt_tensor t;

    (void)state;
    m.storage = "HalfStorage";
    m.bytes = half;
    m.byte_count = sizeof half;
    pt_write(folder_path(dir, "t.pt"), &m);
    assert_int_equal(pt_read(&t, folder_path(dir, "t.pt"), FOLDER_DIMS, NULL), 0);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_true(t.values[i] == expected[i]);
    pt_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_keep_offset_and_strides),
        cmocka_unit_test(storages_of_other_floats),
        cmocka_unit_test(storages_of_integers),
        cmocka_unit_test(half_precision_at_its_ends),
    };
    int failed;

    snprintf(dir, sizeof dir, "%s", temporary_folder());
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder(dir);
    return failed;
}
