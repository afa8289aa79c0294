#include "lab/state.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

/* Bytes of n elements, rounded to the alignment, added to *end; −1 when no size_t holds it. */
static int append(size_t *end, int64_t n, size_t size)
{
    size_t bytes;

    if (n < 0 || memory_product((size_t)n, size, MEMORY_ALIGN, &bytes) != 0)
        return -1;
    return memory_product(1, *end, memory_round(bytes - MEMORY_ALIGN), end);
}

struct state *state_new(int64_t parameters, int64_t statistics, int64_t vectors, int64_t scalars)
{
    struct state head = {.parameters = parameters, .statistics = statistics, .vectors = vectors, .scalars = scalars};
    struct state *s;
    int64_t all;

    head.bytes = memory_round(sizeof head);
    head.theta_at = head.bytes;
    if (__builtin_mul_overflow(parameters, vectors, &all) || append(&head.bytes, parameters, sizeof(float)) != 0)
        return NULL;
    head.statistics_at = head.bytes;
    if (append(&head.bytes, statistics, sizeof(float)) != 0)
        return NULL;
    head.scalars_at = head.bytes;
    if (append(&head.bytes, scalars, sizeof(double)) != 0)
        return NULL;
    head.vectors_at = head.bytes;
    if (append(&head.bytes, all, sizeof(float)) != 0)
        return NULL;
    s = memory_zeroed(head.bytes);
    if (s)
        *s = head;
    return s;
}

struct state *state_with_vectors(const struct state *s, int64_t vectors, const int *from, int64_t scalars)
{
    struct state *t = state_new(s->parameters, s->statistics, vectors, scalars);

    if (!t)
        return NULL;
    t->knobs = s->knobs;
    t->counters = s->counters;
    t->schedule = s->schedule;
    memcpy(state_theta(t), state_theta(s), s->scalars_at - s->theta_at);
    if (scalars == s->scalars)
        memcpy(state_scalars(t), state_scalars(s), sizeof(double) * (size_t)scalars);
    for (int64_t i = 0; from && i < vectors; i++)
        if (from[i] >= 0)
            memcpy(state_vector(t, i), state_vector(s, from[i]), sizeof(float) * (size_t)s->parameters);
    return t;
}

struct state *state_copy(const struct state *s)
{
    struct state *t = memory_zeroed(s->bytes);

    if (t)
        memcpy(t, s, s->bytes);
    return t;
}

static float *at(const struct state *s, size_t offset)
{
    return (float *)((char *)s + offset);
}

float *state_theta(const struct state *s)
{
    return at(s, s->theta_at);
}

float *state_statistics(const struct state *s)
{
    return at(s, s->statistics_at);
}

double *state_scalars(const struct state *s)
{
    return (double *)((char *)s + s->scalars_at);
}

float *state_vector(const struct state *s, int64_t vector)
{
    return at(s, s->vectors_at) + vector * s->parameters;
}

#define COUNTER(field) {#field, offsetof(struct counters, field)}

static const struct {
    const char *name;
    size_t offset;
} counter_rows[] = {
    COUNTER(step),
    COUNTER(epoch),
    COUNTER(position),
    COUNTER(optimizer_steps),
    COUNTER(schedule_step),
    COUNTER(schedule_epoch),
    COUNTER(evaluation_due),
    COUNTER(epoch_loss),
    COUNTER(epoch_correct),
    COUNTER(epoch_frames),
    COUNTER(last_epoch_loss),
    COUNTER(last_epoch_accuracy),
    COUNTER(validation_loss),
    COUNTER(validation_accuracy),
    COUNTER(best_accuracy),
    COUNTER(best_step),
};

enum { COUNTERS = sizeof counter_rows / sizeof *counter_rows };

_Static_assert(COUNTERS * 8 == sizeof(struct counters), "every counter has its row");

const char *counters_name(int i)
{
    return i < COUNTERS ? counter_rows[i].name : NULL;
}

uint64_t counters_bits(const struct counters *c, int i)
{
    uint64_t bits;

    memcpy(&bits, (const char *)c + counter_rows[i].offset, sizeof bits);
    return bits;
}

void counters_set_bits(struct counters *c, int i, uint64_t bits)
{
    memcpy((char *)c + counter_rows[i].offset, &bits, sizeof bits);
}
