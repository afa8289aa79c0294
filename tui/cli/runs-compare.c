/* SPDX-License-Identifier: MIT */
/* saddle runs compare: the settings in which runs differ, from the start or by edits, and their figures. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json-line.h"
#include "cli/runs.h"
#include "core/text.h"

struct compared {
    struct store_run run;
    struct store_course course[KNOB_COUNT];
};

static int differs(const struct compared *c, int count, int id)
{
    for (int i = 1; i < count; i++)
        if (!store_course_same(&c[0].course[id], &c[i].course[id]))
            return 1;
    return 0;
}

static json_t *course_json(const struct store_course *c, const char *name)
{
    json_t *o = json_pack("{s:s, s:s, s:s, s:i}", "setting", name, "value", c->last, "first", c->first, "edits", c->edits);

    if (c->edits)
        json_object_set_new(o, "edited_at", json_integer(c->step));
    return o;
}

static void print_json(const struct compared *c, int count)
{
    for (int i = 0; i < count; i++) {
        json_t *o = runs_json(&c[i].run), *list = json_array();
        for (int id = 0; id < KNOB_COUNT; id++)
            if (differs(c, count, id))
                json_array_append_new(list, course_json(&c[i].course[id], knob_row((enum knob_id)id)->name));
        json_object_set_new(o, "differs", list);
        json_line_print(o);
    }
}

enum { COLUMN = 18, COLUMN_MOST = 40 };

static int columns_of(const char *text)
{
    int columns = 0;

    for (const char *c = text; *c; c++)
        columns += (*c & 0xc0) != 0x80;
    return columns;
}

static void print_cell(const char *text, int column)
{
    char cell[RUNS_TEXT];

    runs_text(cell, text, column - 2);
    printf("%s%*s", cell, column - columns_of(cell), "");
}

/* Room for edits, where any are to be shown. */
static int column_of(const struct compared *c, int count)
{
    char text[STORE_COURSE_TEXT];
    int column = COLUMN;

    for (int id = 0; id < KNOB_COUNT; id++)
        for (int i = 0; i < count && differs(c, count, id); i++) {
            store_course_text(&c[i].course[id], text);
            if (c[i].course[id].edits && columns_of(text) + 2 > column)
                column = columns_of(text) + 2;
        }
    return column < COLUMN_MOST ? column : COLUMN_MOST;
}

/* One number of each run. */
static void print_figures(const struct compared *c, int count, const char *what, double (*of)(const struct store_run *r),
                          const char *format, int column)
{
    char cell[64];

    printf("%-24s", what);
    for (int i = 0; i < count; i++) {
        snprintf(cell, sizeof cell, format, of(&c[i].run));
        print_cell(isnan(of(&c[i].run)) ? "–" : cell, column);
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
    char text[STORE_COURSE_TEXT];
    int different = 0, compare = 1, column = column_of(c, count);

    printf("%-24s", "");
    for (int i = 0; i < count; i++)
        print_cell(c[i].run.name, column);
    putchar('\n');
    for (int id = 0; id < KNOB_COUNT; id++) {
        if (!differs(c, count, id))
            continue;
        different++;
        printf("%-24s", knob_row((enum knob_id)id)->name);
        for (int i = 0; i < count; i++) {
            store_course_text(&c[i].course[id], text);
            print_cell(text, column);
        }
        putchar('\n');
    }
    if (!different)
        puts("the settings are the same");
    for (int i = 1; i < count && compare; i++)
        compare = store_losses_compare(c[0].course, c[i].course);
    if (!compare)
        puts("their losses are of different kinds, and do not compare");
    print_figures(c, count, "best val. accuracy", best_accuracy, "%.4f", column);
    print_figures(c, count, "best val. loss", best_loss, "%.4f", column);
    print_figures(c, count, "last val. loss", last_loss, "%.4f", column);
    print_figures(c, count, "steps", steps, "%.0f", column);
    print_figures(c, count, "parameters", parameters, "%.0f", column);
    print_figures(c, count, "minutes", minutes, "%.1f", column);
    print_figures(c, count, "looks at the test set", looks, "%.0f", column);
}

int runs_compare(struct store *s, const struct runs_request *q, struct err *e)
{
    struct compared *c = calloc((size_t)q->count, sizeof *c);
    int r = c ? 0 : err_memory(e, "the runs", (size_t)q->count * sizeof *c);

    for (int i = 0; i < q->count && r == 0; i++) {
        r = store_find(s, q->name[i], &c[i].run, e);
        if (r == 0)
            r = store_courses(s, c[i].run.id, c[i].course, e);
    }
    if (r == 0 && q->json)
        print_json(c, q->count);
    else if (r == 0)
        print_text(c, q->count);
    free(c);
    return r;
}
