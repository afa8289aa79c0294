/* SPDX-License-Identifier: MIT */
/* The homework's folder of 2021: .npy files, whole and wrong in one thing. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/dataset.h"
#include "data/npy.h"
#include "data/timit.h"
#include "libriphone-folder.h"

enum { FRAMES = 20, FIRST = 13, ROW = TIMIT_CONTEXT * TIMIT_DIMS, TEST = 6 };

static char *dir;

/* A header as NumPy writes it, then the bytes. */
static void write_npy(const char *name, const char *dictionary, const void *bytes, size_t size)
{
    static unsigned char file[100000];
    size_t n = strlen(dictionary), header = (10 + n + 1 + 63) / 64 * 64 - 10;

    assert_true(10 + header + size < sizeof file);
    memcpy(file, "\x93NUMPY\x01\x00", 8);
    file[8] = (unsigned char)(header & 255);
    file[9] = (unsigned char)(header >> 8);
    memset(file + 10, ' ', header);
    memcpy(file + 10, dictionary, n);
    file[10 + header - 1] = '\n';
    memcpy(file + 10 + header, bytes, size);
    write_bytes(folder_path(dir, name), file, 10 + header + size);
}

static float value(int frame, int dim)
{
    return (float)(frame * 100 + dim) / 8;
}

/* Windows of two utterances, the second from frame FIRST on; edges repeated. */
static void fill_windows(float rows[][ROW], int frames, int second)
{
    for (int t = 0; t < frames; t++)
        for (int k = 0; k < TIMIT_CONTEXT; k++) {
            int begin = t < second ? 0 : second, end = (t < second ? second : frames) - 1;
            int at = t + k - TIMIT_CONTEXT / 2;
            at = at < begin ? begin : at > end ? end : at;
            for (int i = 0; i < TIMIT_DIMS; i++)
                rows[t][k * TIMIT_DIMS + i] = value(at, i);
        }
}

static void write_folder(void)
{
    static float rows[FRAMES][ROW];
    uint32_t labels[FRAMES][2] = {{0}};

    fill_windows(rows, FRAMES, FIRST);
    write_npy("train_11.npy", "{'descr': '<f4', 'fortran_order': False, 'shape': (20, 429), }", rows, sizeof rows);
    for (int t = 0; t < FRAMES; t++) {
        labels[t][0] = (uint32_t)(t < 10 ? '0' + t : '0' + t / 10);
        labels[t][1] = (uint32_t)(t < 10 ? 0 : '0' + t % 10);
    }
    write_npy("train_label_11.npy", "{'descr': '<U2', 'fortran_order': False, 'shape': (20,), }", labels, sizeof labels);
    fill_windows(rows, TEST, TEST);
    write_npy("test_11.npy", "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 429), }", rows, sizeof rows[0] * TEST);
}

static void assert_train(const struct dataset *d)
{
    const float *features = d->features;

    assert_int_equal(d->frames, FRAMES);
    assert_int_equal(d->utterances, 2);
    assert_int_equal(d->bounds[1], FIRST);
    assert_int_equal(d->bounds[2], FRAMES);
    assert_int_equal(d->dims, TIMIT_DIMS);
    assert_int_equal(d->classes.count, TIMIT_CLASSES);
    for (int t = 0; t < FRAMES; t++) {
        assert_int_equal(d->labels[t], t);
        for (int i = 0; i < TIMIT_DIMS; i++)
            assert_true(features[t * TIMIT_DIMS + i] == value(t, i));
    }
}

static void middle_frames_and_utterances_are_found(void **state)
{
    struct dataset d;
    struct err e = {0};
    char *note;

    (void)state;
    if (dataset_open(&d, dir, NULL, NULL, &note, &e))
        fail_msg("%s", e.text);
    assert_train(&d);
    assert_int_equal(d.role[0], ROLE_SPLIT);
    assert_non_null(strstr(note, "test_11.npy"));
    free(note);
    assert_int_equal(dataset_write(&d, folder_path(dir, "made.safetensors"), &e), 0);
    dataset_free(&d);
    if (dataset_open(&d, folder_path(dir, "made.safetensors"), NULL, NULL, NULL, &e))
        fail_msg("%s", e.text);
    assert_train(&d);
    dataset_free(&d);
}

static void the_test_part_is_there_to_be_predicted(void **state)
{
    struct dataset d;
    struct err e = {0};

    (void)state;
    if (dataset_open_test(&d, dir, NULL, NULL, NULL, &e))
        fail_msg("%s", e.text);
    assert_int_equal(d.frames, TEST);
    assert_int_equal(d.utterances, 1);
    assert_int_equal(d.role[0], ROLE_TEST);
    assert_int_equal(d.labels[TEST - 1], DATASET_UNLABELLED);
    assert_true(((const float *)d.features)[TIMIT_DIMS] == value(1, 0));
    dataset_free(&d);
}

/* Labels as whole numbers and as bytes, features in double precision. */
static void other_types_of_elements(void **state)
{
    static float rows[FRAMES][ROW];
    static double twice[FRAMES][ROW];
    int64_t whole[FRAMES];
    char bytes[FRAMES][3] = {{0}};
    struct dataset d;
    struct err e = {0};

    (void)state;
    fill_windows(rows, FRAMES, FIRST);
    for (int t = 0; t < FRAMES; t++) {
        for (int i = 0; i < ROW; i++)
            twice[t][i] = (double)rows[t][i];
        whole[t] = t;
        bytes[t][0] = (char)('0' + t / 10);
        bytes[t][1] = (char)('0' + t % 10);
    }
    write_npy("train_11.npy", "{'shape':(20, 429,), 'descr': '<f8', 'fortran_order': False}", twice, sizeof twice);
    write_npy("train_label_11.npy", "{'descr': '<i8', 'fortran_order': True, 'shape': (20,)}", whole, sizeof whole);
    if (dataset_open(&d, dir, NULL, NULL, NULL, &e))
        fail_msg("%s", e.text);
    assert_train(&d);
    dataset_free(&d);
    write_npy("train_label_11.npy", "{'descr': '|S3', 'fortran_order': False, 'shape': (20,), }", bytes, sizeof bytes);
    if (dataset_open(&d, dir, NULL, NULL, NULL, &e))
        fail_msg("%s", e.text);
    assert_train(&d);
    dataset_free(&d);
}

static void refuse(const char *words)
{
    struct dataset d;
    struct err e = {0};

    assert_int_equal(dataset_open(&d, dir, NULL, NULL, NULL, &e), -ERR_INPUT);
    if (!strstr(e.text, words))
        fail_msg("expected \"%s\": %s", words, e.text);
}

static void headers_that_are_not_understood(void **state)
{
    static const char *const headers[][2] = {
        {"{'descr': '|O', 'fortran_order': False, 'shape': (20, 429), }", "elements of type '|O'"},
        {"{'descr': '>f4', 'fortran_order': False, 'shape': (20, 429), }", "elements of type '>f4'"},
        {"{'descr': '|S99', 'fortran_order': False, 'shape': (20, 429), }", "elements of type '|S99'"},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (20, 429), }", "its header"},
        {"{'descr': '<f4', 'fortran_order': True, 'shape': (20, 429), }", "fortran_order"},
        {"{'descr': '<f4', 'fortran_order': 0, 'shape': (20, 429), }", "its header"},
        {"{'descr': '<f4', 'descr': '<f4', 'shape': (20, 429), }", "its header"},
        {"{'descr': '<f4', 'fortran_order': False, }", "its header"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (20, 3, 143), }", "its header"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "its header"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 429), }", "its header"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (20, 429), 'x': 1}", "its header"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (20, 429), } + exit()", "its header"},
        {"{'descr': '<f4", "its header"},
        {"", "its header"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (21, 429), }", "bytes follow"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (19, 429), }", "bytes follow"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807), }", "bytes follow"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (18446744073709551617, 429), }", "its header"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (40, 429), }", "bytes follow"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (429, 20), }", "rows of 429 floats"},
        {"{'descr': '<i4', 'fortran_order': False, 'shape': (20, 429), }", "rows of 429 floats"},
    };
    static float rows[FRAMES][ROW];

    (void)state;
    fill_windows(rows, FRAMES, FIRST);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        write_npy("train_11.npy", headers[i][0], rows, sizeof rows);
        refuse(headers[i][1]);
    }
    write_bytes(folder_path(dir, "train_11.npy"), "\x93NUMPY\x01\x00\xff\xff{", 11);
    refuse("not a .npy file");
    write_bytes(folder_path(dir, "train_11.npy"), "\x93NUMPY\x09\x00\x01\x00{}{}{}", 16);
    refuse("not a .npy file");
    write_bytes(folder_path(dir, "train_11.npy"), "", 0);
    refuse("not a .npy file");
}

static void contents_that_are_not_understood(void **state)
{
    static const char header[] = "{'descr': '<f4', 'fortran_order': False, 'shape': (20, 429), }";
    static float rows[FRAMES][ROW];
    int32_t labels[FRAMES] = {0};

    (void)state;
    for (int t = 0; t < FRAMES; t++)
        for (int i = 0; i < ROW; i++)
            rows[t][i] = value(t, i);
    write_npy("train_11.npy", header, rows, sizeof rows);
    refuse("do not share 10 of 11 frames");
    fill_windows(rows, FRAMES, FIRST);
    rows[7][ROW / 2] = (float)(1e300 * 1e300);
    write_npy("train_11.npy", header, rows, sizeof rows);
    refuse("row 7: a value is not finite");
    write_folder();
    labels[3] = 39;
    write_npy("train_label_11.npy", "{'descr': '<i4', 'fortran_order': False, 'shape': (20,), }", labels, sizeof labels);
    refuse("label 3 is not a number from 0 to 38");
    labels[3] = -1;
    write_npy("train_label_11.npy", "{'descr': '<i4', 'fortran_order': False, 'shape': (20,), }", labels, sizeof labels);
    refuse("label 3 is not a number from 0 to 38");
    write_npy("train_label_11.npy", "{'descr': '|S4', 'fortran_order': False, 'shape': (20,), }", labels, sizeof labels);
    refuse("label 0 is not a number");
    write_npy("train_label_11.npy", "{'descr': '<i4', 'fortran_order': False, 'shape': (19,), }", labels, sizeof *labels * 19);
    refuse("19 labels, but");
    write_npy("train_label_11.npy", "{'descr': '<f4', 'fortran_order': False, 'shape': (20,), }", labels, sizeof labels);
    refuse("one class for each row");
    unlink(folder_path(dir, "train_label_11.npy"));
    refuse("train_label_11.npy: cannot read");
}

/* 8 frames of silence. */
static void write_recording(void)
{
    static const char head[45] = "RIFF\244\014\0\0WAVEfmt \020\0\0\0\001\0\001\0\200\076\0\0\0\175\0\0\002\0\020\0data\200\014";
    static char bytes[44 + 3200];

    memcpy(bytes, head, 44);
    write_bytes(folder_path(dir, "a.wav"), bytes, sizeof bytes);
}

/* A network of the folder predicts its test part, and recordings by the numbers of its classes. */
static void the_program_predicts_it(void **state)
{
    char line[700], text[400] = "";
    FILE *out;

    (void)state;
    snprintf(line, sizeof line,
             "cd %s && export XDG_DATA_HOME=. XDG_CACHE_HOME=. && %s train --no-record --data . --set context=3 --set 'network=linear 39'"
             " --steps 2 --checkpoint c > log 2>&1 && %s predict --checkpoint c -o p.csv --json 2> log",
             dir, getenv("SADDLE"), getenv("SADDLE"));
    out = popen(line, "r");
    assert_non_null(out);
    assert_true(fread(text, 1, sizeof text - 1, out) > 0);
    assert_int_equal(pclose(out), 0);
    assert_string_equal(text, "{\"file\":\"p.csv\",\"frames\":6,\"checkpoints\":1,\"accuracy\":null}\n");
    write_recording();
    snprintf(line, sizeof line, "cd %s && exec %s predict --checkpoint c --wav a.wav --frames", dir, getenv("SADDLE"));
    out = popen(line, "r");
    assert_non_null(out);
    assert_true(fread(text, 1, sizeof text - 1, out) > 0);
    assert_int_equal(pclose(out), 0);
    assert_memory_equal(text, "0.00 0.01 ", 10);
}

static int set_up(void **state)
{
    (void)state;
    dir = temporary_folder();
    write_folder();
    return getenv("SADDLE") ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    remove_folder(dir);
    return 0;
}

#define PLACED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACED(middle_frames_and_utterances_are_found),
        PLACED(the_test_part_is_there_to_be_predicted),
        PLACED(other_types_of_elements),
        PLACED(headers_that_are_not_understood),
        PLACED(contents_that_are_not_understood),
        PLACED(the_program_predicts_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
