/* SPDX-License-Identifier: MIT */
#include "net/spec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct parser {
    const char *text, *at;
    struct network_spec *spec;
    struct err *e;
};

struct layer_spec spec_layer(const char *kind)
{
    struct layer_spec l = {.levels = 1, .bias = 1, .eps = 1e-5, .momentum = .1, .slope = .01};

    strncpy(l.kind, kind, SPEC_KIND - 1);
    l.rate = strcmp(kind, "dropout") == 0 ? NAN : 0;
    return l;
}

static int wrong(struct parser *p, const char *place, int length, const char *what)
{
    return err_set(p->e, ERR_INPUT, "network: %s at \"%.*s\" (character %d)", what, length, place,
                   (int)(place - p->text) + 1);
}

/* The next word: letters, digits and _.=- up to a blank or bar. */
static int word_length(const char *at)
{
    return (int)strcspn(at, " \t|");
}

static int word_is(const char *word, int length, const char *name)
{
    return (int)strlen(name) == length && strncmp(word, name, (size_t)length) == 0;
}

/* A whole number of 1 … most; -1 when the word is none. */
static int word_count(const char *word, int length, int most)
{
    char *end;
    long n = strtol(word, &end, 10);

    return end == word + length && length > 0 && n >= 1 && n <= most ? (int)n : -1;
}

static int add(struct parser *p, const struct layer_spec *l, const char *place, int length)
{
    if (p->spec->count == SPEC_MOST_LAYERS)
        return wrong(p, place, length, "more than 96 layers");
    p->spec->layer[p->spec->count++] = *l;
    return 0;
}

static void skip_blanks(struct parser *p)
{
    p->at += strspn(p->at, " \t");
}

/* Parse the arguments after a layer's name into l. */
typedef int parse_numbers(struct parser *p, struct layer_spec *l, const char *word, int length);

static int parse_linear(struct parser *p, struct layer_spec *l, const char *word, int name)
{
    int length;

    (void)word;
    (void)name;
    skip_blanks(p);
    length = word_length(p->at);
    l->width = word_count(p->at, length, SPEC_MOST_WIDTH);
    if (l->width < 0)
        return wrong(p, p->at, length, "linear needs a width from 1 to 65536");
    p->at += length;
    return 0;
}

/* The number after = in a word, or `standard` without one; −1 when it is none. */
static double word_value(const char *word, int length, double standard)
{
    const char *equals = memchr(word, '=', (size_t)length);
    char *end;
    double value;

    if (!equals)
        return standard;
    value = strtod(equals + 1, &end);
    return end == word + length && end > equals + 1 ? value : -1;
}

static int parse_rate(struct parser *p, struct layer_spec *l, const char *word, int length)
{
    l->rate = word_value(word, length, NAN);
    if (l->rate < 0 || l->rate >= 1)
        return wrong(p, word, length, "dropout needs a rate from 0 to below 1");
    return 0;
}

static int parse_slope(struct parser *p, struct layer_spec *l, const char *word, int length)
{
    l->slope = word_value(word, length, l->slope);
    if (!(l->slope >= 0 && l->slope <= 1))
        return wrong(p, word, length, "leaky_relu needs a slope from 0 to 1");
    return 0;
}

/* "256" or "256x2": hidden size and levels. */
static int parse_hidden(struct parser *p, struct layer_spec *l)
{
    const char *times;
    int length;

    skip_blanks(p);
    length = word_length(p->at);
    times = memchr(p->at, 'x', (size_t)length);
    l->width = word_count(p->at, times ? (int)(times - p->at) : length, SPEC_MOST_WIDTH);
    if (times)
        l->levels = word_count(times + 1, length - (int)(times - p->at) - 1, SPEC_MOST_LEVELS);
    if (l->width < 0 || l->levels < 0)
        return wrong(p, p->at, length,
                     "a recurrent layer needs a hidden size as 256, or 256x2 for 2 of at most 8 levels");
    p->at += length;
    return 0;
}

static int parse_recurrent(struct parser *p, struct layer_spec *l, const char *word, int name)
{
    int r = parse_hidden(p, l);

    (void)word;
    (void)name;
    for (skip_blanks(p); r == 0; skip_blanks(p)) {
        const char *next = p->at;
        int length = word_length(next);
        if (word_is(next, length, "bi"))
            l->bidirectional = 1;
        else if (word_is(next, (int)strcspn(next, " \t|="), "dropout") && l->levels > 1)
            r = parse_rate(p, l, next, length);
        else
            return 0;
        p->at += length;
    }
    return r;
}

static int parse_layer(struct parser *p)
{
    static const struct {
        const char *word, *kind;
        int select;
        parse_numbers *numbers;
        int value; /* takes = */
    } words[] = {{"linear", "linear", 0, parse_linear, 0},
                 {"rnn", "rnn", 0, parse_recurrent, 0},
                 {"lstm", "lstm", 0, parse_recurrent, 0},
                 {"gru", "gru", 0, parse_recurrent, 0},
                 {"last", "select", SELECT_LAST, NULL, 0},
                 {"center", "select", SELECT_CENTER, NULL, 0},
                 {"all", "select", SELECT_ALL, NULL, 0},
                 {"relu", "relu", 0, NULL, 0},
                 {"tanh", "tanh", 0, NULL, 0},
                 {"sigmoid", "sigmoid", 0, NULL, 0},
                 {"leaky_relu", "leaky_relu", 0, parse_slope, 1},
                 {"elu", "elu", 0, NULL, 0},
                 {"gelu", "gelu", 0, NULL, 0},
                 {"silu", "silu", 0, NULL, 0},
                 {"bn", "batchnorm", 0, NULL, 0},
                 {"batchnorm", "batchnorm", 0, NULL, 0},
                 {"ln", "layernorm", 0, NULL, 0},
                 {"layernorm", "layernorm", 0, NULL, 0},
                 {"dropout", "dropout", 0, parse_rate, 1}};
    const char *word = p->at;
    int length = word_length(word), name = (int)strcspn(word, " \t|=");
    struct layer_spec l;
    int r;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!word_is(word, name, words[i].word))
            continue;
        l = spec_layer(words[i].kind);
        l.select = words[i].select;
        p->at += length;
        if (name < length && !words[i].value)
            return wrong(p, word, length, "only dropout and leaky_relu take =");
        r = words[i].numbers ? words[i].numbers(p, &l, word, length) : 0;
        return r ? r : add(p, &l, word, length);
    }
    return wrong(p, word, length, "unknown layer");
}

/* "x3" at the end of a block: the layers from `first` on three times. */
static int repeat(struct parser *p, int first, const char *word, int length)
{
    int times = word_count(word + 1, length - 1, SPEC_MOST_LAYERS), count = p->spec->count - first;

    if (times < 0 || count == 0)
        return wrong(p, word, length, "a repetition is x and a number after a block");
    for (int k = 1; k < times; k++)
        for (int i = 0; i < count; i++) {
            int r = add(p, &p->spec->layer[first + i], word, length);
            if (r)
                return r;
        }
    return 0;
}

static int parse_block(struct parser *p)
{
    int first = p->spec->count, r = 0;

    for (skip_blanks(p); r == 0 && *p->at && *p->at != '|'; skip_blanks(p)) {
        const char *word = p->at;
        int length = word_length(word);
        if (word[0] != 'x' || word_count(word + 1, length - 1, SPEC_MOST_LAYERS) < 0) {
            r = parse_layer(p);
            continue;
        }
        r = repeat(p, first, word, length);
        p->at += length;
        skip_blanks(p);
        if (r == 0 && *p->at && *p->at != '|')
            r = wrong(p, p->at, word_length(p->at), "a repetition ends its block: | is missing");
    }
    if (r == 0 && p->spec->count == first)
        r = wrong(p, p->at, *p->at ? 1 : 0, "an empty block");
    return r;
}

int spec_parse(struct network_spec *s, const char *text, struct err *e)
{
    struct parser p = {.text = text, .at = text, .spec = s, .e = e};

    s->count = 0;
    for (;;) {
        int r = parse_block(&p);
        if (r || !*p.at)
            return r;
        p.at++;
    }
}
