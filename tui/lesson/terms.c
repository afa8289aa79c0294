/* SPDX-License-Identifier: MIT */
/* Terms of the glossary in the text of a step: those that it links to, and those that it uses. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lesson/lessons.h"

enum { TERMS_MOST = 40 };

struct found {
    int count;
    char name[TERMS_MOST][LESSON_NAME];
};

/* Links write "minimum-ratio" for "Minimum ratio". */
static int same(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (tolower(*a == '-' ? ' ' : (unsigned char)*a) != tolower(*b == '-' ? ' ' : (unsigned char)*b))
            return 0;
    return *a == *b;
}

static void add(struct found *f, const char *name, size_t n)
{
    char *to = f->name[f->count];

    if (f->count == TERMS_MOST)
        return;
    snprintf(to, LESSON_NAME, "%.*s", (int)n, name);
    for (int i = 0; i < f->count; i++)
        if (same(f->name[i], to))
            return;
    f->count++;
}

static int is_letter(char c)
{
    return isalnum((unsigned char)c) || c == '-';
}

/* The longest term that the text uses here, as a word of its own; a plural is one. */
static const char *term_at(const struct shelf *s, const char *text, const char *at)
{
    const char *best = NULL;
    size_t longest = 0;

    for (int i = 0; i < s->terms; i++) {
        size_t n = strlen(s->term[i]);
        int ascii = isalnum((unsigned char)s->term[i][0]);
        if (n <= longest || strncasecmp(at, s->term[i], n) != 0 || (ascii && at > text && is_letter(at[-1])))
            continue;
        if (ascii && is_letter(at[n + (at[n] == 's')]))
            continue;
        best = s->term[i];
        longest = n;
    }
    return best;
}

static void find(struct found *f, const struct shelf *s, const char *line)
{
    const char *text, *to, *term;
    size_t n, m, whole;

    for (const char *at = line; *at; at += whole ? whole : 1) {
        whole = page_link(at, &text, &n, &to, &m);
        if (whole && m >= 13 && strncmp(to, "glossary.md#", 12) == 0)
            add(f, to + 12, m - 12);
        else if (!whole && s && (term = term_at(s, line, at))) {
            whole = strlen(term);
            add(f, term, whole);
        }
    }
}

int page_term(const struct lessons *s, int i, char *name, size_t size)
{
    const struct lesson_player *p = &s->player;
    const struct lesson_step *step = p->lesson ? &p->lesson->step[p->step] : NULL;
    struct found f = {0};

    for (int b = 0; step && b < step->blocks && (step->first + b <= p->block || p->phase == PLAYER_END); b++) {
        const struct lesson_block *block = &p->lesson->block[step->first + b];
        for (int k = 0; block->kind == LESSON_TEXT && k < block->count; k++)
            find(&f, s->shelf, block->line[k].text);
        if (block->kind == LESSON_ASK)
            find(&f, s->shelf, block->line[0].text);
    }
    if (i < 1 || i > f.count)
        return 0;
    snprintf(name, size, "%s", f.name[i - 1]);
    return 1;
}
