/* SPDX-License-Identifier: MIT */
#include "run/trajectory.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

enum { ROOM_LEAST = 8, FIRST_STEPS = 512, FIRST_BYTES = 24 << 20 };

/* Pages of the block are the system's until they are written to. */
static int make_room(struct trajectory *t, int64_t n, int most, struct err *e)
{
    size_t bytes = sizeof *t->memory * (size_t)n * (size_t)most;

    *t = (struct trajectory){.n = n, .most = most, .stride = 1};
    t->step = calloc((size_t)most + 1, sizeof *t->step);
    t->theta = calloc((size_t)most + 1, sizeof *t->theta);
    t->memory = memory_unwritten(bytes);
    if (!t->step || !t->theta || !t->memory) {
        trajectory_free(t);
        return err_memory(e, "the path of the weights", bytes);
    }
    for (int i = 0; i < most; i++)
        t->theta[i] = t->memory + (size_t)i * (size_t)n;
    return 0;
}

int trajectory_init(struct trajectory *t, int64_t n, size_t bytes, struct err *e)
{
    size_t fit = (bytes ? bytes : TRAJECTORY_BYTES) / (sizeof *t->memory * (size_t)(n > 0 ? n : 1));
    int most = fit < TRAJECTORY_MOST ? (int)fit : TRAJECTORY_MOST;

    return make_room(t, n, most >= 2 ? most : 0, e);
}

void trajectory_free(struct trajectory *t)
{
    free(t->step);
    free(t->theta);
    free(t->memory);
    memset(t, 0, sizeof *t);
}

void trajectory_clear(struct trajectory *t)
{
    t->count = 0;
    t->stride = 1;
}

/* Vectors change places, not their contents. */
static void thin_out(struct trajectory *t)
{
    int kept = 0;

    for (int i = 0; i < t->count; i += 2, kept++) {
        float *other = t->theta[kept];
        t->theta[kept] = t->theta[i];
        t->theta[i] = other;
        t->step[kept] = t->step[i];
    }
    t->count = kept;
    t->stride *= 2;
}

/* Vectors that are kept at this step. At first no more than FIRST_BYTES, for the memory's first touch costs a short run
 * more than a finer path is worth; twice as many with each four times as many steps. */
static int room(const struct trajectory *t, uint64_t step)
{
    size_t n = FIRST_BYTES / (sizeof *t->memory * (size_t)(t->n > 0 ? t->n : 1));

    if (n < ROOM_LEAST)
        n = ROOM_LEAST;
    for (uint64_t at = FIRST_STEPS; n < (size_t)t->most && at <= step; at *= 4)
        n *= 2;
    return n < (size_t)t->most ? (int)n : t->most;
}

void trajectory_note(struct trajectory *t, uint64_t step, const float *theta)
{
    while (t->count > 0 && t->step[t->count - 1] >= step)
        t->count--;
    if (t->most == 0 || (t->count > 0 && step - t->step[t->count - 1] < t->stride))
        return;
    if (t->count >= room(t, step)) {
        thin_out(t);
        if (step - t->step[t->count - 1] < t->stride)
            return;
    }
    memcpy(t->theta[t->count], theta, sizeof *theta * (size_t)t->n);
    t->step[t->count++] = step;
}

int trajectory_copy(const struct trajectory *t, struct trajectory *to, struct err *e)
{
    int r = make_room(to, t->n, t->count, e);

    for (int i = 0; r == 0 && i < t->count; i++) {
        memcpy(to->theta[i], t->theta[i], sizeof **t->theta * (size_t)t->n);
        to->step[i] = t->step[i];
    }
    to->count = r == 0 ? t->count : 0;
    to->stride = t->stride;
    return r;
}

int trajectory_copy_to(const struct trajectory *t, uint64_t step, const float *theta, struct trajectory *to,
                       struct err *e)
{
    int r = make_room(to, t->n, t->count + 1, e);

    for (int i = 0; r == 0 && i < t->count && t->step[i] < step; i++, to->count++) {
        memcpy(to->theta[i], t->theta[i], sizeof **t->theta * (size_t)t->n);
        to->step[i] = t->step[i];
    }
    if (r)
        return r;
    memcpy(to->theta[to->count], theta, sizeof *theta * (size_t)t->n);
    to->step[to->count++] = step;
    to->stride = t->stride;
    return 0;
}
