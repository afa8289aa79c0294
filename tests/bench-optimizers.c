/* SPDX-License-Identifier: MIT */
/* make bench-optimizers: what a step of each optimizer costs, beside a step of SGD on the same batch, which is a gradient
 * and next to nothing more. On data made up at the homework's width. */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generated-data.h"
#include "run/run.h"

enum { UTTERANCES = 50, FRAMES = 300, DIMS = 39, SETTINGS = 2 };

static const struct shape_row {
    const char *name, *network;
    int context;
} networks[] = {
    {"quick", "linear 256 relu bn dropout x2 | linear 41", 11},
    {"strong", "linear 1024 relu bn dropout=.2 x3 | linear 41", 19},
};

/* Beside the optimizers of the registry, each with its defaults. */
static const struct row {
    const char *name, *optimizer;
    const char *setting[SETTINGS][2];
    double most; /* gradients a step; 0: told only */
} rows[] = {
    {"sam", "sgd", {{"sam", "sam"}}, 2.1},
    {"asam", "sgd", {{"sam", "asam"}}, 2.1},
    {"adamw", "adamw", {{0}}, 0},
    {"schedule-free-adamw", "schedule-free-adamw", {{0}}, 0},
    {"prodigy", "prodigy", {{0}}, 0},
    {"perturbed", "perturbed", {{0}}, 0},
    {"muon", "muon", {{0}}, 0},
    {"soap", "soap", {{0}}, 0},
    {"saddle-free", "saddle-free", {{"lanczos_vectors", "10"}}, 0},
};

static struct run *open_run(const struct shape_row *n, const struct row *row, const struct dataset *d, struct pool *pool)
{
    struct knobs k;
    struct run *run;
    struct err e = {0};
    int r;

    knobs_standard(&k);
    knobs_put(&k, KNOB_CONTEXT, n->context);
    knobs_put(&k, KNOB_EVAL_EVERY, 1000);
    knobs_put(&k, KNOB_LEARNING_RATE, 1e-4);
    r = knobs_parse(&k, KNOB_NETWORK, n->network, &e);
    if (r == 0)
        r = knobs_parse(&k, KNOB_OPTIMIZER, row ? row->optimizer : "sgd", &e);
    for (int i = 0; r == 0 && row && i < SETTINGS && row->setting[i][0]; i++)
        r = knobs_parse(&k, (enum knob_id)knob_find(row->setting[i][0]), row->setting[i][1], &e);
    if (r == 0 && run_new(&run, d, &k, pool, &e) == 0)
        return run;
    fprintf(stderr, "bench-optimizers: %s\n", e.text);
    exit(1);
}

struct pair {
    struct run *plain, *other;
};

static void advance(struct run *l)
{
    struct run_report report;
    struct err e = {0};

    if (run_advance(l, &report, &e) != 0) {
        fprintf(stderr, "bench-optimizers: %s\n", e.text);
        exit(1);
    }
}

static void plain_step(void *context)
{
    advance(((struct pair *)context)->plain);
}

static void other_step(void *context)
{
    advance(((struct pair *)context)->other);
}

/* Of SOAP it is a step between two refreshes of the basis: the best of the rounds. */
static void run_row(const struct shape_row *n, const struct row *row, const struct dataset *d, struct pool *pool)
{
    struct pair p = {.plain = open_run(n, NULL, d, pool), .other = open_run(n, row, d, pool)};
    char name[64];
    double plain, other;

    for (int i = 0; i < 3; i++)
        other_step(&p);
    bench_measure(plain_step, other_step, &p, &plain, &other);
    snprintf(name, sizeof name, "%s-%s", n->name, row->name);
    bench_print(&(struct bench_row){.name = name,
                                    .seconds = other,
                                    .figure = {{"update_ms", 1e3 * other, BENCH_FREE, 0},
                                               {"gradients", other / plain, row->most > 0 ? BENCH_AT_MOST : BENCH_FREE,
                                                row->most}}});
    run_free(p.plain);
    run_free(p.other);
}

int main(int argc, char **argv)
{
    struct made_up m;
    struct pool *pool;
    struct err e = {0};

    if (bench_begin(argc, argv, &pool) || made_up_noise(&m, UTTERANCES * FRAMES, UTTERANCES, DIMS, &e) != 0)
        return 1;
    for (size_t n = 0; n < sizeof networks / sizeof *networks; n++)
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            char name[64];
            snprintf(name, sizeof name, "%s-%s", networks[n].name, rows[i].name);
            if (bench_wanted(name))
                run_row(&networks[n], &rows[i], &m.d, pool);
        }
    made_up_free(&m);
    pool_free(pool);
    return 0;
}
