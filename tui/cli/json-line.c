/* SPDX-License-Identifier: MIT */
#include "cli/json-line.h"

#include <math.h>
#include <stdio.h>

void json_line_number(json_t *o, const char *key, double v)
{
    json_object_set_new(o, key, isfinite(v) ? json_real(v) : json_null());
}

void json_line_integer(json_t *o, const char *key, long long v)
{
    json_object_set_new(o, key, json_integer(v));
}

/* jansson escapes the controls below U+0020, and hands whole characters over. */
static int put(const char *text, size_t size, void *context)
{
    size_t from = 0;

    (void)context;
    for (size_t i = 0; i + 1 < size; i++) {
        unsigned char next = (unsigned char)text[i + 1];
        if (text[i] != '\xc2' || next >= 0xa0)
            continue;
        fwrite(text + from, 1, i - from, stdout);
        printf("\\u%04x", next);
        from = i + 2;
    }
    fwrite(text + from, 1, size - from, stdout);
    return ferror(stdout) ? -1 : 0;
}

int json_line_dump(const json_t *o, size_t flags)
{
    return json_dump_callback(o, put, NULL, flags | JSON_LINE_DIGITS);
}

void json_line_print(json_t *o)
{
    json_line_dump(o, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
}
