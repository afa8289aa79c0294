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

void json_line_print(json_t *o)
{
    json_dumpf(o, stdout, JSON_COMPACT | JSON_LINE_DIGITS);
    putchar('\n');
    json_decref(o);
}
