/* SPDX-License-Identifier: MIT */
#include "data/safetensors.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mapping.h"
#include "core/memory.h"

enum { LENGTH_BYTES = 8, MOST_HEADER = 100000000, MOST_VALUES = 200000 };

struct safetensors {
    const char *path;
    struct mapping map;
    size_t data;    /* where the tensors begin */
    json_t *header; /* owns the names and the metadata */
    struct tensor *tensors;
    int count;
    const struct safetensors *whole; /* of a part, whose names begin with … */
    char prefix[SAFETENSORS_PREFIX];
};

struct span {
    size_t begin, end;
    const char *name;
};

static const struct {
    const char *name;
    size_t size;
} types[] = {
    [TENSOR_F64] = {"F64", 8}, [TENSOR_F32] = {"F32", 4}, [TENSOR_F16] = {"F16", 2},
    [TENSOR_I64] = {"I64", 8}, [TENSOR_I32] = {"I32", 4}, [TENSOR_I16] = {"I16", 2},
    [TENSOR_I8] = {"I8", 1},   [TENSOR_U8] = {"U8", 1},
};

size_t tensor_size(enum tensor_type type)
{
    return types[type].size;
}

const char *tensor_type_name(enum tensor_type type)
{
    return types[type].name;
}

static int find_type(const char *name, enum tensor_type *type)
{
    for (size_t i = 0; name && i < sizeof types / sizeof *types; i++)
        if (strcmp(name, types[i].name) == 0) {
            *type = (enum tensor_type)i;
            return 0;
        }
    return -1;
}

/* Values of a JSON text, counted by what stands between them, outside texts. */
static size_t count_values(const char *text, size_t length)
{
    size_t values = 0;
    int quoted = 0;

    for (size_t i = 0; i < length; i++) {
        if (quoted && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted)
            values += text[i] == ',' || text[i] == ':' || text[i] == '[' || text[i] == '{';
    }
    return values;
}

/* Parsed, a value of two bytes takes a hundred times as much. Nothing of ours has so many; what texts take is little
 * more than their length. */
static int check_header(const struct safetensors *st, size_t length, struct err *e)
{
    char what[400];

    if (count_values((const char *)st->map.bytes + LENGTH_BYTES, length) > MOST_VALUES)
        return err_set(e, ERR_INPUT, "%s: its header of %.1f MB holds more than %d values", st->path,
                       1e-6 * (double)length, MOST_VALUES);
    snprintf(what, sizeof what, "%.300s: its header of %.1f MB", st->path, 1e-6 * (double)length);
    return memory_need(what, 3 * (unsigned long long)length, e);
}

static int read_header(struct safetensors *st, struct err *e)
{
    uint64_t length = 0;
    json_error_t why;
    int r;

    if (st->map.size < LENGTH_BYTES)
        return err_set(e, ERR_INPUT, "%s: %zu bytes are too few for a safetensors file", st->path, st->map.size);
    for (int i = LENGTH_BYTES - 1; i >= 0; i--)
        length = length << 8 | st->map.bytes[i];
    if (length > MOST_HEADER || length > st->map.size - LENGTH_BYTES)
        return err_set(e, ERR_INPUT,
                       "%s: not a safetensors file, or cut short: its header would take %llu bytes of %zu",
                       st->path, (unsigned long long)length, st->map.size);
    st->data = LENGTH_BYTES + (size_t)length;
    r = check_header(st, (size_t)length, e);
    if (r)
        return r;
    st->header =
        json_loadb((const char *)st->map.bytes + LENGTH_BYTES, (size_t)length, JSON_REJECT_DUPLICATES, &why);
    if (!st->header)
        return err_set(e, ERR_INPUT, "%s: header, byte %d: %s", st->path, LENGTH_BYTES + why.position,
                       why.text);
    if (!json_is_object(st->header))
        return err_set(e, ERR_INPUT, "%s: the header is not a JSON object", st->path);
    return 0;
}

static int check_metadata(const struct safetensors *st, struct err *e)
{
    json_t *meta = json_object_get(st->header, "__metadata__"), *value;
    const char *key;

    if (meta && !json_is_object(meta))
        return err_set(e, ERR_INPUT, "%s: __metadata__ is not a JSON object", st->path);
    json_object_foreach(meta, key, value) if (!json_is_string(value)) return err_set(
        e, ERR_INPUT, "%s: __metadata__ \"%.60s\" is not a text", st->path, key);
    return 0;
}

static int read_shape(const struct safetensors *st, struct tensor *t, json_t *shape, struct err *e)
{
    size_t count = 1;

    if (!json_is_array(shape) || json_array_size(shape) > TENSOR_MOST_DIMS)
        return err_set(e, ERR_INPUT, "%s: tensor \"%.60s\": the shape is not a list of at most %d sizes",
                       st->path, t->name, TENSOR_MOST_DIMS);
    t->dims = (int)json_array_size(shape);
    for (int i = 0; i < t->dims; i++) {
        json_t *n = json_array_get(shape, (size_t)i);
        t->shape[i] = json_integer_value(n);
        if (!json_is_integer(n) || t->shape[i] < 0 || memory_product(count, (size_t)t->shape[i], 0, &count) ||
            count > INT64_MAX)
            return err_set(e, ERR_INPUT, "%s: tensor \"%.60s\": size %d of the shape is not possible",
                           st->path, t->name, i + 1);
    }
    t->count = (int64_t)count;
    return 0;
}

/* The place of t in the file: its end must be where its shape and type put it. */
static int read_offsets(const struct safetensors *st, struct tensor *t, json_t *offsets, struct span *s,
                        struct err *e)
{
    json_t *begin = json_array_get(offsets, 0), *end = json_array_get(offsets, 1);
    size_t bytes, room = st->map.size - st->data;

    if (json_array_size(offsets) != 2 || !json_is_integer(begin) || !json_is_integer(end) ||
        json_integer_value(begin) < 0 || json_integer_value(end) < json_integer_value(begin))
        return err_set(e, ERR_INPUT, "%s: tensor \"%.60s\": data_offsets are not [begin, end]", st->path,
                       t->name);
    *s = (struct span){(size_t)json_integer_value(begin), (size_t)json_integer_value(end), t->name};
    if (s->end > room)
        return err_set(e, ERR_INPUT,
                       "%s: tensor \"%.60s\" ends at byte %zu, but the file has only %zu bytes of data",
                       st->path, t->name, s->end, room);
    if (memory_product((size_t)t->count, tensor_size(t->type), 0, &bytes) || bytes != s->end - s->begin)
        return err_set(e, ERR_INPUT, "%s: tensor \"%.60s\" takes %zu bytes, which its shape does not",
                       st->path, t->name, s->end - s->begin);
    t->data = st->map.bytes + st->data + s->begin;
    if ((uintptr_t)t->data % tensor_size(t->type))
        return err_set(e, ERR_INPUT, "%s: tensor \"%.60s\" is not aligned to its elements", st->path,
                       t->name);
    return 0;
}

static int read_tensor(const struct safetensors *st, const char *name, json_t *entry, struct tensor *t,
                       struct span *s, struct err *e)
{
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    int r;

    t->name = name;
    if (!json_is_object(entry))
        return err_set(e, ERR_INPUT, "%s: tensor \"%.60s\" is not a JSON object", st->path, name);
    if (find_type(type, &t->type) != 0)
        return err_set(e, ERR_INPUT,
                       "%s: tensor \"%.60s\": type \"%.20s\" is not one of F64 F32 F16 I64 I32 I16 I8 U8",
                       st->path, name, type ? type : "");
    r = read_shape(st, t, json_object_get(entry, "shape"), e);
    return r ? r : read_offsets(st, t, json_object_get(entry, "data_offsets"), s, e);
}

static int span_order(const void *a, const void *b)
{
    const struct span *x = a, *y = b;

    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

/* The header may name tensors in any order; laid side by side they must fill the data exactly. */
static int check_spans(const struct safetensors *st, struct span *spans, struct err *e)
{
    size_t at = 0;

    qsort(spans, (size_t)st->count, sizeof *spans, span_order);
    for (int i = 0; i < st->count; i++) {
        if (spans[i].begin != at)
            return err_set(e, ERR_INPUT, "%s: tensor \"%.60s\" begins at byte %zu of the data, %s byte %zu",
                           st->path, spans[i].name, spans[i].begin,
                           spans[i].begin < at ? "inside another that ends at" : "leaving a hole from", at);
        at = spans[i].end;
    }
    if (at != st->map.size - st->data)
        return err_set(e, ERR_INPUT, "%s: %zu bytes after the last tensor belong to none", st->path,
                       st->map.size - st->data - at);
    return 0;
}

static int read_tensors(struct safetensors *st, struct err *e)
{
    size_t most = json_object_size(st->header);
    struct span *spans = calloc(most + 1, sizeof *spans);
    const char *name;
    json_t *entry;
    int r = 0;

    st->tensors = calloc(most + 1, sizeof *st->tensors);
    if (!spans || !st->tensors) {
        free(spans);
        return err_memory(e, st->path, most * sizeof *spans);
    }
    json_object_foreach(st->header, name, entry)
    {
        if (strcmp(name, "__metadata__") == 0)
            continue;
        r = read_tensor(st, name, entry, &st->tensors[st->count], &spans[st->count], e);
        if (r)
            break;
        st->count++;
    }
    if (r == 0)
        r = check_spans(st, spans, e);
    free(spans);
    return r;
}

int safetensors_open(struct safetensors **out, const char *path, struct err *e)
{
    struct safetensors *st = calloc(1, sizeof *st);
    int r;

    *out = NULL;
    if (!st)
        return err_memory(e, path, sizeof *st);
    r = mapping_open(&st->map, path, e);
    st->path = st->map.path;
    if (r == 0)
        r = read_header(st, e);
    if (r == 0)
        r = check_metadata(st, e);
    if (r == 0)
        r = read_tensors(st, e);
    if (mapping_check(&st->map, e)) /* whatever was made of it */
        r = -ERR_INPUT;
    if (r) {
        safetensors_close(st);
        return r;
    }
    *out = st;
    return 0;
}

void safetensors_close(struct safetensors *st)
{
    if (st && st->whole) {
        free(st);
        return;
    }
    if (!st)
        return;
    json_decref(st->header);
    free(st->tensors);
    mapping_close(&st->map);
    free(st);
}

int safetensors_check(const struct safetensors *st, struct err *e)
{
    return mapping_check(st->whole ? &st->whole->map : &st->map, e);
}

struct safetensors *safetensors_part(const struct safetensors *whole, const char *prefix)
{
    struct safetensors *part = strlen(prefix) < SAFETENSORS_PREFIX ? calloc(1, sizeof *part) : NULL;

    if (!part)
        return NULL;
    *part = *whole;
    part->whole = whole;
    memcpy(part->prefix, prefix, strlen(prefix) + 1);
    return part;
}

const struct tensor *safetensors_find(const struct safetensors *st, const char *name)
{
    size_t n = strlen(st->prefix);

    for (int i = 0; i < st->count; i++)
        if (strncmp(st->tensors[i].name, st->prefix, n) == 0 && strcmp(st->tensors[i].name + n, name) == 0)
            return &st->tensors[i];
    return NULL;
}

int safetensors_count(const struct safetensors *st)
{
    return st->count;
}

const struct tensor *safetensors_at(const struct safetensors *st, int index)
{
    return index >= 0 && index < st->count ? &st->tensors[index] : NULL;
}

const char *safetensors_meta(const struct safetensors *st, const char *key)
{
    json_t *meta = json_object_get(st->header, "__metadata__");
    char whole[160];

    if (!*st->prefix)
        return json_string_value(json_object_get(meta, key));
    snprintf(whole, sizeof whole, "%s%s", st->prefix, key);
    return json_string_value(json_object_get(meta, whole));
}

void safetensors_each_meta(const struct safetensors *st, void (*visit)(void *context, const char *key), void *context)
{
    const char *key;
    json_t *value;

    json_object_foreach(json_object_get(st->header, "__metadata__"), key, value)
        visit(context, key);
}

static int shape_fits(const struct tensor *t, int dims, const int64_t *shape)
{
    int fits = t->dims == dims;

    for (int i = 0; fits && i < dims; i++)
        fits = shape[i] < 0 || t->shape[i] == shape[i];
    return fits;
}

/* "[251, 39]", any size as "any". */
static const char *shape_text(char *text, size_t size, int dims, const int64_t *shape)
{
    size_t used = 0;

    text[0] = 0;
    for (int i = 0; i < dims && used < size; i++) {
        const char *lead = i ? ", " : "";
        used +=
            (size_t)(shape[i] < 0 ? snprintf(text + used, size - used, "%sany", lead)
                                  : snprintf(text + used, size - used, "%s%lld", lead, (long long)shape[i]));
    }
    return text;
}

int safetensors_need(const struct safetensors *st, const char *name, enum tensor_type type, int dims,
                     const int64_t *shape, const struct tensor **t, struct err *e)
{
    const struct tensor *found = safetensors_find(st, name);
    char has[100], want[100];

    if (!found)
        return err_set(e, ERR_INPUT, "%s: there is no tensor \"%s\"", st->path, name);
    if (found->type != type || !shape_fits(found, dims, shape))
        return err_set(e, ERR_INPUT, "%s: tensor \"%s\" is %s [%s], expected %s [%s]", st->path, name,
                       tensor_type_name(found->type), shape_text(has, sizeof has, found->dims, found->shape),
                       tensor_type_name(type), shape_text(want, sizeof want, dims, shape));
    *t = found;
    return 0;
}

int safetensors_is(const char *path, const char *format)
{
    struct safetensors *st;
    const char *is;
    int same;

    if (safetensors_open(&st, path, NULL))
        return 0;
    is = safetensors_meta(st, "format");
    same = is && strcmp(is, format) == 0;
    safetensors_close(st);
    return same;
}
