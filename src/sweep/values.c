/* SPDX-License-Identifier: MIT */
#include "sweep/values.h"

#include <stdlib.h>
#include <string.h>

/* Between quotes, the first of them passed. */
static int copy_quoted(const char **at, char *value, size_t size)
{
    size_t n = 0;

    for (const char *p = *at; *p; p++) {
        if (*p == '"' && p[1] != '"') {
            value[n] = 0;
            *at = p + 1;
            return 1;
        }
        p += *p == '"';
        if (n + 1 >= size)
            return -1;
        value[n++] = *p;
    }
    return -1;
}

static int copy_plain(const char **at, char *value, size_t size)
{
    size_t n = strcspn(*at, ","), used = n;

    while (used > 0 && strchr(" \t", (*at)[used - 1]))
        used--;
    if (used == 0 || used >= size || memchr(*at, '"', used))
        return -1;
    memcpy(value, *at, used);
    value[used] = 0;
    *at += n;
    return 1;
}

int values_next(const char **at, int *began, char *value, size_t size)
{
    int r;

    *at += strspn(*at, " \t");
    if (!**at)
        return *began ? 0 : -1;
    if (*began && *(*at)++ != ',')
        return -1;
    *began = 1;
    *at += strspn(*at, " \t");
    if (**at != '"')
        return copy_plain(at, value, size);
    ++*at;
    r = copy_quoted(at, value, size);
    *at += strspn(*at, " \t");
    return r > 0 && **at && **at != ',' ? -1 : r;
}

static void put(char *out, size_t size, size_t *n, char c)
{
    if (*n + 1 < size)
        out[*n] = c;
    ++*n;
}

size_t values_quote(const char *value, char *out, size_t size)
{
    size_t length = strlen(value), n = 0;
    int quotes = length == 0 || strpbrk(value, ",\"") || strchr(" \t", value[0]) || strchr(" \t", value[length - 1]);

    if (quotes)
        put(out, size, &n, '"');
    for (; *value; value++) {
        if (*value == '"')
            put(out, size, &n, '"');
        put(out, size, &n, *value);
    }
    if (quotes)
        put(out, size, &n, '"');
    out[n < size ? n : size - 1] = 0;
    return n;
}

int values_range(const char *text, double *low, double *high)
{
    const char *dots = strstr(text, "..");
    char first[64], *end;

    if (!dots || dots == text || (size_t)(dots - text) >= sizeof first)
        return 0;
    memcpy(first, text, (size_t)(dots - text));
    first[dots - text] = 0;
    *low = strtod(first, &end);
    if (*end)
        return 0;
    *high = strtod(dots + 2, &end);
    return end != dots + 2 && !*end;
}
