/* SPDX-License-Identifier: MIT */
/* saddle runs list, and how runs are shown. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/json-line.h"
#include "cli/runs.h"
#include "core/text.h"

/* Whole characters of a text, as far as so many columns go; they all take one. */
static size_t cut(const char *text, int columns)
{
    const char *at = text;
    int bytes;

    for (int i = 0; i < columns && (bytes = text_printable(at)) > 0; i++)
        at += bytes;
    return (size_t)(at - text);
}

const char *runs_text(char out[RUNS_TEXT], const char *text, int columns)
{
    size_t n;

    text_copy(out, RUNS_TEXT - 4, text);
    text_make_printable(out);
    n = cut(out, columns);
    if (out[n]) {
        n = cut(out, columns - 1);
        strcpy(out + n, "…");
    }
    return out;
}

const char *runs_when(char out[32], double when)
{
    time_t seconds = (time_t)when;
    struct tm local;

    if (!(when > 0) || !localtime_r(&seconds, &local) || strftime(out, 32, "%Y-%m-%d %H:%M", &local) == 0)
        strcpy(out, "–");
    return out;
}

const char *runs_share(char out[32], double share)
{
    if (isnan(share))
        strcpy(out, "–");
    else
        snprintf(out, 32, "%.3f", share);
    return out;
}

json_t *runs_json(const struct store_run *r)
{
    json_t *o = json_object();

    json_object_set_new(o, "name", json_string(r->name));
    json_object_set_new(o, "recipe", json_string(r->recipe));
    json_object_set_new(o, "data", json_string(r->data));
    json_object_set_new(o, "fingerprint", json_string(r->fingerprint));
    json_object_set_new(o, "network", json_string(r->network));
    json_line_integer(o, "parameters", r->parameters);
    json_line_integer(o, "seed", r->seed);
    json_line_integer(o, "shards", r->shards);
    json_object_set_new(o, "products", json_string(r->products));
    json_object_set_new(o, "source", json_string(r->source));
    json_object_set_new(o, "status", json_string(r->status));
    json_line_number(o, "started", r->started);
    json_line_number(o, "ended", r->ended > 0 ? r->ended : NAN);
    json_line_integer(o, "steps", r->steps);
    json_line_number(o, "epochs", r->epochs);
    json_line_number(o, "val_loss", r->last_loss);
    json_line_number(o, "val_accuracy", r->last_accuracy);
    json_line_number(o, "best_val_loss", r->best_loss);
    json_line_number(o, "best_val_accuracy", r->best_accuracy);
    json_line_integer(o, "best_step", r->best_step);
    json_line_number(o, "test_loss", r->test_loss);
    json_line_number(o, "test_accuracy", r->test_accuracy);
    json_line_integer(o, "test_looks", r->looks);
    json_line_integer(o, "lost", r->lost);
    json_object_set_new(o, "note", json_string(r->note));
    json_object_set_new(o, "marked", json_boolean(r->marked));
    json_object_set_new(o, "deleted", json_boolean(r->deleted));
    return o;
}

int runs_print_json(struct store *s, const char *name, struct err *e)
{
    struct store_run run;
    int r = store_find(s, name, &run, e);

    if (r == 0)
        json_line_print(runs_json(&run));
    return r;
}

/* A text in so many columns; two blanks follow. */
static void print_cell(const char *text, int columns, int right)
{
    char cell[RUNS_TEXT];
    int pad = columns;

    runs_text(cell, text, columns);
    for (const char *c = cell; *c; c++)
        pad -= (*c & 0xc0) != 0x80;
    printf("%*s%s%*s  ", right ? pad : 0, "", cell, right ? 0 : pad, "");
}

enum { NAME_COLUMNS = 30, DATA_COLUMNS = 10, STEP_COLUMNS = 9, BEST_COLUMNS = 5, WHEN_COLUMNS = 16, STATUS_COLUMNS = 11 };

static void print_row(const struct store_run *r, int name_columns)
{
    char text[RUNS_TEXT], best[32], when[32], steps[TEXT_COUNT];

    text_count(steps, sizeof steps, (uint64_t)r->steps);
    fputs(r->marked ? "* " : "  ", stdout);
    print_cell(r->name, name_columns, 0);
    print_cell(r->data, DATA_COLUMNS, 0);
    print_cell(steps, STEP_COLUMNS, 1);
    print_cell(runs_share(best, r->best_accuracy), BEST_COLUMNS, 1);
    print_cell(runs_when(when, r->started), WHEN_COLUMNS, 0);
    print_cell(r->status, STATUS_COLUMNS, 0);
    fputs(runs_text(text, r->network, 40), stdout);
    if (r->note[0])
        printf("  # %s", runs_text(text, r->note, 60));
    putchar('\n');
}

static void print_head(int name_columns)
{
    fputs("  ", stdout);
    print_cell("name", name_columns, 0);
    print_cell("data", DATA_COLUMNS, 0);
    print_cell("steps", STEP_COLUMNS, 1);
    print_cell("best", BEST_COLUMNS, 1);
    print_cell("when", WHEN_COLUMNS, 0);
    print_cell("status", STATUS_COLUMNS, 0);
    puts("network");
}

static void print_list(const struct store_run *list, size_t count, const struct runs_request *q)
{
    int columns = 8;

    for (size_t i = 0; i < count && columns < NAME_COLUMNS; i++)
        if ((int)strlen(list[i].name) > columns)
            columns = (int)strlen(list[i].name);
    columns = columns > NAME_COLUMNS ? NAME_COLUMNS : columns;
    if (count && !q->json)
        print_head(columns);
    for (size_t i = 0; i < count; i++)
        if (q->json)
            json_line_print(runs_json(&list[i]));
        else
            print_row(&list[i], columns);
    if (!count && !q->json)
        puts(q->count ? "no run matches" : q->deleted ? "no run is deleted" : "no run is recorded yet");
}

int runs_list(struct store *s, const struct runs_request *q, struct err *e)
{
    struct store_query query = {.sort = STORE_BY_WHEN, .reverse = q->reverse, .deleted = q->deleted,
                                .filter = q->count ? q->name[0] : NULL};
    struct store_run *list;
    size_t count;
    int column = 0, r;

    while (q->sort && store_column_name(column) && strcmp(store_column_name(column), q->sort) != 0)
        column++;
    if (q->sort && !store_column_name(column))
        return err_set(e, ERR_USAGE, "--sort %.40s: choose name, data, network, steps, best or when", q->sort);
    if (q->sort)
        query.sort = (enum store_column)column;
    r = store_list(s, &query, &list, &count, e);
    if (r == 0)
        print_list(list, count, q);
    free(list);
    return r;
}
