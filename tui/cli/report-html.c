/* SPDX-License-Identifier: MIT */
/* A report as one page that needs nothing else. */
#include <stdio.h>
#include <string.h>

#include "config.h"

#include "cli/report.h"

/* Text of several lines: what svg_text escapes, it takes for one. */
static void put_lines(struct svg_page *o, const char *text)
{
    char line[1024];

    while (*text) {
        size_t n = strcspn(text, "\n"), some = n < sizeof line - 1 ? n : sizeof line - 1;
        memcpy(line, text, some);
        line[some] = '\0';
        svg_text(o, line);
        text += some;
        if (*text == '\n') {
            svg_add(o, "\n");
            text++;
        }
    }
}

static void put_table(struct svg_page *o, const char *heading, const struct report_table *t, const char *const *columns)
{
    if (t->rows == 0)
        return;
    svg_format(o, "<h3>%s</h3>\n<table><tr>", heading);
    for (int i = 0; i < t->columns; i++)
        svg_format(o, "<th>%s</th>", columns[i]);
    svg_add(o, "</tr>\n");
    for (int k = 0; k < t->rows; k++) {
        svg_add(o, "<tr>");
        for (int i = 0; i < t->columns; i++) {
            svg_add(o, "<td>");
            svg_text(o, t->cell[k * t->columns + i]);
            svg_add(o, "</td>");
        }
        svg_add(o, "</tr>\n");
    }
    svg_add(o, "</table>\n");
}

static void put_facts(struct svg_page *o, const struct report *r)
{
    char value[STORE_TEXT * 4];
    const char *name;
    char setting[REPORT_RUNS][STORE_COURSE_TEXT];

    svg_add(o, "<table class=\"facts\"><tr><th></th>");
    for (int i = 0; i < r->runs; i++) {
        svg_add(o, "<th>");
        svg_text(o, r->run[i].run.name);
        svg_add(o, "</th>");
    }
    svg_add(o, "</tr>\n");
    for (int k = 0; report_fact(&r->run[0], k, value, sizeof value); k++) {
        svg_format(o, "<tr><th>%s</th>", report_fact(&r->run[0], k, value, sizeof value));
        for (int i = 0; i < r->runs; i++) {
            report_fact(&r->run[i], k, value, sizeof value);
            svg_add(o, "<td>");
            svg_text(o, value);
            svg_add(o, "</td>");
        }
        svg_add(o, "</tr>\n");
    }
    for (int k = 0; (name = report_difference(r, k, setting)) != NULL; k++) {
        svg_add(o, "<tr class=\"difference\"><th>");
        svg_text(o, name);
        svg_add(o, "</th>");
        for (int i = 0; i < r->runs; i++) {
            svg_add(o, "<td>");
            svg_text(o, setting[i]);
            svg_add(o, "</td>");
        }
        svg_add(o, "</tr>\n");
    }
    svg_add(o, "</table>\n");
}

static void put_replay(struct svg_page *o, const struct report_run *r, int number)
{
    svg_add(o, "<h3>To train it again</h3>\n");
    if (!r->session) {
        svg_add(o, "<p>It cannot be replayed from this report: ");
        svg_text(o, r->why);
        svg_add(o, ".</p>\n");
        return;
    }
    svg_add(o, "<p>Save the session below as <code>");
    svg_text(o, r->run.name);
    svg_add(o, ".txt</code>. On a machine with the same kernels,</p>\n<pre>saddle replay ");
    svg_text(o, r->run.name);
    svg_add(o, ".txt --json</pre>\n<p>makes the same weights, bit for bit, and ends with their checksum:</p>\n<pre class=\"checksum\">");
    svg_text(o, r->checksum);
    svg_format(o, "</pre>\n<button data-of=\"session-%d\" data-save=\"", number);
    svg_text(o, r->run.name);
    svg_format(o, ".txt\">save the session</button>\n<details><summary>session</summary><pre id=\"session-%d\">", number);
    put_lines(o, r->session);
    svg_add(o, "</pre></details>\n");
}

static void put_run(struct svg_page *o, const struct report_run *r, int number)
{
    static const char *const settings[] = {"setting", "at the beginning", ""};
    static const char *const edits[] = {"step", "setting", "before", "after"};
    static const char *const probes[] = {"step", "λmax", "λmin", "trace", "η λmax"};
    static const char *const events[] = {"step", "event"};
    static const char *const looks[] = {"when", "command", "accuracy"};

    svg_add(o, "<h2>");
    svg_text(o, r->run.name);
    svg_add(o, "</h2>\n");
    if (r->steps_a_point > 1)
        svg_format(o, "<p class=\"quiet\">A point of its training curves is the mean over %lld steps.</p>\n", (long long)r->steps_a_point);
    if (r->run.lost)
        svg_format(o, "<p>%lld steps could not be recorded.</p>\n", (long long)r->run.lost);
    put_table(o, "Edits", &r->edits, edits);
    put_table(o, "Probes of the curvature", &r->probes, probes);
    put_table(o, "Log", &r->events, events);
    put_table(o, "Looks at the test set", &r->looks, looks);
    if (r->looks.rows > 1)
        svg_add(o, "<p>A figure by which settings are chosen is optimistic: choose by validation, and look at the test set once.</p>\n");
    put_replay(o, r, number);
    if (r->journal && *r->journal) {
        svg_add(o, "<h3>Journal</h3>\n<pre class=\"journal\">");
        put_lines(o, r->journal);
        svg_add(o, "</pre>\n");
    }
    svg_add(o, "<details><summary>settings</summary>\n");
    put_table(o, "Settings", &r->settings, settings);
    svg_add(o, "</details>\n");
}

char *report_html(const struct report *r)
{
    struct svg_page o = {0};

    svg_add(&o, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    svg_text(&o, r->title);
    svg_add(&o, "</title>\n<style>\n");
    svg_add(&o, report_style);
    svg_add(&o, "</style></head><body>\n<h1>");
    svg_text(&o, r->title);
    svg_add(&o, "</h1>\n");
    put_facts(&o, r);
    svg_add(&o, "<h2>Curves</h2>\n");
    if (report_of_losses(r))
        svg_format(&o, "<p>%s</p>\n", report_of_losses(r));
    report_plots(&o, r);
    for (int i = 0; i < r->runs; i++)
        put_run(&o, &r->run[i], i);
    svg_add(&o, "<p class=\"quiet\">Made by saddle " PACKAGE_VERSION ".</p>\n<script>\n");
    svg_add(&o, report_script);
    svg_add(&o, "</script></body></html>\n");
    return svg_end(&o);
}
