/* SPDX-License-Identifier: MIT */
#include "markup.h"

#include "test.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH = 32, NAME = 40, VALUE = 64 };

struct element {
    char name[NAME], class[VALUE];
    int begins, ends; /* <a>: begins; </a>: ends; <a/>: both */
};

static void take_name(const char **at, char *out)
{
    size_t n = 0;

    while (isalnum((unsigned char)**at) || **at == '-' || **at == ':') {
        assert_true(n + 1 < NAME);
        out[n++] = *(*at)++;
    }
    assert_true(n > 0);
    out[n] = 0;
}

static void check_text(const char *from, const char *to)
{
    for (; from < to; from++) {
        assert_true(*from != '<');
        if (*from == '&')
            assert_true(!strncmp(from, "&lt;", 4) || !strncmp(from, "&gt;", 4) || !strncmp(from, "&amp;", 5) ||
                        !strncmp(from, "&quot;", 6));
    }
}

static int has_word(const char *words, const char *word)
{
    size_t n = strlen(word);

    for (const char *at = words; (at = strstr(at, word)); at += n)
        if ((at == words || at[-1] == ' ') && (!at[n] || at[n] == ' '))
            return 1;
    return 0;
}

/* attribute="value"; true when it is the one that is looked for. */
static int take_attribute(const char **at, struct element *e, const char *attribute, const char *value)
{
    char name[NAME], text[VALUE];
    const char *end;

    take_name(at, name);
    assert_true((*at)[0] == '=' && (*at)[1] == '"');
    *at += 2;
    end = strchr(*at, '"');
    assert_non_null(end);
    check_text(*at, end);
    snprintf(text, sizeof text, "%.*s", (int)(end - *at), *at);
    if (strcmp(name, "class") == 0)
        snprintf(e->class, sizeof e->class, "%s", text);
    *at = end + 1;
    return attribute && strcmp(name, attribute) == 0 && strcmp(text, value) == 0;
}

/* The next element's tag, *at behind it; 0 at the end. */
static int take_tag(const char **at, struct element *e, const char *attribute, const char *value, int *found)
{
    const char *tag = strchr(*at, '<');

    check_text(*at, tag ? tag : *at + strlen(*at));
    memset(e, 0, sizeof *e);
    if (!tag)
        return 0;
    *at = tag + 1;
    e->ends = **at == '/';
    *at += e->ends;
    e->begins = !e->ends;
    take_name(at, e->name);
    while (**at == ' ') {
        ++*at;
        *found += take_attribute(at, e, attribute, value);
    }
    if (**at == '/')
        e->ends = 1, ++*at;
    assert_true(**at == '>');
    ++*at;
    return 1;
}

void markup_check(const char *text)
{
    char open[DEPTH][NAME];
    struct element e;
    int depth = 0, found = 0, roots = 0;

    while (take_tag(&text, &e, NULL, NULL, &found)) {
        if (e.begins) {
            assert_true(depth < DEPTH);
            roots += depth == 0;
            memcpy(open[depth++], e.name, sizeof e.name);
        }
        if (e.ends) {
            assert_true(depth > 0);
            assert_string_equal(open[--depth], e.name);
        }
    }
    assert_int_equal(depth, 0);
    assert_int_equal(roots, 1);
}

int markup_count(const char *text, const char *name, const char *class)
{
    struct element e;
    int count = 0, found = 0;

    while (take_tag(&text, &e, NULL, NULL, &found))
        count += e.begins && strcmp(e.name, name) == 0 && (!class || has_word(e.class, class));
    return count;
}

int markup_has(const char *text, const char *attribute, const char *value)
{
    struct element e;
    int found = 0;

    while (take_tag(&text, &e, attribute, value, &found))
        continue;
    return found > 0;
}
