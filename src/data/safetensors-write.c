/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/memory.h"
#include "core/text.h"
#include "data/safetensors.h"

struct pending {
    char *name;
    enum tensor_type type;
    int dims;
    int64_t shape[TENSOR_MOST_DIMS];
    const void *data;
    size_t bytes;
};

struct safetensors_writer {
    json_t *header; /* with __metadata__ from the start, so that it comes first */
    struct pending *tensors;
    int count, room;
    char prefix[SAFETENSORS_PREFIX];
    const char *trouble; /* the first call that could not do its work, in words */
};

struct safetensors_writer *safetensors_writer_new(void)
{
    struct safetensors_writer *w = calloc(1, sizeof *w);

    if (w)
        w->header = json_pack("{s:{}}", "__metadata__");
    if (w && !w->header) {
        free(w);
        w = NULL;
    }
    return w;
}

void safetensors_writer_free(struct safetensors_writer *w)
{
    if (!w)
        return;
    for (int i = 0; i < w->count; i++)
        free(w->tensors[i].name);
    free(w->tensors);
    json_decref(w->header);
    free(w);
}

static void trouble(struct safetensors_writer *w, const char *what)
{
    if (!w->trouble)
        w->trouble = what;
}

void safetensors_writer_prefix(struct safetensors_writer *w, const char *prefix)
{
    if (strlen(prefix) < sizeof w->prefix)
        memcpy(w->prefix, prefix, strlen(prefix) + 1);
    else
        trouble(w, "a prefix of names is too long");
}

void safetensors_writer_meta(struct safetensors_writer *w, const char *name, const char *text)
{
    json_t *meta = json_object_get(w->header, "__metadata__");
    char key[160];

    if ((size_t)snprintf(key, sizeof key, "%s%s", w->prefix, name) >= sizeof key)
        trouble(w, "a key of the metadata is too long");
    else if (json_object_get(meta, key))
        trouble(w, "a key of the metadata is named twice");
    else if (!text || json_object_set_new(meta, key, json_string(text)) != 0)
        trouble(w, "a text of the metadata is not UTF-8, or there is no memory for it");
}

static int tensor_bytes(enum tensor_type type, int dims, const int64_t *shape, size_t *bytes)
{
    *bytes = tensor_size(type);
    if (dims < 0 || dims > TENSOR_MOST_DIMS)
        return -1;
    for (int i = 0; i < dims; i++)
        if (shape[i] < 0 || memory_product(*bytes, (size_t)shape[i], 0, bytes))
            return -1;
    return 0;
}

static int grow(struct safetensors_writer *w)
{
    struct pending *more;

    if (w->count < w->room)
        return 0;
    more = reallocarray(w->tensors, (size_t)w->room * 2 + 8, sizeof *more);
    if (!more)
        return -1;
    w->tensors = more;
    w->room = w->room * 2 + 8;
    return 0;
}

void safetensors_writer_tensor(struct safetensors_writer *w, const char *name, enum tensor_type type,
                               int dims, const int64_t *shape, const void *data)
{
    struct pending p = {.type = type, .dims = dims, .data = data};

    if (tensor_bytes(type, dims, shape, &p.bytes) != 0) {
        trouble(w, "the shape of a tensor is not possible");
        return;
    }
    if (grow(w) != 0 || !(p.name = text_format("%s%s", w->prefix, name))) {
        trouble(w, "there is not enough memory");
        return;
    }
    for (int i = 0; i < dims; i++) /* a scalar may come with no shape at all */
        p.shape[i] = shape[i];
    w->tensors[w->count++] = p;
}

/* Widest first; each width in the order the tensors were named, so that the same calls give the same file. */
static struct pending **stored_order(const struct safetensors_writer *w)
{
    struct pending **order = malloc(sizeof *order * ((size_t)w->count + 1));
    int n = 0;

    for (size_t width = 8; order && width >= 1; width /= 2)
        for (int i = 0; i < w->count; i++)
            if (tensor_size(w->tensors[i].type) == width)
                order[n++] = &w->tensors[i];
    return order;
}

static int describe(struct safetensors_writer *w, const struct pending *p, size_t begin)
{
    json_t *shape = json_array(), *entry;
    int r = 0;

    for (int i = 0; i < p->dims; i++)
        r |= json_array_append_new(shape, json_integer(p->shape[i]));
    entry = json_pack("{s:s, s:o, s:[I, I]}", "dtype", tensor_type_name(p->type), "shape", shape,
                      "data_offsets", (json_int_t)begin, (json_int_t)(begin + p->bytes));
    if (json_object_get(w->header, p->name)) {
        json_decref(entry);
        trouble(w, "two tensors have one name");
        return -1;
    }
    return json_object_set_new(w->header, p->name, entry) | r;
}

/* The header as it stands in the file: its length, the JSON, and spaces up to a multiple of 8, so
 * that the widest elements are aligned when the file is mapped. */
static char *header_bytes(struct safetensors_writer *w, struct pending **order, size_t *size)
{
    size_t begin = 0, length;
    char *json = NULL, *bytes = NULL;
    int r = 0;

    for (int i = 0; i < w->count && r == 0; i++) {
        r = describe(w, order[i], begin) | memory_product(1, order[i]->bytes, begin, &begin);
    }
    if (r == 0)
        json = json_dumps(w->header, JSON_COMPACT);
    if (!json)
        return NULL;
    length = (strlen(json) + 7) & ~(size_t)7;
    bytes = malloc(8 + length);
    if (bytes) {
        for (int i = 0; i < 8; i++)
            bytes[i] = (char)(length >> 8 * i & 0xFF);
        memset(bytes + 8, ' ', length);
        memcpy(bytes + 8, json, strlen(json));
        *size = 8 + length;
    }
    free(json);
    return bytes;
}

static int write_file(struct pending **order, int count, const char *header, size_t size, const char *path,
                      struct err *e)
{
    struct file_writer f;
    int r = file_writer_open(&f, path, e);

    if (r)
        return r;
    r = file_writer_write(&f, header, size, e);
    for (int i = 0; i < count && r == 0; i++)
        r = file_writer_write(&f, order[i]->data, order[i]->bytes, e);
    if (r == 0)
        return file_writer_commit(&f, e);
    file_writer_abort(&f);
    return r;
}

int safetensors_writer_write(struct safetensors_writer *w, const char *path, struct err *e)
{
    struct pending **order = stored_order(w);
    size_t size = 0;
    char *header = order && !w->trouble ? header_bytes(w, order, &size) : NULL;
    int r;

    if (header)
        r = write_file(order, w->count, header, size, path, e);
    else
        r = err_set(e, ERR_RUNTIME, "%s: cannot write: %s", path,
                    w->trouble ? w->trouble : "there is not enough memory");
    free(header);
    free(order);
    return r;
}
