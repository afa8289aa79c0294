/* SPDX-License-Identifier: MIT */
#include "data/pieces.h"

#include <stdlib.h>
#include <string.h>

static int64_t pieces_of(const struct frame_set *set, int64_t utterance, int length)
{
    int64_t frames = set->first[utterance + 1] - set->first[utterance];
    return (frames + length - 1) / length;
}

int piece_set_make(struct piece_set *p, const struct frame_set *set, int length, struct err *e)
{
    *p = (struct piece_set){.set = set, .length = length};
    p->first = calloc((size_t)set->utterances + 1, sizeof *p->first);
    if (!p->first)
        return err_memory(e, "a list of pieces", (size_t)set->utterances * sizeof *p->first);
    for (int64_t u = 0; u < set->utterances; u++)
        p->first[u + 1] = p->first[u] + pieces_of(set, u, length);
    p->count = p->first[set->utterances];
    return 0;
}

void piece_set_free(struct piece_set *p)
{
    free(p->first);
    memset(p, 0, sizeof *p);
}

int64_t piece_set_locate(const struct piece_set *p, const struct dataset *d, int64_t i, int *frames)
{
    int64_t low = 0, high = p->set->utterances; /* first[low] ≤ i < first[high] */
    int64_t begin, left;

    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (p->first[middle] <= i)
            low = middle;
        else
            high = middle;
    }
    begin = d->bounds[p->set->utterance[low]] + (i - p->first[low]) * p->length;
    left = d->bounds[p->set->utterance[low] + 1] - begin;
    *frames = (int)(left < p->length ? left : p->length);
    return begin;
}
