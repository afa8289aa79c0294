/* SPDX-License-Identifier: MIT */
#include "data/recording.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/memory.h"
#include "data/audio.h"
#include "data/container.h"
#include "data/mfcc.h"
#include "data/names.h"

struct parts {
    float *features;
    uint8_t *labels, *role;
    int64_t *bounds;
    int32_t *speaker, *source;
};

static void lay_out(struct parts *p, int64_t frames, struct arena *a)
{
    p->features = arena_take(a, (size_t)frames * MFCC_DIMS * sizeof *p->features);
    p->labels = arena_take(a, (size_t)frames);
    p->bounds = arena_take(a, 2 * sizeof *p->bounds);
    p->role = arena_take(a, sizeof *p->role);
    p->speaker = arena_take(a, sizeof *p->speaker);
    p->source = arena_take(a, sizeof *p->source);
}

static int take_block(struct dataset *d, struct parts *p, struct err *e)
{
    struct arena a = {0};

    lay_out(p, d->frames, &a);
    d->owned = a.base = memory_zeroed(a.used);
    if (!a.base)
        return err_memory(e, d->path, a.used);
    a.used = 0;
    lay_out(p, d->frames, &a);
    d->features = p->features;
    d->labels = p->labels;
    d->bounds = p->bounds;
    d->role = p->role;
    d->speaker = p->speaker;
    d->source = p->source;
    return 0;
}

static int fill(struct dataset *d, struct parts *p, const struct audio *a, struct err *e)
{
    struct mfcc *m = mfcc_new();

    if (!m)
        return err_memory(e, "the tables of the front end", 1 << 20);
    mfcc_compute(m, a->samples, a->count, p->features);
    mfcc_normalise(p->features, d->frames);
    mfcc_free(m);
    memset(p->labels, DATASET_UNLABELLED, (size_t)d->frames);
    p->bounds[1] = d->frames;
    p->role[0] = ROLE_TEST;
    return 0;
}

static int name_all(struct dataset *d, const char *path, const char *classes, struct err *e)
{
    d->name = strdup("recording");
    d->path = strdup(path);
    if (!d->name || !d->path || name_list_split(&d->classes, classes) || name_list_split(&d->speakers, "speaker") ||
        name_list_split(&d->sources, "recording"))
        return err_memory(e, path, 1);
    return 0;
}

int recording_open(struct dataset *d, const char *path, const char *classes, struct err *e)
{
    int stream = strcmp(path, "-") == 0, r;
    const char *name = stream ? "standard input" : path;
    struct parts p;
    struct audio a;

    *d = (struct dataset){.type = FEATURE_F32, .scale = 1, .dims = MFCC_DIMS, .utterances = 1};
    r = stream ? audio_read_stream(&a, STDIN_FILENO, name, e) : audio_read(&a, path, e);
    if (r)
        return r;
    d->frames = mfcc_frames(a.count);
    r = name_all(d, name, classes, e);
    if (r == 0)
        r = take_block(d, &p, e);
    if (r == 0)
        r = fill(d, &p, &a, e);
    audio_free(&a);
    if (r == 0)
        container_fingerprint(d);
    return r;
}
