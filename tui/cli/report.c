/* SPDX-License-Identifier: MIT */
/* saddle report: runs as one file to hand in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/json-line.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/report.h"
#include "cli/subcommand.h"
#include "core/file.h"

struct reporting {
    struct report report;
    const char *name[REPORT_RUNS];
    const char *out;
    int markdown, json, force;
};

static int take(struct reporting *v, int argc, char **argv, int *i, struct err *e)
{
    const struct option_text texts[] = {{"-o", &v->out}, {"--output", &v->out}, {"--title", &v->report.title}, {NULL, NULL}};
    const struct option_switch switches[] = {{"--md", &v->markdown}, {"--json", &v->json}, {"--force", &v->force}, {NULL, NULL}};
    int r = option_take_text(texts, argc, argv, i, e);

    if (r == 0)
        r = option_take_switch(switches, argv[*i]);
    if (r || argv[*i][0] == '-')
        return r ? r : option_unknown(argv[*i], e);
    if (v->report.runs == REPORT_RUNS)
        return err_set(e, ERR_USAGE, "more than %d runs", REPORT_RUNS);
    v->name[v->report.runs++] = argv[*i];
    return 1;
}

static int parse(struct reporting *v, int argc, char **argv, struct err *e)
{
    int r = 0;

    for (int i = 1; r >= 0 && i < argc; i++)
        r = take(v, argc, argv, &i, e);
    if (r < 0)
        return r;
    if (v->report.runs == 0)
        return err_set(e, ERR_USAGE, "no run is named; saddle runs list tells their names");
    if (!v->out)
        return err_set(e, ERR_USAGE, "-o FILE is missing");
    if (strlen(v->out) > 3 && strcmp(v->out + strlen(v->out) - 3, ".md") == 0)
        v->markdown = 1;
    for (int i = 1; i < v->report.runs; i++)
        for (int k = 0; k < i; k++)
            if (strcmp(v->name[i], v->name[k]) == 0)
                return err_set(e, ERR_USAGE, "%.60s is named twice", v->name[i]);
    if (!v->report.title)
        v->report.title = v->name[0];
    return output_check(v->out, OUTPUT_REPORT, NULL, v->force, e);
}

static int read_runs(struct reporting *v, struct err *e)
{
    char *path = store_path();
    struct store *s = NULL;
    int r = path ? store_open(&s, path, STORE_READ, e)
                 : err_set(e, ERR_RUNTIME, "no place for the store: neither XDG_DATA_HOME nor HOME is set");

    for (int i = 0; r == 0 && i < v->report.runs; i++)
        if ((r = report_read(&v->report.run[i], s, v->name[i], e)) == 0)
            report_read_checkpoint(&v->report.run[i], s);
    store_close(s);
    free(path);
    return r;
}

static int write_report(const struct reporting *v, struct err *e)
{
    char *text = v->markdown ? report_markdown(&v->report) : report_html(&v->report);
    int r = text ? file_replace(v->out, text, strlen(text), e) : err_memory(e, v->out, 1);

    free(text);
    return r;
}

static void print_result(const struct reporting *v)
{
    char name[FIGURE_NAME];
    json_t *o;

    if (!v->json) {
        printf("%s\n", figure_name(name, v->out));
        return;
    }
    o = json_object();
    json_object_set_new(o, "file", json_string(v->out));
    json_line_integer(o, "runs", v->report.runs);
    json_line_print(o);
}

static int run(int argc, char **argv, struct err *e)
{
    struct reporting *v = calloc(1, sizeof *v);
    int r = v ? parse(v, argc, argv, e) : err_memory(e, "a report", sizeof *v);

    if (r == 0)
        r = read_runs(v, e);
    if (r == 0)
        r = write_report(v, e);
    if (r == 0)
        print_result(v);
    for (int i = 0; v && i < v->report.runs; i++)
        report_run_free(&v->report.run[i]);
    free(v);
    return r;
}

const struct cmd cmd_report = {
    .name = "report",
    .synopsis = "report RUN… -o FILE [OPTION]…",
    .summary = "write recorded runs as one page to hand in",
    .help = "The page holds curves, settings, edits, probes, the network, the test figure and how often it was looked at, the\n"
            "journal, and a session with which saddle replay makes the same weights. It needs no other file and no network.\n\n"
            "  -o, --output FILE   file to write\n"
            "  --md                Markdown instead of HTML, without the curves; also where FILE ends in .md\n"
            "  --title TEXT        title of the page (default: the name of the first run)\n"
            "  --force             replace FILE even if it holds something else\n"
            "  --json              print {\"file\",\"runs\"}\n",
    .computes = 1,
    .run = run,
};
