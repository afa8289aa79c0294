/* SPDX-License-Identifier: MIT */
/* Reading a folder that has been scanned. The labels say how many frames there are, so one block of
 * the final size is taken before the first feature is read; its pages are touched only as utterances
 * fill them, so labels that promise too much cost nothing but the sentence that says so. */
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/text.h"
#include "core/memory.h"
#include "data/container.h"
#include "data/libriphone.h"
#include "data/names.h"
#include "data/pt.h"

const char libriphone_classes[] =
    "SIL\nSPN\nS\nUW\nT\nN\nK\nY\nZ\nAO\nAY\nSH\nW\nNG\nEY\nB\nCH\nOY\nJH\nD\nZH\nG\nUH\nF\n"
    "V\nER\nAA\nIH\nM\nDH\nL\nAH\nP\nOW\nAW\nHH\nAE\nR\nTH\nIY\nEH";

struct import {
    const struct libriphone *l;
    struct dataset *d;
    struct list train_labels, test_labels;
    int64_t *rows; /* [utterances] where labels are unknown: what their place is counted by */
    float *features;
    uint8_t *labels, *role;
    int64_t *bounds;
    int32_t *speaker, *source;
};

/* Utterance u of the data set: its entry in the list, and its labels. */
static const struct listed *listed_at(const struct import *im, int64_t u, int *test)
{
    *test = u >= im->l->train.count;
    return *test ? &im->l->test.items[u - im->l->train.count] : &im->l->train.items[u];
}

static int read_labels(struct list *labels, const struct libriphone *l, const char *name, struct err *e)
{
    char *path = text_format("%s/%s", l->dir, name);
    int r = path ? list_read_labels(labels, path, LIBRIPHONE_CLASSES, e) : err_memory(e, name, 1);

    free(path);
    return r;
}

static char *features_path(const struct import *im, const struct listed *listed, int test)
{
    return text_format("%s/feat/%s/%s.pt", im->l->dir, test ? "test" : "train", listed->id);
}

/* Without labels to say how many frames there are, every file is read twice. */
static int count_rows(struct import *im, struct err *e)
{
    struct dataset *d = im->d;
    int test, r = 0;

    im->rows = calloc((size_t)d->utterances, sizeof *im->rows);
    if (!im->rows)
        return err_memory(e, "the list of utterances", (unsigned long long)d->utterances * sizeof *im->rows);
    for (int64_t u = 0; r == 0 && u < d->utterances; u++) {
        const struct listed *listed = listed_at(im, u, &test);
        char *path = features_path(im, listed, test);
        struct pt_tensor t = {0};
        r = path ? pt_read(&t, path, LIBRIPHONE_DIMS, e) : err_memory(e, listed->id, 1);
        if (r == 0 && t.rows == 0)
            r = err_set(e, ERR_INPUT, "%s: no frames", path);
        im->rows[u] = t.rows;
        d->frames += t.rows;
        pt_free(&t);
        free(path);
    }
    return r;
}

static int count_frames(struct import *im, struct err *e)
{
    struct dataset *d = im->d;

    for (int64_t u = 0; u < d->utterances; u++) {
        int test;
        const struct listed *listed = listed_at(im, u, &test);
        const struct list *labels = test ? &im->test_labels : &im->train_labels;
        const struct listed *found = list_find(labels, listed->id);
        if (!found)
            return err_set(e, ERR_INPUT, "%s: no labels for utterance %s (%s:%lld)", labels->path, listed->id,
                           (test ? im->l->test : im->l->train).path, (long long)listed->line);
        d->frames += found->count;
    }
    return 0;
}

static void lay_out(struct import *im, struct arena *a)
{
    size_t frames = (size_t)im->d->frames, utterances = (size_t)im->d->utterances;

    im->features = arena_take(a, frames * LIBRIPHONE_DIMS * sizeof *im->features);
    im->labels = arena_take(a, frames);
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
    if (memory_need(im->l->dir, a.used, e))
        return -ERR_RUNTIME;
    d->owned = a.base = aligned_alloc(MEMORY_ALIGN, a.used);
    if (!a.base)
        return err_memory(e, im->l->dir, a.used);
    a.used = 0;
    lay_out(im, &a);
    d->features = im->features;
    d->labels = im->labels;
    d->bounds = im->bounds;
    d->role = im->role;
    d->speaker = im->speaker;
    d->source = im->source;
    im->bounds[0] = 0;
    return 0;
}

/* The labels of utterance u, whose file has so many frames. */
static int take_labels(struct import *im, int64_t u, int64_t rows, const char *path, struct err *e)
{
    int test;
    const struct listed *listed = listed_at(im, u, &test);
    const struct list *labels = test ? &im->test_labels : &im->train_labels;
    const struct listed *found = list_find(labels, listed->id);

    if (im->rows && rows != im->rows[u])
        return err_set(e, ERR_INPUT, "%s: changed while it was read", path);
    if (im->rows) {
        memset(im->labels + im->bounds[u], DATASET_UNLABELLED, (size_t)rows);
        return 0;
    }
    if (rows != found->count)
        return err_set(e, ERR_INPUT, "%s:%lld: utterance %s has %lld labels, but %s has %lld frames",
                       labels->path, (long long)found->line, found->id, (long long)found->count, path,
                       (long long)rows);
    memcpy(im->labels + im->bounds[u], labels->labels + found->first, (size_t)rows);
    return 0;
}

static int read_utterance(struct import *im, int64_t u, struct err *e)
{
    int test, r;
    const struct listed *listed = listed_at(im, u, &test);
    char *path = features_path(im, listed, test);
    struct pt_tensor t = {0};
    int64_t at = im->bounds[u];

    r = path ? pt_read(&t, path, LIBRIPHONE_DIMS, e) : err_memory(e, listed->id, 1);
    if (r == 0)
        r = take_labels(im, u, t.rows, path, e);
    if (r == 0) {
        memcpy(im->features + at * LIBRIPHONE_DIMS, t.values,
               sizeof *t.values * LIBRIPHONE_DIMS * (size_t)t.rows);
        im->bounds[u + 1] = at + t.rows;
        im->role[u] = test ? ROLE_TEST : ROLE_SPLIT;
        im->source[u] = 0;
    }
    pt_free(&t);
    free(path);
    return r;
}

static int read_utterances(struct import *im, dataset_progress *progress, void *context, struct err *e)
{
    int64_t n = im->d->utterances;

    for (int64_t u = 0; u < n; u++) {
        int r = read_utterance(im, u, e);
        if (r)
            return r;
        if (progress && progress(context, u + 1, n))
            return err_set(e, ERR_CANCELLED, "%s: cancelled after %lld of %lld utterances", im->l->dir,
                           (long long)u + 1, (long long)n);
    }
    return 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The speaker is what stands before the first '-' of the id. */
static size_t speaker_length(const char *id)
{
    size_t length = strcspn(id, "-");

    return length ? length : strlen(id);
}

/* Sort, and keep one of each. */
static void make_unique(struct name_list *l)
{
    int kept = 0;

    qsort(l->names, (size_t)l->count, sizeof *l->names, by_text);
    for (int i = 0; i < l->count; i++)
        if (i == 0 || strcmp(l->names[i], l->names[kept - 1]) != 0)
            l->names[kept++] = l->names[i];
    l->count = kept;
}

static int name_speakers(struct import *im, struct err *e)
{
    struct dataset *d = im->d;
    char *text = name_list_join(&d->ids), *to = text;

    for (int64_t u = 0; text && u < d->utterances; u++) {
        size_t n = speaker_length(d->ids.names[u]);
        to = mempcpy(to, d->ids.names[u], n);
        *to++ = u + 1 < d->utterances ? '\n' : 0;
    }
    if (!text || name_list_split(&d->speakers, text)) {
        free(text);
        return err_memory(e, "the speakers", 1);
    }
    free(text);
    make_unique(&d->speakers);
    for (int64_t u = 0; u < d->utterances; u++) {
        char name[256], *key = name, **found;
        *(char *)mempcpy(name, d->ids.names[u], speaker_length(d->ids.names[u])) = 0;
        found = bsearch(&key, d->speakers.names, (size_t)d->speakers.count, sizeof key, by_text);
        im->speaker[u] = (int32_t)(found - d->speakers.names);
    }
    return 0;
}

static int name_utterances(struct import *im, struct err *e)
{
    char **names = calloc((size_t)im->d->utterances, sizeof *names), *text = NULL;
    int test, r = -1;

    for (int64_t u = 0; names && u < im->d->utterances; u++)
        names[u] = (char *)listed_at(im, u, &test)->id;
    if (names)
        text = name_list_join(&(struct name_list){.count = (int)im->d->utterances, .names = names});
    if (text)
        r = name_list_split(&im->d->ids, text);
    free(text);
    free(names);
    return r ? err_memory(e, "the utterances' names", 1) : 0;
}

/* The folder's own name is the data set's, when it can be shown. */
static int name_dataset(struct dataset *d, const struct libriphone *l, struct err *e)
{
    char *real = realpath(l->dir, NULL), *slash = real ? strrchr(real, '/') : NULL;

    d->path = strdup(l->dir);
    d->name = strdup(slash && slash[1] && name_is_clean(slash + 1) ? slash + 1 : "libriphone");
    free(real);
    if (!d->path || !d->name || name_list_split(&d->classes, libriphone_classes) ||
        name_list_split(&d->sources, "libriphone"))
        return err_memory(e, l->dir, 1);
    return 0;
}

static int read_all(struct import *im, dataset_progress *progress, void *context, struct err *e)
{
    int r = name_dataset(im->d, im->l, e);

    if (r == 0 && im->l->train.count)
        r = read_labels(&im->train_labels, im->l, "train_labels.txt", e);
    if (r == 0 && im->l->test.count && !im->l->labels_unknown)
        r = read_labels(&im->test_labels, im->l, "test_labels.txt", e);
    if (r == 0)
        r = im->l->labels_unknown ? count_rows(im, e) : count_frames(im, e);
    if (r == 0)
        r = take_block(im, e);
    if (r == 0)
        r = name_utterances(im, e);
    if (r == 0)
        r = name_speakers(im, e);
    if (r == 0)
        r = read_utterances(im, progress, context, e);
    return r;
}

int libriphone_read(struct dataset *d, const struct libriphone *l, dataset_progress *progress, void *context,
                    struct err *e)
{
    struct import im = {.l = l, .d = d};
    int r;

    *d = (struct dataset){.type = FEATURE_F32, .scale = 1, .dims = LIBRIPHONE_DIMS};
    d->utterances = l->train.count + l->test.count;
    r = read_all(&im, progress, context, e);
    if (r == 0)
        container_fingerprint(d);
    free(im.rows);
    list_free(&im.train_labels);
    list_free(&im.test_labels);
    return r;
}
