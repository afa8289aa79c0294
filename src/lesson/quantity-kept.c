/* SPDX-License-Identifier: MIT */
/* Quantities that were kept: by name, or out of what a command printed. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "lesson/quantity.h"

static struct quantity_pair *find(const struct quantity_kept *k, const char *name)
{
    for (int i = 0; i < k->count; i++)
        if (strcmp(k->pair[i].name, name) == 0)
            return &k->pair[i];
    return NULL;
}

int quantity_keep(struct quantity_kept *k, const char *name, const struct expression_value *v, struct err *e)
{
    struct quantity_pair *pair = find(k, name);

    if (!pair && k->count == k->room) {
        int room = k->room ? 2 * k->room : 64;
        struct quantity_pair *more = room > QUANTITY_MOST_KEPT ? NULL : realloc(k->pair, sizeof *more * (size_t)room);
        if (!more)
            return err_memory(e, "what commands printed", sizeof *more * (size_t)room);
        k->pair = more;
        k->room = room;
    }
    if (!pair) {
        pair = &k->pair[k->count++];
        text_copy(pair->name, sizeof pair->name, name);
    }
    pair->value = *v;
    return 0;
}

void quantity_forget(struct quantity_kept *k, const char *command)
{
    size_t n = command ? strlen(command) : 0;
    int left = 0;

    for (int i = 0; command && i < k->count; i++)
        if (strncmp(k->pair[i].name, command, n) != 0 || k->pair[i].name[n] != '.')
            k->pair[left++] = k->pair[i];
    k->count = left;
}

void quantity_free(struct quantity_kept *k)
{
    free(k->pair);
    *k = (struct quantity_kept){0};
}

/* Whether a name that begins so is there. */
static int begins(const struct quantity_kept *k, const char *name)
{
    size_t n = strlen(name);

    for (int i = 0; i < k->count; i++)
        if (strncmp(k->pair[i].name, name, n) == 0 && k->pair[i].name[n] == '.')
            return 1;
    return 0;
}

/* A value under this name; names that are too long are left out. */
static int keep(struct quantity_kept *k, const char *name, const json_t *value, int depth, struct err *e)
{
    struct expression_value v = {.number = json_is_number(value) ? json_number_value(value) : json_is_true(value) ? 1 : json_is_false(value) ? 0 : NAN};
    char longer[EXPRESSION_NAME];
    const char *key;
    json_t *item;
    size_t i;
    int r = 0;

    if (depth > 8)
        return 0;
    if (json_is_object(value)) {
        json_object_foreach((json_t *)value, key, item)
            if (r == 0 && (size_t)snprintf(longer, sizeof longer, "%s.%s", name, key) < sizeof longer)
                r = keep(k, longer, item, depth + 1, e);
        return r;
    }
    if (json_is_array(value)) {
        json_array_foreach(value, i, item)
            if (r == 0 && (size_t)snprintf(longer, sizeof longer, "%s.%zu", name, i + 1) < sizeof longer)
                r = keep(k, longer, item, depth + 1, e);
        return r;
    }
    if (json_is_string(value)) {
        v.is_text = 1;
        text_copy(v.text, sizeof v.text, json_string_value(value));
    }
    return quantity_keep(k, name, &v, e);
}

/* {"cell":{…}} is the next of its kind: sweep.cell.2. */
static int keep_wrapped(struct quantity_kept *k, const char *command, const char *kind, const json_t *value, struct err *e)
{
    char name[EXPRESSION_NAME];
    int n = 1;

    do
        snprintf(name, sizeof name, "%.32s.%.32s.%d", command, kind, n++);
    while (begins(k, name));
    return keep(k, name, value, 0, e);
}

int quantity_keep_json(struct quantity_kept *k, const char *command, int line, const char *json, struct err *e)
{
    json_error_t why;
    json_t *value = json_loads(json, 0, &why);
    void *first = json_is_object(value) ? json_object_iter(value) : NULL;
    char name[EXPRESSION_NAME];
    int r;

    if (!first) {
        json_decref(value);
        return err_set(e, ERR_INPUT, "%.32s printed a line that is no JSON object", command);
    }
    if (json_object_size(value) == 1 && json_is_object(json_object_iter_value(first))) {
        int summary = strcmp(json_object_iter_key(first), "summary") == 0;
        r = summary ? keep(k, command, json_object_iter_value(first), 0, e)
                    : keep_wrapped(k, command, json_object_iter_key(first), json_object_iter_value(first), e);
        json_decref(value);
        return r;
    }
    snprintf(name, sizeof name, "%.32s.%d", command, line);
    r = keep(k, name, value, 0, e);
    if (r == 0 && line == 1)
        r = keep(k, command, value, 0, e);
    json_decref(value);
    return r;
}
