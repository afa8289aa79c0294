/* SPDX-License-Identifier: MIT */
/* make bench: a landscape of the recipe `quick` on made-up frames, 21 × 21 heights along two random
 * directions, and what comes before and after them. The best of five; run it on a quiet machine. */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "net/network.h"
#include "landscape/landscape.h"
#include "core/clock.h"

enum { ROUNDS = 5, FRAMES = 2048, WIDTH = 429, CLASSES = 41, POINTS = 21 };
static const char *const QUICK = "linear 256 relu bn dropout x2 | linear 41";
static const double WANTED_SECONDS = 5, MOST_SECONDS = 20; /* no further round is begun after the latter */

struct clock {
    double start, first; /* when the first level was whole */
};

static int watch(void *context, const struct landscape *l, const char *what, int done, int of)
{
    struct clock *c = context;

    (void)what, (void)done, (void)of;
    if (c->first == 0 && l->grid.stride > 0)
        c->first = clock_seconds() - c->start;
    return 0;
}

static void fill(struct probe_batch *b)
{
    for (int i = 0; i < FRAMES * WIDTH; i++)
        b->x[i] = (float)(i * 31 % 64) / 32 - 1;
    for (int i = 0; i < FRAMES; i++)
        b->labels[i] = (uint8_t)(i * 7 % CLASSES);
}

static int run(struct landscape_ask *a, double *seconds, double *first)
{
    double begin = clock_seconds();

    *seconds = *first = INFINITY;
    for (int i = 0; i < ROUNDS && (i == 0 || clock_seconds() - begin < MOST_SECONDS); i++) {
        struct clock c = {.start = clock_seconds()};
        struct landscape l;
        struct err e = {0};
        a->wish.progress = watch;
        a->wish.context = &c;
        if (landscape_run(a, &l, &e) != 0) {
            fprintf(stderr, "bench-landscape: %s\n", e.text);
            return -1;
        }
        *seconds = fmin(*seconds, clock_seconds() - c.start);
        *first = fmin(*first, c.first);
        landscape_free(&l);
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct pool *pool;
    struct network_spec spec;
    struct network n = {0};
    struct probe_batch batch;
    struct err e = {0};
    float *theta, *statistics;
    double seconds, all, first;

    if (bench_begin(argc, argv, &pool) != 0)
        return 1;
    if (!bench_wanted("landscape")) {
        pool_free(pool);
        return 0;
    }
    if (spec_parse(&spec, QUICK, &e) != 0 ||
        network_f.build(&n, &spec, (struct shape){1, WIDTH}, &e) != 0 ||
        probe_batch_init(&batch, FRAMES, 1, WIDTH, 1, 0, &e) != 0) {
        fprintf(stderr, "bench-landscape: %s\n", e.text);
        return 1;
    }
    theta = calloc((size_t)n.parameters + 1, sizeof *theta);
    statistics = calloc((size_t)n.statistics + 1, sizeof *statistics);
    if (!theta || !statistics)
        return 1;
    network_f.init(&n, 1, theta, statistics);
    fill(&batch);
    struct landscape_ask a = {.point = {.spec = &spec,
                                        .theta = theta,
                                        .statistics = statistics,
                                        .batch = &batch,
                                        .loss = "cross_entropy",
                                        .pool = pool,
                                        .shards = pool_workers(pool)},
                              .wish = {.kind = LANDSCAPE_RANDOM, .points = POINTS, .no_figures = 1}};
    if (run(&a, &seconds, &first) != 0)
        return 1;
    a.wish.no_figures = 0;
    if (run(&a, &all, &first) != 0)
        return 1;
    bench_print(&(struct bench_row){.name = "landscape",
                                    .seconds = seconds,
                                    .figure = {{"seconds", seconds, BENCH_AT_MOST, WANTED_SECONDS},
                                               {"first_picture_seconds", first, BENCH_FREE, 0},
                                               {"with_figures_seconds", all, BENCH_FREE, 0}}});
    probe_batch_free(&batch);
    network_f.free(&n);
    free(theta);
    free(statistics);
    pool_free(pool);
    return 0;
}
