/* SPDX-License-Identifier: MIT */
/* saddle predict: the homework's answers, by one network or several; and the phones of a recording. */
#include "cli/predict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/json-line.h"
#include "cli/output.h"
#include "cli/recording.h"
#include "cli/subcommand.h"
#include "core/file.h"
#include "lecture/baselines.h"

/* ---- the command line ----------------------------------------------------------------------- */

static int check_options(const struct predict_request *q, struct err *e)
{
    if (!q->checkpoints)
        return err_set(e, ERR_USAGE, "predict: --checkpoint FILE is missing");
    if (q->recording && q->output)
        return err_set(e, ERR_USAGE, "predict: -o is for the predictions of a data set; those of a recording are printed");
    if (!q->recording && (q->frames || q->smooth != 1))
        return err_set(e, ERR_USAGE, "predict: %s needs --wav", q->frames ? "--frames" : "--smooth");
    if (q->smooth % 2 == 0)
        return err_set(e, ERR_USAGE, "predict: --smooth %lld: choose an odd number", q->smooth);
    if (!q->recording && !q->output)
        return err_set(e, ERR_USAGE, "predict: -o FILE is missing");
    return 0;
}

static int parse(struct predict_request *q, int argc, char **argv, struct err *e)
{
    const struct option_text texts[] = {{"--checkpoint", &q->checkpoints}, {"--data", &q->data}, {"--output", &q->output},
                                        {"-o", &q->output}, {"--wav", &q->recording}, {NULL, NULL}};
    const struct option_count counts[] = {
        {"--threads", &q->threads, 1, 256}, {"--smooth", &q->smooth, 1, 99}, {NULL, NULL, 0, 0}};
    const struct option_switch switches[] = {
        {"--json", &q->json}, {"--force", &q->force}, {"--frames", &q->frames}, {NULL, NULL}};

    for (int i = 1; i < argc; i++) {
        int r = option_take_text(texts, argc, argv, &i, e);
        if (r == 0)
            r = option_take_count(counts, argc, argv, &i, e);
        if (r == 0)
            r = option_take_switch(switches, argv[i]);
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    return check_options(q, e);
}

/* "a,b" as two names. */
static int split_names(struct predict_request *q, struct err *e)
{
    char *rest = q->names = strdup(q->checkpoints), *name;

    if (!rest)
        return err_memory(e, "the names of the checkpoints", strlen(q->checkpoints));
    while ((name = strsep(&rest, ",")) != NULL) {
        if (!*name)
            return err_set(e, ERR_USAGE, "--checkpoint %.80s: a name is empty", q->checkpoints);
        if (q->count == PREDICT_CHECKPOINTS)
            return err_set(e, ERR_USAGE, "--checkpoint: more than %d files", PREDICT_CHECKPOINTS);
        q->name[q->count++] = name;
    }
    return 0;
}

static int open_checkpoints(struct predict_request *q, struct err *e)
{
    int r = split_names(q, e);

    for (int i = 0; r == 0 && i < q->count; i++) {
        r = checkpoint_open(&q->checkpoint[i], q->name[i], e);
        setup_report_unknown(&q->checkpoint[i]);
    }
    return r;
}

/* ---- the prediction ------------------------------------------------------------------------- */

/* Where the labels are known, each network's own accuracy is a look at the test set. */
static void note_look(const struct predict_request *q, const char *name, const struct prediction *p, double loss,
                      double accuracy)
{
    if (isnan(prediction_accuracy(p)))
        return;
    recording_count_look(name, loss, accuracy);
    if (q->count > 1 && !q->json)
        printf("%s: accuracy %.4f\n", name, accuracy);
}

static int add_one(const struct predict_request *q, int i, struct setup *s, struct prediction *p, struct err *e)
{
    const struct source *test;
    double loss, accuracy;
    int r = setup_look_at(s, &q->checkpoint[i], e);

    if (r == 0)
        r = checkpoint_restore(&q->checkpoint[i], s->run, 0, e);
    if (r)
        return r;
    test = run_source(s->run, RUN_TEST);
    if (test->frames->frames == 0)
        return err_set(e, ERR_INPUT, "%s: no test frames", s->data.path);
    if (i == 0)
        r = prediction_init(p, test->frames->frames, s->data.classes.count, e);
    if (r == 0)
        r = prediction_add(p, s->run, test, &loss, &accuracy, e);
    if (r == 0)
        note_look(q, q->name[i], p, loss, accuracy);
    run_free(s->run);
    s->run = NULL;
    return r;
}

int predict_all(const struct predict_request *q, struct setup *s, struct prediction *p, struct err *e)
{
    int r = 0;

    *p = (struct prediction){0};
    for (int i = 0; r == 0 && i < q->count; i++) /* before minutes are spent on the first */
        r = checkpoint_fits(&q->checkpoint[i], &s->data, e);
    for (int i = 0; r == 0 && i < q->count; i++)
        r = add_one(q, i, s, p, e);
    return r;
}

/* ---- the test set --------------------------------------------------------------------------- */

static int write_answers(const char *path, const struct prediction *p, struct err *e)
{
    struct file_writer w = {.fd = -1};
    char line[48] = "Id,Class\n";
    int r = file_writer_open(&w, path, e);

    if (r == 0)
        r = file_writer_write(&w, line, strlen(line), e);
    for (int64_t t = 0; r == 0 && t < p->frames; t++) {
        int n = snprintf(line, sizeof line, "%lld,%d\n", (long long)t, prediction_class(p, t, NULL));
        r = file_writer_write(&w, line, (size_t)n, e);
    }
    if (r == 0)
        r = file_writer_commit(&w, e);
    file_writer_abort(&w);
    return r;
}

static void report(const struct predict_request *q, const struct dataset *d, const struct prediction *p)
{
    double accuracy = prediction_accuracy(p);
    char words[300], name[FIGURE_NAME];

    if (q->json) {
        json_t *o = json_object();
        json_object_set_new(o, "file", json_string(q->output));
        json_line_integer(o, "frames", p->frames);
        json_line_integer(o, "checkpoints", q->count);
        json_line_number(o, "accuracy", accuracy);
        json_line_print(o);
        return;
    }
    printf("%s: %lld frames, checkpoints: %d", figure_name(name, q->output), (long long)p->frames, q->count);
    if (isfinite(accuracy))
        printf(", accuracy %.4f", accuracy);
    baselines_words(d, accuracy, words, sizeof words);
    printf("\n%s\n", words);
}

static int predict_test_set(const struct predict_request *q, struct err *e)
{
    const char *data = q->data ? q->data : q->checkpoint[0].data, *inputs[PREDICT_CHECKPOINTS + 2] = {data};
    struct prediction p = {0};
    struct setup s = {0};
    int r;

    memcpy(inputs + 1, q->name, sizeof *inputs * (size_t)q->count);
    r = output_check(q->output, OUTPUT_PREDICTIONS, inputs, q->force, e);
    if (r == 0)
        r = setup_open_test_data(&s, data, (int)q->threads, e);
    if (r == 0)
        r = predict_all(q, &s, &p, e);
    if (r == 0)
        r = write_answers(q->output, &p, e);
    if (r == 0)
        report(q, &s.data, &p);
    prediction_free(&p);
    setup_close(&s);
    return r;
}

static int run(int argc, char **argv, struct err *e)
{
    struct predict_request q = {.smooth = 1};
    int r = parse(&q, argc, argv, e);

    if (r == 0)
        r = open_checkpoints(&q, e);
    if (r == 0)
        r = q.recording ? predict_recording(&q, e) : predict_test_set(&q, e);
    for (int i = 0; i < q.count; i++)
        checkpoint_close(&q.checkpoint[i]);
    free(q.names);
    return r;
}

const struct cmd cmd_predict = {
    .name = "predict",
    .synopsis = "predict --checkpoint FILE[,FILE…] -o FILE | predict --checkpoint FILE[,FILE…] --wav FILE",
    .summary = "predict the class of every test frame for the homework, or the phones of a recording",
    .help = "  --checkpoint FILE  checkpoint to predict with; of several, separated by commas, the mean of their\n"
            "                     probabilities decides\n"
            "  --data D           data set whose test utterances are predicted (default: the one the first\n"
            "                     checkpoint was trained on); a libriphone folder needs no test_labels.txt,\n"
            "                     and a timit_11 folder has none\n"
            "  -o, --output FILE  write the answers to FILE: a line \"Id,Class\", then one for each frame, from 0 on\n"
            "                     in the order of test_split.txt, or of the test utterances in a .safetensors file\n"
            OUTPUT_FORCE_HELP
            "  --wav FILE         predict a recording instead, 16 kHz mono, - for the standard input, and print its\n"
            "                     phones: start and end in seconds (frame t stands for 0.01 t to 0.01 (t + 1)), the\n"
            "                     phone, and its mean probability\n"
            "  --frames           with --wav: one line for each frame rather than for each phone\n"
            "  --smooth N         with --wav: average the probabilities over N frames (odd) first, which leaves\n"
            "                     fewer phones of a single frame\n"
            "  --threads N        compute threads (default: one per core); results do not depend on it\n"
            "  --json             print {\"file\",\"frames\",\"checkpoints\",\"accuracy\"}, or with --wav for each line\n"
            "                     {\"start\",\"end\",\"phone\",\"probability\"}\n\n"
            "Accuracy is printed where the labels of the test utterances are known.\n",
    .computes = 1,
    .run = run,
};
