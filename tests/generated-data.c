/* SPDX-License-Identifier: MIT */
#include "generated-data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/rng.h"

static char **names(void)
{
    static char text[MADE_UP_CLASSES][4], *name[MADE_UP_CLASSES];

    for (int c = 0; c < MADE_UP_CLASSES; c++) {
        snprintf(text[c], sizeof text[c], "%d", c);
        name[c] = text[c];
    }
    return name;
}

static void describe(struct made_up *m, int64_t frames, int utterances, int dims)
{
    m->d = (struct dataset){.name = "made up",
                            .path = "made up",
                            .type = FEATURE_F32,
                            .features = m->features,
                            .scale = 1,
                            .labels = m->labels,
                            .bounds = m->bounds,
                            .role = m->role,
                            .speaker = m->zeros,
                            .source = m->zeros,
                            .frames = frames,
                            .utterances = utterances,
                            .dims = dims,
                            .classes = {MADE_UP_CLASSES, names()},
                            .speakers = {1, names()},
                            .sources = {1, names()}};
}

int made_up_init(struct made_up *m, int64_t frames, int utterances, int dims, struct err *e)
{
    size_t many = (size_t)frames, few = (size_t)utterances;

    *m = (struct made_up){.features = memory_zeroed(sizeof(float) * many * (size_t)dims),
                          .labels = memory_zeroed(many),
                          .role = memory_zeroed(few),
                          .bounds = memory_zeroed(sizeof(int64_t) * (few + 1)),
                          .zeros = memory_zeroed(sizeof(int32_t) * few)};
    if (!m->features || !m->labels || !m->role || !m->bounds || !m->zeros)
        return err_memory(e, "a made-up data set", sizeof(float) * many * (size_t)dims);
    for (int64_t f = 0; f < frames; f++)
        m->labels[f] = (uint8_t)(f / 7 % MADE_UP_CLASSES);
    for (int u = 0; u <= utterances; u++)
        m->bounds[u] = u * frames / utterances;
    memset(m->role, ROLE_SPLIT, few);
    describe(m, frames, utterances, dims);
    return 0;
}

int made_up_noise(struct made_up *m, int64_t frames, int utterances, int dims, struct err *e)
{
    struct rng r = {.seed = 1, .purpose = RNG_PROBE};
    int heard = utterances * 9 / 10;

    if (made_up_init(m, frames, utterances, dims, e) != 0)
        return -1;
    for (int64_t i = 0; i < frames * dims; i++)
        m->features[i] = (float)rng_normal(&r, 0, (uint64_t)i);
    memset(m->role + heard, ROLE_TEST, (size_t)(utterances - heard));
    return 0;
}

void made_up_free(struct made_up *m)
{
    free(m->features);
    free(m->labels);
    free(m->role);
    free(m->bounds);
    free(m->zeros);
}
