/* SPDX-License-Identifier: MIT */
/* saddle data confusion: which classes a network takes for which, and its calibration. */
#include "cli/confusion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json-line.h"
#include "cli/recording.h"
#include "cli/setup.h"
#include "lecture/confusion.h"

enum { PAIRS_SHOWN = 12, PAIRS_LISTED = 100 };

struct request {
    const char *checkpoint, *data, *split;
    int json;
    enum run_set_id set;
};

static int find_set(struct request *q, struct err *e)
{
    static const char *const names[] = {[RUN_TRAIN] = "train", [RUN_VALIDATION] = "val", [RUN_TEST] = "test"};

    for (int i = RUN_TRAIN; i <= RUN_TEST; i++)
        if (strcmp(q->split, names[i]) == 0) {
            q->set = (enum run_set_id)i;
            return 0;
        }
    return err_set(e, ERR_USAGE, "--split %.40s: choose train, val or test", q->split);
}

static int parse(struct request *q, int argc, char **argv, struct err *e)
{
    const struct option_text texts[] = {
        {"--checkpoint", &q->checkpoint}, {"--data", &q->data}, {"--split", &q->split}, {NULL, NULL}};
    const struct option_switch switches[] = {{"--json", &q->json}, {NULL, NULL}};

    for (int i = 1; i < argc; i++) {
        int r = option_take_text(texts, argc, argv, &i, e);
        if (r == 0)
            r = option_take_switch(switches, argv[i]);
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    if (!q->checkpoint)
        return err_set(e, ERR_USAGE, "data confusion: --checkpoint FILE is missing");
    return find_set(q, e);
}

/* ---- text ----------------------------------------------------------------------------------- */

static void print_pairs(const struct confusion *c, char *const *name)
{
    struct confusion_pair pair[PAIRS_SHOWN];
    int n = confusion_pairs(c, pair, PAIRS_SHOWN);

    printf("\n%-8s %-10s %10s %14s\n", "class", "taken for", "frames", "of the class");
    for (int i = 0; i < n; i++)
        printf("%-8s %-10s %10lld %12.1f %%\n", name[pair[i].truth], name[pair[i].predicted], (long long)pair[i].count,
               100 * (double)pair[i].count / (double)confusion_row(c, pair[i].truth));
}

static void print_classes(const struct confusion *c, char *const *name)
{
    int order[DATASET_MOST_CLASSES], n = confusion_order(c, order);

    printf("\n%-8s %10s %10s\n", "class", "frames", "accuracy");
    for (int i = 0; i < n; i++)
        printf("%-8s %10lld %10.4f\n", name[order[i]], (long long)confusion_row(c, order[i]),
               confusion_accuracy(c, order[i]));
}

static void print_calibration(const struct confusion *c)
{
    printf("\n%-12s %10s %14s %10s\n", "probability", "frames", "mean of it", "accuracy");
    for (int i = 0; i < CONFUSION_BINS; i++) {
        const struct confusion_bin *b = &c->bin[i];
        if (b->count)
            printf("%.1f to %.1f   %10lld %14.4f %10.4f\n", (double)i / CONFUSION_BINS, (double)(i + 1) / CONFUSION_BINS,
                   (long long)b->count, b->probability / (double)b->count, (double)b->correct / (double)b->count);
    }
    printf("expected calibration error %.4f\n", confusion_ece(c));
}

static void print_positions(const struct confusion *c)
{
    printf("\n%-24s %10s %10s\n", "part of the utterance", "frames", "accuracy");
    for (int i = 0; i < CONFUSION_TENTHS; i++)
        printf("%.1f to %.1f %25lld %10.4f\n", (double)i / CONFUSION_TENTHS, (double)(i + 1) / CONFUSION_TENTHS,
               (long long)c->tenth[i].frames, (double)c->tenth[i].correct / (double)c->tenth[i].frames);
    if (!c->places)
        return;
    printf("\n%-24s %10s %10s\n", "position in the window", "frames", "accuracy");
    for (int i = 0; i < c->places; i++)
        printf("%-24d %10lld %10.4f\n", confusion_place_at(c, i), (long long)c->place[i].frames,
               (double)c->place[i].correct / (double)c->place[i].frames);
}

static void print_text(const struct confusion *c, const char *split, char *const *name)
{
    printf("%s: accuracy %.4f over %lld frames\n", split, (double)c->correct / (double)c->frames, (long long)c->frames);
    print_pairs(c, name);
    print_classes(c, name);
    print_calibration(c);
    print_positions(c);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static json_t *json_matrix(const struct confusion *c)
{
    json_t *rows = json_array();

    for (int i = 0; i < c->classes; i++) {
        json_t *row = json_array();
        for (int k = 0; k < c->classes; k++)
            json_array_append_new(row, json_integer(c->matrix[i * c->classes + k]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *json_classes(const struct confusion *c, char *const *name)
{
    json_t *classes = json_array();

    for (int i = 0; i < c->classes; i++) {
        json_t *o = json_object();
        json_object_set_new(o, "name", json_string(name[i]));
        json_line_integer(o, "frames", confusion_row(c, i));
        json_line_number(o, "accuracy", confusion_accuracy(c, i));
        json_array_append_new(classes, o);
    }
    return classes;
}

static json_t *json_pairs(const struct confusion *c, char *const *name)
{
    struct confusion_pair pair[PAIRS_LISTED];
    int n = confusion_pairs(c, pair, PAIRS_LISTED);
    json_t *pairs = json_array();

    for (int i = 0; i < n; i++) {
        json_t *o = json_object();
        json_object_set_new(o, "class", json_string(name[pair[i].truth]));
        json_object_set_new(o, "predicted", json_string(name[pair[i].predicted]));
        json_line_integer(o, "count", pair[i].count);
        json_line_number(o, "share", (double)pair[i].count / (double)confusion_row(c, pair[i].truth));
        json_array_append_new(pairs, o);
    }
    return pairs;
}

static json_t *json_calibration(const struct confusion *c)
{
    json_t *bins = json_array();

    for (int i = 0; i < CONFUSION_BINS; i++) {
        const struct confusion_bin *b = &c->bin[i];
        json_t *o = json_object();
        json_line_integer(o, "count", b->count);
        json_line_number(o, "probability", b->probability / (double)b->count);
        json_line_number(o, "accuracy", (double)b->correct / (double)b->count);
        json_array_append_new(bins, o);
    }
    return bins;
}

/* Accuracy by position, as a list of {"from", "frames", "accuracy"}. */
static json_t *json_places(const struct confusion_place *place, int places, const struct confusion *window)
{
    json_t *list = json_array();

    for (int i = 0; i < places; i++) {
        json_t *o = json_object();
        if (window)
            json_line_integer(o, "from", confusion_place_at(window, i));
        else
            json_line_number(o, "from", (double)i / places);
        json_line_integer(o, "frames", place[i].frames);
        json_line_number(o, "accuracy", (double)place[i].correct / (double)place[i].frames);
        json_array_append_new(list, o);
    }
    return list;
}

static void print_json(const struct confusion *c, const char *split, char *const *name)
{
    json_t *o = json_object();

    json_object_set_new(o, "split", json_string(split));
    json_line_integer(o, "frames", c->frames);
    json_line_number(o, "accuracy", (double)c->correct / (double)c->frames);
    json_object_set_new(o, "classes", json_classes(c, name));
    json_object_set_new(o, "matrix", json_matrix(c));
    json_object_set_new(o, "pairs", json_pairs(c, name));
    json_object_set_new(o, "calibration", json_calibration(c));
    json_line_number(o, "ece", confusion_ece(c));
    json_object_set_new(o, "by_part_of_utterance", json_places(c->tenth, CONFUSION_TENTHS, NULL));
    json_line_integer(o, "window", c->window);
    if (c->places)
        json_object_set_new(o, "by_position_in_window", json_places(c->place, c->places, c));
    json_line_print(o);
}

/* ---- the command ---------------------------------------------------------------------------- */

static int report(const struct request *q, struct run *l, struct err *e)
{
    const struct source *source = run_source(l, q->set);
    char *const *name = run_data(l)->classes.names;
    struct confusion c;
    double loss, accuracy;
    int r;

    if (source->frames->frames == 0)
        return err_set(e, ERR_INPUT, "%s: no %s frames", run_data(l)->path, q->split);
    r = confusion_init(&c, run_data(l)->classes.count, e);
    if (r == 0)
        r = confusion_add(&c, l, source, &loss, &accuracy, e);
    if (r == 0 && q->set == RUN_TEST)
        recording_count_look(q->checkpoint, loss, accuracy);
    if (r == 0)
        q->json ? print_json(&c, q->split, name) : print_text(&c, q->split, name);
    confusion_free(&c);
    return r;
}

int confusion_command(int argc, char **argv, struct err *e)
{
    struct request q = {.split = "val"};
    struct setup s = {0};
    int r = parse(&q, argc, argv, e);

    if (r == 0)
        r = setup_open_checkpoint(&s, q.checkpoint, q.data, e);
    if (r == 0)
        r = report(&q, s.run, e);
    setup_close(&s);
    return r;
}
