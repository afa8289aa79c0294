/* SPDX-License-Identifier: MIT */
#include "data/timit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/memory.h"
#include "core/text.h"
#include "data/container.h"
#include "data/names.h"
#include "data/npy.h"

static const char *const features_name[] = {[TIMIT_TRAIN] = "train_11.npy", [TIMIT_TEST] = "test_11.npy"};
static const char labels_name[] = "train_label_11.npy";

struct import {
    struct dataset *d;
    enum timit_part part;
    char *features_path, *labels_path;
    struct npy features, labels;
    float *frame;
    uint8_t *label, *role;
    int64_t *bounds;
    int32_t *speaker, *source;
};

int timit_has(const char *dir, enum timit_part part)
{
    char *path = text_format("%s/%s", dir, features_name[part]);
    int has = path && access(path, F_OK) == 0;

    free(path);
    return has;
}

static int open_features(struct import *im, struct err *e)
{
    const struct npy *a = &im->features;
    int r = npy_open(&im->features, im->features_path, e);

    if (r == 0 && (a->type != NPY_FLOAT || a->dims != 2 || a->cols != TIMIT_CONTEXT * TIMIT_DIMS || a->rows == 0))
        r = err_set(e, ERR_INPUT, "%s: expected rows of %d floats", im->features_path, TIMIT_CONTEXT * TIMIT_DIMS);
    return r;
}

static int open_labels(struct import *im, struct err *e)
{
    const struct npy *a = &im->labels;
    int r = npy_open(&im->labels, im->labels_path, e);

    if (r == 0 && (a->type == NPY_FLOAT || a->dims != 1))
        r = err_set(e, ERR_INPUT, "%s: expected one class for each row", im->labels_path);
    if (r == 0 && a->rows != im->features.rows)
        r = err_set(e, ERR_INPUT, "%s: %lld labels, but %s has %lld rows", im->labels_path, (long long)a->rows,
                    im->features_path, (long long)im->features.rows);
    return r;
}

/* Whether a row goes on where the one before it stood: its first 10 frames are the last 10 of that one. */
static int goes_on(const struct npy *a, int64_t row)
{
    size_t frame = (size_t)TIMIT_DIMS * (size_t)a->width, whole = TIMIT_CONTEXT * frame;
    const unsigned char *here = a->data + (size_t)row * whole;

    return row > 0 && memcmp(here, here - whole + frame, whole - frame) == 0;
}

static int count_utterances(struct import *im, struct err *e)
{
    struct dataset *d = im->d;

    d->frames = im->features.rows;
    for (int64_t t = 0; t < d->frames; t++)
        d->utterances += !goes_on(&im->features, t);
    if (d->utterances > (d->frames + 1) / 2)
        return err_set(e, ERR_INPUT, "%s: neighbouring rows do not share %d of %d frames", im->features_path,
                       TIMIT_CONTEXT - 1, TIMIT_CONTEXT);
    return 0;
}

static void lay_out(struct import *im, struct arena *a)
{
    size_t frames = (size_t)im->d->frames, utterances = (size_t)im->d->utterances;

    im->frame = arena_take(a, frames * TIMIT_DIMS * sizeof *im->frame);
    im->label = arena_take(a, frames);
    im->bounds = arena_take(a, (utterances + 1) * sizeof *im->bounds);
    im->role = arena_take(a, utterances);
    im->speaker = arena_take(a, utterances * sizeof *im->speaker);
    im->source = arena_take(a, utterances * sizeof *im->source);
}

static int take_block(struct import *im, struct err *e)
{
    struct dataset *d = im->d;
    struct arena a = {0};

    lay_out(im, &a);
    if (memory_need(d->path, a.used, e))
        return -ERR_RUNTIME;
    d->owned = a.base = memory_zeroed(a.used);
    if (!a.base)
        return err_memory(e, d->path, a.used);
    a.used = 0;
    lay_out(im, &a);
    d->features = im->frame;
    d->labels = im->label;
    d->bounds = im->bounds;
    d->role = im->role;
    d->speaker = im->speaker;
    d->source = im->source;
    return 0;
}

static int read_frame(struct import *im, int64_t t, struct err *e)
{
    float *to = im->frame + t * TIMIT_DIMS;
    int64_t label = DATASET_UNLABELLED;

    npy_floats(&im->features, t, TIMIT_CONTEXT / 2 * TIMIT_DIMS, TIMIT_DIMS, to);
    for (int i = 0; i < TIMIT_DIMS; i++)
        if (!isfinite(to[i]))
            return err_set(e, ERR_INPUT, "%s: row %lld: a value is not finite", im->features_path, (long long)t);
    if (im->part == TIMIT_TRAIN) {
        label = npy_count(&im->labels, t);
        if (label < 0 || label >= TIMIT_CLASSES)
            return err_set(e, ERR_INPUT, "%s: label %lld is not a number from 0 to %d", im->labels_path, (long long)t,
                           TIMIT_CLASSES - 1);
    }
    im->label[t] = (uint8_t)label;
    return 0;
}

static int read_frames(struct import *im, dataset_progress *progress, void *context, struct err *e)
{
    int64_t u = 0, n = im->d->utterances;
    int r = 0;

    for (int64_t t = 0; r == 0 && t < im->d->frames; t++) {
        if (!goes_on(&im->features, t) && u < n) {
            im->role[u] = im->part == TIMIT_TRAIN ? ROLE_SPLIT : ROLE_TEST;
            im->bounds[u++] = t;
            if (progress && progress(context, u, n))
                return err_set(e, ERR_CANCELLED, "%s: cancelled after %lld of %lld utterances", im->d->path,
                               (long long)u, (long long)n);
        }
        r = read_frame(im, t, e);
    }
    im->bounds[n] = im->d->frames;
    if (r == 0 && u != n)
        r = err_set(e, ERR_INPUT, "%s: changed while it was read", im->features_path);
    return r;
}

void timit_class_names(char names[TIMIT_NAMES])
{
    size_t used = 0;

    for (int c = 0; c < TIMIT_CLASSES; c++)
        used += (size_t)snprintf(names + used, TIMIT_NAMES - used, "%s%d", c ? "\n" : "", c);
}

static int name_all(struct import *im, const char *dir, struct err *e)
{
    char classes[TIMIT_NAMES];
    struct dataset *d = im->d;

    timit_class_names(classes);
    im->features_path = text_format("%s/%s", dir, features_name[im->part]);
    im->labels_path = text_format("%s/%s", dir, labels_name);
    d->name = strdup("timit_11");
    d->path = strdup(dir);
    if (!im->features_path || !im->labels_path || !d->name || !d->path || name_list_split(&d->classes, classes) ||
        name_list_split(&d->speakers, "unknown") || name_list_split(&d->sources, "timit"))
        return err_memory(e, dir, 1);
    return 0;
}

static int read_all(struct import *im, dataset_progress *progress, void *context, struct err *e)
{
    int r = open_features(im, e);

    if (r == 0 && im->part == TIMIT_TRAIN)
        r = open_labels(im, e);
    if (r == 0)
        r = count_utterances(im, e);
    if (r == 0)
        r = take_block(im, e);
    if (r == 0)
        r = read_frames(im, progress, context, e);
    if (im->features.map.path && mapping_check(&im->features.map, e))
        r = -ERR_INPUT;
    if (im->labels.map.path && mapping_check(&im->labels.map, e))
        r = -ERR_INPUT;
    return r;
}

int timit_read(struct dataset *d, const char *dir, enum timit_part part, dataset_progress *progress, void *context,
               struct err *e)
{
    struct import im = {.d = d, .part = part};
    int r;

    *d = (struct dataset){.type = FEATURE_F32, .scale = 1, .dims = TIMIT_DIMS};
    r = name_all(&im, dir, e);
    if (r == 0)
        r = read_all(&im, progress, context, e);
    if (r == 0)
        container_fingerprint(d);
    npy_close(&im.features);
    npy_close(&im.labels);
    free(im.features_path);
    free(im.labels_path);
    return r;
}
