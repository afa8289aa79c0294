/* SPDX-License-Identifier: MIT */
#include "run/journal.h"
#include "run/run-private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "math/products.h"

int journal_add(struct run *l, const char *name, const char *value, struct err *e)
{
    char line[KNOB_VALUE_SIZE + 96], *grown;
    int n = snprintf(line, sizeof line, "%llu %d %s %s\n", (unsigned long long)l->state->counters.step, l->id, name,
                     value);

    grown = realloc(l->journal, l->journal_size + (size_t)n + 1);
    if (!grown)
        return err_memory(e, "the journal", l->journal_size);
    memcpy(grown + l->journal_size, line, (size_t)n + 1);
    l->journal = grown;
    l->journal_size += (size_t)n;
    return 0;
}

int journal_products(struct run *l, struct err *e)
{
    static const char word[] = " " JOURNAL_PRODUCTS " ";
    const char *last = NULL;
    char now[160];

    products_describe((enum products_source)l->state->knobs.value[KNOB_PRODUCTS], now, sizeof now);
    for (const char *at = l->journal; (at = strstr(at, word)) != NULL; at++)
        last = at + strlen(word);
    if (last && strncmp(last, now, strlen(now)) == 0 && last[strlen(now)] == '\n')
        return 0;
    return journal_add(l, JOURNAL_PRODUCTS, now, e);
}

void journal_compare(const struct run *l, const char *from, const char *was, char *text, size_t size)
{
    char now[160];

    *text = '\0';
    products_describe((enum products_source)l->state->knobs.value[KNOB_PRODUCTS], now, sizeof now);
    if (strcmp(was, now) != 0)
        snprintf(text, size, "%s was computed with %.66s: bits may differ", from, was);
}

int journal_count(const struct run *l, const char *name)
{
    char word[80];
    int count = 0;

    snprintf(word, sizeof word, " %s ", name);
    for (const char *at = l->journal; (at = strstr(at, word)) != NULL; at++)
        count++;
    return count;
}

int journal_read(const char *text, struct journal_line *line, struct err *e)
{
    const char *at = text, *end = text + strcspn(text, "\n");
    uint64_t run;
    size_t name, value;

    if (!*text)
        return 0;
    if (text_unsigned(&at, UINT64_MAX, &line->step) != 0 || *at++ != ' ' || text_unsigned(&at, INT_MAX, &run) != 0 ||
        *at++ != ' ' || (name = strcspn(at, " \n")) == 0 || name >= sizeof line->name)
        return err_set(e, ERR_INPUT, "the journal has a line that is not \"step run name value\": %.*s",
                       (int)(end - text < 80 ? end - text : 80), text);
    memcpy(line->name, at, name);
    line->name[name] = '\0';
    at += name + (at[name] == ' ');
    value = (size_t)(end - at); /* an empty text is a value */
    if (value >= sizeof line->value)
        return err_set(e, ERR_INPUT, "the journal has a value longer than %zu characters", sizeof line->value - 1);
    memcpy(line->value, at, value);
    line->value[value] = '\0';
    return (int)(end - text) + (*end == '\n');
}

int journal_check(const char *text, struct err *e)
{
    struct journal_line line;
    int used;

    while ((used = journal_read(text, &line, e)) > 0)
        text += used;
    return used;
}

static const char *next_line(const char *at)
{
    at += strcspn(at, "\n");
    return at + (*at == '\n');
}

static int tells_products(const char *line)
{
    static const char word[] = " " JOURNAL_PRODUCTS " ";
    const char *found = strstr(line, word);

    return found && found < line + strcspn(line, "\n");
}

size_t journal_before(const char *journal, uint64_t step)
{
    const char *at = journal;

    while (*at && (strtoull(at, NULL, 10) < step || (strtoull(at, NULL, 10) == step && tells_products(at))))
        at = next_line(at);
    return (size_t)(at - journal);
}

size_t journal_bytes(const char *journal, int lines)
{
    const char *at = journal;

    while (*at && lines-- > 0)
        at = next_line(at);
    return (size_t)(at - journal);
}

int journal_lines(const char *journal)
{
    int lines = 0;

    for (; *journal; journal = next_line(journal))
        lines++;
    return lines;
}

int journal_number(const char *value)
{
    uint64_t n;

    if (text_unsigned(&value, INT_MAX, &n) != 0 || (*value && *value != ':'))
        return -1;
    return (int)n;
}
