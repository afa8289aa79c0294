/* SPDX-License-Identifier: MIT */
#include "tiny-data.h"

#include <string.h>

static void small_names(struct dataset *d)
{
    static char *classes[] = {"A", "B", "C"}, *speakers[] = {"ann", "bob"}, *sources[] = {"made"};

    d->classes = (struct name_list){3, classes};
    d->speakers = (struct name_list){2, speakers};
    d->sources = (struct name_list){1, sources};
}

void small_init(struct small *s, enum feature_type type)
{
    memset(s, 0, sizeof *s);
    for (int u = 0; u < UTTERANCES; u++) {
        s->bounds[u + 1] = s->bounds[u] + 1 + u;
        s->role[u] = u < 9 ? ROLE_SPLIT : u == 9 ? ROLE_TRAIN : u == 10 ? ROLE_VALIDATION : ROLE_TEST;
        s->speaker[u] = u % 2;
    }
    for (int i = 0; i < s->bounds[UTTERANCES]; i++) {
        s->labels[i] = (uint8_t)(i % 3);
        for (int k = 0; k < DIMS; k++) {
            s->features[i * DIMS + k] = (float)i + (float)k / 4;
            s->bytes[i * DIMS + k] = (int8_t)(i + k - 60);
        }
    }
    s->d = (struct dataset){.name = "small",
                            .path = "small",
                            .type = type,
                            .features = s->features,
                            .scale = 1,
                            .labels = s->labels,
                            .bounds = s->bounds,
                            .role = s->role,
                            .speaker = s->speaker,
                            .source = s->source,
                            .frames = s->bounds[UTTERANCES],
                            .utterances = UTTERANCES,
                            .dims = DIMS};
    if (type == FEATURE_I8) {
        s->d.features = s->bytes;
        s->d.scale = .0625f;
    }
    small_names(&s->d);
}
