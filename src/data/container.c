/* SPDX-License-Identifier: MIT */
#include "data/container.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "data/hash.h"
#include "data/names.h"
#include "data/safetensors.h"

static const char format[] = "saddle-dataset-1";

static int bad(struct err *e, const char *path, const char *what, int64_t index, int64_t value)
{
    return err_set(e, ERR_INPUT, "%s: %s %lld is %lld, which is not possible", path, what, (long long)index,
                   (long long)value);
}

/* The bits are looked at, so that the loop is one mask and one comparison a value. */
static int block_is_finite(const float *values, int64_t n)
{
    uint32_t found = 0;

    for (int64_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, values + i, sizeof bits);
        found |= (bits & 0x7f800000u) == 0x7f800000u;
    }
    return !found;
}

int64_t dataset_find_nonfinite(const float *values, int64_t n)
{
    enum { BLOCK = 4096 };

    for (int64_t at = 0; at < n; at += BLOCK) {
        int64_t end = n - at < BLOCK ? n : at + BLOCK;
        if (block_is_finite(values + at, end - at))
            continue;
        while (isfinite(values[at]))
            at++;
        return at;
    }
    return n;
}

void container_fingerprint(struct dataset *d)
{
    uint64_t h = hash_bytes(HASH_START, d->labels, (size_t)d->frames);

    h = hash_bytes(h, d->bounds, sizeof *d->bounds * ((size_t)d->utterances + 1));
    d->fingerprint = hash_bytes(h, d->role, (size_t)d->utterances);
}

/* "absent" is text for a list that may be missing, NULL where it may not. */
static int read_names(const struct dataset *d, const char *key, const char *absent, struct name_list *l,
                      struct err *e)
{
    const char *text = safetensors_meta(d->file, key);
    int r = text || absent ? name_list_split(l, text ? text : absent) : 0;

    if (r < 0)
        return err_memory(e, d->path, text ? strlen(text) : 0);
    if (r > 0)
        return err_set(e, ERR_INPUT, "%s: metadata \"%s\": name %d is empty or does not print", d->path, key,
                       r);
    if (l->count == 0 && !absent)
        return err_set(e, ERR_INPUT, "%s: metadata \"%s\" is missing or empty", d->path, key);
    return 0;
}

static int read_scale(struct dataset *d, struct err *e)
{
    const char *text = safetensors_meta(d->file, "scale");
    char *end;

    d->scale = 1;
    if (d->type == FEATURE_F32)
        return 0;
    if (text)
        d->scale = strtof(text, &end);
    if (!text || end == text || *end || !isfinite(d->scale) || d->scale <= 0)
        return err_set(e, ERR_INPUT, "%s: metadata \"scale\" is \"%.20s\", expected a number above 0",
                       d->path, text ? text : "");
    return 0;
}

static int read_metadata(struct dataset *d, struct err *e)
{
    const char *is = safetensors_meta(d->file, "format"), *name = safetensors_meta(d->file, "name");
    int r;

    if (!is || strcmp(is, format) != 0)
        return err_set(e, ERR_INPUT,
                       "%s: not a data set of saddle: metadata \"format\" is \"%.40s\", expected \"%s\"",
                       d->path, is ? is : "", format);
    if (!name || !*name || !name_is_clean(name))
        return err_set(e, ERR_INPUT, "%s: metadata \"name\" is missing or does not print", d->path);
    if (!(d->name = strdup(name)))
        return err_memory(e, d->path, strlen(name));
    r = read_names(d, "classes", NULL, &d->classes, e);
    if (r == 0)
        r = read_names(d, "speakers", NULL, &d->speakers, e);
    if (r == 0)
        r = read_names(d, "sources", NULL, &d->sources, e);
    if (r == 0)
        r = read_names(d, "utterances", "", &d->ids, e);
    if (r == 0 && d->classes.count > DATASET_MOST_CLASSES)
        r = err_set(e, ERR_INPUT, "%s: %d classes, but at most %d are possible", d->path, d->classes.count,
                    DATASET_MOST_CLASSES);
    return r;
}

/* The tensor's data moves behind what is in the arena already. */
static int take_copy(const struct dataset *d, struct arena *a, const char *name, enum tensor_type type, int64_t length,
                     void **data, struct err *e)
{
    const struct tensor *t;
    int r = safetensors_need(d->file, name, type, 1, &length, &t, e);

    if (r)
        return r;
    *data = arena_take(a, tensor_size(type) * (size_t)t->count);
    if (*data)
        memcpy(*data, t->data, tensor_size(type) * (size_t)t->count);
    return 0;
}

/* Labels and the lists of utterances are copied, so that what is checked below stays so whatever becomes of the file;
 * twice, first to measure. */
static int copy_lists(struct dataset *d, struct arena *a, struct err *e)
{
    void *labels, *bounds, *role, *speaker, *source;
    int r = take_copy(d, a, "labels", TENSOR_U8, d->frames, &labels, e);

    if (r == 0)
        r = take_copy(d, a, "bounds", TENSOR_I64, d->utterances + 1, &bounds, e);
    if (r == 0)
        r = take_copy(d, a, "role", TENSOR_U8, d->utterances, &role, e);
    if (r == 0)
        r = take_copy(d, a, "speaker", TENSOR_I32, d->utterances, &speaker, e);
    if (r == 0)
        r = take_copy(d, a, "source", TENSOR_I32, d->utterances, &source, e);
    if (r)
        return r;
    d->labels = labels;
    d->bounds = bounds;
    d->role = role;
    d->speaker = speaker;
    d->source = source;
    return 0;
}

static int read_sizes(struct dataset *d, struct err *e)
{
    static const int64_t any[2] = {-1, -1};
    const struct tensor *features = safetensors_find(d->file, "features"), *role;
    int r;

    d->type = features && features->type == TENSOR_I8 ? FEATURE_I8 : FEATURE_F32;
    r = safetensors_need(d->file, "features", d->type == FEATURE_I8 ? TENSOR_I8 : TENSOR_F32, 2, any,
                         &features, e);
    if (r == 0)
        r = safetensors_need(d->file, "role", TENSOR_U8, 1, any, &role, e);
    if (r)
        return r;
    d->features = features->data;
    d->frames = features->shape[0];
    d->utterances = role->count;
    if (features->shape[1] < 1 || features->shape[1] > CONTAINER_MOST_DIMS)
        return err_set(e, ERR_INPUT, "%s: %lld feature dimensions are not 1 to %d", d->path,
                       (long long)features->shape[1], CONTAINER_MOST_DIMS);
    d->dims = (int)features->shape[1];
    if (d->frames < 1 || d->utterances < 1 || d->utterances >= INT32_MAX)
        return err_set(e, ERR_INPUT, "%s: %lld frames in %lld utterances are not a data set", d->path,
                       (long long)d->frames, (long long)d->utterances);
    if (d->ids.count && d->ids.count != d->utterances)
        return err_set(e, ERR_INPUT, "%s: metadata \"utterances\" has %d names for %lld utterances", d->path,
                       d->ids.count, (long long)d->utterances);
    return 0;
}

static int read_tensors(struct dataset *d, struct err *e)
{
    struct arena a = {0};
    int r = read_sizes(d, e);

    if (r == 0)
        r = copy_lists(d, &a, e);
    if (r)
        return r;
    d->owned = aligned_alloc(MEMORY_ALIGN, a.used);
    if (!d->owned)
        return err_memory(e, d->path, a.used);
    a = (struct arena){.base = d->owned};
    return copy_lists(d, &a, e);
}

static int check_utterances(const struct dataset *d, struct err *e)
{
    if (d->bounds[0] != 0)
        return bad(e, d->path, "bound", 0, d->bounds[0]);
    for (int64_t u = 0; u < d->utterances; u++) {
        if (d->bounds[u + 1] <= d->bounds[u] || d->bounds[u + 1] > d->frames)
            return bad(e, d->path, "bound", u + 1, d->bounds[u + 1]);
        if (d->role[u] > ROLE_SPLIT)
            return bad(e, d->path, "role of utterance", u, d->role[u]);
        if (d->speaker[u] < 0 || d->speaker[u] >= d->speakers.count)
            return bad(e, d->path, "speaker of utterance", u, d->speaker[u]);
        if (d->source[u] < 0 || d->source[u] >= d->sources.count)
            return bad(e, d->path, "source of utterance", u, d->source[u]);
    }
    if (d->bounds[d->utterances] != d->frames)
        return bad(e, d->path, "the last bound,", d->utterances, d->bounds[d->utterances]);
    return 0;
}

static int check_frames(const struct dataset *d, struct err *e)
{
    int64_t values = d->frames * d->dims, at;

    for (int64_t i = 0; i < d->frames; i++)
        if (d->labels[i] >= d->classes.count)
            return bad(e, d->path, "label of frame", i, d->labels[i]);
    if (d->type == FEATURE_I8)
        return 0;
    at = dataset_find_nonfinite(d->features, values);
    if (at < values)
        return err_set(e, ERR_INPUT, "%s: features of frame %lld, dimension %lld: not a finite number",
                       d->path, (long long)(at / d->dims), (long long)(at % d->dims));
    return 0;
}

static int check_signature(const struct dataset *d, const char *signature, struct err *e)
{
    const char *has = safetensors_meta(d->file, "signature");

    if (!signature || (has && strcmp(has, signature) == 0))
        return 0;
    return err_set(e, ERR_INPUT, "%s: made from other files", d->path);
}

int container_open(struct dataset *d, const char *path, const char *signature, struct err *e)
{
    int r;

    *d = (struct dataset){.path = strdup(path)};
    if (!d->path)
        return err_memory(e, path, strlen(path));
    r = safetensors_open(&d->file, path, e);
    if (r == 0)
        r = check_signature(d, signature, e);
    if (r == 0)
        r = read_metadata(d, e);
    if (r == 0)
        r = read_tensors(d, e);
    if (r == 0)
        r = read_scale(d, e);
    if (r == 0)
        r = check_utterances(d, e);
    if (r == 0)
        r = check_frames(d, e);
    if (r == 0)
        container_fingerprint(d);
    if (d->file && safetensors_check(d->file, e))
        return -ERR_INPUT;
    return r;
}

int container_is_one(const char *path)
{
    return safetensors_is(path, format);
}

static int write_names(struct safetensors_writer *w, const char *key, const struct name_list *l)
{
    char *text = name_list_join(l);

    if (text)
        safetensors_writer_meta(w, key, text);
    free(text);
    return text ? 0 : -1;
}

static int write_metadata(struct safetensors_writer *w, const struct dataset *d, const char *signature)
{
    char scale[32];

    safetensors_writer_meta(w, "format", format);
    safetensors_writer_meta(w, "name", d->name);
    if (signature)
        safetensors_writer_meta(w, "signature", signature);
    if (d->type == FEATURE_I8) {
        snprintf(scale, sizeof scale, "%.9g", (double)d->scale);
        safetensors_writer_meta(w, "scale", scale);
    }
    if (d->ids.count && write_names(w, "utterances", &d->ids))
        return -1;
    return write_names(w, "classes", &d->classes) | write_names(w, "speakers", &d->speakers) |
           write_names(w, "sources", &d->sources);
}

int container_write(const struct dataset *d, const char *path, const char *signature, struct err *e)
{
    const int64_t features[2] = {d->frames, d->dims}, bounds = d->utterances + 1;
    struct safetensors_writer *w = safetensors_writer_new();
    int r;

    if (!w || write_metadata(w, d, signature)) {
        safetensors_writer_free(w);
        return err_memory(e, path, 1);
    }
    safetensors_writer_tensor(w, "features", d->type == FEATURE_I8 ? TENSOR_I8 : TENSOR_F32, 2, features,
                              d->features);
    safetensors_writer_tensor(w, "labels", TENSOR_U8, 1, &d->frames, d->labels);
    safetensors_writer_tensor(w, "bounds", TENSOR_I64, 1, &bounds, d->bounds);
    safetensors_writer_tensor(w, "role", TENSOR_U8, 1, &d->utterances, d->role);
    safetensors_writer_tensor(w, "speaker", TENSOR_I32, 1, &d->utterances, d->speaker);
    safetensors_writer_tensor(w, "source", TENSOR_I32, 1, &d->utterances, d->source);
    r = safetensors_writer_write(w, path, e);
    safetensors_writer_free(w);
    return r;
}
