#include "data/window.h"

#include <string.h>

static void copy_frame(const struct dataset *d, int64_t frame, float *out)
{
    int dims = d->dims;

    if (d->type == FEATURE_F32) {
        memcpy(out, (const float *)d->features + frame * dims, sizeof *out * (size_t)dims);
    } else {
        const int8_t *in = (const int8_t *)d->features + frame * dims;
        for (int i = 0; i < dims; i++)
            out[i] = d->scale * (float)in[i];
    }
}

void window_gather(const struct dataset *d, int64_t frame, int64_t first, int64_t last, int context, float *out,
                   int64_t stride)
{
    for (int i = 0; i < context; i++) {
        int64_t at = frame - context / 2 + i;
        copy_frame(d, at < first ? first : at > last ? last : at, out + (int64_t)i * stride);
    }
}

void window_copy(const struct dataset *d, int64_t begin, int count, float *out, int64_t stride)
{
    for (int i = 0; i < count; i++)
        copy_frame(d, begin + i, out + (int64_t)i * stride);
}
