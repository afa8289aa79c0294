/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "libriphone-folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

struct buffer {
    unsigned char bytes[1024];
    size_t used;
};

static void put(struct buffer *b, const void *bytes, size_t n)
{
    assert_true(b->used + n <= sizeof b->bytes);
    memcpy(b->bytes + b->used, bytes, n);
    b->used += n;
}

static void put_text(struct buffer *b, const char *text)
{
    put(b, text, strlen(text));
}

static void put_string(struct buffer *b, const char *text)
{
    unsigned char head[5] = {'X', (unsigned char)strlen(text), 0, 0, 0};

    put(b, head, sizeof head);
    put_text(b, text);
}

/* BININT where it fits, LONG1 of eight bytes else. */
static void put_number(struct buffer *b, int64_t n)
{
    unsigned char out[10] = {0x8a, 8};

    for (int i = 0; i < 8; i++)
        out[2 + i] = (unsigned char)((uint64_t)n >> 8 * i);
    if (n == (int32_t)n) {
        out[1] = 'J';
        put(b, out + 1, 5);
    } else {
        put(b, out, sizeof out);
    }
}

static void put_numbers(struct buffer *b, const int64_t *n, int count)
{
    put_text(b, "(");
    for (int i = 0; i < count; i++)
        put_number(b, n[i]);
    put_text(b, "t");
}

static void make_pickle(struct buffer *b, const struct pt_make *m)
{
    char class[64];

    snprintf(class, sizeof class, "ctorch\n%s\n", m->storage);
    put(b,
        "\x80\x02"
        "ctorch._utils\n_rebuild_tensor_v2\nq\x00((",
        39);
    put_string(b, "storage");
    put_text(b, class);
    put_string(b, "0");
    put(b, "q\x01r\x02\x00\x00\x00", 7);
    put_string(b, "cpu");
    put_number(b, m->elements);
    put_text(b, "tQ");
    put_number(b, m->offset);
    put_numbers(b, m->size, m->dims);
    put_numbers(b, m->stride, m->dims);
    put_text(b, "\x89"
                "ccollections\nOrderedDict\n)RtR.");
}

static void add_entry(zip_t *zip, const char *name, const void *bytes, size_t size, int compress)
{
    char full[100];
    zip_int64_t index;

    snprintf(full, sizeof full, "tensor/%s", name);
    index = zip_file_add(zip, full, zip_source_buffer(zip, bytes, size, 0), 0);
    assert_true(index >= 0);
    assert_int_equal(
        zip_set_file_compression(zip, (zip_uint64_t)index, compress ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0), 0);
}

struct pt_make pt_plain(int64_t rows, int64_t cols, const float *values)
{
    return (struct pt_make){.storage = "FloatStorage",
                            .dims = 2,
                            .size = {rows, cols},
                            .stride = {cols, 1},
                            .elements = rows * cols,
                            .bytes = values,
                            .byte_count = sizeof *values * (size_t)(rows * cols),
                            .pickle_name = "data.pkl",
                            .storage_name = "data/0"};
}

void pt_write(const char *path, const struct pt_make *m)
{
    struct buffer b = {0};
    zip_t *zip;

    if (m->pickle)
        put(&b, m->pickle, m->pickle_size);
    else
        make_pickle(&b, m);
    unlink(path);
    zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    assert_non_null(zip);
    add_entry(zip, m->pickle_name, b.bytes, b.used, m->compress);
    if (m->twice)
        zip_file_add(zip, "other/data.pkl", zip_source_buffer(zip, b.bytes, b.used, 0), 0);
    add_entry(zip, m->storage_name, m->bytes, m->byte_count, m->compress);
    if (m->byte_order)
        add_entry(zip, "byteorder", m->byte_order, strlen(m->byte_order), 0);
    add_entry(zip, "version", "3\n", 2, 0);
    assert_int_equal(zip_close(zip), 0);
}

const struct folder_utterance folder_utterances[FOLDER_UTTERANCES] = {{"200-2-0000", "train", 4},
                                                                      {"100-1-0001", "train", 2},
                                                                      {"100-1-0000", "train", 3},
                                                                      {"300-3-0000", "test", 2}};

float folder_value(int u, int frame, int dim)
{
    return (float)(u * 97 + frame * 13 + dim - 50) / 8;
}

float *folder_values(int u)
{
    static float values[8 * FOLDER_DIMS];

    for (int i = 0; i < folder_utterances[u].frames * FOLDER_DIMS; i++)
        values[i] = folder_value(u, i / FOLDER_DIMS, i % FOLDER_DIMS);
    return values;
}

int folder_label(int u, int frame)
{
    return (u * 11 + frame * 3) % 41;
}

const char *folder_path(const char *dir, const char *name)
{
    static char paths[4][300];
    static int turn;
    char *path = paths[turn++ % 4];

    assert_true(snprintf(path, sizeof paths[0], "%s/%s", dir, name) < (int)sizeof paths[0]);
    return path;
}

const char *folder_pt(const char *dir, int u)
{
    char name[100];

    snprintf(name, sizeof name, "feat/%s/%s.pt", folder_utterances[u].part, folder_utterances[u].id);
    return folder_path(dir, name);
}

void write_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    assert_int_equal(fclose(f), 0);
}

void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

static void write_lists(const char *dir, const char *part)
{
    char ids[200] = "", labels[400] = "", name[40];
    size_t id = 0, label = 0;

    for (int u = 0; u < FOLDER_UTTERANCES; u++) {
        if (strcmp(folder_utterances[u].part, part) != 0)
            continue;
        id += (size_t)snprintf(ids + id, sizeof ids - id, "%s\n", folder_utterances[u].id);
        label += (size_t)snprintf(labels + label, sizeof labels - label, "%s", folder_utterances[u].id);
        for (int i = 0; i < folder_utterances[u].frames; i++)
            label += (size_t)snprintf(labels + label, sizeof labels - label, " %d", folder_label(u, i));
        label += (size_t)snprintf(labels + label, sizeof labels - label, "\n");
        assert_true(id < sizeof ids && label < sizeof labels);
    }
    snprintf(name, sizeof name, "%s_split.txt", part);
    write_text(folder_path(dir, name), ids);
    snprintf(name, sizeof name, "%s_labels.txt", part);
    write_text(folder_path(dir, name), labels);
}

void folder_make(const char *dir)
{
    static const char *const folders[] = {"feat", "feat/train", "feat/test"};

    for (int i = 0; i < 3; i++)
        assert_int_equal(mkdir(folder_path(dir, folders[i]), 0777), 0);
    write_lists(dir, "train");
    write_lists(dir, "test");
    for (int u = 0; u < FOLDER_UTTERANCES; u++) {
        struct pt_make m = pt_plain(folder_utterances[u].frames, FOLDER_DIMS, folder_values(u));
        pt_write(folder_pt(dir, u), &m);
    }
}

char *temporary_folder(void)
{
    static char dirs[4][40];
    static int turn;
    char *dir = dirs[turn++ % 4];

    snprintf(dir, sizeof dirs[0], "/tmp/saddle-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    return dir;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void remove_folder(const char *dir)
{
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
