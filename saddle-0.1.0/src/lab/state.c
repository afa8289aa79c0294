#include "lab/state.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

static size_t vector_bytes(int64_t n)
{
    return memory_round(sizeof(float) * (size_t)n);
}

struct state *state_new(int64_t parameters, int64_t statistics, int slots)
{
    size_t theta_at = memory_round(sizeof(struct state));
    size_t statistics_at = theta_at + vector_bytes(parameters);
    size_t slots_at = statistics_at + vector_bytes(statistics);
    size_t bytes = slots_at + (size_t)slots * vector_bytes(parameters);
    struct state *s = memory_zeroed(bytes);

    if (s) {
        s->bytes = bytes;
        s->parameters = parameters;
        s->statistics = statistics;
        s->slots = slots;
        s->theta_at = theta_at;
        s->statistics_at = statistics_at;
        s->slots_at = slots_at;
    }
    return s;
}

struct state *state_with_slots(const struct state *s, int slots)
{
    struct state *t = state_new(s->parameters, s->statistics, slots);

    if (t) {
        t->knobs = s->knobs;
        t->counters = s->counters;
        memcpy(state_theta(t), state_theta(s), s->slots_at - s->theta_at);
    }
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

float *state_slot(const struct state *s, int slot)
{
    return at(s, s->slots_at + (size_t)slot * vector_bytes(s->parameters));
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
