/* SPDX-License-Identifier: MIT */
/* saddle eval: loss and accuracy of a checkpoint on a split. */
#include <stdio.h>
#include <string.h>

#include "cli/subcommand.h"
#include "cli/json-line.h"
#include "cli/recording.h"
#include "lecture/baselines.h"
#include "run/checkpoint.h"
#include "math/start.h"
#include "cli/setup.h"

struct evaluating {
    const char *checkpoint, *data, *split;
    int json;
};

static int parse(struct evaluating *v, int argc, char **argv, struct err *e)
{
    const struct option_text texts[] = {
        {"--checkpoint", &v->checkpoint}, {"--data", &v->data}, {"--split", &v->split}, {NULL, NULL}};

    for (int i = 1; i < argc; i++) {
        int r = option_take_text(texts, argc, argv, &i, e);
        if (r == 0 && strcmp(argv[i], "--json") == 0)
            r = v->json = 1;
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    if (!v->checkpoint)
        return err_set(e, ERR_USAGE, "--checkpoint FILE is missing");
    if (strcmp(v->split, "train") != 0 && strcmp(v->split, "val") != 0 && strcmp(v->split, "test") != 0)
        return err_set(e, ERR_USAGE, "--split %.40s: choose train, val or test", v->split);
    return 0;
}

static void print_text(struct run *l, const char *split, double loss, double accuracy, int64_t frames)
{
    char words[300];

    printf("%s: loss %.4f  accuracy %.4f  over %lld frames\n", split, loss, accuracy, (long long)frames);
    if (strcmp(split, "train") == 0) /* what was learnt says nothing of a test */
        return;
    baselines_words(run_data(l), accuracy, words, sizeof words);
    puts(words);
}

static int report(struct run *l, const struct evaluating *v, struct err *e)
{
    const struct source *set = strcmp(v->split, "train") == 0 ? run_source(l, RUN_TRAIN)
                                  : strcmp(v->split, "val") == 0 ? run_source(l, RUN_VALIDATION)
                                                                 : run_source(l, RUN_TEST);
    double loss, accuracy;

    if (set->frames->frames == 0)
        return err_set(e, ERR_INPUT, "%s: no %s frames", run_data(l)->path, v->split);
    if (run_evaluate(l, set, NULL, NULL, &loss, &accuracy) != 0)
        return dataset_check(run_data(l), e);
    if (set == run_source(l, RUN_TEST))
        recording_count_look(v->checkpoint, loss, accuracy);
    if (v->json) {
        json_t *o = json_object();
        json_object_set_new(o, "split", json_string(v->split));
        json_line_number(o, "loss", loss);
        json_line_number(o, "accuracy", accuracy);
        json_line_integer(o, "frames", set->frames->frames);
        json_line_print(o);
    } else {
        print_text(l, v->split, loss, accuracy, set->frames->frames);
    }
    return 0;
}

static int run(int argc, char **argv, struct err *e)
{
    struct evaluating v = {.split = "val"};
    struct setup run = {0};
    int r = parse(&v, argc, argv, e);

    if (r == 0)
        r = setup_open_checkpoint(&run, v.checkpoint, v.data, e);
    if (r == 0)
        r = report(run.run, &v, e);
    setup_close(&run);
    return r;
}

const struct cmd cmd_eval = {
    .name = "eval",
    .synopsis = "eval --checkpoint FILE [OPTION]…",
    .summary = "loss and accuracy of a checkpoint",
    .help = "  --checkpoint FILE   checkpoint to evaluate\n"
            "  --data D            data set (default: the one it was trained on)\n"
            "  --split S           train, val (the default) or test\n"
            "  --json              print {\"split\",\"loss\",\"accuracy\",\"frames\"}\n\n"
            "Below the figures of val and test, the distance to the homework's next baseline and the course's hint\n"
            "follow; the baselines hold for the homework's full data only.\n",
    .computes = 1,
    .run = run,
};
