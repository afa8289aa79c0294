/* SPDX-License-Identifier: MIT */
/* saddle diagnose: overfitting, mismatch, model bias or optimization? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/json-line.h"
#include "cli/recording.h"
#include "cli/setup.h"
#include "cli/subcommand.h"
#include "lecture/diagnosis-tree.h"
#include "run/checkpoint.h"

struct diagnosing {
    const char *checkpoint, *against, *data, *large, *gap, *mismatch, *margin;
    struct tree_thresholds thresholds;
    int json;
};

/* ---- options -------------------------------------------------------------------------------- */

static int parse_threshold(const char *name, const char *text, double *threshold, struct err *e)
{
    char *end;

    if (!text)
        return 0;
    *threshold = strtod(text, &end);
    if (end == text || *end || !(*threshold >= 0 && *threshold <= 100))
        return err_set(e, ERR_USAGE, "%s %.40s: expected a number from 0 to 100", name, text);
    return 0;
}

/* The thresholds that options give, over those in t. */
static int parse_thresholds(const struct diagnosing *g, struct tree_thresholds *t, struct err *e)
{
    int r = parse_threshold("--large", g->large, &t->large, e);

    if (r == 0)
        r = parse_threshold("--gap", g->gap, &t->gap, e);
    if (r == 0)
        r = parse_threshold("--mismatch", g->mismatch, &t->mismatch, e);
    return r ? r : parse_threshold("--margin", g->margin, &t->margin, e);
}

static int parse(struct diagnosing *g, int argc, char **argv, struct err *e)
{
    const struct option_text texts[] = {{"--checkpoint", &g->checkpoint}, {"--against", &g->against}, {"--data", &g->data},
                                        {"--large", &g->large},           {"--gap", &g->gap},         {"--mismatch", &g->mismatch},
                                        {"--margin", &g->margin},         {NULL, NULL}};
    int r;

    for (int i = 1; i < argc; i++) {
        r = option_take_text(texts, argc, argv, &i, e);
        if (r == 0 && strcmp(argv[i], "--json") == 0)
            r = g->json = 1;
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    if (!g->checkpoint)
        return err_set(e, ERR_USAGE, "--checkpoint FILE is missing");
    return parse_thresholds(g, &g->thresholds, e);
}

/* ---- figures -------------------------------------------------------------------------------- */

/* The other network's run, on the data that is open. */
static int open_against(struct setup *s, const char *path, struct err *e)
{
    struct checkpoint from = {0};
    int r = checkpoint_open(&from, path, e);

    setup_report_unknown(&from);
    if (r == 0)
        r = setup_look_at(s, &from, e);
    if (r == 0)
        r = checkpoint_restore(&from, s->run, 0, e);
    checkpoint_close(&from);
    return r;
}

/* The other network's training loss, if the two compare; `s` holds the run in question, and goes on to do so. */
static int measure_against(struct tree_figures *f, struct setup *s, const char *path, struct err *e)
{
    struct run *run = s->run;
    int r;

    s->run = NULL;
    r = open_against(s, path, e);
    if (r == 0)
        r = tree_check_against(run, s->run, e);
    if (r == 0)
        r = tree_measure_against(f, s->run, NULL, e);
    run_free(s->run);
    s->run = run;
    return r;
}

static int measure(struct tree_figures *f, struct diagnosing *g, struct err *e)
{
    struct setup s = {0};
    int r = setup_open_checkpoint(&s, g->checkpoint, g->data, e);

    if (r == 0) {
        g->thresholds = tree_thresholds_of(run_knobs(s.run));
        r = parse_thresholds(g, &g->thresholds, e);
    }
    if (r == 0)
        r = tree_measure(f, s.run, e);
    if (r == 0 && g->against)
        r = measure_against(f, &s, g->against, e);
    if (r == 0 && !f->no_unheard)
        recording_count_look(g->checkpoint, f->unheard.loss, f->unheard.accuracy);
    setup_close(&s);
    return r;
}

/* ---- results -------------------------------------------------------------------------------- */

static void put_loss(json_t *o, const char *name, const struct tree_figures *f, const struct tree_loss *l)
{
    json_t *inner = json_object();

    json_line_number(inner, "loss", l->loss);
    json_line_number(inner, "accuracy", l->accuracy);
    json_line_number(inner, "relative", tree_relative(f, l->loss));
    json_object_set_new(o, name, inner);
}

static void print_json(const struct tree_figures *f, const struct tree_thresholds *t, const struct tree_report *r)
{
    json_t *o = json_object(), *thresholds = json_object();

    json_object_set_new(o, "branch", json_string(tree_branch_name(r->branch)));
    json_object_set_new(o, "evidence", json_string(r->evidence));
    put_loss(o, "train", f, &f->train);
    put_loss(o, "validation", f, &f->validation);
    put_loss(o, "unheard", f, &f->unheard);
    put_loss(o, "against", f, &f->against);
    json_line_number(o, "guess_loss", f->guess);
    json_line_number(o, "least_loss", f->floor);
    json_line_number(thresholds, "large", t->large);
    json_line_number(thresholds, "gap", t->gap);
    json_line_number(thresholds, "mismatch", t->mismatch);
    json_line_number(thresholds, "margin", t->margin);
    json_object_set_new(o, "thresholds", thresholds);
    json_line_print(o);
}

static void print_loss(const char *name, const struct tree_figures *f, const struct tree_loss *l)
{
    char relative[FIGURE_SIZE];

    if (!isnan(l->loss))
        printf("%-26s %8.4f %9.4f %s\n", name, l->loss, l->accuracy, figure(relative, "%9.3f", tree_relative(f, l->loss)));
}

static void print_text(const struct tree_figures *f, const struct tree_thresholds *t, const struct tree_report *r)
{
    puts(r->evidence);
    printf("%-26s %8s %9s %9s\n", "", "loss", "accuracy", "relative");
    print_loss("training", f, &f->train);
    print_loss("training, smaller network", f, &f->against);
    print_loss("validation", f, &f->validation);
    print_loss("unheard voices", f, &f->unheard);
    printf("relative: 0 is the loss %.3g, 1 that of guessing by class frequencies, %.3g. Thresholds: training large above %g,\n"
           "overfitting if validation is %g higher, mismatch if unheard voices are another %g higher; equal within %g.\n",
           f->floor, f->guess, t->large, t->gap, t->mismatch, t->margin);
}

static int run(int argc, char **argv, struct err *e)
{
    struct diagnosing g = {0};
    struct tree_figures f;
    struct tree_report report;
    int r = parse(&g, argc, argv, e);

    if (r == 0)
        r = measure(&f, &g, e);
    if (r)
        return r;
    report = tree_diagnose(&f, &g.thresholds);
    if (g.json)
        print_json(&f, &g.thresholds, &report);
    else
        print_text(&f, &g.thresholds, &report);
    return 0;
}

const struct cmd cmd_diagnose = {
    .name = "diagnose",
    .synopsis = "diagnose --checkpoint FILE [OPTION]…",
    .summary = "overfitting, mismatch, model bias or optimization?",
    .help = "  --checkpoint FILE   checkpoint to diagnose\n"
            "  --against FILE      checkpoint of a shallower or smaller network trained on the same data\n"
            "  --data D            data set (default: the one it was trained on)\n"
            "  --large X           training losses above X are large (.5)\n"
            "  --gap X             overfitting if the validation loss exceeds the training loss by more (.15)\n"
            "  --mismatch X        mismatch if the loss on unheard voices exceeds the validation loss by more (.3)\n"
            "  --margin X          training losses that differ by less are equal (.02)\n"
            "  --json              print one object with \"branch\", \"evidence\" and the figures\n"
            "Thresholds apply to losses relative to guessing: 0 is the least possible loss, 1 that of always answering with the\n"
            "frequencies of the classes. Those not given are settings of the run (diagnosis_large …). A large training loss is a\n"
            "matter of optimization if the smaller network has a lower one, and of model bias if its loss is higher; without\n"
            "--against the two cannot be told apart. Unheard voices are the test split, if none of its speakers is in training; a\n"
            "look at it is counted, as by saddle eval.\n",
    .computes = 1,
    .run = run,
};
