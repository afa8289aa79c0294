/* SPDX-License-Identifier: MIT */
#include "run/keyframes.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct keyframe {
    uint64_t step;
    size_t bytes;
    void *item;
};

struct keyframes {
    void (*release)(void *item);
    void *(*share)(void *item);
    struct keyframe *frame; /* [count] by rising step */
    int count, room;
    size_t bytes; /* sum over the items */
};

struct keyframes *keyframes_new(void (*release)(void *item), void *(*share)(void *item))
{
    struct keyframes *k = calloc(1, sizeof *k);

    if (!k)
        return NULL;
    k->release = release;
    k->share = share;
    return k;
}

/* Release the items from number `from` on. */
static void release_from(struct keyframes *k, int from)
{
    while (k->count > from) {
        const struct keyframe *f = &k->frame[--k->count];
        k->bytes -= f->bytes;
        k->release(f->item);
    }
}

void keyframes_free(struct keyframes *k)
{
    if (!k)
        return;
    release_from(k, 0);
    free(k->frame);
    free(k);
}

/* Room for one more. */
static int make_room(struct keyframes *k)
{
    enum { FIRST_ROOM = 32 };
    int room = k->room ? 2 * k->room : FIRST_ROOM;
    struct keyframe *frame;

    if (k->count < k->room)
        return 0;
    if (k->room > INT_MAX / 2)
        return -1;
    frame = realloc(k->frame, (size_t)room * sizeof *frame);
    if (!frame)
        return -1;
    k->frame = frame;
    k->room = room;
    return 0;
}

int keyframes_add(struct keyframes *k, uint64_t step, size_t bytes, void *item)
{
    struct keyframe *last = k->count ? &k->frame[k->count - 1] : NULL;
    size_t others = k->bytes;

    if (last && step < last->step)
        return -1;
    if (last && step == last->step)
        others -= last->bytes;
    if (bytes > SIZE_MAX - others || make_room(k) != 0)
        return -1;
    if (k->count && k->frame[k->count - 1].step == step)
        release_from(k, k->count - 1);
    k->frame[k->count++] = (struct keyframe){step, bytes, item};
    k->bytes += bytes;
    return 0;
}

struct keyframes *keyframes_copy(const struct keyframes *k)
{
    struct keyframes *copy = k->share ? keyframes_new(k->release, k->share) : NULL;

    for (int i = 0; copy && i < k->count; i++) {
        const struct keyframe *f = &k->frame[i];
        void *item = k->share(f->item);
        if (item && keyframes_add(copy, f->step, f->bytes, item) == 0)
            continue;
        if (item)
            k->release(item);
        keyframes_free(copy);
        copy = NULL;
    }
    return copy;
}

/* Which of the items between the oldest and the newest is missed least. */
static int least_missed(const struct keyframes *k)
{
    uint64_t newest = k->frame[k->count - 1].step;
    double least = 0;
    int which = 1;

    for (int i = 1; i + 1 < k->count; i++) {
        const struct keyframe *f = &k->frame[i];
        double missed = (double)(f[1].step - f[-1].step) / (double)(newest - f->step);
        if (i == 1 || missed < least) {
            least = missed;
            which = i;
        }
    }
    return which;
}

void keyframes_bound(struct keyframes *k, size_t bytes)
{
    while (k->bytes > bytes && k->count > 2) {
        int i = least_missed(k);
        struct keyframe gone = k->frame[i];
        memmove(&k->frame[i], &k->frame[i + 1], (size_t)(k->count - i - 1) * sizeof gone);
        k->count--;
        k->bytes -= gone.bytes;
        k->release(gone.item);
    }
}

/* How many items are at or before `step`. */
static int count_to(const struct keyframes *k, uint64_t step)
{
    int low = 0, high = k->count;

    while (low < high) {
        int middle = low + (high - low) / 2;
        if (k->frame[middle].step <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void keyframes_clear(struct keyframes *k)
{
    release_from(k, 0);
}

void keyframes_cut(struct keyframes *k, uint64_t step)
{
    release_from(k, count_to(k, step));
}

const void *keyframes_nearest(const struct keyframes *k, uint64_t step, uint64_t *found)
{
    int n = count_to(k, step);

    if (n == 0)
        return NULL;
    if (found)
        *found = k->frame[n - 1].step;
    return k->frame[n - 1].item;
}

int keyframes_count(const struct keyframes *k)
{
    return k->count;
}

uint64_t keyframes_step(const struct keyframes *k, int i)
{
    return k->frame[i].step;
}

size_t keyframes_bytes(const struct keyframes *k)
{
    return k->bytes;
}
