/* SPDX-License-Identifier: MIT */
#include "run/state.h"

#include <limits.h>
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

struct state *state_new(const struct state_shape *shape)
{
    struct state head = {.bytes = memory_round(sizeof head), .shape = *shape}, *s;
    const struct {
        size_t *at;
        int64_t times, length;
        size_t size;
    } parts[] = {
        {&head.theta_at, 1, shape->parameters, sizeof(float)},
        {&head.statistics_at, 1, shape->statistics, sizeof(float)},
        {&head.scalars_at, 1, shape->scalars, sizeof(double)},
        {&head.vectors_at, shape->vectors, shape->parameters, sizeof(float)},
        {&head.ema_at, shape->ema, shape->parameters, sizeof(float)},
        {&head.best_at, shape->best, shape->parameters + shape->statistics, sizeof(float)},
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        int64_t n;
        *parts[i].at = head.bytes;
        if (__builtin_mul_overflow(parts[i].times, parts[i].length, &n) ||
            append(&head.bytes, n, parts[i].size) != 0)
            return NULL;
    }
    s = memory_zeroed(head.bytes);
    if (s)
        *s = head;
    return s;
}

static void copy_floats(float *to, const float *from, int64_t n)
{
    memcpy(to, from, sizeof *to * (size_t)n);
}

struct state *state_reshaped(const struct state *s, const struct state_shape *shape, const int *from)
{
    struct state *t = state_new(shape);
    int64_t n = s->shape.parameters, m = s->shape.statistics;

    if (!t)
        return NULL;
    t->knobs = s->knobs;
    t->counters = s->counters;
    t->schedule = s->schedule;
    copy_floats(state_theta(t), state_theta(s), n);
    copy_floats(state_statistics(t), state_statistics(s), m);
    if (shape->scalars == s->shape.scalars)
        memcpy(state_scalars(t), state_scalars(s), sizeof(double) * (size_t)shape->scalars);
    for (int64_t i = 0; from && i < shape->vectors; i++)
        if (from[i] >= 0)
            copy_floats(state_vector(t, i), state_vector(s, from[i]), n);
    if (shape->ema)
        copy_floats(state_ema(t), s->shape.ema ? state_ema(s) : state_theta(s), n);
    if (shape->best && s->shape.best) {
        copy_floats(state_best(t), state_best(s), n + m);
    } else if (shape->best) {
        copy_floats(state_best(t), state_theta(s), n);
        copy_floats(state_best(t) + n, state_statistics(s), m);
    }
    return t;
}

struct state *state_copy(const struct state *s)
{
    struct state *t = memory_unwritten(s->bytes);

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
    return at(s, s->vectors_at) + vector * s->shape.parameters;
}

float *state_ema(const struct state *s)
{
    return at(s, s->ema_at);
}

float *state_best(const struct state *s)
{
    return at(s, s->best_at);
}

#define COUNTER(field)  {#field, offsetof(struct counters, field), 0}
#define OPTIONAL(field) {#field, offsetof(struct counters, field), 1} /* files of earlier versions lack it */

static const struct {
    const char *name;
    size_t offset;
    int optional;
} counter_rows[] = {
    COUNTER(step),
    COUNTER(epoch),
    COUNTER(position),
    COUNTER(optimizer_steps),
    OPTIONAL(fresh_slots),
    COUNTER(schedule_step),
    COUNTER(schedule_epoch),
    COUNTER(evaluation_due),
    COUNTER(epoch_loss),
    OPTIONAL(epoch_weight),
    COUNTER(epoch_correct),
    COUNTER(epoch_frames),
    COUNTER(last_epoch_loss),
    COUNTER(last_epoch_accuracy),
    COUNTER(validation_loss),
    COUNTER(validation_accuracy),
    COUNTER(part_loss),
    COUNTER(part_accuracy),
    COUNTER(best_accuracy),
    COUNTER(best_step),
    COUNTER(stale),
    OPTIONAL(best_loss),
    OPTIONAL(best_part_loss),
    OPTIONAL(best_part_accuracy),
};

enum { COUNTERS = sizeof counter_rows / sizeof *counter_rows };

_Static_assert(COUNTERS * 8 == sizeof(struct counters), "every counter has its row");

const char *counters_name(int i)
{
    return i < COUNTERS ? counter_rows[i].name : NULL;
}

int counters_optional(int i)
{
    return counter_rows[i].optional;
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

#define SCHEDULE_FIELD(field)                                                                                \
    {#field, offsetof(struct schedule_state, field), _Generic(((struct schedule_state *)0)->field, int: 1, double: 0)}

static const struct {
    const char *name;
    size_t offset;
    int whole;
} schedule_rows[] = {
    SCHEDULE_FIELD(factor),
    SCHEDULE_FIELD(best),
    SCHEDULE_FIELD(fed),
    SCHEDULE_FIELD(num_bad_epochs),
    SCHEDULE_FIELD(cooldown_counter),
    SCHEDULE_FIELD(reductions),
};

enum { SCHEDULE_FIELDS = sizeof schedule_rows / sizeof *schedule_rows };

_Static_assert(2 * sizeof(double) + (SCHEDULE_FIELDS - 2) * sizeof(int) == sizeof(struct schedule_state),
               "every field of a schedule's state has its row");

const char *schedule_state_name(int i)
{
    return i < SCHEDULE_FIELDS ? schedule_rows[i].name : NULL;
}

uint64_t schedule_state_bits(const struct schedule_state *s, int i)
{
    const char *at = (const char *)s + schedule_rows[i].offset;
    uint64_t bits;

    if (schedule_rows[i].whole)
        return (uint64_t)(int64_t)(*(const int *)at);
    memcpy(&bits, at, sizeof bits);
    return bits;
}

int schedule_state_set_bits(struct schedule_state *s, int i, uint64_t bits)
{
    char *at = (char *)s + schedule_rows[i].offset;

    if (!schedule_rows[i].whole) {
        memcpy(at, &bits, sizeof bits);
        return 0;
    }
    if (bits > INT_MAX)
        return -1;
    *(int *)at = (int)bits;
    return 0;
}
