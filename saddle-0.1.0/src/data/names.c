#include "data/names.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of the character that begins here, 0 when it is none that may be shown. RFC 3629: no
 * overlong forms, no surrogates, nothing past U+10FFFF. C1 controls (U+0080…9F) drive terminals too. */
static int character_length(const unsigned char *p)
{
    static const unsigned least[] = {0, 0, 0xA0, 0x800, 0x10000};
    int n = *p < 0x80 ? 1 : *p >> 5 == 6 ? 2 : *p >> 4 == 14 ? 3 : *p >> 3 == 30 ? 4 : 0;
    unsigned code = n > 1 ? *p & (0x7Fu >> n) : *p;

    if (n <= 1)
        return n && code >= 0x20 && code != 0x7F;
    for (int i = 1; i < n; i++) {
        if (p[i] >> 6 != 2)
            return 0;
        code = code << 6 | (p[i] & 0x3Fu);
    }
    return code < least[n] || code > 0x10FFFF || code >> 11 == 0xD800 >> 11 ? 0 : n;
}

int name_is_clean(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;

    while (*p) {
        int n = character_length(p);
        if (!n)
            return 0;
        p += n;
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
