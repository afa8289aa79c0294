/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "damage.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/safetensors.h"
#include "libriphone-folder.h"

void make_text(const char *path, const struct bad *b)
{
    write_bytes(path, b->text, b->size);
}

void make_nothing(const char *path, const struct bad *b)
{
    (void)b;
    unlink(path);
}

void make_folder(const char *path, const struct bad *b)
{
    (void)b;
    unlink(path);
    assert_int_equal(mkdir(path, 0777), 0);
}

void make_pipe(const char *path, const struct bad *b)
{
    (void)b;
    unlink(path);
    assert_int_equal(mkfifo(path, 0666), 0);
}

void make_dangling(const char *path, const struct bad *b)
{
    unlink(path);
    assert_int_equal(symlink(b->text, path), 0);
}

void make_value(const char *path, const struct bad *b)
{
    static double storage[2 * FOLDER_DIMS];
    struct pt_make m = pt_plain(2, FOLDER_DIMS, NULL);
    uint16_t half = isnan(b->number) ? 0x7e01 : b->number < 0 ? 0xfc00 : 0x7c00;
    float single = (float)b->number;

    memset(storage, 0, sizeof storage);
    m.storage = b->text;
    m.bytes = storage;
    m.byte_count = sizeof storage;
    if (strcmp(b->text, "DoubleStorage") == 0) {
        storage[b->size] = b->number;
    } else if (strcmp(b->text, "HalfStorage") == 0) {
        memcpy((char *)storage + b->size * 2, &half, 2);
        m.byte_count = 2 * FOLDER_DIMS * 2;
    } else {
        memcpy((char *)storage + b->size * 4, &single, 4);
        m.byte_count = 2 * FOLDER_DIMS * 4;
    }
    pt_write(path, &m);
}

void make_shape(const char *path, const struct bad *b)
{
    static float storage[4000];
    struct pt_make m = pt_plain(1, 1, storage);
    char copy[200], *at = copy;

    assert_true(snprintf(copy, sizeof copy, "%s", b->text) < (int)sizeof copy);
    m.dims = (int)strtol(at, &at, 10);
    for (int i = 0; i < m.dims; i++)
        m.size[i] = strtoll(at, &at, 10);
    for (int i = 0; i < m.dims; i++)
        m.stride[i] = strtoll(at, &at, 10);
    m.offset = strtoll(at, &at, 10);
    m.elements = strtoll(at, &at, 10);
    m.byte_count = sizeof storage;
    pt_write(path, &m);
}

void make_shorter(const char *path, const struct bad *b)
{
    struct stat st;

    (void)b;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, (off_t)((double)st.st_size * b->number)), 0);
}

void make_flipped(const char *path, const struct bad *b)
{
    FILE *f = fopen(path, "r+b");
    int c;

    (void)b;
    assert_non_null(f);
    fseek(f, 400, SEEK_SET);
    c = fgetc(f);
    fseek(f, 400, SEEK_SET);
    fputc(c ^ 1, f);
    fclose(f);
}

void make_zip(const char *path, const struct bad *b)
{
    struct pt_make m = pt_plain(2, FOLDER_DIMS, folder_values(1));

    if (strcmp(b->text, "nameless") == 0)
        m.pickle_name = "data.txt";
    if (strcmp(b->text, "twice") == 0)
        m.twice = 1;
    if (strcmp(b->text, "compressed") == 0)
        m.compress = 1;
    if (strcmp(b->text, "storageless") == 0)
        m.storage_name = "data/1";
    if (strcmp(b->text, "big-endian") == 0)
        m.byte_order = "big";
    pt_write(path, &m);
}

void make_pickle(const char *path, const struct bad *b)
{
    struct pt_make m = pt_plain(2, FOLDER_DIMS, folder_values(1));

    m.pickle = (const unsigned char *)b->text;
    m.pickle_size = b->size;
    pt_write(path, &m);
}

void make_storage(const char *path, const struct bad *b)
{
    struct pt_make m = pt_plain(2, FOLDER_DIMS, folder_values(1));

    m.storage = b->text;
    pt_write(path, &m);
}

void make_header(const char *path, const struct bad *b)
{
    unsigned char bytes[1000] = {0};
    size_t length = (b->size + 7) & ~(size_t)7;

    assert_true(8 + length + (size_t)b->number < sizeof bytes);
    bytes[0] = (unsigned char)length;
    bytes[1] = (unsigned char)(length >> 8);
    memset(bytes + 8, ' ', length);
    memcpy(bytes + 8, b->text, b->size);
    write_bytes(path, bytes, 8 + length + (size_t)b->number);
}

void make_dataset(const char *path, const struct bad *b)
{
    static const int64_t shape[2] = {4, 2}, frames = 4, three = 3, two = 2;
    float features[8] = {0};
    uint8_t labels[4] = {0, 1, 1, 0}, role[2] = {0};
    int64_t bounds[3] = {0, 2, 4};
    int32_t speaker[2] = {0}, source[2] = {0};
    struct safetensors_writer *w = safetensors_writer_new();
    const char *meta[][2] = {{"format", "saddle-dataset-1"},
                             {"name", "x"},
                             {"classes", "A\nB"},
                             {"speakers", "s"},
                             {"sources", "t"},
                             {"utterances", "u\nv"}};
    size_t at = strcspn(b->text, "=");

#define CHANGE(name)                                                                                         \
    if (strcmp(b->text, #name) == 0)                                                                         \
        name[b->size] = (__typeof__(*name))b->number;
    CHANGE(features)
    CHANGE(labels) CHANGE(role) CHANGE(bounds) CHANGE(speaker)
        CHANGE(source) for (size_t i = 0; i < sizeof meta / sizeof *meta; i++) safetensors_writer_meta(
            w, meta[i][0],
            b->text[at] && strncmp(b->text, meta[i][0], at) == 0 ? b->text + at + 1 : meta[i][1]);
    if (strcmp(b->text, "no features") == 0)
        safetensors_writer_tensor(w, "feature", TENSOR_F32, 2, shape, features);
    else if (strcmp(b->text, "int features") == 0) /* and no scale */
        safetensors_writer_tensor(w, "features", TENSOR_I8, 2, shape, features);
    else
        safetensors_writer_tensor(w, "features", TENSOR_F32, 2, shape, features);
    safetensors_writer_tensor(w, "labels", TENSOR_U8, 1, strcmp(b->text, "few labels") ? &frames : &three,
                              labels);
    safetensors_writer_tensor(w, "bounds", TENSOR_I64, 1, &three, bounds);
    safetensors_writer_tensor(w, "role", TENSOR_U8, 1, &two, role);
    safetensors_writer_tensor(w, "speaker", TENSOR_I32, 1, &two, speaker);
    safetensors_writer_tensor(w, "source", TENSOR_I32, 1, &two, source);
    assert_int_equal(safetensors_writer_write(w, path, NULL), 0);
    safetensors_writer_free(w);
}
