/* SPDX-License-Identifier: MIT */
#include "data/names.h"

#include <stdlib.h>
#include <string.h>

#include "core/text.h"

int name_is_clean(const char *text)
{
    while (*text) {
        int n = text_printable(text);
        if (!n)
            return 0;
        text += n;
    }
    return 1;
}

static int count_lines(const char *text, size_t length)
{
    int lines = 0;

    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines + (length > 0 && text[length - 1] != '\n');
}

int name_list_split(struct name_list *l, const char *text)
{
    size_t length = strlen(text);
    int count = count_lines(text, length), bad = 0;
    char **names = malloc(sizeof *names * (size_t)count + length + 1), *copy;

    *l = (struct name_list){0};
    if (!names)
        return -1;
    copy = memcpy((char *)(names + count), text, length + 1);
    for (int i = 0; i < count && !bad; i++) {
        names[i] = copy;
        copy += strcspn(copy, "\n");
        if (*copy)
            *copy++ = 0;
        if (!*names[i] || !name_is_clean(names[i]))
            bad = i + 1;
    }
    if (bad)
        free(names);
    else
        *l = (struct name_list){.count = count, .names = names};
    return bad;
}

char *name_list_join(const struct name_list *l)
{
    size_t length = 1;
    char *text, *end;

    for (int i = 0; i < l->count; i++)
        length += strlen(l->names[i]) + 1;
    text = end = malloc(length);
    if (!text)
        return NULL;
    for (int i = 0; i < l->count; i++) {
        if (i)
            *end++ = '\n';
        end = stpcpy(end, l->names[i]);
    }
    *end = 0;
    return text;
}

void name_list_free(struct name_list *l)
{
    free(l->names);
    *l = (struct name_list){0};
}
