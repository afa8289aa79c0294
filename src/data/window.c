/* SPDX-License-Identifier: MIT */
#include "data/window.h"

#include <string.h>

#include "core/kernel.h"

KERNEL static void widen(int64_t n, float scale, const int8_t *in, float *out)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = scale * (float)in[i];
}

/* `count` frames, side by side as they are stored. */
static void copy_frames(const struct dataset *d, int64_t frame, int count, float *out)
{
    int64_t at = frame * d->dims, n = (int64_t)count * d->dims;

    if (d->type == FEATURE_F32)
        memcpy(out, (const float *)d->features + at, sizeof *out * (size_t)n);
    else
        widen(n, d->scale, (const int8_t *)d->features + at, out);
}

void window_gather(const struct dataset *d, int64_t frame, int64_t first, int64_t last, int context, float *out,
                   int64_t stride)
{
    for (int i = 0, run; i < context; i += run) {
        int64_t at = frame - context / 2 + i, left = last + 1 - at;
        run = 1;
        if (stride == d->dims && at >= first && left > 0) /* what lies within the utterance in one piece */
            run = left < context - i ? (int)left : context - i;
        copy_frames(d, at < first ? first : at > last ? last : at, run, out + (int64_t)i * stride);
    }
}

void window_copy(const struct dataset *d, int64_t begin, int count, float *out, int64_t stride)
{
    for (int i = 0; i < count; i++)
        copy_frames(d, begin + i, 1, out + (int64_t)i * stride);
}
