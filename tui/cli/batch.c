/* SPDX-License-Identifier: MIT */
/* saddle batch: which batch size? Time of an update and of an epoch, and the gradient noise scale. */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json-line.h"
#include "cli/setup.h"
#include "cli/subcommand.h"
#include "lecture/batch-time.h"
#include "run/noise-scale.h"
#include "term/signals.h"

enum { MOST_SIZES = 32, NOISE_BATCH = 64, NOISE_BATCHES = 64 };

struct timing {
    struct setup_options options;
    const char *sizes;
    long long limit;
    int size[MOST_SIZES], count, json;
};

static atomic_int stopped_by;

static void on_signal(int number)
{
    stopped_by = number;
}

/* ---- options -------------------------------------------------------------------------------- */

/* Ascending, so that each is estimated from the one before. */
static int parse_sizes(struct timing *t, struct err *e)
{
    const int most = (int)knob_row(KNOB_BATCH_SIZE)->max;
    const char *at = t->sizes;

    while (1) {
        char *end;
        long n = strtol(at, &end, 10);
        if (end == at || (*end && *end != ',') || n < 1 || n > most)
            return err_set(e, ERR_USAGE, "--sizes %.80s: expected numbers from 1 to %d, separated by commas", t->sizes, most);
        if (t->count == MOST_SIZES)
            return err_set(e, ERR_USAGE, "--sizes: more than %d sizes", MOST_SIZES);
        if (t->count > 0 && n <= t->size[t->count - 1])
            return err_set(e, ERR_USAGE, "--sizes %.80s: expected ascending sizes", t->sizes);
        t->size[t->count++] = (int)n;
        if (!*end)
            return 0;
        at = end + 1;
    }
}

/* Whether a setting "NAME=VALUE" is that of the batch size, under any of its names. */
static int is_batch_size(const char *set)
{
    char name[40];

    snprintf(name, sizeof name, "%.*s", (int)strcspn(set, "= "), set);
    return knob_find(name) == KNOB_BATCH_SIZE;
}

static int parse(struct timing *t, int argc, char **argv, struct err *e)
{
    const struct option_text texts[] = {{"--sizes", &t->sizes}, {"--checkpoint", &t->options.from}, {NULL, NULL}};
    const struct option_count counts[] = {{"--time-limit", &t->limit, 1, 86400}, {NULL, NULL, 0, 0}};

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
    for (int i = 0; i < t->options.sets; i++)
        if (is_batch_size(t->options.set[i]))
            return err_set(e, ERR_USAGE, "--set %.40s: the sizes that are measured are those of --sizes", t->options.set[i]);
    if (t->options.from && t->options.recipe)
        return err_set(e, ERR_USAGE, "--checkpoint and --recipe exclude each other: a checkpoint brings its own recipe");
    if (t->options.sets == SETUP_SETS)
        return err_set(e, ERR_USAGE, "more than %d options --set", SETUP_SETS - 1);
    t->options.set[t->options.sets++] = "batch_size=64"; /* of the noise scale: the recipe's may be too large */
    return parse_sizes(t, e);
}

/* ---- results -------------------------------------------------------------------------------- */

static void print_size(const struct timing *t, const struct batch_time *b)
{
    if (t->json) {
        json_t *o = json_object();
        json_line_integer(o, "batch_size", b->size);
        if (*b->skipped) {
            json_object_set_new(o, "skipped", json_string(b->skipped));
        } else {
            json_line_integer(o, "updates", b->updates);
            json_line_number(o, "seconds_per_update", b->update);
            json_line_number(o, "seconds_per_epoch", b->epoch);
        }
        json_line_print(o);
    } else if (*b->skipped) {
        printf("%10d  skipped: %s\n", b->size, b->skipped);
    } else {
        printf("%10d %15.4g %15.4g\n", b->size, b->update, b->epoch);
    }
    fflush(stdout);
}

static void print_noise_json(const struct noise_scale *n)
{
    json_t *line = json_object(), *o = json_object();

    json_line_number(o, "gradient_noise_scale", n->scale);
    json_line_number(o, "gradient_squared", n->gradient_squared);
    json_line_number(o, "trace", n->trace);
    json_line_integer(o, "noise_batch_size", n->batch);
    json_line_integer(o, "noise_batches", n->batches);
    json_object_set_new(line, "summary", o);
    json_line_print(line);
}

static void print_noise(const struct noise_scale *n)
{
    if (isfinite(n->scale))
        printf("gradient noise scale about %.3g examples at these weights, from %d batches of %d (McCandlish et al. 2018)\n",
               n->scale, n->batches, n->batch);
    else if (n->batches < 2)
        puts("gradient noise scale not known: a batch takes too long, or there are too few examples");
    else
        printf("gradient noise scale not known: the gradient is lost in the noise of %d batches of %d\n", n->batches, n->batch);
}

static void print_lecture(void)
{
    puts("beside it, the lecture's V100 on MNIST, read off a chart:\n"
         "         1                             362\n"
         "        10                              43\n"
         "       100                              14\n"
         "      1000             .15               9\n"
         "     10000             1.5               9\n"
         "     60000             9.5               9");
}

static int time_sizes(const struct timing *t, const struct batch_timing *how, struct err *e)
{
    struct batch_time b, before = {.size = 0};
    int r = 0;

    if (!t->json)
        printf("%10s %15s %15s\n", "batch", "s per update", "s per epoch");
    for (int i = 0; r == 0 && i < t->count; i++) {
        r = batch_time(&b, how, t->size[i], before.size ? &before : NULL, e);
        if (r == 0)
            print_size(t, &b);
        if (r == 0 && b.updates > 0)
            before = b;
    }
    return r;
}

static int measure(struct timing *t, struct err *e)
{
    const struct noise_scale_plan plan = {.batch = NOISE_BATCH, .batches = NOISE_BATCHES, .seconds = (double)t->limit};
    struct batch_timing how = {.limit = (double)t->limit, .stop = &stopped_by};
    struct noise_scale noise;
    struct knobs k;
    struct setup setup;
    int r = setup_open(&setup, &t->options, e);

    if (r)
        return r;
    term_catch_endings(on_signal);
    run_watch(setup.run, &stopped_by, NULL);
    r = noise_scale(&noise, setup.run, &plan, e);
    k = *run_knobs(setup.run);
    how.knobs = &k;
    how.data = &setup.data;
    how.pool = setup.pool;
    run_free(setup.run); /* its memory is for the sizes to come */
    setup.run = NULL;
    if (r == 0)
        r = time_sizes(t, &how, e);
    setup_close(&setup);
    if (stopped_by)
        exit(128 + atomic_load(&stopped_by));
    if (r == 0 && t->json)
        print_noise_json(&noise);
    else if (r == 0) {
        print_lecture();
        print_noise(&noise);
    }
    return r;
}

static int run(int argc, char **argv, struct err *e)
{
    struct timing t = {.sizes = "1,4,16,64,256,1024,4096,16384,65536", .limit = 10};
    int r = parse(&t, argc, argv, e);

    return r ? r : measure(&t, e);
}

const struct cmd cmd_batch = {
    .name = "batch",
    .synopsis = "batch [OPTION]…",
    .summary = "time of an update and of an epoch by batch size; gradient noise scale",
    .help = "  --recipe NAME|FILE  quick (the default), simple, medium, strong, rnn, boss-window, boss-utterance, or an INI file\n"
            "  --checkpoint FILE   the run of this checkpoint instead; it is not changed\n"
            "  --sizes N,N…        batch sizes, ascending (1,4,16,64,256,1024,4096,16384,65536)\n"
            "  --time-limit S      seconds for each size (10)\n"
            "  --set NAME=VALUE    change a setting other than batch_size, or NAME=default; may be repeated\n"
            "  --seed N            seed for initial weights, shuffling and dropout\n"
            "  --data D            sample (the default), a libriphone folder, or a .safetensors data set\n"
            "  --threads N         compute threads (default: one per core)\n"
            "  --json              a line per size, then one with \"summary\"\n"
            "One update warms up; the median of up to 15 is taken. A size is skipped, with the reason, if it needs more memory or\n"
            "time than there is, or is larger than an epoch. The gradient noise scale tr(S) / |G|^2 (McCandlish et al. 2018,\n"
            "arXiv:1812.06162) is estimated from the gradients of up to 64 batches of 64 at the initial weights, or at the\n"
            "checkpoint's: batches much smaller are mostly noise, batches much larger save few steps. It grows as the loss falls.\n",
    .computes = 1,
    .run = run,
};
