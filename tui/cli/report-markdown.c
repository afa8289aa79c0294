/* SPDX-License-Identifier: MIT */
/* A report as Markdown: the same tables, without curves. */
#include <stdio.h>
#include <string.h>

#include "config.h"

#include "cli/report.h"

/* A cell: what would end it or begin markup is escaped. */
static void put_cell(struct svg_page *o, const char *text)
{
    for (const char *at = text; *at; at++) {
        char one[2] = {*at, '\0'};
        if (strchr("|\\`*_<[", *at))
            svg_add(o, "\\");
        svg_add(o, *at == '\n' ? " " : one);
    }
}

static void put_rule(struct svg_page *o, int columns)
{
    for (int i = 0; i < columns; i++)
        svg_add(o, "| --- ");
    svg_add(o, "|\n");
}

static void put_facts(struct svg_page *o, const struct report *r)
{
    char value[STORE_TEXT * 4];
    const char *name;
    char setting[REPORT_RUNS][STORE_COURSE_TEXT];

    svg_add(o, "| ");
    for (int i = 0; i < r->runs; i++) {
        svg_add(o, "| ");
        put_cell(o, r->run[i].run.name);
        svg_add(o, " ");
    }
    svg_add(o, "|\n");
    put_rule(o, r->runs + 1);
    for (int k = 0; report_fact(&r->run[0], k, value, sizeof value); k++) {
        svg_format(o, "| %s ", report_fact(&r->run[0], k, value, sizeof value));
        for (int i = 0; i < r->runs; i++) {
            report_fact(&r->run[i], k, value, sizeof value);
            svg_add(o, "| ");
            put_cell(o, value);
            svg_add(o, " ");
        }
        svg_add(o, "|\n");
    }
    for (int k = 0; (name = report_difference(r, k, setting)) != NULL; k++) {
        svg_add(o, "| ");
        put_cell(o, name);
        for (int i = 0; i < r->runs; i++) {
            svg_add(o, " | ");
            put_cell(o, setting[i]);
        }
        svg_add(o, " |\n");
    }
    if (report_of_losses(r))
        svg_format(o, "\n%s\n", report_of_losses(r));
}

static void put_table(struct svg_page *o, const char *heading, const struct report_table *t, const char *const *columns)
{
    if (t->rows == 0)
        return;
    svg_format(o, "\n### %s\n\n", heading);
    for (int i = 0; i < t->columns; i++)
        svg_format(o, "| %s ", columns[i]);
    svg_add(o, "|\n");
    put_rule(o, t->columns);
    for (int k = 0; k < t->rows; k++) {
        for (int i = 0; i < t->columns; i++) {
            svg_add(o, "| ");
            put_cell(o, t->cell[k * t->columns + i]);
            svg_add(o, " ");
        }
        svg_add(o, "|\n");
    }
}

static void put_indented(struct svg_page *o, const char *text)
{
    int fresh = 1;

    for (const char *at = text; *at; at++) {
        char one[2] = {*at, '\0'};
        if (fresh)
            svg_add(o, "    ");
        svg_add(o, one);
        fresh = *at == '\n';
    }
    svg_add(o, fresh ? "" : "\n");
}

static void put_run(struct svg_page *o, const struct report_run *r)
{
    static const char *const settings[] = {"setting", "at the beginning", " "};
    static const char *const edits[] = {"step", "setting", "before", "after"};
    static const char *const evaluations[] = {"step", "λmax", "λmin", "trace", "η λmax"};
    static const char *const events[] = {"step", "event"};
    static const char *const looks[] = {"when", "command", "accuracy"};

    svg_add(o, "\n## ");
    put_cell(o, r->run.name);
    svg_add(o, "\n");
    put_table(o, "Edits", &r->edits, edits);
    put_table(o, "Probes of the curvature", &r->probes, evaluations);
    put_table(o, "Log", &r->events, events);
    put_table(o, "Looks at the test set", &r->looks, looks);
    svg_add(o, "\n### To train it again\n\n");
    if (r->session) {
        svg_format(o, "Save the lines below, without the four blanks at their beginning, as `%s.txt`: on a machine with the same\n"
                      "kernels `saddle replay %s.txt --json` ends with the checksum `%s`.\n\n", r->run.name, r->run.name, r->checksum);
        put_indented(o, r->session);
    } else {
        svg_add(o, "It cannot be replayed from this report: ");
        put_cell(o, r->why);
        svg_add(o, ".\n");
    }
    put_table(o, "Settings", &r->settings, settings);
}

char *report_markdown(const struct report *r)
{
    struct svg_page o = {0};

    svg_add(&o, "# ");
    put_cell(&o, r->title);
    svg_add(&o, "\n\n");
    put_facts(&o, r);
    for (int i = 0; i < r->runs; i++)
        put_run(&o, &r->run[i]);
    svg_add(&o, "\nMade by saddle " PACKAGE_VERSION ".\n");
    return svg_end(&o);
}
