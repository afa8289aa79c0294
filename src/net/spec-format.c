/* SPDX-License-Identifier: MIT */
/* The text of a network, as somebody would type it. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/spec.h"

struct writer {
    char *text;
    size_t size, used; /* used > size: it did not fit */
};

__attribute__((format(printf, 2, 3))) static void put(struct writer *w, const char *format, ...)
{
    size_t room = w->used < w->size ? w->size - w->used : 0;
    va_list list;
    int n;

    va_start(list, format);
    n = vsnprintf(room ? w->text + w->used : NULL, room, format, list);
    va_end(list);
    w->used += n > 0 ? (size_t)n : 0;
}

static int is(const struct layer_spec *l, const char *kind)
{
    return strcmp(l->kind, kind) == 0;
}

static int is_recurrent(const struct layer_spec *l)
{
    return is(l, "rnn") || is(l, "lstm") || is(l, "gru");
}

/* "=0.2", with the fewest digits that read back as the same number. */
static void put_value(struct writer *w, double v)
{
    char digits[32] = "";

    for (int n = 1; n <= 17; n++) {
        snprintf(digits, sizeof digits, "%.*g", n, v);
        if (strtod(digits, NULL) == v)
            break;
    }
    put(w, "=%s", digits);
}

static void put_recurrent(struct writer *w, const struct layer_spec *l)
{
    put(w, "%s %d", l->kind, l->width);
    if (l->levels > 1)
        put(w, "x%d", l->levels);
    if (l->bidirectional)
        put(w, " bi");
    if (l->rate == 0)
        return;
    put(w, " dropout");
    if (!isnan(l->rate))
        put_value(w, l->rate);
}

static void put_layer(struct writer *w, const struct layer_spec *l)
{
    static const char *const selected[] = {[SELECT_LAST] = "last", [SELECT_CENTER] = "center", [SELECT_ALL] = "all"};

    if (is(l, "linear"))
        put(w, "linear %d", l->width);
    else if (is_recurrent(l))
        put_recurrent(w, l);
    else if (is(l, "select"))
        put(w, "%s", selected[l->select]);
    else
        put(w, "%s", is(l, "batchnorm") ? "bn" : is(l, "layernorm") ? "ln" : l->kind);
    if (is(l, "dropout") && !isnan(l->rate))
        put_value(w, l->rate);
    if (is(l, "leaky_relu") && l->slope != spec_layer("leaky_relu").slope)
        put_value(w, l->slope);
}

/* A block begins where the width changes or time is left. Dropout right after levels would be read as theirs. */
static int begins_block(const struct network_spec *s, int i)
{
    const struct layer_spec *l = &s->layer[i];

    return i == 0 || is(l, "linear") || is(l, "select") || is_recurrent(l) ||
           (is(l, "dropout") && is_recurrent(l - 1) && l[-1].levels > 1);
}

static int same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static int same_layer(const struct layer_spec *a, const struct layer_spec *b)
{
    return strcmp(a->kind, b->kind) == 0 && a->width == b->width && a->levels == b->levels &&
           a->bidirectional == b->bidirectional && a->select == b->select && same_number(a->rate, b->rate) &&
           a->slope == b->slope;
}

static int block_end(const struct network_spec *s, int first)
{
    int end = first + 1;

    while (end < s->count && !begins_block(s, end))
        end++;
    return end;
}

/* Whether the block at `next` is the `size` layers at `first` once more. */
static int repeats(const struct network_spec *s, int first, int size, int next)
{
    if (next >= s->count || block_end(s, next) != next + size)
        return 0;
    for (int i = 0; i < size; i++)
        if (!same_layer(&s->layer[first + i], &s->layer[next + i]))
            return 0;
    return 1;
}

int spec_format(const struct network_spec *s, char *text, size_t size)
{
    struct writer w = {text, size, 0};

    for (int first = 0, next; first < s->count; first = next) {
        int length = block_end(s, first) - first, times = 1;
        put(&w, "%s", first ? " | " : "");
        for (int i = 0; i < length; i++) {
            put(&w, "%s", i ? " " : "");
            put_layer(&w, &s->layer[first + i]);
        }
        for (next = first + length; repeats(s, first, length, next); next += length)
            times++;
        if (times > 1)
            put(&w, " x%d", times);
    }
    return s->count > 0 && w.used < size ? 0 : -1;
}
