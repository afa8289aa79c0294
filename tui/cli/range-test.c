/* SPDX-License-Identifier: MIT */
/* saddle range-test: which learning rate? */
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json-line.h"
#include "cli/output.h"
#include "cli/setup.h"
#include "cli/subcommand.h"
#include "core/file.h"
#include "draw/plot-svg.h"
#include "sweep/range-test.h"
#include "term/signals.h"

struct testing {
    struct setup_options options;
    const char *low, *high, *picture;
    long long steps;
    int json;
};

static atomic_int stopped_by;

static void on_signal(int number)
{
    stopped_by = number;
}

/* ---- options -------------------------------------------------------------------------------- */

static int parse_rate(const char *name, const char *text, double *rate, struct err *e)
{
    char *end;

    *rate = strtod(text, &end);
    return end != text && !*end ? 0 : err_set(e, ERR_USAGE, "%s %.40s: expected a learning rate", name, text);
}

static int parse(struct testing *t, int argc, char **argv, struct err *e)
{
    const struct option_text texts[] = {{"--low", &t->low},         {"--high", &t->high}, {"--svg", &t->picture},
                                        {"--checkpoint", &t->options.from}, {NULL, NULL}};
    const struct option_count counts[] = {{"--steps", &t->steps, RANGE_TEST_LEAST, RANGE_TEST_MOST}, {NULL, NULL, 0, 0}};

    for (int i = 1; i < argc; i++) {
        int r = option_take_text(texts, argc, argv, &i, e);
        if (r == 0)
            r = option_take_count(counts, argc, argv, &i, e);
        if (r == 0)
            r = setup_options_take(&t->options, argc, argv, &i, e);
        if (r == 0 && strcmp(argv[i], "--json") == 0)
            r = t->json = 1;
        if (r == 0)
            r = option_unknown(argv[i], e);
        if (r < 0)
            return r;
    }
    if (t->options.from && t->options.recipe)
        return err_set(e, ERR_USAGE, "--checkpoint and --recipe exclude each other: a checkpoint brings its own recipe");
    return 0;
}

/* ---- results -------------------------------------------------------------------------------- */

static const char *end_name(enum range_test_end end)
{
    return end == RANGE_TEST_FINISHED ? "finished" : end == RANGE_TEST_ROSE ? "rose" : "diverged";
}

static void print_json(const struct range_test *r)
{
    json_t *line, *o;

    for (int i = 0; i < r->count; i++) {
        line = json_object();
        o = json_object();
        json_line_number(o, "learning_rate", r->rate[i]);
        json_line_number(o, "loss", r->loss[i]);
        json_line_number(o, "smoothed", r->smoothed[i]);
        json_object_set_new(line, "range_step", o);
        json_line_print(line);
    }
    line = json_object();
    o = json_object();
    json_line_integer(o, "steps", r->count);
    json_line_number(o, "suggestion", r->suggestion);
    json_object_set_new(o, "end", json_string(end_name(r->end)));
    json_object_set_new(line, "summary", o);
    json_line_print(line);
}

static void print_text(const struct range_test *r)
{
    int every = r->count > 20 ? r->count / 20 : 1;
    char words[320];

    puts("learning rate      loss  smoothed");
    for (int i = 0; i < r->count; i += every)
        printf("%-13.3g %9.4f %9.4f\n", r->rate[i], r->loss[i], r->smoothed[i]);
    range_test_end_words(r, words, sizeof words);
    if (*words)
        puts(words);
    range_test_suggestion_words(r, words, sizeof words);
    puts(words);
}

static char *picture(const struct range_test *r)
{
    float *y = calloc(2 * (size_t)r->count + 1, sizeof *y);
    struct series s[2] = {
        {.name = "loss", .style = STYLE_RAW, .stroke = STROKE_SOLID, .count = r->count, .x = r->rate, .y = y},
        {.name = "smoothed", .style = STYLE_SERIES_1, .stroke = STROKE_SOLID, .strong = 1, .count = r->count, .x = r->rate, .y = y ? y + r->count : NULL}};
    struct plot_mark mark = {.x = r->suggestion, .glyph = 0x25b4, .style = STYLE_EDIT, .line = 1, .name = "suggestion"};
    struct plot p = {.x = {.log = 1}, .series = s, .series_count = 2, .marks = &mark, .mark_count = r->steepest >= 0,
                     .now = NAN, .cross = NAN};
    double lo = INFINITY, hi = -INFINITY;
    char *text;

    if (!y)
        return NULL;
    for (int i = 0; i < r->count; i++) {
        y[i] = (float)r->loss[i];
        y[r->count + i] = (float)r->smoothed[i];
        lo = fmin(lo, fmin(r->loss[i], r->smoothed[i])), hi = fmax(hi, r->smoothed[i]);
    }
    axis_fit(&p.x, r->count ? r->rate[0] : 1, r->count ? r->rate[r->count - 1] : 2);
    axis_fit(&p.y, r->count ? lo : 0, r->count ? hi : 1);
    p.x.unit = "learning rate";
    p.y.unit = "loss";
    text = plot_to_svg(&p, "learning-rate range test", THEME_LIGHT);
    free(y);
    return text;
}

static int write_picture(const struct testing *t, const struct range_test *r, struct err *e)
{
    char *text = picture(r);
    int result = text ? file_replace(t->picture, text, strlen(text), e) : err_memory(e, "the picture", 1 << 20);

    free(text);
    return result;
}

static int test(struct testing *t, const struct range_test_options *o, struct err *e)
{
    struct setup setup;
    struct range_test r;
    int result = setup_open(&setup, &t->options, e);

    if (result)
        return result;
    term_catch_endings(on_signal);
    run_watch(setup.run, &stopped_by, NULL);
    result = range_test(&r, setup.run, o, e);
    setup_close(&setup);
    if (stopped_by)
        exit(128 + atomic_load(&stopped_by));
    if (result)
        return result;
    if (t->json)
        print_json(&r);
    else
        print_text(&r);
    if (t->picture)
        result = write_picture(t, &r, e);
    range_test_free(&r);
    return result;
}

static int run(int argc, char **argv, struct err *e)
{
    struct testing t = {.low = "1e-6", .high = "1", .steps = 100};
    struct range_test_options o;
    int r = parse(&t, argc, argv, e);
    const char *inputs[] = {t.options.from ? t.options.from : "", t.options.data ? t.options.data : "", NULL};

    o.steps = (int)t.steps;
    if (r == 0)
        r = parse_rate("--low", t.low, &o.low, e);
    if (r == 0)
        r = parse_rate("--high", t.high, &o.high, e);
    if (r == 0 && t.picture)
        r = output_check(t.picture, OUTPUT_PICTURE, inputs, t.options.force, e);
    return r ? r : test(&t, &o, e);
}

const struct cmd cmd_range_test = {
    .name = "range-test",
    .synopsis = "range-test [OPTION]…",
    .summary = "suggest a learning rate: train briefly while the rate rises (Smith 2017)",
    .help = "  --recipe NAME|FILE  quick (the default), simple, medium, strong, rnn, boss-window, boss-utterance, or an INI file\n"
            "  --checkpoint FILE   test from this checkpoint instead; it is not changed\n"
            "  --low R             learning rate of the first step (1e-6)\n"
            "  --high R            learning rate of the last step (1)\n"
            "  --steps N           steps between them, the rate growing by the same factor each (100)\n"
            "  --set NAME=VALUE    change a setting, or NAME=default; may be repeated\n"
            "  --seed N            seed for initial weights, shuffling and dropout\n"
            "  --data D            sample (the default), a libriphone folder, or a .safetensors data set\n"
            "  --threads N         compute threads (default: one per core); results do not depend on it\n"
            "  --json              a line with \"range_step\" for each step, then one with \"summary\"\n"
            "  --svg F.svg         write a plot of the loss over the learning rate, with the suggestion\n"
            "  --force             replace a picture file that holds something else\n"
            "The loss is smoothed (decay .98). The test stops when the smoothed loss exceeds 4 times its minimum, or before a\n"
            "step that is not finite. The suggestion is the rate at which the smoothed loss falls most steeply.\n",
    .computes = 1,
    .run = run,
};
