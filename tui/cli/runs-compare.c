/* SPDX-License-Identifier: MIT */
/* saddle runs compare: the settings in which runs differ, and their figures. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json-line.h"
#include "cli/runs.h"
#include "core/text.h"

struct compared {
    struct store_run run;
    char value[KNOB_COUNT][KNOB_VALUE_SIZE]; /* "": a version without the setting recorded it */
};

static int take_setting(void *context, const struct store_setting *t)
{
    struct compared *c = context;
    int id = knob_find(t->name);

    if (id >= 0)
        text_copy(c->value[id], sizeof c->value[id], t->value);
    return 0;
}

static int differs(const struct compared *c, int count, int id)
{
    for (int i = 1; i < count; i++)
        if (strcmp(c[0].value[id], c[i].value[id]) != 0)
            return 1;
    return 0;
}

static void print_json(const struct compared *c, int count)
{
    for (int i = 0; i < count; i++) {
        json_t *o = runs_json(&c[i].run), *list = json_array();
        for (int id = 0; id < KNOB_COUNT; id++)
            if (differs(c, count, id))
                json_array_append_new(list, json_pack("{s:s, s:s}", "setting", knob_row((enum knob_id)id)->name, "value",
                                                      c[i].value[id]));
        json_object_set_new(o, "differs", list);
        json_line_print(o);
    }
}

enum { COLUMN = 18 };

static void print_cell(const char *text)
{
    char cell[RUNS_TEXT];
    int columns = 0;

    runs_text(cell, text, COLUMN - 2);
    for (const char *c = cell; *c; c++)
        columns += (*c & 0xc0) != 0x80;
    printf("%s%*s", cell, COLUMN - columns, "");
}

/* One number of each run. */
static void print_figures(const struct compared *c, int count, const char *what, double (*of)(const struct store_run *r),
                          const char *format)
{
    char cell[64];

    printf("%-24s", what);
    for (int i = 0; i < count; i++) {
        snprintf(cell, sizeof cell, format, of(&c[i].run));
        print_cell(isnan(of(&c[i].run)) ? "–" : cell);
    }
    putchar('\n');
}

static double best_accuracy(const struct store_run *r)
{
    return r->best_accuracy;
}

static double best_loss(const struct store_run *r)
{
    return r->best_loss;
}

static double last_loss(const struct store_run *r)
{
    return r->last_loss;
}

static double steps(const struct store_run *r)
{
    return (double)r->steps;
}

static double parameters(const struct store_run *r)
{
    return (double)r->parameters;
}

static double looks(const struct store_run *r)
{
    return (double)r->looks;
}

static double minutes(const struct store_run *r)
{
    return r->ended > 0 ? (r->ended - r->started) / 60 : NAN;
}

static void print_text(const struct compared *c, int count)
{
    int different = 0;

    printf("%-24s", "");
    for (int i = 0; i < count; i++)
        print_cell(c[i].run.name);
    putchar('\n');
    for (int id = 0; id < KNOB_COUNT; id++) {
        if (!differs(c, count, id))
            continue;
        different++;
        printf("%-24s", knob_row((enum knob_id)id)->name);
        for (int i = 0; i < count; i++)
            print_cell(c[i].value[id]);
        putchar('\n');
    }
    if (!different)
        puts("the settings are the same");
    print_figures(c, count, "best val. accuracy", best_accuracy, "%.4f");
    print_figures(c, count, "best val. loss", best_loss, "%.4f");
    print_figures(c, count, "last val. loss", last_loss, "%.4f");
    print_figures(c, count, "steps", steps, "%.0f");
    print_figures(c, count, "parameters", parameters, "%.0f");
    print_figures(c, count, "minutes", minutes, "%.1f");
    print_figures(c, count, "looks at the test set", looks, "%.0f");
}

int runs_compare(struct store *s, const struct runs_request *q, struct err *e)
{
    struct compared *c = calloc((size_t)q->count, sizeof *c);
    int r = c ? 0 : err_memory(e, "the runs", (size_t)q->count * sizeof *c);

    for (int i = 0; i < q->count && r == 0; i++) {
        r = store_find(s, q->name[i], &c[i].run, e);
        if (r == 0)
            r = store_settings(s, c[i].run.id, take_setting, &c[i], e);
    }
    if (r == 0 && q->json)
        print_json(c, q->count);
    else if (r == 0)
        print_text(c, q->count);
    free(c);
    return r;
}
