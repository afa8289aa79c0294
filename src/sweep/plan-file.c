/* SPDX-License-Identifier: MIT */
/* Plans as INI files. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/text.h"
#include "run/ini-text.h"
#include "sweep/plan.h"
#include "sweep/values.h"
#include "run/setting-unknown.h"

/* ---- writing -------------------------------------------------------------------------------- */

enum { LINE = 100, INDENT = 4 };

/* Where a value is cut so that a line stays readable: at its last single blank within `room`, else at the first one
 * after; 0: nowhere. */
static size_t cut_at(const char *value, size_t room)
{
    size_t found = 0;

    for (size_t i = 1; value[i] && value[i + 1]; i++) {
        if (value[i] != ' ' || value[i - 1] == ' ' || value[i + 1] == ' ')
            continue;
        if (i > room && found)
            break;
        found = i;
        if (i > room)
            break;
    }
    return strlen(value) <= room ? 0 : found;
}

struct page { /* text that grows */
    char *text;
    size_t used, room;
    int failed;
};

static void __attribute__((format(printf, 2, 3))) add(struct page *out, const char *format, ...)
{
    char *grown;
    va_list args;
    int n;

    for (;;) {
        size_t left = out->room - out->used;
        va_start(args, format);
        n = vsnprintf(out->text ? out->text + out->used : NULL, left, format, args);
        va_end(args);
        if (n < 0 || out->failed)
            return;
        if ((size_t)n < left)
            break;
        grown = realloc(out->text, 2 * out->room + (size_t)n + 1);
        out->failed = !grown;
        if (!grown)
            return;
        out->text = grown;
        out->room = 2 * out->room + (size_t)n + 1;
    }
    out->used += (size_t)n;
}

/* "name = value", going on in indented lines; the reader puts a blank where it is cut. */
static int put_line(struct page *out, const char *name, const char *value, struct err *e)
{
    size_t room = LINE - strlen(name) - 3, n;

    if (strpbrk(value, ";\n\r") || value[0] == ' ' || (value[0] && value[strlen(value) - 1] == ' '))
        return err_set(e, ERR_USAGE, "%s: \"%.60s\" cannot stand in a plan's file: a semicolon, or a blank at an end", name,
                       value);
    add(out, "%s = ", name);
    while ((n = cut_at(value, room)) > 0) {
        if (LINE - room + n > INI_MOST_LINE)
            break;
        add(out, "%.*s\n%*s", (int)n, value, INDENT, "");
        value += n + 1;
        room = LINE - INDENT;
    }
    add(out, "%s\n", value);
    return LINE - room + strlen(value) > INI_MOST_LINE
               ? err_set(e, ERR_USAGE, "%s: \"%.60s…\" is too long for a line of a plan's file", name, value)
               : 0;
}

static int put_number(struct page *out, const char *name, long long n)
{
    add(out, "%s = %lld\n", name, n);
    return 0;
}

/* A list of values under a name; of a range its ends. */
static int put_axis(struct page *out, const struct sweep_axis *a, struct err *e)
{
    size_t size = (size_t)(a->count + 2) * (2 * KNOB_VALUE_SIZE + 4), n = 0;
    char *list = malloc(size), value[KNOB_VALUE_SIZE];
    struct knob_value ends[2] = {knob_number(a->low), knob_number(a->high)};
    int r;

    if (!list)
        return err_memory(e, "a list of values", size);
    for (int i = 0; i < (a->count ? a->count : 2); i++) {
        knob_format(a->id, a->count ? &a->value[i] : &ends[i], value, sizeof value);
        n += (size_t)snprintf(list + n, size - n, "%s", i ? a->count ? ", " : ".." : "");
        n += values_quote(value, list + n, size - n);
    }
    r = put_line(out, knob_row(a->id)->name, list, e);
    free(list);
    return r;
}

static void list_recipes(const struct sweep_plan *p, char *list, size_t size)
{
    size_t n = 0;

    list[0] = 0;
    for (int i = 0; i < p->recipes && n + 3 < size; i++) {
        if (i)
            n += (size_t)snprintf(list + n, size - n, ", ");
        n += values_quote(p->recipe[i].name, list + n, size - n);
    }
}

static int put_sweep(struct page *out, const struct sweep_plan *p, struct err *e)
{
    char list[SWEEP_RECIPES * (2 * SWEEP_NAME + 4)];
    size_t n = 0;
    int r;

    add(out, "; A sweep's plan, every default written out. See `saddle help sweep`.\n[sweep]\n");
    r = put_line(out, "data", p->data, e);
    list_recipes(p, list, sizeof list);
    if (r == 0)
        r = put_line(out, "recipe", list, e);
    if (r)
        return r;
    put_number(out, "seed", p->seed);
    if (!p->listed) {
        put_number(out, "seeds", p->seeds);
    } else {
        for (int i = 0; i < p->seeds; i++)
            n += (size_t)snprintf(list + n, sizeof list - n, "%s%.0f", i ? ", " : "", p->listed[i]);
        r = put_line(out, "seeds", list, e);
    }
    put_number(out, "folds", p->folds);
    add(out, "fold_by = %s\n", knob_choice(KNOB_FOLD_BY, p->by_speaker));
    put_number(out, "draws", p->draws);
    if (p->epochs >= 0)
        put_number(out, "epochs", p->epochs);
    if (p->steps >= 0)
        put_number(out, "steps", p->steps);
    return r;
}

/* What follows the optimizer or the schedule chosen stays a default, since the sweep may choose another; so does the
 * split that a data set brings. */
static int is_written_out(const struct knobs *k, enum knob_id id)
{
    return k->set[id] || (knob_row(id)->field.of == KNOB_OF_NONE && id != KNOB_SPLIT_RATIO && id != KNOB_SPLIT_SEED);
}

static int put_recipe(struct page *out, const struct sweep_plan *p, int i, struct err *e)
{
    const struct knobs *k = &p->recipe[i].knobs;
    char value[KNOB_VALUE_SIZE];
    int r = 0;

    add(out, "\n[recipe %d]\n", i + 1);
    for (int id = 0; r == 0 && id < KNOB_COUNT; id++) {
        snprintf(value, sizeof value, "default");
        if (is_written_out(k, id))
            knobs_format(k, id, value, sizeof value);
        r = put_line(out, knob_row(id)->name, value, e);
    }
    return r;
}

int sweep_plan_text(const struct sweep_plan *p, char **text, struct err *e)
{
    struct page out = {0};
    int r = put_sweep(&out, p, e);

    if (r == 0)
        add(&out, "\n[set]\n");
    for (int i = 0; r == 0 && i < p->axes; i++)
        r = put_axis(&out, &p->axis[i], e);
    for (int i = 0; r == 0 && i < p->recipes; i++)
        r = put_recipe(&out, p, i, e);
    if (r == 0 && out.failed)
        r = err_memory(e, "a plan", out.room);
    *text = r ? NULL : out.text;
    if (r)
        free(out.text);
    return r;
}

/* ---- reading -------------------------------------------------------------------------------- */

enum { VALUE = 1 << 17 };

struct reading {
    struct sweep_plan *plan;
    struct err first;
    char section[64], name[64]; /* of the value in hand, which may go on in the next line */
    char *value;                /* [VALUE] */
    size_t used;
    int pending;
    struct knobs recipe[SWEEP_RECIPES];
    int given[SWEEP_RECIPES];   /* whether the file has its settings */
    int seen[KNOB_COUNT];       /* settings of [set] */
};

static int take_sweep(struct reading *r)
{
    struct sweep_plan *p = r->plan;
    struct err *e = &r->first;
    int taken;

    if (strcmp(r->name, "data") == 0) {
        if (r->used >= sizeof p->data)
            return err_set(e, ERR_INPUT, "data: longer than %zu characters", sizeof p->data - 1);
        memcpy(p->data, r->value, r->used + 1);
        return 0;
    }
    if (strcmp(r->name, "recipe") == 0)
        return 0; /* read_names: their settings may follow */
    if (strcmp(r->name, "seeds") == 0)
        return sweep_plan_seeds(p, r->value, e);
    if (strcmp(r->name, "fold_by") == 0)
        return sweep_plan_fold_by(p, r->value, e);
    taken = sweep_plan_number(p, r->name, r->value, e);
    return taken > 0 ? 0 : taken < 0 ? taken : err_set(e, ERR_INPUT, "unknown word \"%.40s\" under [sweep]", r->name);
}

/* Of recipe number `text`. */
static int take_setting(struct reading *r, const char *text)
{
    int id = knob_find(r->name), i;
    uint64_t n;

    if (text_unsigned(&text, SWEEP_RECIPES, &n) != 0 || *text || n == 0)
        return err_set(&r->first, ERR_INPUT, "[%.40s]: recipes are numbered from 1 to %d", r->section, SWEEP_RECIPES);
    i = (int)n - 1;
    if (id < 0)
        return setting_unknown(ERR_INPUT, "", r->name, &r->first);
    if (!r->given[i])
        knobs_standard(&r->recipe[i]);
    r->given[i] = 1;
    return knobs_parse(&r->recipe[i], id, r->value, &r->first);
}

static int take_set(struct reading *r)
{
    int id = knob_find(r->name);

    if (id >= 0 && r->seen[id]++)
        return err_set(&r->first, ERR_INPUT, "%s is set twice", r->name);
    return sweep_plan_set(r->plan, r->name, r->value, &r->first);
}

/* The value in hand is whole. */
static int take(struct reading *r)
{
    static const char recipe[] = "recipe ";

    if (!r->pending)
        return 0;
    r->pending = 0;
    if (strcmp(r->section, "sweep") == 0)
        return take_sweep(r);
    if (strcmp(r->section, "set") == 0)
        return take_set(r);
    if (strncmp(r->section, recipe, sizeof recipe - 1) == 0)
        return take_setting(r, r->section + sizeof recipe - 1);
    return err_set(&r->first, ERR_INPUT, "there is no section [%.40s]; expected [sweep] or [set]", r->section);
}

static int on_value(void *context, const char *section, const char *name, const char *value)
{
    struct reading *r = context;
    int goes_on = r->pending && strcmp(section, r->section) == 0 && strcmp(name, r->name) == 0;
    size_t n = strlen(value);

    if (r->first.code)
        return 0;
    if (!goes_on && take(r) != 0)
        return 0;
    if (!goes_on) {
        r->used = 0;
        r->value[0] = 0;
        snprintf(r->section, sizeof r->section, "%s", section);
        snprintf(r->name, sizeof r->name, "%s", name);
    }
    if (r->used + n + 2 > VALUE)
        return err_set(&r->first, ERR_INPUT, "%s: longer than %d characters", name, VALUE), 0;
    r->used += (size_t)snprintf(r->value + r->used, VALUE - r->used, "%s%s", r->used ? " " : "", value);
    r->pending = 1;
    return 1;
}

/* The names of the recipes, before anything else: the first reading. */
static int on_name(void *context, const char *section, const char *name, const char *value)
{
    struct reading *r = context;

    if (strcmp(section, "sweep") == 0 && strcmp(name, "recipe") == 0 && r->used + strlen(value) + 2 < VALUE)
        r->used += (size_t)snprintf(r->value + r->used, VALUE - r->used, "%s%s", r->used ? " " : "", value);
    return 1;
}

/* Recipes by the names of the list: settings of the file first, else the recipe of that name. */
static int read_recipes(struct reading *r, const char *list, struct err *e)
{
    int began = 0, n = 0, result;
    char name[SWEEP_NAME];
    struct sweep_plan *p = r->plan;

    while ((result = values_next(&list, &began, name, sizeof name)) > 0) {
        if (n == SWEEP_RECIPES)
            return err_set(e, ERR_INPUT, "recipe: more than %d recipes", SWEEP_RECIPES);
        if (!r->given[n]) { /* none of them has: named as on the command line */
            struct sweep_plan one = {.recipe = &p->recipe[n]};
            char quoted[2 * SWEEP_NAME + 4];
            values_quote(name, quoted, sizeof quoted);
            if (sweep_plan_recipes(&one, quoted, e) != 0)
                return -e->code;
        } else {
            p->recipe[n].knobs = r->recipe[n];
            snprintf(p->recipe[n].name, sizeof p->recipe[n].name, "%s", name);
        }
        n++;
    }
    if (result < 0)
        return err_set(e, ERR_INPUT, "recipe: expected names, separated by commas");
    p->recipes = n;
    return 0;
}

static int parse(struct reading *r, const char *path, const char *text, size_t size, struct err *e)
{
    char *names;
    int result = ini_text_parse(path, text, size, on_name, r, &r->first, e);

    if (result)
        return result;
    names = strdup(r->value);
    if (!names)
        return err_memory(e, "a plan", size);
    r->used = 0;
    result = ini_text_parse(path, text, size, on_value, r, &r->first, e);
    if (result == 0 && take(r) != 0)
        result = err_set(e, ERR_INPUT, "%s: %.400s", path, r->first.text);
    if (result == 0 && *names && read_recipes(r, names, &r->first) != 0)
        result = err_set(e, ERR_INPUT, "%s: %.400s", path, r->first.text);
    free(names);
    return result;
}

int sweep_plan_read(struct sweep_plan *p, const char *path, struct err *e)
{
    struct reading *r = calloc(1, sizeof *r);
    char *text = NULL;
    size_t size;
    int result;

    if (r)
        r->value = calloc(VALUE, 1);
    if (!r || !r->value)
        result = err_memory(e, "a plan", VALUE);
    else
        result = file_read(path, INI_MOST_BYTES, &text, &size, e);
    if (result == 0) {
        r->plan = p;
        result = parse(r, path, text, size, e);
    }
    free(text);
    if (r)
        free(r->value);
    free(r);
    return result;
}
